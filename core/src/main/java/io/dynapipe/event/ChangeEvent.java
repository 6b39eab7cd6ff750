package io.dynapipe.event;

/** One thing that happened at the source: to a row or to a table. */
public sealed interface ChangeEvent permits RowChange, TableChange {

  TableName table();

  Origin origin();

  Extras extras();
}
