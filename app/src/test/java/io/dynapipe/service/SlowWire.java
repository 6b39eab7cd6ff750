package io.dynapipe.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A wire to a local port on which a connection that brings much is held until it is let go. */
final class SlowWire implements AutoCloseable {

  private final ServerSocket entrance;
  private final int target;
  private final long mostBytes;
  private final CountDownLatch letGo = new CountDownLatch(1);
  private final CountDownLatch held = new CountDownLatch(1);
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  /**
   * A wire that holds.
   *
   * @param mostBytes what a connection may bring until it is held
   */
  SlowWire(int target, long mostBytes) throws IOException {
    this.target = target;
    this.mostBytes = mostBytes;
    this.entrance = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    thread(this::accept);
  }

  int port() {
    return entrance.getLocalPort();
  }

  /** Returns when a connection is held. */
  void awaitHeld() throws InterruptedException {
    assertThat(held.await(1, TimeUnit.MINUTES)).as("a connection brings much").isTrue();
  }

  /** Lets all connections go on, and holds no other. */
  void letGo() {
    letGo.countDown();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = entrance.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
        open.add(client);
        open.add(server);
        thread(() -> pump(client, server, Long.MAX_VALUE));
        thread(() -> pump(server, client, mostBytes));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void pump(Socket from, Socket to, long most) {
    byte[] buffer = new byte[8_192];
    long brought = 0;
    try (from;
        to) {
      for (int n = from.getInputStream().read(buffer); n >= 0; ) {
        to.getOutputStream().write(buffer, 0, n);
        brought += n;
        if (brought > most) {
          held.countDown();
          letGo.await();
        }
        n = from.getInputStream().read(buffer);
      }
    } catch (IOException | InterruptedException e) {
      // one side has gone
    }
  }

  private static void thread(Runnable work) {
    Thread thread = new Thread(work, "test-wire");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    entrance.close();
    letGo();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
