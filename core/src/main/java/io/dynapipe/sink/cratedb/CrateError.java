package io.dynapipe.sink.cratedb;

import io.dynapipe.error.PipelineException;
import java.util.List;

/**
 * An error as CrateDB answers it, for a whole statement or for one row of a bulk.
 *
 * @param status the HTTP status; 200 when the error is one row's
 * @param code CrateDB's error code, 0 when the answer was not CrateDB's
 * @see <a
 *     href="https://cratedb.com/docs/crate/reference/en/latest/interfaces/http.html#error-codes">
 *     Error codes</a>
 */
record CrateError(int status, int code, String message) {

  /** What an error is about, which decides how to go on. */
  enum Scope {
    /** Passing trouble of the cluster: back off, try again. */
    RETRYABLE,
    /** Credentials, privileges: nothing of ours can go on. */
    ENVIRONMENT,
    /** The table is missing, closed, or has changed: read it again, or stop this table. */
    TABLE,
    /** A value or a key that CrateDB does not take: this row can never be applied. */
    ROW,
    /** The request as a whole is too large: send less at once. */
    SIZE,
    /** An unhandled error inside CrateDB, which may be any of these. */
    UNKNOWN
  }

  static final int INVALID_NAME = 4008;
  static final int RELATION_UNKNOWN = 4041;
  static final int COLUMN_UNKNOWN = 4043;
  static final int SCHEMA_UNKNOWN = 4045;
  static final int PARTITION_UNKNOWN = 4046;
  static final int DOCUMENT_MISSING = 40411;

  private static final int VERSION_CONFLICT = 4092;
  private static final int READ_DELETE_ONLY = 4037;
  private static final int UNHANDLED = 5000;
  private static final int TOO_LARGE = 413;

  /** Exceptions of a cluster in trouble, which CrateDB reports as unhandled or as a row's error. */
  private static final List<String> PASSING =
      List.of(
          "CircuitBreak",
          "RejectedExecution",
          "NodeClosed",
          "NodeDisconnected",
          "NodeNotConnected",
          "NoMaster",
          "MasterNotDiscovered",
          "NotMaster",
          "ClusterBlock",
          "ConnectTransport",
          "SendRequestTransport",
          "ReceiveTimeoutTransport",
          "UnavailableShards",
          "NoShardAvailable",
          "IndexShardClosed",
          "ShardNotFound",
          "ShardNotInPrimaryMode",
          "IllegalIndexShardState",
          "AlreadyClosed",
          "ProcessClusterEventTimeout",
          "VersionConflict",
          "Data too large");

  Scope scope() {
    if (isPassing()) {
      return Scope.RETRYABLE;
    }
    if (status == 401 || code == 4010 || code == 4011 || (status == 403 && code < 4032)) {
      return Scope.ENVIRONMENT;
    }
    if (status == TOO_LARGE) {
      return Scope.SIZE;
    }
    if (isTable()) {
      return Scope.TABLE;
    }
    return code == UNHANDLED || status >= 500 || code == 0 ? Scope.UNKNOWN : Scope.ROW;
  }

  private boolean isPassing() {
    boolean byStatus = status == 429 || (status >= 502 && status <= 504);
    boolean byCode =
        code == 4290
            || code == VERSION_CONFLICT
            || code == PARTITION_UNKNOWN
            || code == READ_DELETE_ONLY
            || (code > UNHANDLED && code <= 5003)
            || code == 5005
            || (code >= 5030 && code < 5040);
    return byStatus || byCode || PASSING.stream().anyMatch(exceptionText()::contains);
  }

  /** What may name an exception: of errors about values, not the part that quotes a value. */
  private String exceptionText() {
    int bracket = message.indexOf('[');
    return status >= 500 || code >= UNHANDLED || bracket < 0
        ? message
        : message.substring(0, bracket);
  }

  private boolean isTable() {
    boolean statement = message.startsWith("SQLParseException[line ");
    return statement
        || code == RELATION_UNKNOWN
        || code == COLUMN_UNKNOWN
        || code == SCHEMA_UNKNOWN
        || (code >= 4032 && code <= 4036)
        || code == 4007;
  }

  /** Whether the table is not there. */
  boolean isMissingTable() {
    return code == RELATION_UNKNOWN || code == SCHEMA_UNKNOWN;
  }

  /** The failure as others see it. */
  PipelineException toException(String what) {
    String text =
        what + ": " + message + (code == 0 ? " (HTTP " + status + ")" : " (" + code + ")");
    return switch (scope()) {
      case RETRYABLE -> PipelineException.retryable(text, null);
      case ENVIRONMENT ->
          PipelineException.environment(
              text, "Check user, password or token, and the user's privileges in CrateDB.", null);
      case TABLE, ROW, SIZE, UNKNOWN -> PipelineException.permanent(text, null, null);
    };
  }
}
