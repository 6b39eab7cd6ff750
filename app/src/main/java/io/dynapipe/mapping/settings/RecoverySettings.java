package io.dynapipe.mapping.settings;

import java.time.Duration;

/**
 * How often and how soon a task tries again after trouble that may pass.
 *
 * @param attempts -1 without limit
 * @param first the wait before the first new try
 * @param throttled whether the wait doubles from try to try
 * @param longest the longest wait
 * @param stopAfterLongest whether to give up when the longest wait was in vain
 */
public record RecoverySettings(
    int attempts, Duration first, boolean throttled, Duration longest, boolean stopAfterLongest) {}
