package io.dynapipe.mapping.expression;

import io.dynapipe.mapping.expression.Value.Blob;
import io.dynapipe.mapping.expression.Value.Exact;
import io.dynapipe.mapping.expression.Value.Real;
import io.dynapipe.mapping.expression.Value.Text;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** What CAST can make of a value. */
enum Cast {
  INTEGER,
  REAL,
  NUMERIC,
  TEXT,
  BLOB;

  /** By a type's name in upper case; null for one that is not supported. */
  static @Nullable Cast to(String type) {
    return switch (type) {
      case "INT", "INTEGER", "BIGINT", "SMALLINT" -> INTEGER;
      case "REAL", "DOUBLE", "FLOAT" -> REAL;
      case "NUMERIC", "DECIMAL" -> NUMERIC;
      case "TEXT", "VARCHAR", "CHAR", "NVARCHAR", "STRING" -> TEXT;
      case "BLOB" -> BLOB;
      default -> null;
    };
  }

  Value apply(Value value) {
    if (value.isNull()) {
      return value;
    }
    return switch (this) {
      case INTEGER -> Exact.of(new BigDecimal(Numbers.toInteger(Numbers.of(value))));
      case REAL -> Real.of(Numbers.toDouble(Numbers.of(value)));
      case NUMERIC -> Numbers.of(value);
      case TEXT -> new Text(Texts.of(value));
      case BLOB -> Blob.of(Texts.utf8(value));
    };
  }
}
