package io.dynapipe.stream;

/**
 * A record on its way into the stream.
 *
 * @param partitionKey 1 to 256 characters; records of one key keep their order
 * @param data the record's bytes, owned by the record: nobody writes to them any more
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody; a copy per record would cost
public record StreamRecord(String partitionKey, byte[] data) {

  /** Bytes the stream counts for this record: data and partition key. */
  public int byteSize() {
    return data.length + partitionKey.length();
  }
}
