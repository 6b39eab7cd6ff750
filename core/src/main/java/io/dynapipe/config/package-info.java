/** Typed settings and URLs, with all problems reported at once and secrets redacted. */
@NullMarked
package io.dynapipe.config;

import org.jspecify.annotations.NullMarked;
