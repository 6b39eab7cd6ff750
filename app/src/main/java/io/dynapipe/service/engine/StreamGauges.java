package io.dynapipe.service.engine;

/**
 * How a stream is at a moment.
 *
 * @param waiting records that are not applied
 * @param handled grows by one with each record that is applied or set aside
 * @param oldestMillis when the oldest record arrived that is not applied, milliseconds since 1970;
 *     0 when none waits
 * @param failure why its records are not applied any more; empty while they are
 */
public record StreamGauges(
    String name, long waiting, long handled, long oldestMillis, long storedBytes, String failure) {}
