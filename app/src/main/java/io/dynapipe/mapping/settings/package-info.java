/** DMS task settings: read strictly, completed with DMS's defaults, written back as DMS does. */
@NullMarked
package io.dynapipe.mapping.settings;

import org.jspecify.annotations.NullMarked;
