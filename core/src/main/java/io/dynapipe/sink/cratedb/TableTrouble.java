package io.dynapipe.sink.cratedb;

/**
 * A write failed because of the table as a whole: it is gone, closed, or not as it was read. The
 * sink then reads it again, or stops it.
 */
final class TableTrouble extends RuntimeException {

  private final transient CrateError error;

  TableTrouble(CrateError error) {
    super(error.message());
    this.error = error;
  }

  CrateError error() {
    return error;
  }
}
