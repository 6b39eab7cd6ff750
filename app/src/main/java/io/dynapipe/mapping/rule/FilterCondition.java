package io.dynapipe.mapping.rule;

/**
 * One comparison of a filter.
 *
 * @param value what to compare with; of a range the start; empty when the operator takes none
 * @param end the range's end, else empty
 */
public record FilterCondition(FilterOperator operator, String value, String end) {}
