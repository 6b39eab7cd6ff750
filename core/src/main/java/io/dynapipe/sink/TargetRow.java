package io.dynapipe.sink;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A row as a target holds it, by the source's column names; for comparing, not for writing.
 *
 * @param values String, Boolean, {@code BigDecimal}, {@code List}, {@code Map} or null (SQL NULL)
 * @param texts verbatim texts, which go before the values of the same columns
 */
public record TargetRow(Map<String, @Nullable Object> values, Map<String, String> texts) {}
