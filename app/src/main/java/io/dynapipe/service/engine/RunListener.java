package io.dynapipe.service.engine;

import io.dynapipe.error.PipelineException;

/** Told how a run goes, by the run's own thread. */
public interface RunListener {

  /** Why a run ended without a failure. */
  enum End {
    /** It was told to. */
    STOPPED,
    /** A full load without CDC is done, and applied. */
    FULL_LOAD_FINISHED
  }

  /** Source and stream are open and checked; events begin to flow. */
  void running();

  void ended(End end);

  void failed(PipelineException failure);
}
