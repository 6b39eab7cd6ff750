/** Signed requests to AWS services, and their answers. */
@NullMarked
package io.dynapipe.deploy.aws;

import org.jspecify.annotations.NullMarked;
