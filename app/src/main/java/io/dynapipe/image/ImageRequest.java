package io.dynapipe.image;

import java.util.Objects;

/**
 * What to build.
 *
 * @param base an image's name, {@code tar:FILE}, or {@code scratch}
 * @param java the command that starts Java in the base, where the base does not start itself
 */
public record ImageRequest(ImageKind kind, String base, Architecture architecture, String java) {

  static final String SCRATCH = "scratch";
  static final String TAR = "tar:";

  public ImageRequest {
    Objects.requireNonNull(kind);
  }

  /** With the kind's own base, for x86_64. */
  public static ImageRequest of(ImageKind kind) {
    return new ImageRequest(kind, kind.defaultBase(), Architecture.X86_64, "java");
  }

  public ImageRequest withBase(String newBase) {
    return new ImageRequest(kind, newBase, architecture, java);
  }

  public ImageRequest withArchitecture(Architecture newArchitecture) {
    return new ImageRequest(kind, base, newArchitecture, java);
  }

  public ImageRequest withJava(String command) {
    return new ImageRequest(kind, base, architecture, command);
  }

  /** AWS's base images for Java bring the runtime interface client and start it. */
  boolean isAwsBase() {
    return base.contains("/lambda/java:") || base.contains("/lambda/java@");
  }
}
