package io.dynapipe.sink;

/** A number in a spelling that no Java number has. */
final class Spelling extends Number {

  private static final long serialVersionUID = 1L;

  private final String text;

  Spelling(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }

  @Override
  public int intValue() {
    return (int) doubleValue();
  }

  @Override
  public long longValue() {
    return (long) doubleValue();
  }

  @Override
  public float floatValue() {
    return (float) doubleValue();
  }

  @Override
  public double doubleValue() {
    return Double.parseDouble(text);
  }
}
