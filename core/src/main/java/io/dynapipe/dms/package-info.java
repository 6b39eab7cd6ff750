/**
 * DMS JSON to and from change events; the only place that knows member names such as schema-name.
 */
@NullMarked
package io.dynapipe.dms;

import org.jspecify.annotations.NullMarked;
