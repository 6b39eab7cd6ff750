package io.dynapipe.source.postgres.fullload;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.ColumnNames;
import io.dynapipe.event.Row;
import io.dynapipe.event.RowBuilder;
import io.dynapipe.source.postgres.SourceColumn;
import io.dynapipe.source.postgres.SourceTable;
import io.dynapipe.source.postgres.ValueFormat;
import io.dynapipe.source.postgres.ValueRenderer;
import java.util.List;

/**
 * Makes rows from lines of COPY's text format, bytes to bytes. One thread at a time.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-copy.html#id-1.9.3.55.9.2">COPY, text
 *     format</a>
 */
final class CopyRowParser {

  private static final int MIN_SCRATCH = 256;

  /** Beyond this, buffers are not kept for the next row. */
  private static final int KEPT_BYTES = 1 << 20;

  private final ColumnNames names;
  private final ValueFormat[] formats;
  private RowBuilder rows = new RowBuilder();
  private byte[] scratch = new byte[MIN_SCRATCH];

  /** For lines that have the columns which are read of a table. */
  CopyRowParser(SourceTable table, TableReading reading) {
    List<SourceColumn> columns = reading.columnsOf(table);
    names =
        reading.columns() == null
            ? table.columnNames()
            : ColumnNames.of(columns.stream().map(SourceColumn::name).toList());
    formats = columns.stream().map(SourceColumn::format).toArray(ValueFormat[]::new);
  }

  /**
   * One row.
   *
   * @param line a line with its line feed
   * @throws PipelineException (permanent) when it has another number of columns
   */
  Row parse(byte[] line) {
    rows.begin(names);
    int start = 0;
    for (int column = 0; column < formats.length; column++) {
      if (start >= line.length) {
        throw unexpected("only " + column + " columns");
      }
      start = value(formats[column], line, start) + 1;
    }
    if (start != line.length) {
      throw unexpected("more than " + formats.length + " columns");
    }
    Row row = rows.build();
    if (line.length > KEPT_BYTES) {
      rows = new RowBuilder();
      scratch = new byte[MIN_SCRATCH];
    }
    return row;
  }

  /** Adds the value that begins here and returns where its delimiter is. */
  private int value(ValueFormat format, byte[] line, int start) {
    int at = start;
    while (line[at] != '\t' && line[at] != '\n') {
      if (line[at] == '\\') {
        return escapedValue(format, line, start, at);
      }
      at++;
    }
    ValueRenderer.render(format, line, start, at - start, rows);
    return at;
  }

  private int escapedValue(ValueFormat format, byte[] line, int start, int firstEscape) {
    int at = firstEscape;
    if (at == start && line[at + 1] == 'N') {
      rows.addNull();
      return at + 2;
    }
    int size = at - start;
    ensure(line.length - start);
    System.arraycopy(line, start, scratch, 0, size);
    while (line[at] != '\t' && line[at] != '\n') {
      byte next = line[at++];
      scratch[size++] = next == '\\' ? unescaped(line[at++]) : next;
    }
    ValueRenderer.render(format, scratch, 0, size, rows);
    return at;
  }

  private static byte unescaped(byte letter) {
    return switch (letter) {
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'v' -> 0x0B;
      default -> letter;
    };
  }

  private PipelineException unexpected(String what) {
    return PipelineException.permanent(
        "COPY sent " + what + " in a row of " + names,
        "Report it with the server's version and the table's definition.",
        null);
  }

  private void ensure(int size) {
    if (scratch.length < size) {
      scratch = new byte[Math.max(size, scratch.length * 2)];
    }
  }
}
