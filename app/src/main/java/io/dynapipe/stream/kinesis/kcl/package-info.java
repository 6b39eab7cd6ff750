/**
 * A worker of a fleet: the Kinesis Client Library shares the shards among workers by leases in
 * DynamoDB. The only package that imports {@code software.amazon.kinesis}.
 */
@NullMarked
package io.dynapipe.stream.kinesis.kcl;

import org.jspecify.annotations.NullMarked;
