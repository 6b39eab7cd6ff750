package io.dynapipe.sink;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * What every sink must do. A sink's test extends this class once per layout and says how to look at
 * its target; the tests come from the interfaces, one per topic.
 */
public abstract class SinkContract
    implements RowWriteContract,
        ReplayContract,
        RandomStreamContract,
        ValueContract,
        KeyContract,
        TableChangeContract,
        KeylessContract,
        BadRowContract,
        ExistingTableContract,
        QuarantineContract,
        BookmarkContract {

  /** The source schema, and the target schema, of all the contract's tables. */
  public static final String SCHEMA = "contract";

  private TargetProbe probe;
  private Sink sink;

  /** The target; called once before each test and closed after it. */
  protected abstract TargetProbe openProbe();

  @BeforeEach
  protected void openTarget() {
    probe = openProbe();
    probe.reset();
    sink = probe.open(layout());
  }

  @AfterEach
  protected void closeTarget() {
    if (sink != null) {
      sink.close();
    }
    if (probe != null) {
      probe.close();
    }
  }

  @Override
  public TargetProbe probe() {
    return probe;
  }

  @Override
  public Sink sink() {
    return sink;
  }

  @Override
  public void reopen() {
    sink.close();
    sink = probe.open(layout());
  }
}
