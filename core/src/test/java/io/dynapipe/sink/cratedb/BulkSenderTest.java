package io.dynapipe.sink.cratedb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.ColumnNames;
import io.dynapipe.event.Row;
import io.dynapipe.event.RowBuilder;
import io.dynapipe.json.JsonBuffer;
import io.dynapipe.sink.RowFailure;
import io.dynapipe.sink.RowWrite;
import io.dynapipe.sink.cratedb.BulkSender.Expect;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every row of a bulk is accounted for. */
final class BulkSenderTest {

  private static final String OK = "{\"rowcount\":1}";
  private static final String NONE = "{\"rowcount\":0}";
  private static final String SILENT = "{\"rowcount\":-2}";

  private final ScriptedCrate crate = new ScriptedCrate();
  private final BulkSender sender =
      new BulkSender(new CrateClient(CrateSettings.of(crate.uri()), Clock.systemUTC(), wait -> {}));

  @AfterEach
  void stop() {
    crate.close();
  }

  private static BulkRows rows(int count) {
    BulkRows rows = new BulkRows("S", new JsonBuffer(64));
    for (int i = 0; i < count; i++) {
      Row row = new RowBuilder().begin(ColumnNames.of("v")).addNumber(i).build();
      JsonBuffer out = rows.next();
      int start = out.size();
      out.raw('[').number(i).raw(']');
      rows.added(RowWrite.append(row, "e" + i), start);
    }
    return rows;
  }

  private static String results(String... results) {
    return "{\"cols\":[],\"results\":[" + String.join(",", results) + "]}";
  }

  private static String failed(int code, String message) {
    return "{\"rowcount\":-2,\"error\":{\"code\":" + code + ",\"message\":\"" + message + "\"}}";
  }

  private static List<String> events(List<RowFailure> failures) {
    return failures.stream().map(failure -> failure.write().eventId()).toList();
  }

  private List<String> rowsSent() {
    List<String> sent = new ArrayList<>();
    for (String body : crate.bodies()) {
      sent.add(body.substring(body.indexOf("\"bulk_args\":") + 12, body.length() - 1));
    }
    return sent;
  }

  @Test
  void sendsAllRowsInOneRequest() {
    crate.then(200, results(OK, OK, OK));

    assertThat(sender.send(rows(3), Expect.ONE)).isEmpty();
    assertThat(crate.bodies()).containsExactly("{\"stmt\":\"S\",\"bulk_args\":[[0],[1],[2]]}");
  }

  @Test
  void reportsRowsThatFailedWithTheirReasons() {
    crate.then(200, results(OK, failed(4000, "bad value"), OK));

    List<RowFailure> failures = sender.send(rows(3), Expect.ONE);

    assertThat(events(failures)).containsExactly("e1");
    assertThat(failures.get(0).reason()).contains("bad value").contains("4000");
    assertThat(crate.bodies()).hasSize(1);
  }

  @Test
  void splitsARefusedBulkUntilTheBadRowStandsAlone() {
    ScriptedCrate.Step refused =
        new ScriptedCrate.Step(
            400, "{\"error\":{\"message\":\"SQLParseException[bad]\",\"code\":4000}}");
    crate
        .then(refused)
        .then(200, results(OK, OK))
        .then(refused)
        .then(refused)
        .then(200, results(OK));

    assertThat(events(sender.send(rows(4), Expect.ONE))).containsExactly("e2");
    assertThat(rowsSent())
        .containsExactly("[[0],[1],[2],[3]]", "[[0],[1]]", "[[2],[3]]", "[[2]]", "[[3]]");
  }

  @Test
  void splitsABulkThatIsTooLarge() {
    crate.then(413, "").then(200, results(OK)).then(200, results(OK));

    assertThat(sender.send(rows(2), Expect.ONE)).isEmpty();
    assertThat(rowsSent()).containsExactly("[[0],[1]]", "[[0]]", "[[1]]");
  }

  @Test
  void sendsRowsInPassingTroubleAgainAndOnlyThose() {
    crate
        .then(
            200,
            results(
                OK,
                failed(5000, "EsRejectedExecutionException[full]"),
                OK,
                failed(4092, "VersionConflictException[x]")))
        .then(200, results(OK, OK));

    assertThat(sender.send(rows(4), Expect.ONE)).isEmpty();
    assertThat(rowsSent()).containsExactly("[[0],[1],[2],[3]]", "[[1],[3]]");
  }

  @Test
  void givesUpOnTroubleThatDoesNotPass() {
    for (int i = 0; i < 30; i++) {
      crate.then(200, results(failed(5000, "EsRejectedExecutionException[full]")));
    }
    assertThatThrownBy(() -> sender.send(rows(1), Expect.ONE))
        .isInstanceOfSatisfying(PipelineException.class, e -> assertThat(e.isRetryable()).isTrue());
  }

  @Test
  void asksAgainInSmallBulksWhyRowsFailedWithoutAWord() {
    String[] many = new String[25];
    java.util.Arrays.fill(many, SILENT);
    crate.then(200, results(many));
    String[] ten = new String[10];
    java.util.Arrays.fill(ten, OK);
    ten[3] = failed(4000, "bad");
    crate.then(200, results(ten));
    java.util.Arrays.fill(ten, OK);
    crate.then(200, results(ten)).then(200, results(OK, OK, OK, OK, SILENT));
    crate.then(200, results(failed(4000, "worse")));

    List<RowFailure> failures = sender.send(rows(25), Expect.ONE);

    assertThat(events(failures)).containsExactly("e3", "e24");
    assertThat(rowsSent()).hasSize(5).last().isEqualTo("[[24]]");
  }

  @Test
  void aRowThatFailsWithoutAWordEvenAloneIsAFailure() {
    crate.then(200, results(SILENT));

    assertThat(events(sender.send(rows(1), Expect.ONE))).containsExactly("e0");
  }

  @Test
  void anUnhandledErrorIsBelievedOfARowThatIsAlone() {
    crate
        .then(200, results(OK, failed(5000, "ClassCastException[x]")))
        .then(200, results(failed(5000, "ClassCastException[x]")));

    assertThat(events(sender.send(rows(2), Expect.ONE))).containsExactly("e1");
    assertThat(rowsSent()).containsExactly("[[0],[1]]", "[[1]]");
  }

  @Test
  void aMissingRowIsNoFailureOfADelete() {
    crate.then(200, results(OK, NONE, failed(40411, "DocumentMissingException[x]")));

    assertThat(sender.send(rows(3), Expect.AT_MOST_ONE)).isEmpty();
  }

  @Test
  void aRowThatAnotherWriterTookFromAnUpsertIsSentAgain() {
    crate
        .then(200, results(OK, failed(40411, "DocumentMissingException[x]")))
        .then(200, results(OK));

    assertThat(sender.send(rows(2), Expect.ONE)).isEmpty();
    assertThat(rowsSent()).containsExactly("[[0],[1]]", "[[1]]");
  }

  @Test
  void anAnswerForFewerRowsIsNotTakenForSuccess() {
    crate.then(200, results(OK));

    assertThatThrownBy(() -> sender.send(rows(2), Expect.ONE)).hasMessageContaining("1 of 2 rows");
  }

  @Test
  void anotherCountThanOneIsNotTakenForSuccess() {
    crate.then(200, results(NONE));

    assertThatThrownBy(() -> sender.send(rows(1), Expect.ONE))
        .hasMessageContaining("changed 0 rows for one");
  }

  @Test
  void errorsAboutTheTableStopTheTable() {
    crate.then(404, "{\"error\":{\"message\":\"ColumnUnknownException[x]\",\"code\":4043}}");

    assertThatThrownBy(() -> sender.send(rows(2), Expect.ONE)).isInstanceOf(TableTrouble.class);
  }
}
