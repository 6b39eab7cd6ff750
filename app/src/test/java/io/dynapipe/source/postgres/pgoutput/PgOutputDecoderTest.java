package io.dynapipe.source.postgres.pgoutput;

import static io.dynapipe.source.postgres.pgoutput.MessageBytes.UNCHANGED;
import static io.dynapipe.source.postgres.pgoutput.MessageBytes.type;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynapipe.error.PipelineException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Messages as bytes, by the protocol's documentation. */
final class PgOutputDecoderTest {

  private static final long UNIX_MICROS_OF_2000 = 946_684_800_000_000L;

  @Test
  void readsTheFrameOfATransaction() throws Exception {
    assertThat(decode(type('B').int64(77).int64(5).int32(4_000_000_000L)))
        .containsExactly("begin 77 " + (UNIX_MICROS_OF_2000 + 5) + " 4000000000");
    assertThat(decode(type('C').int8(0).int64(77).int64(99).int64(5))).containsExactly("commit 99");
  }

  @Test
  void readsARelation() throws Exception {
    MessageBytes message =
        type('R').int32(4_294_967_295L).string("pub\"lic").string("Größe").int8('d').int16(2);
    message.int8(1).string("id").int32(23).int32(-1);
    message.int8(0).string("n").int32(1700).int32(655366);
    assertThat(decode(message))
        .containsExactly(
            "Relation[oid=4294967295, name=pub\"lic.Größe, identity=d, columns=["
                + "RelationColumn[name=id, typeOid=23, typmod=-1, key=true], "
                + "RelationColumn[name=n, typeOid=1700, typmod=655366, key=false]]]");
  }

  @Test
  void readsRows() throws Exception {
    assertThat(decode(type('I').int32(7).int8('N').tuple("1", null, "", "x")))
        .containsExactly("insert 7 ['1', NULL, '', 'x']");
    assertThat(decode(type('U').int32(7).int8('N').tuple("1", UNCHANGED)))
        .containsExactly("update 7 ['1', UNCHANGED]");
    assertThat(decode(type('U').int32(7).int8('K').tuple("1", null).int8('N').tuple("2", "x")))
        .containsExactly("update 7 key ['1', NULL] ['2', 'x']");
    assertThat(decode(type('U').int32(7).int8('O').tuple("1", "y").int8('N').tuple("2", "x")))
        .containsExactly("update 7 old ['1', 'y'] ['2', 'x']");
    assertThat(decode(type('D').int32(7).int8('K').tuple("1", null)))
        .containsExactly("delete 7 key ['1', NULL]");
    assertThat(decode(type('D').int32(7).int8('O').tuple("1", "y")))
        .containsExactly("delete 7 old ['1', 'y']");
  }

  @Test
  void readsATruncateOfSeveralTables() throws Exception {
    assertThat(decode(type('T').int32(2).int8(1).int32(7).int32(8)))
        .containsExactly("truncate [7, 8]");
  }

  @Test
  void skipsWhatCarriesNoRows() throws Exception {
    assertThat(decode(type('Y').int32(9).string("public").string("mood"))).isEmpty();
    assertThat(decode(type('O').int64(9).string("origin"))).isEmpty();
    assertThat(decode(type('M').int8(0).int64(9).string("prefix").int32(0))).isEmpty();
  }

  @Test
  void readsAMessageInsideALargerBuffer() throws Exception {
    byte[] message = type('I').int32(7).int8('N').tuple("1").toBytes();
    byte[] buffer = new byte[message.length + 40];
    System.arraycopy(message, 0, buffer, 25, message.length);
    ListenerLog log = new ListenerLog();
    new PgOutputDecoder(log).decode(buffer, 25, message.length);
    assertThat(log.lines()).containsExactly("insert 7 ['1']");
  }

  @Test
  void everyShortenedMessageIsAnError() throws Exception {
    byte[] whole = type('U').int32(7).int8('K').tuple("1").int8('N').tuple("2", "x").toBytes();
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> new PgOutputDecoder(new ListenerLog()).decode(cut, 0, cut.length))
          .as("the first %d bytes", length)
          .isInstanceOf(PipelineException.class)
          .hasMessageContaining("a message of pgoutput cannot be read");
    }
  }

  @Test
  void unknownMessagesAndMarkersAreErrors() {
    assertThatThrownBy(() -> decode(type('?'))).hasMessageContaining("its type is unknown");
    assertThatThrownBy(() -> decode(type('D').int32(7).int8('X').tuple("1")))
        .hasMessageContaining("neither K nor O");
    assertThatThrownBy(() -> decode(type('I').int32(7).int8('N').int16(1).int8('b')))
        .hasMessageContaining("a column's kind is unknown");
  }

  @Property
  void tuplesComeBackAsTheyWereWritten(@ForAll @Size(max = 20) List<@Nullable String> values)
      throws Exception {
    String expected =
        values.stream()
            .map(value -> value == null ? "NULL" : "'" + value + "'")
            .collect(Collectors.joining(", ", "insert 1 [", "]"));
    assertThat(decode(type('I').int32(1).int8('N').tuple(values.toArray(String[]::new))))
        .containsExactly(expected);
  }

  private static List<String> decode(MessageBytes message) throws InterruptedException {
    ListenerLog log = new ListenerLog();
    byte[] bytes = message.toBytes();
    new PgOutputDecoder(log).decode(bytes, 0, bytes.length);
    return log.lines();
  }
}
