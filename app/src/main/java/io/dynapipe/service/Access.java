package io.dynapipe.service;

import io.dynapipe.config.Secret;
import io.dynapipe.error.PipelineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of clients.
 *
 * @param credentials secret access keys by access key id; empty when any will do
 * @param password of console and metrics; null when none is asked for
 * @param tls null for plain HTTP
 */
public record Access(
    Map<String, Secret> credentials, @Nullable Secret password, @Nullable SSLContext tls) {

  /** Nothing is asked. */
  public static final Access OPEN = new Access(Map.of(), null, null);

  public Access {
    credentials = Map.copyOf(credentials);
  }

  /**
   * Reads files; each may be null.
   *
   * @throws PipelineException (input, environment) when one cannot be used, or others may read it
   */
  public static Access read(
      @Nullable Path credentials,
      @Nullable Path password,
      @Nullable Path certificate,
      @Nullable Path key) {
    if ((certificate == null) != (key == null)) {
      throw PipelineException.input(
          "a certificate and its key go together", "Give --tls-certificate and --tls-key.");
    }
    return new Access(
        credentials == null ? Map.of() : keys(credentials),
        password == null ? null : Secret.of(firstLine(password)),
        certificate == null || key == null
            ? null
            : PemFiles.context(Files.exists(key) ? checked(key) : key, certificate));
  }

  private static Map<String, Secret> keys(Path file) {
    Map<String, Secret> keys = new HashMap<>();
    String id = "";
    for (String line : lines(file)) {
      int equals = line.indexOf('=');
      String name = equals < 0 ? "" : line.substring(0, equals).strip();
      String value = equals < 0 ? "" : line.substring(equals + 1).strip();
      if (name.equals("aws_access_key_id")) {
        id = value;
      } else if (name.equals("aws_secret_access_key") && !id.isEmpty()) {
        keys.put(id, Secret.of(value));
        id = "";
      }
    }
    if (keys.isEmpty()) {
      throw PipelineException.input(
          "file " + file + " holds no credentials",
          "Give lines aws_access_key_id = ... and aws_secret_access_key = ..., in this order.");
    }
    return keys;
  }

  private static String firstLine(Path file) {
    return lines(file).stream()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .findFirst()
        .orElseThrow(
            () -> PipelineException.input("file " + file + " is empty", "Put a password there."));
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(checked(file));
    } catch (IOException e) {
      throw PipelineException.environment(
          "file " + file + " cannot be read: " + e.getMessage(), "Make it readable for you.", e);
    }
  }

  /** Secrets that others can read are none. */
  private static Path checked(Path file) {
    try {
      if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
        Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
        if (mode.contains(PosixFilePermission.GROUP_READ)
            || mode.contains(PosixFilePermission.OTHERS_READ)) {
          throw PipelineException.environment(
              "others may read " + file, "Run: chmod 600 " + file, null);
        }
      }
      return file;
    } catch (IOException e) {
      throw PipelineException.environment(
          "file " + file + " cannot be read: " + e, "Check its name.", e);
    }
  }
}
