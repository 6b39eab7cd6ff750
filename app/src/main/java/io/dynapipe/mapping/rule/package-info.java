/** The rules of a DMS table mapping as the document states them, each checked by itself. */
@NullMarked
package io.dynapipe.mapping.rule;

import org.jspecify.annotations.NullMarked;
