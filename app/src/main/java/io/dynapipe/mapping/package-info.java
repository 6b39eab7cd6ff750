/**
 * DMS table mappings and task settings: which tables and rows are replicated, and how their events
 * are changed on the way.
 */
@NullMarked
package io.dynapipe.mapping;

import org.jspecify.annotations.NullMarked;
