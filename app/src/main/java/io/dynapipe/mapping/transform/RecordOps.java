package io.dynapipe.mapping.transform;

import io.dynapipe.error.PipelineException;
import io.dynapipe.event.ColumnNames;
import io.dynapipe.event.RowOperation;
import io.dynapipe.event.TableName;
import io.dynapipe.event.ValueKind;
import io.dynapipe.json.JsonBuffer;
import io.dynapipe.mapping.rule.DocumentNode;
import io.dynapipe.mapping.rule.Template;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** The operations of object-mapping rules. */
final class RecordOps {

  private RecordOps() {}

  /** A template's text: NULL when it is one column that is NULL, empty where one of several is. */
  static ColumnOp scalar(Template template, ToIntFunction<String> index) {
    int[] columns = template.columns().stream().mapToInt(index).toArray();
    return (context, out) -> {
      StringBuilder text = new StringBuilder(template.pieces().get(0));
      for (int i = 0; i < columns.length; i++) {
        Cell cell = context.loadKnown(columns[i]);
        if (isMissing(cell.kind()) || (cell.kind() == ValueKind.NULL && template.isColumn())) {
          cell.addTo(out);
          return;
        }
        text.append(cell.text()).append(template.pieces().get(i + 1));
      }
      Cell result = context.cell();
      result.set(ValueKind.TEXT, text.toString());
      result.addTo(out);
    };
  }

  /** A document with values in it; not told when one of them is not. */
  static ColumnOp document(DocumentNode document, ToIntFunction<String> index) {
    int[] columns = document.columns().stream().mapToInt(index).toArray();
    return (context, out) -> {
      ValueKind missing = missing(context, columns);
      Cell cell = context.cell();
      if (missing != null) {
        cell.set(missing, null);
      } else {
        JsonBuffer json = new JsonBuffer(256);
        write(document, context, index, json);
        cell.set(ValueKind.TEXT, json.toString());
      }
      cell.addTo(out);
    };
  }

  /** All these columns as one document. */
  static ColumnOp wholeDocument(TableName table, ColumnNames names, int[] columns) {
    return (context, out) -> {
      ValueKind missing = missing(context, columns);
      Cell cell = context.cell();
      boolean change = !context.isOld() && context.operation() != RowOperation.DELETE;
      if (missing != null && change) {
        throw PipelineException.permanent(
            "the document of an updated row of "
                + table
                + " cannot be made: the event does not tell a large value that did not change",
            "Run ALTER TABLE ... REPLICA IDENTITY FULL for this table at the source.",
            null);
      }
      if (missing != null) {
        cell.set(ValueKind.ABSENT, null);
      } else {
        JsonBuffer json = new JsonBuffer(512).raw('{');
        for (int i = 0; i < columns.length; i++) {
          json.raw(i == 0 ? "" : ",").string(names.name(i)).raw(':');
          value(context.loadKnown(columns[i]), json);
        }
        cell.set(ValueKind.TEXT, json.raw('}').toString());
      }
      cell.addTo(out);
    };
  }

  private static @Nullable ValueKind missing(RowContext context, int[] columns) {
    for (int column : columns) {
      ValueKind kind = context.loadKnown(column).kind();
      if (isMissing(kind)) {
        return kind;
      }
    }
    return null;
  }

  private static boolean isMissing(ValueKind kind) {
    return kind == ValueKind.ABSENT || kind == ValueKind.UNCHANGED;
  }

  private static void write(
      DocumentNode node, RowContext context, ToIntFunction<String> index, JsonBuffer json) {
    if (node instanceof DocumentNode.Constant constant) {
      json.raw(constant.json());
    } else if (node instanceof DocumentNode.Leaf leaf) {
      leaf(leaf.template(), context, index, json);
    } else if (node instanceof DocumentNode.Elements elements) {
      json.raw('[');
      List<DocumentNode> all = elements.elements();
      for (int i = 0; i < all.size(); i++) {
        json.raw(i == 0 ? "" : ",");
        write(all.get(i), context, index, json);
      }
      json.raw(']');
    } else if (node instanceof DocumentNode.Members members) {
      json.raw('{');
      List<Map.Entry<String, DocumentNode>> all = members.members();
      for (int i = 0; i < all.size(); i++) {
        json.raw(i == 0 ? "" : ",").string(all.get(i).getKey()).raw(':');
        write(all.get(i).getValue(), context, index, json);
      }
      json.raw('}');
    }
  }

  /** One column alone keeps its kind: a number stays a number. */
  private static void leaf(
      Template template, RowContext context, ToIntFunction<String> index, JsonBuffer json) {
    if (template.isColumn()) {
      value(context.loadKnown(index.applyAsInt(template.columns().get(0))), json);
      return;
    }
    StringBuilder text = new StringBuilder(template.pieces().get(0));
    for (int i = 0; i < template.columns().size(); i++) {
      text.append(context.loadKnown(index.applyAsInt(template.columns().get(i))).text());
      text.append(template.pieces().get(i + 1));
    }
    json.string(text.toString());
  }

  private static void value(Cell cell, JsonBuffer json) {
    switch (cell.kind()) {
      case NUMBER, BOOLEAN -> json.raw(cell.text());
      case TEXT -> json.string(cell.text());
      case NULL, ABSENT, UNCHANGED -> json.raw("null");
    }
  }
}
