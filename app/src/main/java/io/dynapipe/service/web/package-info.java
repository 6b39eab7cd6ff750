/** Plain HTTP beside the AWS APIs: answers, headers, and who may ask. */
@NullMarked
package io.dynapipe.service.web;

import org.jspecify.annotations.NullMarked;
