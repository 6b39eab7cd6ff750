package io.dynapipe.bench;

import io.dynapipe.bench.KinesisRequest.Put;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;

/** A stream of {@link KinesisStandIn}, with shards of equal ranges. Thread-safe. */
final class MemoryStream {

  private static final BigInteger HASHES = BigInteger.ONE.shiftLeft(128);

  private final List<MemoryShard> shards = new ArrayList<>();

  MemoryStream(int count) {
    for (int i = 0; i < count; i++) {
      BigInteger last = begin(i + 1, count).subtract(BigInteger.ONE);
      shards.add(new MemoryShard("shardId-%012d".formatted(i), begin(i, count), last));
    }
  }

  private static BigInteger begin(int shard, int count) {
    return HASHES.multiply(BigInteger.valueOf(shard)).divide(BigInteger.valueOf(count));
  }

  List<MemoryShard> shards() {
    return shards;
  }

  MemoryShard shard(String id) throws KinesisRefusal {
    for (MemoryShard shard : shards) {
      if (shard.id().equals(id)) {
        return shard;
      }
    }
    throw new KinesisRefusal("ResourceNotFoundException", "no shard " + id);
  }

  /** Where a record goes: by the MD5 of its key, or by the hash key that it names. */
  MemoryShard shard(Put record) {
    String explicit = record.explicitHashKey();
    BigInteger hash = explicit == null ? hash(record.partitionKey()) : new BigInteger(explicit);
    int shard = shards.size() - 1;
    while (shard > 0 && hash.compareTo(shards.get(shard).firstHash()) < 0) {
      shard--;
    }
    return shards.get(shard);
  }

  private static BigInteger hash(String partitionKey) {
    try {
      MessageDigest md5 = MessageDigest.getInstance("MD5");
      return new BigInteger(1, md5.digest(partitionKey.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has MD5", e);
    }
  }
}
