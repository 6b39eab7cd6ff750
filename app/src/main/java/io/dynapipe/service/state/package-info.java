/** The service's resources and secrets, durable in the state directory. */
@NullMarked
package io.dynapipe.service.state;

import org.jspecify.annotations.NullMarked;
