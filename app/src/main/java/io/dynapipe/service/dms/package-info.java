/** The API of AWS DMS, on the service's resources and tasks. */
@NullMarked
package io.dynapipe.service.dms;

import org.jspecify.annotations.NullMarked;
