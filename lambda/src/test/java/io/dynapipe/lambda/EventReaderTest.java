package io.dynapipe.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynapipe.error.PipelineException;
import io.dynapipe.stream.StoredRecord;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventReaderTest {

  private static final String GOOD = KinesisEvent.of(1, "{}").toString();

  @Test
  void readsRecordsInTheirOrder() throws IOException {
    List<StoredRecord> records = read(KinesisEvent.of(7, "{\"a\":1}", "ü").toString());

    assertThat(records).extracting(StoredRecord::shard).containsOnly("shardId-000000000006");
    assertThat(records)
        .extracting(stored -> stored.sequenceNumber().digits())
        .containsExactly(KinesisEvent.sequenceNumber(7), KinesisEvent.sequenceNumber(8));
    assertThat(records)
        .extracting(stored -> new String(stored.data(), StandardCharsets.UTF_8))
        .containsExactly("{\"a\":1}", "ü");
    assertThat(records.get(0).partitionKey()).isEqualTo("public.foo.1");
    assertThat(records.get(0).arrivalMillis()).isEqualTo(1_545_084_650_987L);
  }

  @Test
  void passesOverMembersThatItDoesNotKnow() throws IOException {
    assertThat(read(GOOD.replace("{\"Records\"", "{\"window\":{\"a\":[1]},\"Records\"")))
        .hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`\"Records\"` | `\"Messages\"` | it has no Records",
        "aws:kinesis\",\"eventVersion | aws:sqs\",\"eventVersion | Records[0].eventSource is"
            + " 'aws:sqs'",
        "`\"data\":\"e30=\"` | `\"data\":\"*\"` | Records[0].kinesis.data is not base64",
        "`\"data\":\"e30=\"` | `\"data\":null` | Records[0].kinesis.data is not a text",
        "`\"data\":\"e30=\",` | `` | Records[0].kinesis has no data or no sequenceNumber",
        "eventID | eventId | Records[0].eventID '' names no shard",
        "`:\"4959` | `:\"x4959` | Records[0].kinesis.sequenceNumber",
        "`\"Records\":[` | `\"Records\":[7,` | Records[0] is not an object",
        "`\"Records\":[` | `\"Records\":7,\"x\":[` | Records is not a list",
        "`]}` | `]` | Unexpected end-of-input",
      })
  void refusesWhatIsNoKinesisEvent(String part, String instead, String message) {
    String event = GOOD.replace(part, instead == null ? "" : instead);

    assertThat(event).isNotEqualTo(GOOD);
    assertThatThrownBy(() -> read(event))
        .isInstanceOfSatisfying(
            PipelineException.class,
            e -> assertThat(e.kind()).isEqualTo(PipelineException.Kind.INPUT))
        .hasMessageContaining("not an event of a Kinesis stream")
        .hasMessageContaining(message);
  }

  private static List<StoredRecord> read(String event) throws IOException {
    return EventReader.read(new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)));
  }
}
