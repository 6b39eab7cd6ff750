package io.dynapipe.service.engine;

import io.dynapipe.error.PipelineException;
import io.dynapipe.task.CaptureEnd;

/** Told how a run goes, by the run's own thread. */
public interface RunListener {

  /** Source and stream are open and checked; events begin to flow. */
  void running();

  /** It ended without a failure; what it wrote is applied unless it was told to stop. */
  void ended(CaptureEnd end);

  void failed(PipelineException failure);
}
