package io.dynapipe.source.postgres.pgoutput;

/**
 * A column of a {@link Relation}.
 *
 * @param key whether it belongs to the replica identity (all do when that is FULL)
 */
record RelationColumn(String name, long typeOid, int typmod, boolean key) {}
