package io.dynapipe.stream.kinesis;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Bounds the bytes that wait and are under way. Thread-safe. */
final class ByteBudget {

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition released = lock.newCondition();
  private final long limit;
  private long used;
  private boolean ended;

  ByteBudget(long limit) {
    this.limit = limit;
  }

  /** Waits until there is room; what is larger than the whole budget has it alone. */
  void take(long bytes) throws InterruptedException {
    lock.lock();
    try {
      while (used > 0 && used + bytes > limit && !ended) {
        released.await();
      }
      used += bytes;
    } finally {
      lock.unlock();
    }
  }

  void giveBack(long bytes) {
    lock.lock();
    try {
      used -= bytes;
      released.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Nobody has to wait any more. */
  void end() {
    lock.lock();
    try {
      ended = true;
      released.signalAll();
    } finally {
      lock.unlock();
    }
  }

  long used() {
    lock.lock();
    try {
      return used;
    } finally {
      lock.unlock();
    }
  }
}
