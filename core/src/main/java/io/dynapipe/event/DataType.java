package io.dynapipe.event;

/**
 * The type of a column between source and target, as AWS DMS distinguishes them.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Reference.DataTypes.html">Data
 *     types for AWS DMS</a>
 */
public enum DataType {
  BOOLEAN,
  INT8,
  INT16,
  INT32,
  INT64,
  UINT8,
  UINT16,
  UINT32,
  UINT64,
  DECIMAL,
  FLOAT,
  DOUBLE,
  STRING,
  BINARY,
  DATE,
  TIME,
  TIMESTAMP;

  /** Whether values are whole numbers. */
  public boolean isInteger() {
    return switch (this) {
      case INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64 -> true;
      case BOOLEAN, DECIMAL, FLOAT, DOUBLE, STRING, BINARY, DATE, TIME, TIMESTAMP -> false;
    };
  }
}
