package io.dynapipe.config;

/**
 * A server's address.
 *
 * @param host a name, an IPv4 address, or an IPv6 address without brackets
 */
public record HostPort(String host, int port) {

  /** As in a URL: an IPv6 address stands in brackets. */
  @Override
  public String toString() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }
}
