package io.dynapipe.service.dms;

import io.dynapipe.service.aws.Fault;
import io.dynapipe.service.aws.Input;
import io.dynapipe.service.state.Account;
import java.util.Locale;
import java.util.regex.Pattern;

/** The names that people give to resources. */
final class Identifiers {

  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9]*(-[A-Za-z0-9]+)*");
  private static final Pattern RESOURCE = Pattern.compile("[A-Za-z0-9]+(-[A-Za-z0-9]+)*");
  private static final int MAX_RESOURCE = 31;

  private Identifiers() {}

  /**
   * A name of letters, digits and single hyphens, in lower case.
   *
   * @throws Fault when it is not one
   */
  static String name(Input input, String member, int maxLength) {
    return check(member, input.required(member), maxLength);
  }

  static String check(String member, String name, int maxLength) {
    if (name.length() > maxLength || !NAME.matcher(name).matches()) {
      throw Fault.invalidValue(
          "The parameter "
              + member
              + " is not a valid identifier. Identifiers must begin with a letter; must contain"
              + " only ASCII letters, digits, and hyphens; must not end with a hyphen or contain"
              + " two consecutive hyphens; and have "
              + maxLength
              + " characters at most.");
    }
    return name.toLowerCase(Locale.ROOT);
  }

  /**
   * The last part of a new resource's ARN: as given, or made.
   *
   * @throws Fault when the given one cannot be used
   */
  static String resourceId(Input input) {
    String given = input.text("ResourceIdentifier");
    if (given == null || given.isBlank()) {
      return Account.newResourceId();
    }
    if (given.length() > MAX_RESOURCE || !RESOURCE.matcher(given).matches()) {
      throw Fault.invalidValue(
          "The parameter ResourceIdentifier must have up to 31 letters, digits and single"
              + " hyphens.");
    }
    return given;
  }
}
