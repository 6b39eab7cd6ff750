package io.dynapipe.sink.cratedb;

import io.dynapipe.event.Row;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.stream.IntStream;

/**
 * A digest of a row's content: equal for equal rows, whatever the order of their columns. NULL and
 * absent columns do not count, so that a row is still found after a column was added.
 */
final class RowDigest {

  private RowDigest() {}

  static String of(Row row) {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
    IntStream.range(0, row.size())
        .filter(i -> row.kind(i).hasValue())
        .boxed()
        .sorted((a, b) -> row.columns().name(a).compareTo(row.columns().name(b)))
        .forEach(
            i -> {
              field(digest, row.columns().name(i).getBytes(StandardCharsets.UTF_8));
              byte[] value = new byte[row.length(i)];
              System.arraycopy(row.bytes(), row.start(i), value, 0, value.length);
              field(digest, value);
            });
    return Base64.getUrlEncoder().withoutPadding().encodeToString(digest.digest());
  }

  /** With its length before it, so that no two lists of fields give the same bytes. */
  private static void field(MessageDigest digest, byte[] bytes) {
    digest.update((bytes.length + ":").getBytes(StandardCharsets.ISO_8859_1));
    digest.update(bytes);
  }
}
