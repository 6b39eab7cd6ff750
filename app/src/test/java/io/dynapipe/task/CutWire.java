package io.dynapipe.task;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A wire to a local port that can be cut, and mended. */
final class CutWire implements AutoCloseable {

  private final ServerSocket entrance;
  private final int target;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile boolean cut;
  private volatile boolean silent;

  CutWire(int target) throws IOException {
    this.target = target;
    this.entrance = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    thread(this::accept);
  }

  int port() {
    return entrance.getLocalPort();
  }

  /** Ends all connections, and lets no new one through. */
  void cut() {
    cut = true;
    open.forEach(CutWire::close);
    open.clear();
  }

  /** Connections stay open, but nothing comes through them any more. */
  void silence() {
    silent = true;
    cut = true;
  }

  /** New connections work again; those that were silenced never do. */
  void mend() {
    cut = false;
  }

  private void accept() {
    try {
      while (true) {
        Socket client = entrance.accept();
        if (cut) {
          close(client);
        } else {
          join(client, new Socket(InetAddress.getLoopbackAddress(), target));
        }
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void join(Socket client, Socket server) {
    open.add(client);
    open.add(server);
    boolean[] dead = new boolean[1];
    thread(() -> pump(client, server, dead));
    thread(() -> pump(server, client, dead));
  }

  private void pump(Socket from, Socket to, boolean[] dead) {
    byte[] buffer = new byte[65_536];
    try {
      for (int n = from.getInputStream().read(buffer); n >= 0; ) {
        if (silent && cut) {
          dead[0] = true;
        }
        if (!dead[0]) {
          to.getOutputStream().write(buffer, 0, n);
        }
        n = from.getInputStream().read(buffer);
      }
    } catch (IOException e) {
      // cut, or one side has gone
    }
    if (!dead[0]) {
      close(from);
      close(to);
    }
  }

  private static void thread(Runnable work) {
    Thread thread = new Thread(work, "test-wire");
    thread.setDaemon(true);
    thread.start();
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    entrance.close();
    cut();
  }
}
