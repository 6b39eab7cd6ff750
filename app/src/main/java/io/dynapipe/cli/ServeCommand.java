package io.dynapipe.cli;

import io.dynapipe.service.Access;
import io.dynapipe.service.Service;
import io.dynapipe.service.ServiceSettings;
import io.dynapipe.service.state.Account;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "serve",
    description = {
      "Runs the replication service: the API of AWS DMS, with its logs.",
      "",
      "Drive it with the aws command line or any AWS SDK, pointed here by --endpoint-url.",
      "Everything is kept in the state directory: tasks that run when the service ends,",
      "however it ends, run again when it starts."
    },
    footer = {
      "",
      "Examples:",
      "  dynapipe serve --sink crate://localhost:4200",
      "  aws dms describe-replication-tasks --endpoint-url http://localhost:4599"
    },
    mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private SinkOptions sink = new SinkOptions();

  @Option(
      names = "--state",
      paramLabel = "DIR",
      defaultValue = ".dynapipe/service",
      description = "Directory of everything that survives (default: ${DEFAULT-VALUE}).")
  private Path state = Path.of(".dynapipe", "service");

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "4599",
      description = "Port to listen on, on loopback; 0 for any (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--region",
      paramLabel = "REGION",
      defaultValue = "us-east-1",
      description = "AWS region in the ARNs of resources (default: ${DEFAULT-VALUE}).")
  private String region = "us-east-1";

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description = {
        "Address to listen on (default: ${DEFAULT-VALUE}). Any but loopback needs",
        "--credentials and --password-file."
      })
  private String host = "127.0.0.1";

  @Option(
      names = "--credentials",
      paramLabel = "FILE",
      description = {
        "Requests to the APIs must be signed by one of these, in the form of",
        "~/.aws/credentials (default: any credentials will do)."
      })
  private @Nullable Path credentials;

  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      description = {
        "Its first line is the password of console and metrics, which is also taken as",
        "bearer token (default: none)."
      })
  private @Nullable Path passwordFile;

  @Option(
      names = "--tls-certificate",
      paramLabel = "FILE",
      description = "Speaks TLS with this certificate chain (PEM).")
  private @Nullable Path certificate;

  @Option(
      names = "--tls-key",
      paramLabel = "FILE",
      description = "The key of the certificate (PEM, PKCS #8).")
  private @Nullable Path key;

  private final CountDownLatch told = new CountDownLatch(1);

  @Override
  public Integer call() throws InterruptedException {
    Service service =
        new Service(
            new ServiceSettings(
                state,
                sink.url(System.getenv()),
                sink.layout(),
                new Account(region, ServiceSettings.LOCAL_ACCOUNT.id()),
                host,
                port,
                Access.read(credentials, passwordFile, certificate, key)));
    spec.commandLine().getOut().println("The service listens on " + service.url());
    spec.commandLine().getOut().flush();
    Ending.after(told::await, told::countDown, service::close);
    return Failures.DONE;
  }
}
