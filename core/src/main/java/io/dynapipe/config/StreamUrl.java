package io.dynapipe.config;

import java.util.Locale;

/** What lies between source and sink. */
public sealed interface StreamUrl permits EmbeddedStreamUrl, KinesisUrl {

  /**
   * Reads a stream's URL: {@code embedded:}, {@code embedded:?shards=4&retention=24h}, {@code
   * kinesis://region/stream?endpoint=http://localhost:4567}, or {@code
   * kinesis+dms:///arn:aws:kinesis:region:account:stream/name}.
   *
   * @throws io.dynapipe.error.PipelineException (input) listing all problems
   */
  static StreamUrl parse(String text) {
    String lower = text.strip().toLowerCase(Locale.ROOT);
    return lower.equals("embedded") || lower.startsWith("embedded:")
        ? StreamUrlParser.embedded(text)
        : StreamUrlParser.kinesis(text);
  }
}
