package io.dynapipe.sink.cratedb;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.error.PipelineException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CrateErrorTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "503 | 5031 | MasterNotDiscoveredException | RETRYABLE",
        "503 | 0 | Service Unavailable | RETRYABLE",
        "504 | 0 | Gateway Timeout | RETRYABLE",
        "429 | 4290 | Too many | RETRYABLE",
        "500 | 5002 | shards not available | RETRYABLE",
        "500 | 5003 | query failed | RETRYABLE",
        "500 | 5005 | killed | RETRYABLE",
        "500 | 5000 | EsRejectedExecutionException[rejected] | RETRYABLE",
        "500 | 5000 | RuntimeException[CircuitBreakingException: Data too large] | RETRYABLE",
        "200 | 4092 | VersionConflictException[x] | RETRYABLE",
        "404 | 4046 | PartitionUnknownException[x] | RETRYABLE",
        "403 | 4037 | Table is read-delete only | RETRYABLE",
        "401 | 0 | no explanation | ENVIRONMENT",
        "401 | 4010 | password authentication failed | ENVIRONMENT",
        "401 | 4011 | MissingPrivilegeException | ENVIRONMENT",
        "403 | 4031 | read only node | ENVIRONMENT",
        "404 | 4041 | RelationUnknown[x] | TABLE",
        "404 | 4043 | ColumnUnknownException[x] | TABLE",
        "404 | 4045 | SchemaUnknownException[x] | TABLE",
        "403 | 4032 | closed | TABLE",
        "400 | 4007 | OperationOnInaccessibleRelationException | TABLE",
        "400 | 4000 | SQLParseException[line 1:1: mismatched input] | TABLE",
        "413 | 0 | too large | SIZE",
        "400 | 4000 | SQLParseException[Cannot cast value `x` to type `integer`] | ROW",
        "400 | 4000 | SQLParseException[Cannot cast value `NoMaster` to type `integer`] | ROW",
        "400 | 4003 | ColumnValidationException[x] | ROW",
        "400 | 4008 | InvalidColumnNameException[x] | ROW",
        "200 | 4091 | DuplicateKeyException[x] | ROW",
        "200 | 40411 | DocumentMissingException[x] | ROW",
        "200 | 5000 | ClassCastException[x] | UNKNOWN",
        "500 | 5000 | UncheckedIOException[can not write type BigInteger] | UNKNOWN",
        "500 | 0 | Internal Server Error | UNKNOWN",
      })
  void tellsWhatAnErrorIsAbout(int status, int code, String message, CrateError.Scope scope) {
    assertThat(new CrateError(status, code, message).scope()).isEqualTo(scope);
  }

  @Test
  void becomesAnExceptionOfTheRightKind() {
    assertThat(new CrateError(503, 0, "x").toException("y").kind())
        .isEqualTo(PipelineException.Kind.RETRYABLE);
    assertThat(new CrateError(401, 4010, "x").toException("y").kind())
        .isEqualTo(PipelineException.Kind.ENVIRONMENT);
    assertThat(new CrateError(400, 4000, "x").toException("y"))
        .hasMessage("y: x (4000)")
        .extracting(PipelineException::kind)
        .isEqualTo(PipelineException.Kind.PERMANENT);
  }

  @Test
  void anAnswerThatIsNotCratesIsAnError() {
    byte[] page = "<html>Bad Gateway</html>".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    assertThat(SqlAnswer.read(502, page).error())
        .isEqualTo(new CrateError(502, 0, "<html>Bad Gateway</html>"));
    assertThat(SqlAnswer.read(200, new byte[0]).error())
        .isEqualTo(new CrateError(200, 0, "no explanation"));
  }
}
