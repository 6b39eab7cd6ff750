package io.dynapipe.dms;

import org.jspecify.annotations.Nullable;

/**
 * Names in {@code Extras.control} for members inside the table definition, as JSON pointers: {@code
 * /table-def/columns/name/collation-name}.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6901">RFC 6901, JSON pointer</a>
 */
final class Pointers {

  static final String TABLE = "/table-def";
  private static final String COLUMNS = TABLE + "/columns/";

  private Pointers() {}

  static boolean isPointer(String name) {
    return name.startsWith(TABLE + "/");
  }

  static String column(String column) {
    return COLUMNS + escape(column);
  }

  static String join(String parent, String member) {
    return parent + "/" + escape(member);
  }

  /** The member's name when the pointer leads to a member of this parent, else null. */
  static @Nullable String child(String parent, String pointer) {
    int slash = parent.length();
    return pointer.startsWith(parent)
            && pointer.length() > slash
            && pointer.charAt(slash) == '/'
            && pointer.indexOf('/', slash + 1) < 0
        ? pointer.substring(slash + 1).replace("~1", "/").replace("~0", "~")
        : null;
  }

  private static String escape(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }
}
