/** What the rules come to for one table: compiled once, applied to every event. */
@NullMarked
package io.dynapipe.mapping.transform;

import org.jspecify.annotations.NullMarked;
