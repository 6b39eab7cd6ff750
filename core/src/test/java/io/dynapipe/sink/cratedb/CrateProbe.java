package io.dynapipe.sink.cratedb;

import io.dynapipe.event.Column;
import io.dynapipe.event.DataType;
import io.dynapipe.event.TableName;
import io.dynapipe.event.TableSchema;
import io.dynapipe.json.JsonBuffer;
import io.dynapipe.sink.CanonicalRow;
import io.dynapipe.sink.JsonTree;
import io.dynapipe.sink.Layout;
import io.dynapipe.sink.Sink;
import io.dynapipe.sink.SinkContract;
import io.dynapipe.sink.TargetProbe;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Looks at a CrateDB target with queries of its own, through a client of its own. */
final class CrateProbe implements TargetProbe {

  private final CrateSettings settings;
  private final URI url;
  private final Naming naming;

  CrateProbe(CrateSettings settings) {
    CrateSettings.Server server = settings.server();
    CrateSettings.Tables tables = settings.tables();
    // One shard a table: the tests make hundreds of tables.
    CrateSettings small =
        settings.withTables(
            new CrateSettings.Tables(
                tables.layout(),
                tables.schema(),
                1,
                "0",
                tables.partitionBy(),
                tables.options(),
                tables.jsonColumns(),
                tables.controlTables(),
                tables.ddl()));
    this.settings =
        small.withServer(
            new CrateSettings.Server(
                server.hosts(),
                server.user(),
                server.password(),
                server.token(),
                server.tls(),
                server.connectTimeout(),
                server.readTimeout(),
                Duration.ofSeconds(5)));
    this.url = server.hosts().get(0);
    this.naming = new Naming(settings.tables());
  }

  @Override
  public Sink open(Layout layout) {
    return CrateSink.open(settings.withLayout(layout));
  }

  @Override
  public List<String> rows(TableSchema schema) {
    TableName name = naming.target(schema.table());
    query("REFRESH TABLE " + SqlText.table(name));
    Map<String, String> types = types(name);
    Map<String, Object> answer = query("SELECT * FROM " + SqlText.table(name));
    List<?> names = (List<?>) answer.get("cols");
    List<String> rows = new ArrayList<>();
    for (Object values : (List<?>) answer.get("rows")) {
      Map<String, Object> row = new LinkedHashMap<>();
      for (int i = 0; i < names.size(); i++) {
        row.put((String) names.get(i), ((List<?>) values).get(i));
      }
      rows.add(row(schema, types, row));
    }
    Collections.sort(rows);
    return rows;
  }

  private String row(TableSchema schema, Map<String, String> types, Map<String, Object> row) {
    Map<String, Object> data = new TreeMap<>();
    Map<String, Object> texts = new TreeMap<>();
    boolean pk = "object".equals(types.get("pk"));
    boolean object = "object".equals(types.get("data")) && (pk || schema.column("data") == null);
    if (pk) {
      for (String key : schema.primaryKey()) {
        Object value = ((Map<?, ?>) row.get("pk")).get(CrateNames.keyMember(key));
        add(schema, key, types.get("pk['" + key + "']"), value, data, texts);
      }
    }
    Object aux = row.get("aux");
    if (object) {
      Map<?, ?> members = (Map<?, ?>) row.get("data");
      for (Map.Entry<?, ?> member : members.entrySet()) {
        String name = (String) member.getKey();
        if (name.equals("_aux")) {
          aux = member.getValue();
        } else if (!name.startsWith("_dynapipe_")) {
          add(schema, name, types.get("data['" + name + "']"), member.getValue(), data, texts);
        }
      }
    } else {
      columns(schema, types, row, data, texts);
    }
    if (aux instanceof Map<?, ?> members) {
      members.forEach((name, value) -> texts.put((String) name, value));
    }
    return CanonicalRow.read(schema, JsonTree.write(data), JsonTree.write(texts));
  }

  private static void columns(
      TableSchema schema,
      Map<String, String> types,
      Map<String, Object> row,
      Map<String, Object> data,
      Map<String, Object> texts) {
    Map<String, String> sources = new LinkedHashMap<>();
    schema.columns().forEach(column -> sources.put(column.name(), column.name()));
    schema.primaryKey().forEach(key -> sources.put(CrateNames.keyColumn(schema, key), key));
    row.forEach(
        (name, value) -> {
          boolean ours = name.equals("aux") || (name.equals("pk") && !sources.containsKey("pk"));
          if (!ours) {
            add(schema, sources.getOrDefault(name, name), types.get(name), value, data, texts);
          }
        });
  }

  private static void add(
      TableSchema schema,
      String name,
      String type,
      Object value,
      Map<String, Object> data,
      Map<String, Object> texts) {
    Column column = schema.column(name);
    boolean json = column != null && column.isJson();
    if (value == null) {
      return;
    }
    if (type != null && type.startsWith("timestamp") && value instanceof BigDecimal millis) {
      data.put(name, moment(millis.longValueExact(), column));
    } else if (json && "text".equals(type)) {
      texts.put(name, value);
    } else if (!json && value instanceof Map<?, ?>) {
      JsonBuffer text = new JsonBuffer(64);
      jsonb(text, value);
      data.put(name, text.toString());
    } else {
      data.put(name, value);
    }
  }

  private static String moment(long millis, Column column) {
    Instant instant = Instant.ofEpochMilli(millis);
    boolean date = column != null && column.type() == DataType.DATE;
    return date ? instant.atOffset(ZoneOffset.UTC).toLocalDate().toString() : instant.toString();
  }

  /** The text that PostgreSQL gives a jsonb: all that such a document's text can have been. */
  private static void jsonb(JsonBuffer out, Object value) {
    if (value instanceof Map<?, ?> members) {
      out.raw('{');
      String comma = "";
      List<String> names = new ArrayList<>();
      members.keySet().forEach(name -> names.add((String) name));
      names.sort(
          java.util.Comparator.comparingInt((String name) -> utf8(name).length)
              .thenComparing((a, b) -> java.util.Arrays.compareUnsigned(utf8(a), utf8(b))));
      for (String name : names) {
        out.raw(comma).string(name).raw(": ");
        jsonb(out, members.get(name));
        comma = ", ";
      }
      out.raw('}');
    } else if (value instanceof List<?> elements) {
      out.raw('[');
      String comma = "";
      for (Object element : elements) {
        out.raw(comma);
        jsonb(out, element);
        comma = ", ";
      }
      out.raw(']');
    } else if (value instanceof BigDecimal number) {
      out.raw(number.stripTrailingZeros().toPlainString());
    } else if (value instanceof String text) {
      out.string(text);
    } else {
      out.raw(String.valueOf(value));
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private Map<String, String> types(TableName name) {
    Map<String, String> types = new LinkedHashMap<>();
    Map<String, Object> answer =
        query(
            "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = "
                + SqlText.literal(name.schema())
                + " AND table_name = "
                + SqlText.literal(name.name())
                + " ORDER BY ordinal_position");
    for (Object row : (List<?>) answer.get("rows")) {
      types.put((String) ((List<?>) row).get(0), (String) ((List<?>) row).get(1));
    }
    return types;
  }

  @Override
  public boolean exists(TableName table) {
    return !types(naming.target(table)).isEmpty();
  }

  @Override
  public void createDataTable(TableName table) {
    query(
        "CREATE TABLE " + SqlText.table(table) + " (data OBJECT(DYNAMIC)) CLUSTERED INTO 1 SHARDS");
  }

  @Override
  public String describe(TableName table) {
    StringBuilder text = new StringBuilder();
    types(table).forEach((name, type) -> text.append(name).append(' ').append(type).append('\n'));
    return text.toString();
  }

  @Override
  public void reset() {
    Map<String, Object> answer =
        query(
            "SELECT table_schema, table_name FROM information_schema.tables WHERE table_schema IN"
                + " ('dynapipe', '"
                + SinkContract.SCHEMA
                + "')");
    for (Object row : (List<?>) answer.get("rows")) {
      List<?> values = (List<?>) row;
      TableName name = new TableName((String) values.get(0), (String) values.get(1));
      String sql = SqlText.table(name);
      if (name.schema().equals("dynapipe")) {
        // Emptied, not dropped: to make tables is what these tests spend their time on.
        query("REFRESH TABLE " + sql);
        query("DELETE FROM " + sql);
        query("REFRESH TABLE " + sql);
      } else {
        query("DROP TABLE " + sql);
      }
    }
  }

  Map<String, Object> query(String sql) {
    try {
      HttpURLConnection connection =
          (HttpURLConnection) url.resolve("/_sql").toURL().openConnection();
      connection.setRequestMethod("POST");
      connection.setDoOutput(true);
      try (OutputStream out = connection.getOutputStream()) {
        out.write(new JsonBuffer(256).raw("{\"stmt\":").string(sql).raw('}').toBytes());
      }
      boolean good = connection.getResponseCode() == 200;
      try (InputStream in = good ? connection.getInputStream() : connection.getErrorStream()) {
        String body = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        if (!good) {
          throw new IllegalStateException(sql + ": " + body);
        }
        return JsonTree.parseObject(body);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {}
}
