/** The Kinesis event handler for AWS Lambda: records in, batch item failures out. */
@NullMarked
package io.dynapipe.lambda;

import org.jspecify.annotations.NullMarked;
