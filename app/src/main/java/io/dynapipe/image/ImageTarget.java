package io.dynapipe.image;

import io.dynapipe.config.Secret;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where an image goes. */
public sealed interface ImageTarget {

  /** A tar file, as {@code docker load} reads it. */
  record Tar(Path file, String name) implements ImageTarget {}

  /**
   * A registry.
   *
   * @param reference {@code registry/name:tag}
   * @param user null: whatever Docker's configuration knows of the registry
   */
  record Registry(String reference, @Nullable String user, @Nullable Secret password)
      implements ImageTarget {

    /** With what {@code docker login} stored. */
    public static Registry of(String reference) {
      return new Registry(reference, null, null);
    }
  }
}
