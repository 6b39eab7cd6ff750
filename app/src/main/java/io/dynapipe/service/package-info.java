/** The replication service: an HTTP server with the APIs of DMS, CloudWatch Logs and Kinesis. */
@NullMarked
package io.dynapipe.service;

import org.jspecify.annotations.NullMarked;
