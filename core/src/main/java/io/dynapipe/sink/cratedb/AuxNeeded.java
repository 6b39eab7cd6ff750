package io.dynapipe.sink.cratedb;

/**
 * A row has a value that does not fit, and its table has no place for such values yet but may get
 * one: {@code data['_aux']}.
 */
final class AuxNeeded extends RuntimeException {}
