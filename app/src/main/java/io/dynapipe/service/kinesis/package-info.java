/** The reading side of the Kinesis API, over the service's embedded streams. */
@NullMarked
package io.dynapipe.service.kinesis;

import org.jspecify.annotations.NullMarked;
