package io.dynapipe.source.postgres;

import java.util.ArrayList;
import java.util.List;

/** A history that ends with its process. */
public final class MemorySchemaHistory implements SchemaHistory {

  private final List<Telling> tellings = new ArrayList<>();

  @Override
  public List<Telling> all() {
    return List.copyOf(tellings);
  }

  @Override
  public void record(Telling telling) {
    tellings.add(telling);
  }

  @Override
  public void forget(Telling telling) {
    tellings.remove(telling);
  }
}
