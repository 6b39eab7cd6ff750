package io.dynapipe.image;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainer;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.LogEvent;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.RegistryImage;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.ImageFormat;
import com.google.cloud.tools.jib.api.buildplan.Platform;
import com.google.cloud.tools.jib.api.buildplan.Port;
import com.google.cloud.tools.jib.frontend.CredentialRetrieverFactory;
import io.dynapipe.config.Secret;
import io.dynapipe.error.PipelineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/**
 * Builds images from this installation's jars. The same jars on the same base make the same image,
 * byte for byte: times, owners and order of files are fixed.
 */
public final class ImageBuilder {

  /** Nobody's: images of "distroless" kind have this user, too. */
  private static final String USER = "65532:65532";

  private static final String FUNCTION_HOME = "/" + FunctionArchive.FUNCTION + "/";
  private static final String RUNTIME_HOME = "/" + FunctionArchive.RUNTIME + "/";
  private static final String PROGRAM_HOME = "/opt/dynapipe/lib/";
  private static final String STATE = "/var/lib/dynapipe";
  private static final String RUNTIME_CLIENT =
      "com.amazonaws.services.lambda.runtime.api.client.AWSLambda";
  private static final String HANDLER = "io.dynapipe.lambda.KinesisHandler";
  private static final int SERVICE_PORT = 4599;
  private static final Set<String> OWN = Set.of("dynapipe-app.jar", "dynapipe-lambda.jar");

  private final ImageFiles files;
  private final Consumer<String> warnings;

  ImageBuilder(ImageFiles files, Consumer<String> warnings) {
    this.files = files;
    this.warnings = warnings;
  }

  /**
   * For the jars of this installation.
   *
   * @param warnings told what is odd about the base or the registry
   */
  public static ImageBuilder ofThisInstallation(Consumer<String> warnings) {
    return new ImageBuilder(ImageFiles.installed(), warnings);
  }

  /**
   * Builds an image and puts it where it belongs.
   *
   * @throws PipelineException input: a name is malformed; environment: a registry refuses or cannot
   *     be reached
   */
  public BuiltImage build(ImageRequest request, ImageTarget target) {
    try (Stage stage = Stage.open()) {
      JibContainerBuilder plan = plan(request, stage.directory());
      // Docker before 25 loads no OCI layout; registries and Lambda take OCI's manifests.
      plan.setFormat(target instanceof ImageTarget.Tar ? ImageFormat.Docker : ImageFormat.OCI);
      JibContainer image = plan.containerize(containerizer(target));
      return new BuiltImage(
          image.getTargetImage().toString(),
          image.getDigest().toString(),
          image.getImageId().toString());
    } catch (InvalidImageReferenceException e) {
      throw PipelineException.input(
          "the image name is malformed: " + e.getMessage(), "Write it like registry/name:tag.");
    } catch (RegistryException | IOException | CacheDirectoryCreationException e) {
      throw refused(e);
    } catch (ExecutionException e) {
      throw refused(e.getCause() instanceof Exception cause ? cause : e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PipelineException.retryable("interrupted while the image was built", e);
    }
  }

  private static PipelineException refused(Exception e) {
    return PipelineException.environment(
        "the image cannot be built or pushed: " + e.getMessage(),
        "Is the registry's name right, is it up, and may you use it? A base without a registry is"
            + " 'scratch' or 'tar:FILE'.",
        e);
  }

  private JibContainerBuilder plan(ImageRequest request, Path stage)
      throws InvalidImageReferenceException, IOException {
    JibContainerBuilder plan = base(request);
    plan.setCreationTime(Instant.EPOCH)
        .setUser(USER)
        .setPlatforms(Set.of(new Platform(request.architecture().oci(), "linux")))
        .addLabel("org.opencontainers.image.title", "dynapipe-" + request.kind())
        .addLabel("org.opencontainers.image.licenses", "Apache-2.0");
    return switch (request.kind()) {
      case LAMBDA -> function(plan, request, stage);
      case SERVICE -> program(plan, request, stage);
    };
  }

  private JibContainerBuilder function(JibContainerBuilder plan, ImageRequest request, Path stage)
      throws IOException {
    addJars(plan, files.function(), FUNCTION_HOME);
    plan.setWorkingDirectory(AbsoluteUnixPath.get("/var/task")).setProgramArguments(HANDLER);
    String archiveJava = request.archiveJava();
    if (archiveJava == null && request.isAwsBase()) {
      return plan;
    }
    addJars(plan, files.runtimeClient(), RUNTIME_HOME);
    List<String> start = new ArrayList<>();
    start.addAll(List.of(request.java(), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    // The JVM's own choice is a quarter of the memory, and nothing else runs here.
    start.add("-XX:MaxRAMPercentage=75");
    if (archiveJava == null) {
      start.addAll(List.of("-cp", FUNCTION_HOME + "*:" + RUNTIME_HOME + "*"));
    } else {
      start.addAll(archived(plan, archiveJava, stage));
    }
    start.add(RUNTIME_CLIENT);
    return plan.setEntrypoint(start);
  }

  /** AWS's bases start Java with an archive of their own, so that we have to start it here. */
  private List<String> archived(JibContainerBuilder plan, String java, Path stage)
      throws IOException {
    String build = FunctionArchive.movableBuild(java);
    FunctionArchive archive =
        FunctionArchive.make(java, files.function(), files.runtimeClient(), stage);
    AbsoluteUnixPath place = AbsoluteUnixPath.get("/" + FunctionArchive.ARCHIVE);
    plan.addFileEntriesLayer(
            FileEntriesLayer.builder().setName("archive").addEntry(archive.file(), place).build())
        .addLabel("io.dynapipe.archive.java", build);
    return List.of("-XX:SharedArchiveFile=" + place, "-Xshare:auto", "-cp", archive.classPath("/"));
  }

  private JibContainerBuilder program(JibContainerBuilder plan, ImageRequest request, Path stage)
      throws IOException {
    addJars(plan, files.program(), PROGRAM_HOME);
    FileEntriesLayer.Builder state = FileEntriesLayer.builder().setName("state");
    Path empty = Files.createDirectory(stage.resolve("state"));
    state.addEntry(
        empty,
        AbsoluteUnixPath.get(STATE),
        com.google.cloud.tools.jib.api.buildplan.FilePermissions.fromOctalString("700"),
        FileEntriesLayer.DEFAULT_MODIFICATION_TIME,
        USER);
    return plan.addFileEntriesLayer(state.build())
        .setWorkingDirectory(AbsoluteUnixPath.get(STATE))
        .setEntrypoint(
            request.java(),
            "-XX:+UseSerialGC",
            "-Xmx256m",
            "-jar",
            PROGRAM_HOME + "dynapipe-app.jar")
        .setProgramArguments("--help")
        .addExposedPort(Port.tcp(SERVICE_PORT));
  }

  /** What changes often is a layer of its own, so that little is pushed after a change. */
  private static void addJars(JibContainerBuilder plan, List<Path> jars, String directory)
      throws IOException {
    FileEntriesLayer.Builder libraries = FileEntriesLayer.builder().setName("libraries");
    FileEntriesLayer.Builder own = FileEntriesLayer.builder().setName("dynapipe");
    boolean anyOwn = false;
    for (Path jar : jars) {
      String name = jar.getFileName().toString();
      boolean ours = OWN.contains(name) || name.startsWith("dynapipe-");
      anyOwn |= ours;
      (ours ? own : libraries).addEntry(jar, AbsoluteUnixPath.get(directory + name));
    }
    plan.addFileEntriesLayer(libraries.build());
    if (anyOwn) {
      plan.addFileEntriesLayer(own.build());
    }
  }

  private JibContainerBuilder base(ImageRequest request) throws InvalidImageReferenceException {
    String base = request.base();
    if (base.equals(ImageRequest.SCRATCH)) {
      return Jib.fromScratch();
    }
    if (base.startsWith(ImageRequest.TAR)) {
      return Jib.from(TarImage.at(Path.of(base.substring(ImageRequest.TAR.length()))));
    }
    return Jib.from(registryImage(ImageTarget.Registry.of(base)));
  }

  private Containerizer containerizer(ImageTarget target) throws InvalidImageReferenceException {
    if (target instanceof ImageTarget.Tar tar) {
      return configured(Containerizer.to(TarImage.at(tar.file()).named(tar.name())), false);
    }
    ImageTarget.Registry registry = (ImageTarget.Registry) target;
    boolean loopback = isLoopback(registry.reference());
    if (loopback) {
      // Jib's switch for all of the process; this machine's own registry is what it is used with.
      System.setProperty("sendCredentialsOverHttp", "true");
    }
    return configured(Containerizer.to(registryImage(registry)), loopback);
  }

  private Containerizer configured(Containerizer containerizer, boolean insecure) {
    return containerizer
        .setToolName("dynapipe")
        .setToolVersion("")
        // A registry on this machine may do without TLS, and nobody else's.
        .setAllowInsecureRegistries(insecure)
        .addEventHandler(
            LogEvent.class,
            event -> {
              if (event.getLevel() == LogEvent.Level.WARN) {
                warnings.accept(event.getMessage());
              }
            });
  }

  private RegistryImage registryImage(ImageTarget.Registry registry)
      throws InvalidImageReferenceException {
    ImageReference reference = ImageReference.parse(registry.reference());
    RegistryImage image = RegistryImage.named(reference);
    Secret password = registry.password();
    if (registry.user() != null && password != null) {
      return image.addCredential(registry.user(), password.reveal());
    }
    CredentialRetrieverFactory known = CredentialRetrieverFactory.forImage(reference, event -> {});
    return image
        .addCredentialRetriever(known.dockerConfig())
        .addCredentialRetriever(known.wellKnownCredentialHelpers());
  }

  private static boolean isLoopback(String reference) {
    return reference.startsWith("127.0.0.1:") || reference.startsWith("localhost:");
  }
}
