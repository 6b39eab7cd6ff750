package io.dynapipe.image;

/**
 * An image that was built.
 *
 * @param reference as it was asked for
 * @param digest of its manifest, {@code sha256:...}
 * @param id digest of its configuration; the same content has the same id
 */
public record BuiltImage(String reference, String digest, String id) {

  /** The name with the digest instead of the tag: always this very image. */
  public String pinned() {
    int slash = reference.lastIndexOf('/');
    int colon = reference.indexOf(':', slash + 1);
    return (colon < 0 ? reference : reference.substring(0, colon)) + "@" + digest;
  }
}
