package io.dynapipe.stream.kinesis;

import java.util.concurrent.atomic.LongAdder;

/** What a writer has done so far. Thread-safe. */
final class Counters {

  final LongAdder records = new LongAdder();
  final LongAdder bytes = new LongAdder();
  final LongAdder requests = new LongAdder();
  final LongAdder failedRequests = new LongAdder();
  final LongAdder throttled = new LongAdder();
  final LongAdder oversize = new LongAdder();
}
