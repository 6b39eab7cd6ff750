/** Task logs, and the API of CloudWatch Logs that shows them. */
@NullMarked
package io.dynapipe.service.logs;

import org.jspecify.annotations.NullMarked;
