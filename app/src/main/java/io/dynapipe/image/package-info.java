/** OCI images of the function and of the program, built and pushed without a Docker daemon. */
@NullMarked
package io.dynapipe.image;

import org.jspecify.annotations.NullMarked;
