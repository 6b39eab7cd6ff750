/** The walkthrough on embedded servers: what a newcomer sees first. */
@NullMarked
package io.dynapipe.demo;

import org.jspecify.annotations.NullMarked;
