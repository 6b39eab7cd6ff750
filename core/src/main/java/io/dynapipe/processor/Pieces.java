package io.dynapipe.processor;

import io.dynapipe.dms.Oversize;
import io.dynapipe.sink.Bookmarks;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Texts of records that are larger than the stream takes, kept in the target until their events are
 * durable. That an event was handled stays known, since its pieces can come again one by one.
 */
public final class Pieces {

  private static final String HANDLED = "handled";

  private final Bookmarks bookmarks;

  public Pieces(Bookmarks bookmarks) {
    this.bookmarks = bookmarks;
  }

  /** Keeps a piece, durably. */
  public void keep(Oversize.Piece piece) {
    bookmarks.save(owner(piece.id()), Integer.toString(piece.index()), piece.text());
  }

  /** The whole text; null when pieces are missing. */
  @Nullable String whole(Oversize oversize) {
    Map<String, String> texts = bookmarks.read(owner(oversize.id()));
    StringBuilder whole = new StringBuilder(oversize.bytes());
    for (int i = 0; i < oversize.pieces(); i++) {
      String text = texts.get(Integer.toString(i));
      if (text == null) {
        return null;
      }
      whole.append(text);
    }
    return whole.toString();
  }

  /** Whether the event has become durable before, and its text was let go. */
  boolean isHandled(Oversize oversize) {
    return bookmarks.read(owner(oversize.id())).containsKey(HANDLED);
  }

  /** The event is durable. */
  void handled(Oversize oversize) {
    bookmarks.save(owner(oversize.id()), HANDLED, "");
    for (int i = 0; i < oversize.pieces(); i++) {
      bookmarks.remove(owner(oversize.id()), Integer.toString(i));
    }
  }

  private static String owner(String id) {
    return "oversize " + id;
  }
}
