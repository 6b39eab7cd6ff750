package io.dynapipe.config;

import io.dynapipe.error.PipelineException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the URLs of streams. */
final class StreamUrlParser {

  private static final String SUBJECT = "stream URL";
  private static final String CURE =
      "Write it like embedded:?shards=4&retention=24h, kinesis://eu-central-1/stream, or"
          + " kinesis+dms:///arn:aws:kinesis:eu-central-1:123456789012:stream/name.";
  private static final Set<String> SCHEMES = new TreeSet<>(Set.of("kinesis", "kinesis+dms"));

  private static final Pattern REGION = Pattern.compile("[a-z]{2}(-[a-z]+)+-[0-9]+");
  private static final Pattern STREAM_NAME = Pattern.compile("[a-zA-Z0-9_.-]{1,128}");
  private static final Pattern ARN =
      Pattern.compile("arn:aws[a-z-]*:kinesis:([^:/]*):[0-9]{12}:stream/([^:/]*)");

  private StreamUrlParser() {}

  static EmbeddedStreamUrl embedded(String text) {
    Problems problems = new Problems(SUBJECT, CURE);
    String rest = text.strip().substring("embedded".length());
    rest = rest.startsWith(":") ? rest.substring(1) : rest;
    if (!rest.isEmpty() && !rest.startsWith("?")) {
      throw problems.fatal("nothing but parameters may follow 'embedded:'");
    }
    UrlParts url = UrlParts.parse("embedded://" + rest, Set.of("embedded"), 0, problems);
    Parameters parameters = new Parameters(url.parameters(), problems);
    Integer shards = parameters.take("shards", StreamUrlParser::shards);
    Duration retention = parameters.take("retention", Durations::parse);
    Long maxBytes = parameters.take("max_bytes", ByteSizes::parse);
    Long maxRecordBytes = parameters.take("max_record_bytes", ByteSizes::parse);
    parameters.refuseRemaining(List.of("max_bytes", "max_record_bytes", "retention", "shards"));
    problems.throwIfAny();
    return new EmbeddedStreamUrl(shards, retention, maxBytes, maxRecordBytes);
  }

  private static Integer shards(String text) {
    boolean digits = text.length() <= 3 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    int shards = digits && !text.isEmpty() ? Integer.parseInt(text) : 0;
    if (shards < 1 || shards > EmbeddedStreamUrl.MAX_SHARDS) {
      throw PipelineException.input(
          "'" + text + "' is not a number from 1 to " + EmbeddedStreamUrl.MAX_SHARDS,
          "Give a smaller number of shards.");
    }
    return shards;
  }

  static KinesisUrl kinesis(String text) {
    Problems problems = new Problems(SUBJECT, CURE);
    if (!text.strip().contains("://")) {
      throw problems.fatal("it must begin with embedded:, kinesis:// or kinesis+dms://");
    }
    UrlParts url = UrlParts.parse(text, SCHEMES, 443, problems);
    if (url.user() != null || url.password() != null) {
      problems.add("AWS credentials do not belong into a URL; give them the AWS way");
    }
    Parameters parameters = new Parameters(url.parameters(), problems);
    URI endpoint = parameters.take("endpoint", StreamUrlParser::endpoint);
    String arn = url.path().startsWith("arn:") ? url.path() : null;
    String region = arn == null ? region(url.hosts()) : "";
    String name = url.path();
    if (arn != null) {
      Matcher matcher = ARN.matcher(arn);
      if (!matcher.matches()) {
        problems.add("the ARN is not that of a Kinesis stream");
        problems.throwIfAny();
      }
      region = matcher.group(1);
      name = matcher.group(2);
      if (!url.hosts().isEmpty()) {
        problems.add("the ARN names the region, so nothing may stand before it");
      }
    }
    if (!REGION.matcher(region).matches()) {
      problems.add("the region is not one of AWS's, such as eu-central-1");
    }
    if (!STREAM_NAME.matcher(name).matches()) {
      problems.add("the stream's name must be 1 to 128 letters, digits, '_', '.' or '-'");
    }
    problems.throwIfAny();
    return new KinesisUrl(region, name, arn, endpoint, parameters.remaining());
  }

  private static String region(List<HostPort> hosts) {
    return hosts.size() == 1 ? hosts.get(0).host() : "";
  }

  private static URI endpoint(String text) {
    try {
      URI uri = new URI(text);
      boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (http && uri.getHost() != null && uri.getUserInfo() == null) {
        return uri;
      }
    } catch (URISyntaxException e) {
      throw notAnEndpoint(e);
    }
    throw notAnEndpoint(null);
  }

  private static PipelineException notAnEndpoint(@Nullable Exception ignored) {
    return PipelineException.input(
        "it must be like http://localhost:4567", "Give scheme, host and port.");
  }
}
