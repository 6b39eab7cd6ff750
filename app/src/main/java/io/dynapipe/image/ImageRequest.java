package io.dynapipe.image;

import io.dynapipe.error.PipelineException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What to build.
 *
 * @param base an image's name, {@code tar:FILE}, or {@code scratch}
 * @param java the command that starts Java in the base, where the base does not start itself
 * @param archiveJava starts a Java on this machine, of the same build as the base's, that archives
 *     the function's classes; null: no archive
 */
public record ImageRequest(
    ImageKind kind,
    String base,
    Architecture architecture,
    String java,
    @Nullable String archiveJava) {

  static final String SCRATCH = "scratch";
  static final String TAR = "tar:";

  public ImageRequest {
    Objects.requireNonNull(kind);
    if (archiveJava != null && kind != ImageKind.LAMBDA) {
      throw PipelineException.input(
          "only the image of the function has an archive of classes",
          "Leave out --archive-java for " + kind + ".");
    }
  }

  /** With the kind's own base, for x86_64. */
  public static ImageRequest of(ImageKind kind) {
    return new ImageRequest(kind, kind.defaultBase(), Architecture.X86_64, "java", null);
  }

  public ImageRequest withBase(String newBase) {
    return new ImageRequest(kind, newBase, architecture, java, archiveJava);
  }

  public ImageRequest withArchitecture(Architecture newArchitecture) {
    return new ImageRequest(kind, base, newArchitecture, java, archiveJava);
  }

  public ImageRequest withJava(String command) {
    return new ImageRequest(kind, base, architecture, command, archiveJava);
  }

  /** With an archive of the function's classes, made by this command. */
  public ImageRequest withArchiveJava(String command) {
    return new ImageRequest(kind, base, architecture, java, command);
  }

  /** AWS's base images for Java bring the runtime interface client and start it. */
  boolean isAwsBase() {
    return base.contains("/lambda/java:") || base.contains("/lambda/java@");
  }
}
