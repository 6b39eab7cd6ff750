/** The command line: parses, delegates, and maps errors to exit codes. */
@NullMarked
package io.dynapipe.cli;

import org.jspecify.annotations.NullMarked;
