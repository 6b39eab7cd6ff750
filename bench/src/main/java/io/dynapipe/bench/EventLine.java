package io.dynapipe.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A row event of the benchmark's table, as our program writes it in a line of a file.
 *
 * @param id of the row
 * @param data the row as JSON object
 */
record EventLine(long id, boolean isDelete, String data) {

  private static final String DATA = "{\"data\":{\"id\":";
  private static final String METADATA = ",\"metadata\":{";
  private static final int OBJECT = "{\"data\":".length();

  /** The row events of a file, at most so many. */
  static List<EventLine> read(Path file, int limit) throws IOException {
    List<EventLine> events = new ArrayList<>();
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      for (String line = lines.readLine();
          line != null && events.size() < limit;
          line = lines.readLine()) {
        if (line.startsWith(DATA)) {
          events.add(parse(line));
        }
      }
    }
    return events;
  }

  private static EventLine parse(String line) {
    int metadata = line.lastIndexOf(METADATA);
    int end = DATA.length();
    while (Character.isDigit(line.charAt(end))) {
      end++;
    }
    return new EventLine(
        Long.parseLong(line.substring(DATA.length(), end)),
        line.indexOf("\"operation\":\"delete\"", metadata) > 0,
        line.substring(OBJECT, metadata));
  }
}
