package io.dynapipe.sink;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Passes TCP connections on to a local port and cuts each after a random number of bytes, in the
 * middle of a request or of an answer.
 */
public final class CuttingProxy implements AutoCloseable {

  private final ServerSocket server;
  private final int target;
  private final int mostUp;
  private final int mostDown;
  private final Random random;
  private final AtomicInteger cuts = new AtomicInteger();

  /**
   * Listens on a free port of loopback.
   *
   * @param mostUp bytes to the server after which a connection is cut, at most
   * @param mostDown the same for bytes from the server; one of the two holds for a connection
   */
  public CuttingProxy(int target, int mostUp, int mostDown, long seed) {
    this.target = target;
    this.mostUp = mostUp;
    this.mostDown = mostDown;
    this.random = new Random(seed);
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start("accept", this::accept);
  }

  public int port() {
    return server.getLocalPort();
  }

  /** Connections cut so far. */
  public int cuts() {
    return cuts.get();
  }

  private static void start(String name, Runnable task) {
    Thread thread = new Thread(task, "cutting-proxy-" + name);
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        Socket real = new Socket(InetAddress.getLoopbackAddress(), target);
        boolean up = random.nextBoolean();
        int limit = random.nextInt(up ? mostUp : mostDown);
        start("up", () -> pump(client, real, up ? limit : Integer.MAX_VALUE));
        start("down", () -> pump(real, client, up ? Integer.MAX_VALUE : limit));
      } catch (IOException e) {
        // Closed, or the target is away: the client finds its connection broken.
      }
    }
  }

  private void pump(Socket from, Socket to, int limit) {
    byte[] buffer = new byte[1 << 14];
    int left = limit;
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      int read = in.read(buffer);
      while (read >= 0) {
        int passed = Math.min(read, left);
        out.write(buffer, 0, passed);
        left -= passed;
        if (left == 0) {
          cuts.incrementAndGet();
          return;
        }
        read = in.read(buffer);
      }
    } catch (IOException e) {
      // The other direction has ended.
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
