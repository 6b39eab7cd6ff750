package io.dynapipe.image;

import io.dynapipe.error.PipelineException;

/** The processor of an image, as OCI and as AWS Lambda call it. */
public enum Architecture {
  X86_64("amd64"),
  ARM64("arm64");

  private final String oci;

  Architecture(String oci) {
    this.oci = oci;
  }

  String oci() {
    return oci;
  }

  /**
   * Reads OCI's names and AWS's.
   *
   * @throws PipelineException (input) for any other word
   */
  public static Architecture parse(String text) {
    for (Architecture architecture : values()) {
      if (architecture.name().equalsIgnoreCase(text) || architecture.oci.equals(text)) {
        return architecture;
      }
    }
    throw PipelineException.input(
        "'" + text + "' is no architecture", "Give x86_64 (or amd64), or arm64.");
  }

  /** AWS's name of it. */
  @Override
  public String toString() {
    return this == X86_64 ? "x86_64" : "arm64";
  }
}
