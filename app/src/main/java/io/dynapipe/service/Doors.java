package io.dynapipe.service;

import io.dynapipe.config.Secret;
import io.dynapipe.error.PipelineException;
import io.dynapipe.service.aws.RequestGuard;
import io.dynapipe.service.aws.SignatureGuard;
import io.dynapipe.service.web.PasswordGuard;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/** Who may pass to APIs and pages, by the address the service listens on. Immutable. */
final class Doors {

  private final boolean isLocal;
  private final RequestGuard anyone;
  private final RequestGuard api;
  private final RequestGuard pages;

  /**
   * The doors of a service.
   *
   * @throws PipelineException (input) when the address needs credentials that are not given
   */
  Doors(ServiceSettings settings) {
    Access access = settings.access();
    isLocal = isLoopback(settings.host());
    @Nullable Secret password = access.password();
    if (!isLocal && (access.credentials().isEmpty() || password == null)) {
      throw PipelineException.input(
          "an address other than loopback is open to others, and no credentials are set",
          "Give --credentials and --password-file, and --tls-certificate with --tls-key unless a"
              + " proxy before it speaks TLS.");
    }
    anyone = isLocal ? new LocalGuard() : (exchange, body) -> {};
    api =
        access.credentials().isEmpty()
            ? anyone
            : anyone.and(
                new SignatureGuard(
                    access.credentials(), settings.account().region(), Clock.systemUTC()));
    pages = password == null ? anyone : anyone.and(new PasswordGuard(password));
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw PipelineException.input(
          "there is no address '" + host + "'", "Give --host an address of this machine.");
    }
  }

  boolean isLocal() {
    return isLocal;
  }

  /** For what tells nothing. */
  RequestGuard anyone() {
    return anyone;
  }

  RequestGuard api() {
    return api;
  }

  RequestGuard pages() {
    return pages;
  }
}
