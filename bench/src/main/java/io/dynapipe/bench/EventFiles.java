package io.dynapipe.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Files of events as our program captures them, of tables that are filled for the purpose. */
final class EventFiles {

  private static final String SLOT = "dynapipe_bench_events";
  private static final int KEYS = 50_000;
  private static final int HOT_KEYS = 100;

  private static final String DROP =
      """
      {"control":{},"metadata":{"timestamp":"2024-01-01T00:00:00.000000Z","record-type":"control",\
      "operation":"drop-table","partition-key-type":"task-id","schema-name":"public",\
      "table-name":"%s"}}\
      """;

  /** A third each in the long run: what is absent is inserted, the rest updated or deleted. */
  private static final String MIX =
      """
      DO $$
      DECLARE
        present boolean[] := array_fill(false, ARRAY[%1$d]);
        k int;
      BEGIN
        PERFORM setseed(0.5);
        FOR k IN SELECT id FROM %3$s LOOP
          present[k] := true;
        END LOOP;
        FOR i IN 1..%2$d LOOP
          k := 1 + floor(random() * %1$d);
          IF NOT present[k] THEN
            INSERT INTO %3$s VALUES (k, 'customer ' || k, i, md5(i::text) || ' ' || md5(k::text),
              i * 0.25, true, timestamptz '2024-01-01 00:00:00Z' + i * interval '1 s',
              jsonb_build_object('city', 'Berlin', 'zip', i));
            present[k] := true;
          ELSIF random() < 0.5 THEN
            UPDATE %3$s SET quantity = i, note = md5(i::text) WHERE id = k;
          ELSE
            DELETE FROM %3$s WHERE id = k;
            present[k] := false;
          END IF;
          IF i %% 100 = 0 THEN
            COMMIT;
          END IF;
        END LOOP;
      END $$
      """;

  private static final String HOT =
      """
      DO $$
      DECLARE
        k int;
      BEGIN
        PERFORM setseed(0.5);
        FOR i IN 1..%2$d LOOP
          k := CASE WHEN random() < 0.9 THEN 1 + floor(random() * %4$d)
            ELSE 1 + floor(random() * %1$d) END;
          UPDATE %3$s SET quantity = i, note = md5(i::text) WHERE id = k;
          IF i %% 100 = 0 THEN
            COMMIT;
          END IF;
        END LOOP;
      END $$
      """;

  private final SourceDatabase source;
  private final Path directory;

  EventFiles(SourceDatabase source, Path directory) {
    this.source = source;
    this.directory = directory;
  }

  /** Events that drop the table and make it. */
  Path definition() throws Exception {
    Path file = directory.resolve("definition.ndjson");
    if (!Files.exists(file)) {
      source.createTable();
      capture(file, "full-load");
      Files.writeString(file, DROP.formatted(SourceDatabase.TABLE) + "\n" + Files.readString(file));
    }
    return file;
  }

  /** A full load of so many rows. */
  Path load(int rows) throws Exception {
    definition();
    Path file = directory.resolve("load.ndjson");
    source.fill(rows);
    capture(file, "full-load");
    return file;
  }

  /** The same rows, each a line: id, tab, JSON object as a sink would render it. */
  Path rows() throws Exception {
    Path file = directory.resolve("rows.tsv");
    source.writeLines(
        "SELECT id || E'\\t' || to_json(t)::text FROM " + SourceDatabase.TABLE + " AS t", file);
    return file;
  }

  /** A third inserts, updates, deletes over 50,000 keys. */
  Path mix(int events) throws Exception {
    return changes("mix.ndjson", MIX, "id % 3 <> 0", events);
  }

  /** Updates, 90 % of them of 100 rows. */
  Path hot(int events) throws Exception {
    return changes("hot.ndjson", HOT, "true", events);
  }

  private Path changes(String name, String script, String kept, int events) throws Exception {
    definition();
    source.fill(KEYS);
    source.execute("DELETE FROM " + SourceDatabase.TABLE + " WHERE NOT (" + kept + ")");
    source.execute(
        "DROP PUBLICATION IF EXISTS " + SLOT,
        "CREATE PUBLICATION " + SLOT + " FOR TABLE " + SourceDatabase.TABLE);
    source.createSlot(SLOT);
    source.execute(script.formatted(KEYS, events, SourceDatabase.TABLE, HOT_KEYS));
    Path file = directory.resolve(name);
    capture(file, "cdc", "--slot", SLOT, "--until", source.walPosition());
    source.dropSlot(SLOT);
    source.execute("DROP PUBLICATION " + SLOT);
    return file;
  }

  private void capture(Path file, String migration, String... more)
      throws IOException, InterruptedException {
    List<String> command =
        Child.ours(
            "capture",
            "--source",
            source.url(),
            "--tables",
            "public." + SourceDatabase.TABLE,
            "--migration-type",
            migration,
            "--out",
            file.toString());
    command.addAll(List.of(more));
    Child.run(command);
  }
}
