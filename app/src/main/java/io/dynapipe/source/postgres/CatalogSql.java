package io.dynapipe.source.postgres;

/** The queries of {@link Catalog}; for PostgreSQL 13 and newer. */
final class CatalogSql {

  private CatalogSql() {}

  /**
   * Everything that could be selected: no system schemas, no temporary tables, nothing that belongs
   * to an extension. {@code root} is the topmost parent of a partition.
   */
  static final String RELATIONS =
      """
      SELECT c.oid, n.nspname, c.relname, c.relkind, c.relpersistence, c.relreplident,
             CASE WHEN c.relispartition THEN pg_partition_root(c.oid)::oid END AS root
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relpersistence <> 't'
        AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'pglogical')
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
                        AND d.objid = c.oid AND d.deptype = 'e')
      ORDER BY n.nspname, c.relname
      """;

  /** Names of relations by their oids. */
  static final String NAMES =
      """
      SELECT c.oid, n.nspname, c.relname
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.oid = ANY (?)
      """;

  /**
   * What a type comes down to behind its domains: one of PostgreSQL's, or {@code extension.type}.
   */
  private static final String BASE_TYPE =
      """
      base.typmod AS base_typmod, format_type(base.oid, base.typmod) AS formatted,
      CASE WHEN base.typnamespace = 'pg_catalog'::regnamespace AND base.typtype = 'b'
           THEN base.typname ELSE coalesce(
             (SELECT e.extname || '.' || base.typname
              FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
              WHERE d.classid = 'pg_type'::regclass AND d.objid = base.oid
                AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'), '')
           END AS base_name
      """;

  /** Columns that are replicated, with domains followed down to their base type. */
  static final String COLUMNS =
      """
      SELECT a.attrelid, a.attnum, a.attname, a.attnotnull, a.atttypid, a.atttypmod,
      """
          + BASE_TYPE
          + """
          FROM pg_attribute a CROSS JOIN LATERAL (
            WITH RECURSIVE chain AS (
              SELECT t.oid, t.typname, t.typnamespace, t.typtype, t.typbasetype, t.typtypmod,
                     a.atttypmod AS typmod
              FROM pg_type t WHERE t.oid = a.atttypid
              UNION ALL
              SELECT t.oid, t.typname, t.typnamespace, t.typtype, t.typbasetype, t.typtypmod,
                     chain.typtypmod
              FROM chain JOIN pg_type t ON t.oid = chain.typbasetype
              WHERE chain.typtype = 'd')
            SELECT * FROM chain WHERE typtype <> 'd') base
          WHERE a.attrelid = ANY (?) AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
          ORDER BY a.attrelid, a.attnum
          """;

  /** All attributes a relation ever had; a dropped one has lost its name and type. */
  static final String ATTRIBUTES =
      """
      SELECT attnum, CASE WHEN attisdropped THEN NULL ELSE attname END AS attname, atttypid,
             atthasdef
      FROM pg_attribute WHERE attrelid = ? AND attnum > 0 ORDER BY attnum
      """;

  /** One type with a modifier, as {@link #COLUMNS} describes it. */
  static final String TYPE =
      """
      WITH RECURSIVE chain AS (
        SELECT oid, typname, typnamespace, typtype, typbasetype, typtypmod, ?::int AS typmod
        FROM pg_type WHERE oid = ?
        UNION ALL
        SELECT t.oid, t.typname, t.typnamespace, t.typtype, t.typbasetype, t.typtypmod,
               chain.typtypmod
        FROM chain JOIN pg_type t ON t.oid = chain.typbasetype
        WHERE chain.typtype = 'd')
      SELECT
      """
          + BASE_TYPE
          + """
          FROM chain base WHERE typtype <> 'd'
          """;

  /** Indexes that can be a replica identity; deferrable ones cannot. */
  static final String KEYS =
      """
      SELECT i.indrelid, i.indisprimary, i.indisreplident, i.indimmediate,
             (SELECT array_agg(k.attnum ORDER BY k.place)
              FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k(attnum, place)
              WHERE k.place <= i.indnkeyatts) AS attnums
      FROM pg_index i
      WHERE i.indrelid = ANY (?) AND i.indisvalid AND (i.indisprimary OR i.indisreplident)
      """;

  /** What stores the rows of each table: itself, or its leaves. */
  static final String PARTS =
      """
      SELECT r.oid AS root, n.nspname, c.relname, c.relkind,
             CASE WHEN c.relkind IN ('r', 'm') THEN pg_relation_size(c.oid) ELSE 0 END AS bytes,
             current_setting('block_size')::int AS page_bytes,
             greatest(c.reltuples, 0)::bigint AS estimated_rows,
             c.reltoastrelid <> 0 AND pg_relation_size(c.reltoastrelid) > 0 AS toasted,
             c.relkind IN ('r', 'm') AND coalesce(am.amname = 'heap', false) AS heap
      FROM unnest(?::oid[]) AS r(oid)
        CROSS JOIN LATERAL (
          SELECT r.oid AS relid
          WHERE (SELECT relkind FROM pg_class WHERE oid = r.oid) <> 'p'
          UNION ALL
          SELECT t.relid::oid FROM pg_partition_tree(r.oid) t WHERE t.isleaf
            AND (SELECT relkind FROM pg_class WHERE oid = r.oid) = 'p'
            AND (SELECT relkind FROM pg_class WHERE oid = t.relid) <> 'p') leaf
        JOIN pg_class c ON c.oid = leaf.relid
        JOIN pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN pg_am am ON am.oid = c.relam
      ORDER BY r.oid, n.nspname, c.relname
      """;
}
