/** Reads a user's JSON document strictly: every problem in it is reported, in one error. */
@NullMarked
package io.dynapipe.mapping.document;

import org.jspecify.annotations.NullMarked;
