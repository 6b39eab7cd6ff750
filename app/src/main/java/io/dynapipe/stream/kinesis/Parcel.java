package io.dynapipe.stream.kinesis;

import java.util.List;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;

/**
 * What goes into a request as one Kinesis record.
 *
 * @param bytes as the service counts them
 */
record Parcel(Lane lane, List<Entry> entries, PutRecordsRequestEntry wire, int bytes) {}
