package io.dynapipe.dms;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.dynapipe.error.PipelineException;
import io.dynapipe.event.ChangeEvent;
import io.dynapipe.json.JsonBuffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Our member {@code metadata.oversize} of an event that stands for another, which is larger than
 * the stream takes. The other's text is kept elsewhere, or came before in pieces.
 *
 * @param id of the whole text
 * @param bytes of the whole record
 * @param pieces how many the text has
 * @param apply whether the whole is to be applied; else it goes to the quarantine
 */
public record Oversize(String id, int bytes, int pieces, boolean apply) {

  private static final String MEMBER = "oversize";
  private static final byte[] PIECE = "{\"dynapipe-piece\":".getBytes(StandardCharsets.US_ASCII);
  private static final JsonFactory JSON = new JsonFactory();

  /** A piece of a text. */
  public record Piece(String id, int index, String text) {

    /** The piece as a record of the stream. */
    public byte[] toRecord() {
      return new JsonBuffer(text.length() + 200)
          .raw(PIECE)
          .string(id)
          .raw(",\"index\":")
          .number(index)
          .raw(",\"text\":")
          .string(text)
          .raw('}')
          .toBytes();
    }
  }

  /** The piece in a record; null when it is something else. */
  public static @Nullable Piece piece(byte[] record) {
    if (record.length < PIECE.length
        || !Arrays.equals(record, 0, PIECE.length, PIECE, 0, PIECE.length)) {
      return null;
    }
    try (JsonParser in = JSON.createParser(record)) {
      in.nextToken();
      String id = "";
      int index = 0;
      String text = "";
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        String name = in.currentName();
        in.nextToken();
        switch (name) {
          case "dynapipe-piece" -> id = in.getText();
          case "index" -> index = in.getIntValue();
          case "text" -> text = in.getText();
          default -> in.skipChildren();
        }
      }
      return new Piece(id, index, text);
    } catch (IOException e) {
      // The decoder says what is wrong with it.
      return null;
    }
  }

  /**
   * What an event stands for; null when for itself.
   *
   * @throws PipelineException (permanent) when that cannot be read
   */
  public static @Nullable Oversize of(ChangeEvent event) {
    String json = event.extras().metadata().get(MEMBER);
    if (json == null) {
      return null;
    }
    try (JsonParser in = JSON.createParser(json)) {
      String id = "";
      int bytes = 0;
      int pieces = 0;
      boolean apply = false;
      in.nextToken();
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        String name = in.currentName();
        in.nextToken();
        switch (name) {
          case "id" -> id = in.getText();
          case "bytes" -> bytes = in.getIntValue();
          case "pieces" -> pieces = in.getIntValue();
          case "apply" -> apply = in.getBooleanValue();
          default -> in.skipChildren();
        }
      }
      return new Oversize(id, bytes, pieces, apply);
    } catch (IOException e) {
      throw PipelineException.permanent(
          "'metadata.oversize' of " + event.table() + " cannot be read: " + e.getMessage(),
          "It is written by Dynapipe only; a newer version may know more.",
          e);
    }
  }

  /** The event with this member. */
  public ChangeEvent on(ChangeEvent event) {
    JsonBuffer out = new JsonBuffer(160);
    out.raw("{\"id\":").string(id).raw(",\"bytes\":").number(bytes);
    out.raw(",\"pieces\":").number(pieces).raw(",\"apply\":").raw(Boolean.toString(apply));
    return Fence.with(event, MEMBER, out.raw('}').toString());
  }
}
