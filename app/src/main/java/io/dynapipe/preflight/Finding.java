package io.dynapipe.preflight;

import org.jspecify.annotations.Nullable;

/**
 * Something that was found.
 *
 * @param check the name of the check, such as {@code wal-level}; the table in {@code docs/check.md}
 *     has them all
 * @param subject what it is about, a table for example; null for the server as a whole
 * @param cause what is so, and what comes of it
 * @param cure what to do
 */
public record Finding(
    String check, Severity severity, @Nullable String subject, String cause, String cure) {}
