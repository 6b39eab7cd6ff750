/** The layouts in PostgreSQL: JSONB documents or typed columns, with DDL, quarantine and replay. */
@NullMarked
package io.dynapipe.sink.postgres;

import org.jspecify.annotations.NullMarked;
