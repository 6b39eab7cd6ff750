/** How AWS APIs travel over HTTP: JSON 1.1 requests, typed faults, signatures, event streams. */
@NullMarked
package io.dynapipe.service.aws;

import org.jspecify.annotations.NullMarked;
