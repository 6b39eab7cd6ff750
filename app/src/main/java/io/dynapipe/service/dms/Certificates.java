package io.dynapipe.service.dms;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynapipe.error.PipelineException;
import io.dynapipe.service.aws.Fault;
import io.dynapipe.service.aws.Input;
import io.dynapipe.service.aws.InputShape;
import io.dynapipe.service.aws.Json;
import io.dynapipe.service.aws.Operation;
import io.dynapipe.service.state.Account;
import io.dynapipe.service.state.Kind;
import io.dynapipe.service.state.Registry;
import io.dynapipe.service.state.Resource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.util.List;

/** Certificates that sources are checked against ({@code verify-ca}, {@code verify-full}). */
final class Certificates {

  private static final int MAX_NAME = 255;

  private final Registry registry;
  private final Account account;
  private final Path directory;
  private final Clock clock;

  /**
   * Certificates.
   *
   * @param directory where the driver finds them as files
   */
  Certificates(Registry registry, Account account, Path directory, Clock clock) {
    this.registry = registry;
    this.account = account;
    this.directory = directory;
    this.clock = clock;
  }

  List<Operation> operations() {
    return List.of(
        Operation.of(
            "ImportCertificate",
            "Takes a PEM certificate for SslMode verify-ca and verify-full.",
            InputShape.of(
                "CertificateIdentifier! CertificatePem CertificateWallet:blob Tags:objects"
                    + " KmsKeyId"),
            this::load),
        Operation.of(
            "DeleteCertificate",
            "Deletes a certificate that no endpoint names.",
            InputShape.of("CertificateArn!"),
            this::delete),
        Operation.of(
            "DescribeCertificates",
            "Lists certificates.",
            InputShape.of(Listing.INPUT),
            this::describe));
  }

  private ObjectNode load(Input input) {
    String name = Identifiers.name(input, "CertificateIdentifier", MAX_NAME);
    if (input.has("CertificateWallet")) {
      throw Fault.of(
          "InvalidCertificateFault", "Wallets are Oracle's; give CertificatePem instead.");
    }
    String pem = input.required("CertificatePem");
    X509Certificate certificate = parse(pem);
    String arn = account.arn(Kind.CERTIFICATE, Account.newResourceId());
    Resource same =
        registry.find(Kind.CERTIFICATE, r -> r.text("CertificateIdentifier").equals(name));
    if (same != null) {
      throw Fault.alreadyExists("Certificate " + name + " already exists.", same.key());
    }
    ObjectNode shown = Json.object();
    shown.put("CertificateIdentifier", name);
    shown.set("CertificateCreationDate", Json.seconds(clock.instant()));
    shown.put("CertificatePem", pem);
    shown.put("CertificateArn", arn);
    shown.put("CertificateOwner", account.id());
    shown.set("ValidFromDate", Json.seconds(certificate.getNotBefore().toInstant()));
    shown.set("ValidToDate", Json.seconds(certificate.getNotAfter().toInstant()));
    shown.put("SigningAlgorithm", certificate.getSigAlgName());
    if (certificate.getPublicKey() instanceof RSAPublicKey key) {
      shown.put("KeyLength", key.getModulus().bitLength());
    }
    ObjectNode kept = Json.object();
    kept.put("file", write(Account.resourceId(arn), pem).toString());
    Tags.keep(input, kept);
    registry.create(Kind.CERTIFICATE, arn, shown, kept);
    return answer(shown);
  }

  private static X509Certificate parse(String pem) {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)));
    } catch (CertificateException e) {
      throw Fault.of(
          "InvalidCertificateFault",
          "CertificatePem is not an X.509 certificate in PEM: it begins with"
              + " -----BEGIN CERTIFICATE-----.");
    }
  }

  private Path write(String name, String pem) {
    try {
      Files.createDirectories(directory);
      return Files.writeString(directory.resolve(name + ".pem"), pem).toAbsolutePath();
    } catch (IOException e) {
      throw PipelineException.environment(
          "the certificate cannot be written to " + directory + ": " + e,
          "Make the state directory writable.",
          e);
    }
  }

  private ObjectNode delete(Input input) {
    String arn = input.required("CertificateArn");
    Resource certificate = registry.find(Kind.CERTIFICATE, arn);
    if (certificate == null) {
      throw Fault.notFound("Certificate " + arn + " not found.");
    }
    if (registry.find(Kind.ENDPOINT, r -> r.text("CertificateArn").equals(arn)) != null) {
      throw Fault.invalidState("Certificate " + arn + " is used by an endpoint.");
    }
    registry.remove(Kind.CERTIFICATE, arn);
    return answer(certificate.shown());
  }

  private ObjectNode describe(Input input) {
    return new Listing<Resource>(input, r -> Listing.order(r.sequence()))
        .filter("certificate-arn", Resource::key)
        .filter("certificate-id", r -> r.text("CertificateIdentifier"))
        .orNotFound("Certificate")
        .answer("Certificates", registry.all(Kind.CERTIFICATE), Resource::shown);
  }

  private static ObjectNode answer(ObjectNode shown) {
    ObjectNode answer = Json.object();
    answer.set("Certificate", shown);
    return answer;
  }
}
