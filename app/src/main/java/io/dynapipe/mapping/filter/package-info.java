/** Source filters: which rows are replicated, as SQL for the full load and as a test for CDC. */
@NullMarked
package io.dynapipe.mapping.filter;

import org.jspecify.annotations.NullMarked;
