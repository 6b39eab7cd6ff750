package io.dynapipe.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynapipe.error.PipelineException;
import io.dynapipe.sink.Layout;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HandlerSettingsTest {

  @Test
  void understandsTheVariablesOfTheReferenceProcessor() {
    HandlerSettings settings =
        HandlerSettings.of(
            Map.of(
                "SINK_SQLALCHEMY_URL", "crate://admin:secret@db.example.org:4200/doc?ssl=true",
                "COLUMN_TYPES", "{\"public:foo:attributes\": \"map\"}",
                "MESSAGE_FORMAT", "dms",
                "USE_BATCH_PROCESSING", "true",
                "ON_ERROR", "exit"));

    assertThat(settings.sink().url())
        .hasToString("crate://admin:***@db.example.org:4200/doc?ssl=true");
    assertThat(settings.jsonColumns()).containsExactly("public.foo.attributes");
    assertThat(settings.batchItemFailures()).isTrue();
  }

  @Test
  void failsInvocationsAndMakesDocumentsUnlessToldOtherwise() {
    HandlerSettings settings =
        HandlerSettings.of(Map.of("CRATEDB_CLUSTER_URL", "https://db.example.org:4200"));

    assertThat(settings.batchItemFailures()).isFalse();
    assertThat(settings.layout()).isEqualTo(Layout.DOCUMENT);
    assertThat(settings.retryLimit()).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void prefersOurOwnNames() {
    HandlerSettings settings =
        HandlerSettings.of(
            Map.of(
                "DYNAPIPE_SINK", "postgresql://me@db.example.org/target",
                "SINK_SQLALCHEMY_URL", "crate://elsewhere",
                "DYNAPIPE_LAYOUT", "columns",
                "DYNAPIPE_RETRY_LIMIT", "20s"));

    assertThat(settings.sink().url()).hasToString("postgresql://me@db.example.org:5432/target");
    assertThat(settings.layout()).isEqualTo(Layout.COLUMNS);
    assertThat(settings.retryLimit()).isEqualTo(Duration.ofSeconds(20));
  }

  @Test
  void tellsAllProblemsAtOnceAndNoSecret() {
    assertThatThrownBy(
            () ->
                HandlerSettings.of(
                    Map.of(
                        "SINK_SQLALCHEMY_URL", "crate://me:hush@host:99999/?nonsense=1",
                        "COLUMN_TYPES", "foo",
                        "DYNAPIPE_LAYOUT", "round",
                        "DYNAPIPE_RETRY_LIMIT", "5",
                        "USE_BATCH_PROCESSING", "maybe",
                        "MESSAGE_FORMAT", "dynamodb",
                        "ON_ERROR", "panic")))
        .isInstanceOfSatisfying(
            PipelineException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(PipelineException.Kind.INPUT);
              assertThat(e)
                  .hasMessageContaining("SINK_SQLALCHEMY_URL")
                  .hasMessageContaining("COLUMN_TYPES")
                  .hasMessageContaining("DYNAPIPE_LAYOUT: 'round'")
                  .hasMessageContaining("DYNAPIPE_RETRY_LIMIT: '5'")
                  .hasMessageContaining("USE_BATCH_PROCESSING: 'maybe'")
                  .hasMessageContaining("MESSAGE_FORMAT: 'dynamodb'")
                  .hasMessageContaining("ON_ERROR: 'panic'");
              assertThat(e.getMessage()).doesNotContain("hush");
            });
  }

  @Test
  void needsASink() {
    assertThatThrownBy(() -> HandlerSettings.of(Map.of()))
        .hasMessageContaining("no sink is given")
        .hasMessageContaining("SINK_SQLALCHEMY_URL");
  }
}
