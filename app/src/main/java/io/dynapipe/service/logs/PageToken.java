package io.dynapipe.service.logs;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where GetLogEvents goes on: from an event on, or before it. */
record PageToken(boolean isForward, long number) {

  private static final Pattern FORM = Pattern.compile("([fb])/([0-9]{1,56})");
  private static final int MAX_DIGITS = 18;

  /** Null stays null. */
  static @Nullable PageToken parse(@Nullable String text) {
    if (text == null) {
      return null;
    }
    Matcher token = FORM.matcher(text);
    String digits = token.matches() ? token.group(2).replaceFirst("^0+(?=.)", "") : "";
    if (digits.isEmpty() || digits.length() > MAX_DIGITS) {
      throw LogsApi.wrong("The specified nextToken is invalid.");
    }
    return new PageToken(token.group(1).equals("f"), Long.parseLong(digits));
  }

  static String forward(long number) {
    return String.format(Locale.ROOT, "f/%056d", number);
  }

  static String backward(long number) {
    return String.format(Locale.ROOT, "b/%056d", number);
  }
}
