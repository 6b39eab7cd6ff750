package io.dynapipe.deploy;

import io.dynapipe.error.PipelineException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a pipeline costs in a month, with its arithmetic. Prices come from a table that is shipped
 * and dated; a person can give a newer one.
 *
 * @param date of the prices
 * @param region of the prices
 */
public record CostEstimate(String date, String region, List<Item> items) {

  private static final BigDecimal HOURS = BigDecimal.valueOf(730);
  private static final BigDecimal SECONDS = BigDecimal.valueOf(730 * 3600);
  private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);

  /** One part: what, how it is reckoned, and US dollars a month. */
  public record Item(String part, String arithmetic, BigDecimal dollars) {}

  /**
   * What flows.
   *
   * @param perSecond changes a second, on the average of a month
   * @param bytes of one change's message
   */
  public record Load(double perSecond, int bytes) {}

  public CostEstimate {
    items = List.copyOf(items);
  }

  /** The sum, in US dollars a month. */
  public BigDecimal total() {
    return items.stream().map(Item::dollars).reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  /** The prices that are shipped, as {@code name=price} lines with date and region. */
  public static String shippedPrices() {
    try (InputStream in = CostEstimate.class.getResourceAsStream("prices.txt")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reckons.
   *
   * @param prices in the form of {@link #shippedPrices}
   * @throws PipelineException (input) when a class has no price there
   */
  public static CostEstimate of(PipelineSpec spec, Load load, String prices) {
    return new Reckoning(spec, load, new Prices(prices)).estimate();
  }

  /** A table of prices. */
  private record Prices(Map<String, String> lines) {
    Prices(String text) {
      this(parse(text));
    }

    private static Map<String, String> parse(String text) {
      Map<String, String> lines = new LinkedHashMap<>();
      for (String line : text.lines().toList()) {
        int equals = line.indexOf('=');
        if (!line.startsWith("#") && equals > 0) {
          lines.put(line.substring(0, equals).strip(), line.substring(equals + 1).strip());
        }
      }
      return lines;
    }

    String text(String name) {
      return lines.getOrDefault(name, "");
    }

    BigDecimal of(String name) {
      String price = lines.get(name);
      if (price == null) {
        throw PipelineException.input(
            "the price table has no price of " + name,
            "Give a table with --prices that has the line '" + name + "=...'.");
      }
      try {
        return new BigDecimal(price);
      } catch (NumberFormatException e) {
        throw PipelineException.input(
            "the price of " + name + " is not a number: " + price, "Write it like 0.015.");
      }
    }
  }

  private static final class Reckoning {
    private final Template template;
    private final Map<String, String> given;
    private final boolean ownSource;
    private final BigDecimal changes;
    private final int bytes;
    private final Prices prices;
    private final List<Item> items = new ArrayList<>();

    Reckoning(PipelineSpec spec, Load load, Prices prices) {
      this.template = spec.template();
      this.given = spec.parameters();
      this.ownSource = spec.source() != null;
      this.changes = BigDecimal.valueOf(load.perSecond()).multiply(SECONDS);
      this.bytes = load.bytes();
      this.prices = prices;
    }

    CostEstimate estimate() {
      String replication = parameter("Replication");
      boolean database =
          !replication.equals("none") && !ownSource && parameter("SourceSecretArn").isEmpty();
      if (database) {
        database();
      }
      replication(replication);
      stream();
      function();
      rest(replication, database);
      return new CostEstimate(prices.text("date"), prices.text("region"), items);
    }

    private String parameter(String name) {
      return given.getOrDefault(name, template.defaultOf(name));
    }

    private BigDecimal number(String name) {
      return new BigDecimal(parameter(name));
    }

    private void database() {
      String type = parameter("DatabaseClass");
      hourly("database " + type, "rds." + type, BigDecimal.ONE);
      monthly("its disk", "rds.storage.gib", number("DatabaseStorage"), "GiB");
    }

    private void replication(String kind) {
      if (kind.equals("instance")) {
        String type = parameter("ReplicationClass");
        hourly("replication " + type, type, BigDecimal.ONE);
        BigDecimal included = prices.of("dms.storage.included");
        BigDecimal paid = number("ReplicationStorage").subtract(included).max(BigDecimal.ZERO);
        monthly("its disk over " + included + " GiB", "dms.storage.gib", paid, "GiB");
      } else if (kind.equals("serverless")) {
        hourly("replication, at its least capacity", "dms.serverless.unit", BigDecimal.ONE);
      }
    }

    private void stream() {
      BigDecimal shards = number("StreamShards");
      BigDecimal gigabytes =
          changes
              .multiply(BigDecimal.valueOf(bytes))
              .divide(BigDecimal.valueOf(1 << 30), 2, RoundingMode.HALF_UP);
      if (shards.signum() == 0) {
        hourly("stream on demand", "kinesis.ondemand.hour", BigDecimal.ONE);
        monthly("  written", "kinesis.ondemand.in.gib", gigabytes, "GiB");
        monthly("  read", "kinesis.ondemand.out.gib", gigabytes, "GiB");
      } else {
        hourly("stream, " + shards + " shards", "kinesis.shard.hour", shards);
        // A put of up to 25 KB is one unit.
        BigDecimal units = BigDecimal.valueOf(Math.max(1, (bytes + 25_599) / 25_600));
        millions("  puts", "kinesis.put.million", changes.multiply(units));
        if (number("StreamRetentionHours").intValue() > 24) {
          hourly("  kept over 24 hours", "kinesis.extended.shard.hour", shards);
        }
      }
    }

    /** A batch is full, or a second's worth; a change takes half a millisecond. */
    private void function() {
      BigDecimal batches =
          changes.divide(number("BatchSize"), 0, RoundingMode.CEILING).max(changes.min(SECONDS));
      millions("function, calls", "lambda.request.million", batches);
      BigDecimal seconds =
          batches
              .multiply(new BigDecimal("0.03"))
              .add(changes.multiply(new BigDecimal("0.0005")))
              .setScale(0, RoundingMode.CEILING);
      BigDecimal gigabyteSeconds =
          seconds
              .multiply(number("FunctionMemory"))
              .divide(BigDecimal.valueOf(1024), 0, RoundingMode.CEILING);
      String architecture = parameter("Architecture").equals("arm64") ? "arm64" : "x86";
      add(
          "function, time",
          plain(gigabyteSeconds) + " GB-s x " + prices.text("lambda.gbs." + architecture),
          gigabyteSeconds.multiply(prices.of("lambda.gbs." + architecture)));
    }

    private void rest(String replication, boolean database) {
      boolean inVpc = !replication.equals("none");
      if (inVpc && parameter("VpcId").isEmpty()) {
        hourly("VPC endpoints, 2 in 2 zones", "vpc.endpoint.hour", BigDecimal.valueOf(4));
      }
      BigDecimal secrets = BigDecimal.valueOf(1 + (database || ownSource ? 1 : 0));
      monthly("secrets", "secret", secrets, "");
      int alarms = 4 + (replication.equals("instance") ? 2 : 0) + (database ? 2 : 0);
      monthly("alarms", "alarm", BigDecimal.valueOf(alarms), "");
      monthly("image", "ecr.gib", new BigDecimal("0.25"), "GiB");
    }

    private void hourly(String part, String price, BigDecimal count) {
      add(
          part,
          plain(count) + " x " + HOURS + " h x " + prices.text(price),
          count.multiply(HOURS).multiply(prices.of(price)));
    }

    private void monthly(String part, String price, BigDecimal count, String unit) {
      if (count.signum() > 0) {
        add(
            part,
            (plain(count) + " " + unit).strip() + " x " + prices.text(price),
            count.multiply(prices.of(price)));
      }
    }

    private void millions(String part, String price, BigDecimal count) {
      BigDecimal millions = count.divide(MILLION, 2, RoundingMode.HALF_UP);
      add(
          part,
          plain(millions) + " million x " + prices.text(price),
          millions.multiply(prices.of(price)));
    }

    private void add(String part, String arithmetic, BigDecimal dollars) {
      items.add(new Item(part, arithmetic, dollars.setScale(2, RoundingMode.HALF_UP)));
    }

    private static String plain(BigDecimal number) {
      return number.stripTrailingZeros().toPlainString();
    }
  }
}
