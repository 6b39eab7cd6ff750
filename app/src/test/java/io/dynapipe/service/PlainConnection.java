package io.dynapipe.service;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Requests one after another over one connection: many in little time. One thread at a time. */
final class PlainConnection implements AutoCloseable {

  private static final JsonMapper MAPPER = new JsonMapper();
  private static final int PATIENCE_MILLIS = 60_000;

  private final int port;
  private Socket socket;
  private InputStream in;

  PlainConnection(int port) throws IOException {
    this.port = port;
    connect();
  }

  private void connect() throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(PATIENCE_MILLIS);
    in = new BufferedInputStream(socket.getInputStream());
  }

  ApiClient.Reply send(String target, byte[] body) throws IOException {
    String head =
        "POST / HTTP/1.1\r\nHost: localhost:"
            + port
            + "\r\nContent-Type: application/x-amz-json-1.1\r\nX-Amz-Target: "
            + target
            + "\r\nContent-Length: "
            + body.length
            + "\r\n\r\n";
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
    request.writeBytes(body);
    socket.getOutputStream().write(request.toByteArray());
    return read();
  }

  private ApiClient.Reply read() throws IOException {
    int status = Integer.parseInt(line().split(" ")[1]);
    int length = 0;
    boolean closes = false;
    for (String header = line(); !header.isEmpty(); header = line()) {
      String[] parts = header.toLowerCase(Locale.ROOT).split(": *", 2);
      length = parts[0].equals("content-length") ? Integer.parseInt(parts[1]) : length;
      closes |= parts[0].equals("connection") && parts[1].equals("close");
    }
    byte[] body = in.readNBytes(length);
    if (closes) {
      socket.close();
      connect();
    }
    return new ApiClient.Reply(status, MAPPER.readTree(body));
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new IOException("the service has closed the connection after '" + line + "'");
      }
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
