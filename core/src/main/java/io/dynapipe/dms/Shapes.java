package io.dynapipe.dms;

import io.dynapipe.event.ColumnNames;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gives rows with the same member names in the same order the same {@link ColumnNames}, without
 * making a list of names for each row: a tree in which each name leads one step on. One thread at a
 * time.
 */
final class Shapes {

  /** Beyond this the tree is begun anew; only records that leave out nulls have so many shapes. */
  private static final int MAX_NODES = 50_000;

  private Node root = new Node(null, "");
  private int nodes;

  Node root() {
    if (nodes > MAX_NODES) {
      nodes = 0;
      root = new Node(null, "");
    }
    return root;
  }

  /** Stands for the names on the way from the root to here. */
  final class Node {
    private final @Nullable Node parent;
    private final String name;
    private final Map<String, Node> children = new HashMap<>(2);
    private @Nullable Node lastChild;
    private @Nullable ColumnNames columns;

    private Node(@Nullable Node parent, String name) {
      this.parent = parent;
      this.name = name;
    }

    Node next(String childName) {
      Node last = lastChild;
      if (last != null && last.name.equals(childName)) {
        return last;
      }
      Node child = children.get(childName);
      if (child == null) {
        child = new Node(this, Unicode.checked(childName));
        children.put(childName, child);
        nodes++;
      }
      lastChild = child;
      return child;
    }

    /**
     * The names from the root to here.
     *
     * @throws Malformed when a name occurs twice
     */
    ColumnNames columns() {
      ColumnNames known = columns;
      if (known == null) {
        known = names();
        columns = known;
      }
      return known;
    }

    private ColumnNames names() {
      Deque<String> names = new ArrayDeque<>();
      Node node = this;
      for (Node above = parent; above != null; above = above.parent) {
        names.addFirst(node.name);
        node = above;
      }
      try {
        return ColumnNames.of(List.copyOf(names));
      } catch (IllegalArgumentException e) {
        throw new Malformed(String.valueOf(e.getMessage()));
      }
    }
  }
}
