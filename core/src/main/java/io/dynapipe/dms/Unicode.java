package io.dynapipe.dms;

/** Text that UTF-8 can say. */
final class Unicode {

  private Unicode() {}

  /**
   * The same text.
   *
   * @throws Malformed when it holds half of a surrogate pair
   */
  static String checked(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        boolean paired =
            Character.isHighSurrogate(c)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!paired) {
          throw new Malformed("a name or text holds half of a surrogate pair");
        }
        i++;
      }
    }
    return text;
  }
}
