package io.dynapipe.mapping.settings;

import io.dynapipe.mapping.transform.BeforeImageColumns;

/**
 * {@code BeforeImageSettings} of a task that wants before images.
 *
 * @param fieldName the member that holds them
 */
public record BeforeImageSettings(String fieldName, BeforeImageColumns columns) {}
