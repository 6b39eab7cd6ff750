package io.dynapipe.deploy.aws;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/** An element of an answer in XML; one that is not there has no text and no members. */
public final class Xml {

  private final @Nullable Element element;

  private Xml(@Nullable Element element) {
    this.element = element;
  }

  static Xml parse(byte[] text) throws IOException {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      var builder = factory.newDocumentBuilder();
      // Its default prints to stderr.
      builder.setErrorHandler(null);
      return new Xml(builder.parse(new ByteArrayInputStream(text)).getDocumentElement());
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException("this JDK has no safe XML parser", e);
    } catch (SAXException e) {
      throw new IOException("the answer is not XML: " + e.getMessage(), e);
    }
  }

  /** The element at the end of a path of names. */
  public Xml at(String... path) {
    Xml found = this;
    for (String name : path) {
      List<Xml> children = found.children(name);
      found = children.isEmpty() ? new Xml(null) : children.get(0);
    }
    return found;
  }

  /** The text at the end of a path of names; empty when nothing is there. */
  public String text(String... path) {
    Element target = at(path).element;
    return target == null ? "" : target.getTextContent().strip();
  }

  /** The members of a list. */
  public List<Xml> members(String... path) {
    return at(path).children("member");
  }

  private List<Xml> children(String name) {
    List<Xml> children = new ArrayList<>();
    if (element != null) {
      for (Node node = element.getFirstChild(); node != null; node = node.getNextSibling()) {
        if (node instanceof Element child && child.getTagName().equals(name)) {
          children.add(new Xml(child));
        }
      }
    }
    return children;
  }
}
