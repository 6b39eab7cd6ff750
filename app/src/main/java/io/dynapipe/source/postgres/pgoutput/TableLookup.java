package io.dynapipe.source.postgres.pgoutput;

import io.dynapipe.event.TableName;
import io.dynapipe.source.postgres.CatalogAttribute;
import io.dynapipe.source.postgres.SourceColumn;
import io.dynapipe.source.postgres.SourceTable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the catalogue tells at the present, which may be later than the change that is being
 * decoded.
 */
interface TableLookup {

  /** Null when there is no such table any more. */
  @Nullable SourceTable table(long oid);

  /** The table of this name now, or null. */
  @Nullable SourceTable table(TableName name);

  /** All attributes it ever had, by number; empty when the table is gone. */
  List<CatalogAttribute> attributes(long oid);

  /** A column of a type. */
  SourceColumn column(String name, int attribute, long typeOid, int typmod);
}
