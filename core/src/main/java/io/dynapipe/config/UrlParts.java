package io.dynapipe.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A URL of the form {@code scheme://user:password@host:port,host:port/path?name=value}, taken apart
 * and decoded. {@link java.net.URI} cannot be used: it knows neither several hosts nor host names
 * with underscores, and its messages quote the whole text, password included.
 *
 * @param path without the first slash
 */
record UrlParts(
    String scheme,
    @Nullable String user,
    @Nullable String password,
    List<HostPort> hosts,
    String path,
    Map<String, String> parameters) {

  private static final Pattern SCHEME = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]*");
  private static final Pattern PARAMETER_NAME = Pattern.compile("[a-zA-Z][a-zA-Z0-9_.-]*");
  private static final Pattern HOST_NAME = Pattern.compile("[a-zA-Z0-9._-]+");
  private static final Pattern IPV6 = Pattern.compile("(?=.*:.*:)[0-9a-fA-F:.]+");

  /**
   * Takes a URL apart; what is wrong goes to {@code problems}, and the parts concerned are left
   * out.
   *
   * @throws io.dynapipe.error.PipelineException (input) when scheme or structure are wrong, so that
   *     going on would only find nonsense
   */
  static UrlParts parse(String text, Set<String> schemes, int defaultPort, Problems problems) {
    String trimmed = text.strip();
    String scheme = scheme(trimmed, schemes, problems);
    String rest = trimmed.substring(scheme.length() + "://".length());
    int authorityEnd = firstOf(rest, "/?#");
    String authority = rest.substring(0, authorityEnd);
    String tail = rest.substring(authorityEnd);
    // An unencoded '/', '?' or '#' in the password ends the authority too early. Nothing of such a
    // URL may be quoted or guessed at: every part could be a piece of the password.
    if (tail.indexOf('@') >= 0) {
      throw problems.fatal(
          "there is an '@' behind the first '/', '?' or '#'; where these belong to user, password,"
              + " database or a parameter, write '@' as %40, '/' as %2F, '?' as %3F, '#' as %23");
    }
    if (tail.indexOf('#') >= 0) {
      throw problems.fatal("there is a '#'; where it belongs to a name or password, write %23");
    }
    int question = tail.indexOf('?');
    String rawPath = question < 0 ? tail : tail.substring(0, question);
    String query = question < 0 ? "" : tail.substring(question + 1);
    int at = authority.lastIndexOf('@');
    String userInfo = at < 0 ? "" : authority.substring(0, at);
    int colon = userInfo.indexOf(':');
    String rawUser = colon < 0 ? userInfo : userInfo.substring(0, colon);
    return new UrlParts(
        scheme.toLowerCase(Locale.ROOT),
        rawUser.isEmpty() ? null : decode(rawUser, "user", problems),
        colon < 0 ? null : decode(userInfo.substring(colon + 1), "password", problems),
        hosts(authority.substring(at + 1), defaultPort, problems),
        decode(rawPath.isEmpty() ? "" : rawPath.substring(1), "path", problems),
        parameters(query, problems));
  }

  private static String scheme(String text, Set<String> schemes, Problems problems) {
    int end = text.indexOf("://");
    String scheme = end < 0 ? "" : text.substring(0, end);
    if (schemes.contains(scheme.toLowerCase(Locale.ROOT))) {
      return scheme;
    }
    String expected = String.join(", ", schemes.stream().map(name -> name + "://").toList());
    throw problems.fatal(
        SCHEME.matcher(scheme).matches()
            ? "'" + scheme + "://' is not known here; it can begin with " + expected
            : "it must begin with " + expected);
  }

  private static int firstOf(String text, String characters) {
    for (int i = 0; i < text.length(); i++) {
      if (characters.indexOf(text.charAt(i)) >= 0) {
        return i;
      }
    }
    return text.length();
  }

  private static List<HostPort> hosts(String text, int defaultPort, Problems problems) {
    if (text.isEmpty()) {
      return List.of();
    }
    List<HostPort> hosts = new ArrayList<>();
    String[] entries = text.split(",", -1);
    for (int i = 0; i < entries.length; i++) {
      String which = entries.length == 1 ? "the host" : "host " + (i + 1);
      HostPort host = host(entries[i], which, defaultPort, problems);
      if (host != null) {
        hosts.add(host);
      }
    }
    return List.copyOf(hosts);
  }

  /** Hosts and ports are not quoted: in {@code postgresql://user:password} they are a secret. */
  private static @Nullable HostPort host(
      String text, String which, int defaultPort, Problems problems) {
    if (text.startsWith("%2F") || text.startsWith("%2f")) {
      problems.add(which + " is a Unix socket, which is not supported; give a TCP address");
      return null;
    }
    boolean bracketed = text.startsWith("[");
    int hostEnd = bracketed ? text.indexOf(']') + 1 : text.indexOf(':');
    hostEnd = hostEnd < 0 ? text.length() : hostEnd;
    String host =
        bracketed && hostEnd > 1 ? text.substring(1, hostEnd - 1) : text.substring(0, hostEnd);
    String portText = text.substring(hostEnd);
    if (!bracketed && portText.indexOf(':', 1) > 0) {
      problems.add(which + " has several colons; an IPv6 address needs brackets, as in [::1]:5432");
      return null;
    }
    if (host.isEmpty() && !bracketed) {
      problems.add(which + " is empty");
      return null;
    }
    if (!(bracketed ? IPV6 : HOST_NAME).matcher(host).matches()) {
      problems.add(
          which
              + (bracketed ? " is not an IPv6 address" : " has characters that no host name has"));
      return null;
    }
    int port = portText.isEmpty() ? defaultPort : port(portText);
    if (port < 0) {
      problems.add("the port of " + which + " is not a number from 1 to 65535");
      return null;
    }
    return new HostPort(host, port);
  }

  /** The port behind its colon, or -1. */
  private static int port(String text) {
    String digits = text.startsWith(":") ? text.substring(1) : "";
    if (digits.isEmpty()
        || digits.length() > 5
        || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return -1;
    }
    int port = Integer.parseInt(digits);
    return port >= 1 && port <= 65535 ? port : -1;
  }

  private static Map<String, String> parameters(String query, Problems problems) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String parameter : query.split("&")) {
      if (parameter.isEmpty()) {
        continue;
      }
      int equals = parameter.indexOf('=');
      if (equals < 1) {
        problems.add("a parameter behind '?' is not of the form name=value");
        continue;
      }
      String name = parameter.substring(0, equals);
      if (!PARAMETER_NAME.matcher(name).matches()) {
        problems.add("a parameter behind '?' has a name that is not of letters, digits, '_', '-'");
        continue;
      }
      String value = decode(parameter.substring(equals + 1), "parameter '" + name + "'", problems);
      if (parameters.put(name, value) != null) {
        problems.add("parameter '" + name + "' is given twice");
      }
    }
    return parameters;
  }

  private static String decode(String text, String what, Problems problems) {
    String decoded = PercentCoding.decode(text);
    if (decoded == null || decoded.indexOf('\0') >= 0) {
      problems.add(what + " has a '%' that is no valid escape; write '%' itself as %25");
      return "";
    }
    return decoded;
  }
}
