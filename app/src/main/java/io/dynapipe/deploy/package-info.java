/** The CloudFormation template of a pipeline on AWS, and the driver that brings it up and down. */
@NullMarked
package io.dynapipe.deploy;

import org.jspecify.annotations.NullMarked;
