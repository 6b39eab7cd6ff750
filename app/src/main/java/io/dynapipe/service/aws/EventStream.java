package io.dynapipe.service.aws;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * Writes frames of {@code application/vnd.amazon.eventstream}, each flushed at once: readers wait
 * for whole frames. One thread at a time.
 *
 * @see <a href="https://smithy.io/2.0/aws/amazon-eventstream.html">Amazon Event Stream</a>
 */
public final class EventStream {

  /** Total length, headers' length and their checksum, then the message's checksum at the end. */
  private static final int FRAME_BYTES = 16;

  private static final byte STRING_HEADER = 7;

  private final OutputStream out;

  public EventStream(OutputStream out) {
    this.out = out;
  }

  /** An event with a JSON payload. */
  public void event(String type, byte[] json) throws IOException {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put(":message-type", "event");
    headers.put(":event-type", type);
    headers.put(":content-type", "application/json");
    write(headers, json);
  }

  /** An exception, which ends the stream for its reader. */
  public void exception(String type, byte[] json) throws IOException {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put(":message-type", "exception");
    headers.put(":exception-type", type);
    headers.put(":content-type", "application/json");
    write(headers, json);
  }

  private void write(Map<String, String> headers, byte[] payload) throws IOException {
    out.write(frame(headers(headers), payload));
    out.flush();
  }

  private static byte[] headers(Map<String, String> headers) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream data = new DataOutputStream(bytes);
    for (Map.Entry<String, String> header : headers.entrySet()) {
      byte[] name = header.getKey().getBytes(StandardCharsets.UTF_8);
      byte[] value = header.getValue().getBytes(StandardCharsets.UTF_8);
      data.writeByte(name.length);
      data.write(name);
      data.writeByte(STRING_HEADER);
      data.writeShort(value.length);
      data.write(value);
    }
    return bytes.toByteArray();
  }

  private static byte[] frame(byte[] headers, byte[] payload) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream data = new DataOutputStream(bytes);
    data.writeInt(FRAME_BYTES + headers.length + payload.length);
    data.writeInt(headers.length);
    data.writeInt(checksum(bytes.toByteArray()));
    data.write(headers);
    data.write(payload);
    data.writeInt(checksum(bytes.toByteArray()));
    return bytes.toByteArray();
  }

  private static int checksum(byte[] bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return (int) crc.getValue();
  }
}
