package io.dynapipe.source.postgres.pgoutput;

import io.dynapipe.error.PipelineException;

/** Decodes the messages of an output plugin, one after another. One thread at a time. */
interface MessageDecoder {

  /**
   * Decodes one message.
   *
   * @throws PipelineException (permanent) when the bytes are not such a message
   */
  void decode(byte[] message, int offset, int length) throws InterruptedException;
}
