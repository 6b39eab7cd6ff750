package io.dynapipe.stream.kinesis;

import io.dynapipe.stream.StreamRecord;

/** Makes Kinesis records of waiting records, and says which of these must keep their order. */
interface Packing {

  /** The lane a record belongs to. */
  String laneKey(StreamRecord record);

  /** Where a lane's records go. */
  HashKey hash(String laneKey);

  /** At least the bytes of what {@link #take} would take from a lane that has waiting records. */
  int nextBytes(Lane lane);

  /** Takes the next Kinesis record from a lane that has waiting records. */
  Parcel take(Lane lane);
}
