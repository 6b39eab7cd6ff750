/** Main classes to begin with; docs/aws.md tells how to run them. */
@NullMarked
package io.dynapipe.examples;

import org.jspecify.annotations.NullMarked;
