package io.dynapipe.stream.kinesis;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.error.PipelineException;
import io.dynapipe.error.PipelineException.Kind;
import java.io.IOException;
import java.net.ConnectException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.exception.SdkClientException;

class KinesisErrorsTest {

  @ParameterizedTest
  @CsvSource({
    "400, ProvisionedThroughputExceededException, RETRYABLE",
    "400, LimitExceededException, RETRYABLE",
    "400, KMSThrottlingException, RETRYABLE",
    "500, InternalFailure, RETRYABLE",
    "503, Anything, RETRYABLE",
    "400, ResourceNotFoundException, ENVIRONMENT",
    "400, AccessDeniedException, ENVIRONMENT",
    "400, KMSDisabledException, ENVIRONMENT",
    "400, ExpiredTokenException, ENVIRONMENT",
    "400, UnrecognizedClientException, ENVIRONMENT",
    "400, InvalidArgumentException, PERMANENT",
    "400, ValidationException, PERMANENT",
  })
  void theServicesCodesHaveTheirKinds(int status, String code, Kind kind) {
    PipelineException translated =
        KinesisErrors.translate(
            "PutRecords", new CompletionException(MemoryService.refusal(status, code)));

    assertThat(translated.kind()).isEqualTo(kind);
    assertThat(translated).hasMessage("PutRecords: " + code + ": " + code);
    assertThat(translated.cure() != null).isEqualTo(kind == Kind.ENVIRONMENT);
  }

  @Test
  void brokenConnectionsAreTriedAgainAndSayWhatBroke() {
    SdkClientException broken =
        SdkClientException.create(
            "Unable to execute HTTP request", new IOException(new ConnectException("refused")));

    PipelineException translated = KinesisErrors.translate("PutRecords", broken);

    assertThat(translated.isRetryable()).isTrue();
    assertThat(translated)
        .hasMessageContaining("Unable to execute HTTP request")
        .hasMessageContaining("refused");
  }

  @Test
  void missingCredentialsSayHowToGiveThem() {
    PipelineException translated =
        KinesisErrors.translate(
            "ListShards",
            SdkClientException.create("Unable to load credentials from any of the providers"));

    assertThat(translated.kind()).isEqualTo(Kind.ENVIRONMENT);
    assertThat(translated.cure()).contains("AWS_PROFILE");
  }
}
