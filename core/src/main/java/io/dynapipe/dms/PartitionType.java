package io.dynapipe.dms;

/** What a record's partition key is made of. */
public enum PartitionType {
  /** The row's primary key: order per row, work spread over all shards. */
  PRIMARY_KEY("primary-key"),
  /** The table: order per table. */
  SCHEMA_TABLE("schema-table"),
  /** The transaction: with several shards the changes of one row lose their order. */
  TRANSACTION_ID("transaction-id"),
  /** One word for all: order over all tables, one shard works. */
  CONSTANT("constant"),
  /** A column's value: order among the rows that share it. */
  ATTRIBUTE_NAME("attribute-name"),
  /** Task and table; what table changes carry. */
  TASK_ID("task-id");

  private final String wireName;

  PartitionType(String wireName) {
    this.wireName = wireName;
  }

  /** The word in {@code metadata.partition-key-type} and in table mappings. */
  public String wireName() {
    return wireName;
  }
}
