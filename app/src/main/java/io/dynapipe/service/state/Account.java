package io.dynapipe.service.state;

import java.security.SecureRandom;

/**
 * The account that all resources belong to.
 *
 * @param id twelve digits
 */
public record Account(String region, String id) {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  private static final int ID_LENGTH = 26;

  public String arn(Kind kind, String resourceId) {
    return "arn:aws:dms:" + region + ":" + id + ":" + kind.arnPart() + ":" + resourceId;
  }

  /** The ARN of a stream of the embedded store. */
  public String streamArn(String stream) {
    return "arn:aws:kinesis:" + region + ":" + id + ":stream/" + stream;
  }

  /** The resource part of a new ARN: 26 characters, as DMS makes them. */
  public static String newResourceId() {
    StringBuilder text = new StringBuilder(ID_LENGTH);
    for (int i = 0; i < ID_LENGTH; i++) {
      text.append(ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())));
    }
    return text.toString();
  }

  /** The last part of an ARN. */
  public static String resourceId(String arn) {
    return arn.substring(arn.lastIndexOf(':') + 1);
  }
}
