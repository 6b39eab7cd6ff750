package io.dynapipe.sink.cratedb;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dynapipe.event.TableName;
import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.lifecycle.LifecycleContext;
import net.jqwik.api.lifecycle.SkipExecutionHook;

/** The real CrateDB that {@code DYNAPIPE_TEST_CRATEDB} names; tests without one are skipped. */
final class RealCrate {

  private static final String MISSING =
      "DYNAPIPE_TEST_CRATEDB names no CrateDB (such as http://localhost:4200)";

  private static final AtomicInteger NUMBER = new AtomicInteger();

  private RealCrate() {}

  static CrateSettings settings() {
    String url = url();
    assumeTrue(!url.isEmpty(), MISSING);
    return CrateSettings.of(URI.create(url));
  }

  private static String url() {
    String url = System.getenv("DYNAPIPE_TEST_CRATEDB");
    return url == null ? "" : url;
  }

  /** Skips a property as a whole: an assumption in its tries would fail it. */
  static final class Needed implements SkipExecutionHook {
    @Override
    public SkipResult shouldBeSkipped(LifecycleContext context) {
      return url().isEmpty() ? SkipResult.skip(MISSING) : SkipResult.doNotSkip();
    }
  }

  static CrateClient client() {
    return new CrateClient(settings());
  }

  /** A name that no other test uses, and no earlier run of this one. */
  static TableName newTable(String name) {
    return new TableName("test", name + "_" + System.nanoTime() + "_" + NUMBER.incrementAndGet());
  }

  static List<List<Object>> query(String sql, Object... args) {
    return client().execute(sql, args).rows();
  }
}
