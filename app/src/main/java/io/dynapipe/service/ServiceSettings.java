package io.dynapipe.service;

import io.dynapipe.config.SinkUrl;
import io.dynapipe.service.state.Account;
import io.dynapipe.sink.Layout;
import java.nio.file.Path;

/**
 * What a service is told when it starts.
 *
 * @param state directory of everything that survives
 * @param host address to listen on
 * @param port 0 for any free one
 */
public record ServiceSettings(
    Path state,
    SinkUrl sink,
    Layout layout,
    Account account,
    String host,
    int port,
    Access access) {

  /** Settings for an address that only this machine reaches, where nothing is asked of clients. */
  public ServiceSettings(
      Path state, SinkUrl sink, Layout layout, Account account, String host, int port) {
    this(state, sink, layout, account, host, port, Access.OPEN);
  }

  /** An account as nobody has at AWS. */
  public static final Account LOCAL_ACCOUNT = new Account("us-east-1", "000000000000");
}
