/** The web console: one page of plain HTML, CSS and JavaScript, and what it asks for. */
@NullMarked
package io.dynapipe.service.console;

import org.jspecify.annotations.NullMarked;
