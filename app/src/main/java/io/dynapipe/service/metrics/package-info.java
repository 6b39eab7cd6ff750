/** Figures for machines: Prometheus metrics and health. */
@NullMarked
package io.dynapipe.service.metrics;

import org.jspecify.annotations.NullMarked;
