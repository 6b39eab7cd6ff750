package io.dynapipe.dms;

import org.jspecify.annotations.Nullable;

/** Why a record is not a DMS message, before its place is known. */
final class Malformed extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final @Nullable String cure;

  Malformed(String message) {
    this(message, null);
  }

  Malformed(String message, @Nullable String cure) {
    super(message, null, false, false);
    this.cure = cure;
  }

  /** Null when there is nothing to say but that the record is broken. */
  @Nullable String cure() {
    return cure;
  }
}
