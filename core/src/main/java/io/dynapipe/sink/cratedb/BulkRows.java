package io.dynapipe.sink.cratedb;

import io.dynapipe.json.JsonBuffer;
import io.dynapipe.sink.RowWrite;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The rows of one bulk request with their rendered parameters. One thread at a time. */
final class BulkRows {

  private static final byte[] END = {']', '}'};

  private final JsonBuffer body;
  private final byte[] head;
  private final List<RowWrite> writes = new ArrayList<>();
  private int[] starts = new int[256];

  /** An empty request for a statement, in a buffer that it may use. */
  BulkRows(String statement, JsonBuffer body) {
    this.head =
        new JsonBuffer(256).raw("{\"stmt\":").string(statement).raw(",\"bulk_args\":[").toBytes();
    this.body = body.clear().raw(head);
  }

  private BulkRows(byte[] head, JsonBuffer body) {
    this.head = head;
    this.body = body.raw(head);
  }

  /** Where the next row's parameters are to be appended. */
  JsonBuffer next() {
    if (!writes.isEmpty()) {
      body.raw(',');
    }
    return body;
  }

  /** Takes what was appended since {@link #next} as this row's parameters. */
  void added(RowWrite write, int start) {
    if (starts.length == writes.size()) {
      starts = Arrays.copyOf(starts, starts.length * 2);
    }
    starts[writes.size()] = start;
    writes.add(write);
  }

  /** Takes back what {@link #next} appended. */
  void skipped(int start) {
    body.truncate(writes.isEmpty() ? start : start - 1);
  }

  int size() {
    return writes.size();
  }

  int byteSize() {
    return body.size();
  }

  RowWrite write(int row) {
    return writes.get(row);
  }

  JsonBuffer buffer() {
    return body;
  }

  /** Sends the request. */
  SqlAnswer send(CrateClient client) {
    body.raw(END);
    SqlAnswer answer = client.bulk(body.array(), body.size());
    body.truncate(body.size() - END.length);
    return answer;
  }

  /** A request with some of the rows, in a buffer of its own. */
  BulkRows part(List<Integer> rows) {
    BulkRows part = new BulkRows(head, new JsonBuffer(head.length + 256));
    for (int row : rows) {
      int end = row + 1 < writes.size() ? starts[row + 1] - 1 : body.size();
      int start = part.next().size();
      part.body.raw(body.array(), starts[row], end - starts[row]);
      part.added(writes.get(row), start);
    }
    return part;
  }
}
