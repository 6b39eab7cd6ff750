package io.dynapipe.cli;

import io.dynapipe.config.Secret;
import io.dynapipe.error.PipelineException;
import io.dynapipe.image.Architecture;
import io.dynapipe.image.BuiltImage;
import io.dynapipe.image.ImageBuilder;
import io.dynapipe.image.ImageKind;
import io.dynapipe.image.ImageRequest;
import io.dynapipe.image.ImageTarget;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** OCI images, without a Docker daemon. */
@Command(
    name = "image",
    description = {
      "Builds OCI images of the Lambda function or of this program, and pushes them.",
      "",
      "No Docker is needed. The same jars on the same base make the same image."
    },
    footer = {
      "",
      "Examples:",
      "  dynapipe image build lambda --to function.tar",
      "  dynapipe image push service --to registry.example.org/dynapipe:1"
    },
    mixinStandardHelpOptions = true)
final class ImageCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  /** What to build, on what. */
  static final class Options {
    @Parameters(
        paramLabel = "IMAGE",
        description = "lambda (the function) or service (this program).")
    private String kind = "";

    @Option(
        names = "--base",
        paramLabel = "IMAGE",
        description = {
          "Base image: a name, tar:FILE, or scratch. Default: AWS's Java 21 for lambda,",
          "Eclipse Temurin 21 for service."
        })
    private @Nullable String base;

    @Option(
        names = "--arch",
        paramLabel = "ARCH",
        defaultValue = "x86_64",
        description = "x86_64 or arm64 (default: ${DEFAULT-VALUE}).")
    private String architecture = "x86_64";

    @Option(
        names = "--java",
        paramLabel = "COMMAND",
        defaultValue = "java",
        description = {
          "How Java is started in the base (default: ${DEFAULT-VALUE}). AWS's bases start it",
          "themselves."
        })
    private String java = "java";

    @Option(
        names = "--archive-java",
        paramLabel = "COMMAND",
        description = {
          "A Java on this machine, 19 or newer and of the same build as the base's, that archives",
          "the function's classes in the image, so that it starts faster. Default: no archive."
        })
    private @Nullable String archiveJava;

    @Option(names = "--json", description = "Prints one JSON object.")
    private boolean json;

    ImageRequest request() {
      ImageRequest request =
          ImageRequest.of(ImageKind.parse(kind))
              .withArchitecture(Architecture.parse(architecture))
              .withJava(java);
      if (archiveJava != null) {
        request = request.withArchiveJava(archiveJava);
      }
      return base == null ? request : request.withBase(base);
    }
  }

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "Missing build or push");
  }

  @Command(name = "build", description = "Builds an image into a tar file for 'docker load'.")
  int build(
      @Mixin Options options,
      @Option(names = "--to", paramLabel = "FILE", required = true, description = "The tar file.")
          Path file) {
    ImageRequest request = options.request();
    BuiltImage image =
        builder().build(request, new ImageTarget.Tar(file, "dynapipe-" + request.kind()));
    return report(options, image, file.toString());
  }

  @Command(
      name = "push",
      description = {
        "Builds an image and pushes it to a registry, with the credentials that Docker's",
        "configuration has for it, or with --user."
      })
  int push(
      @Mixin Options options,
      @Option(
              names = "--to",
              paramLabel = "NAME",
              required = true,
              description = "registry/name:tag")
          String name,
      @Option(names = "--user", paramLabel = "NAME", description = "User of the registry.")
          @Nullable String user,
      @Option(
              names = "--password-file",
              paramLabel = "FILE",
              description = "File whose first line is the password, for --user.")
          @Nullable String passwordFile) {
    if ((user == null) != (passwordFile == null)) {
      throw PipelineException.input(
          "only one of --user and --password-file is given", "Give both, or none.");
    }
    Secret password = passwordFile == null ? null : Secret.fromFile(passwordFile);
    BuiltImage image =
        builder().build(options.request(), new ImageTarget.Registry(name, user, password));
    return report(options, image, image.pinned());
  }

  private ImageBuilder builder() {
    PrintWriter err = spec.commandLine().getErr();
    return ImageBuilder.ofThisInstallation(warning -> err.println("warning: " + warning));
  }

  private int report(Options options, BuiltImage image, String where) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        options.json
            ? JsonLine.of("image", where).with("digest", image.digest()).with("id", image.id())
            : where + "\n  digest " + image.digest() + "\n  id     " + image.id());
    out.flush();
    return Failures.DONE;
  }
}
