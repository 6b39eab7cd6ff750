package io.dynapipe.sink.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.error.PipelineException;
import io.dynapipe.error.PipelineException.Kind;
import java.io.IOException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SqlErrorsTest {

  @ParameterizedTest
  @CsvSource({
    "08001,RETRYABLE",
    "08006,RETRYABLE",
    "53300,RETRYABLE",
    "53100,RETRYABLE",
    "57P01,RETRYABLE",
    "57P03,RETRYABLE",
    "57014,RETRYABLE",
    "40001,RETRYABLE",
    "40P01,RETRYABLE",
    "55P03,RETRYABLE",
    "28P01,ENVIRONMENT",
    "28000,ENVIRONMENT",
    "3D000,ENVIRONMENT",
    "42501,ENVIRONMENT",
    "25006,ENVIRONMENT",
    "42P01,PERMANENT",
    "42703,PERMANENT",
    "54011,PERMANENT",
    "0A000,PERMANENT",
    "XX000,PERMANENT",
  })
  void tellsCallersWhatToDo(String state, Kind kind) {
    PipelineException failure =
        SqlErrors.translate(new SQLException("no", state), "writing public.foo");

    assertThat(failure.kind()).isEqualTo(kind);
    assertThat(failure).hasMessageContaining("writing public.foo").hasMessageContaining(state);
    if (kind == Kind.ENVIRONMENT) {
      assertThat(failure.cure()).isNotBlank();
    }
  }

  @Test
  void takesALostConnectionForPassing() {
    SQLException lost = new SQLException("gone", null, new IOException("reset"));

    assertThat(SqlErrors.translate(lost, "writing").isRetryable()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"22P02", "22003", "23505", "23502", "54000", "54001", "21000", "P0001"})
  void blamesRows(String state) {
    SQLException refusal = new SQLException("no", state);

    assertThat(SqlErrors.isRowError(refusal)).isTrue();
    assertThat(SqlErrors.reason(refusal)).contains("PostgreSQL refuses the row");
  }

  @ParameterizedTest
  @ValueSource(strings = {"42P01", "08006", "57014", "54011", "42501"})
  void doesNotBlameRowsForOtherTrouble(String state) {
    assertThat(SqlErrors.isRowError(new SQLException("no", state))).isFalse();
  }
}
