package io.dynapipe.sink.cratedb;

import io.dynapipe.event.Column;
import org.jspecify.annotations.Nullable;

/** Picks the encoder for a column of the source and the type it has in CrateDB. */
final class ValueEncoders {

  private ValueEncoders() {}

  /** The encoder, or null for types of which no value is known to come back unchanged. */
  static @Nullable ValueEncoder of(CrateType type, Column source) {
    return switch (type.kind()) {
      case BOOLEAN -> TextEncoders.bool(source);
      case BYTE, SMALLINT, INTEGER, BIGINT -> NumberEncoders.integer(type);
      case REAL -> NumberEncoders.real32(source);
      case DOUBLE -> NumberEncoders.real64(source);
      case NUMERIC -> NumberEncoders.numeric(type, source);
      case TEXT -> TextEncoders.text(type);
      case CHARACTER -> TextEncoders.character(type);
      case TIMESTAMP -> new TimestampEncoder();
      case UUID -> TextEncoders.uuid();
      case OBJECT, ARRAY -> new JsonEncoder(type, source);
      case UNDEFINED, OTHER -> null;
    };
  }

  /** The encoder for a key: what would be cut would make two keys one, so it does not fit. */
  static ValueEncoder key(CrateType type, Column source) {
    ValueEncoder encoder = of(type, source);
    if (encoder == null) {
      return (out, row, column) -> ValueEncoder.Fit.NOT;
    }
    return (out, row, column) ->
        encoder.encode(out, row, column) == ValueEncoder.Fit.EXACT
            ? ValueEncoder.Fit.EXACT
            : ValueEncoder.Fit.NOT;
  }
}
