import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Counts the tests in Surefire's and Failsafe's reports. Fails for a failed test, for no test at
 * all, and for a skipped test, since CI has all parts; only a real CrateDB and moto may be missing.
 */
public final class TestReport {

  /**
   * A real CrateDB, and moto, a Python package: CI has no Python package registry. What runs on
   * moto, runs on kinesis-local, too, with fewer records.
   */
  private static final List<String> MAY_BE_MISSING =
      List.of("DYNAPIPE_TEST_CRATEDB", "moto_server is not installed");

  private final List<String> wronglySkipped = new ArrayList<>();
  private final List<String> flaky = new ArrayList<>();
  private int passed;
  private int failed;
  private int skipped;

  public static void main(String[] args) throws Exception {
    TestReport report = new TestReport();
    DocumentBuilder xml = DocumentBuilderFactory.newInstance().newDocumentBuilder();
    for (Path file : reports()) {
      report.add(xml.parse(file.toFile()).getElementsByTagName("testcase"));
    }
    System.exit(report.print() ? 0 : 1);
  }

  private static List<Path> reports() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("."), 4)) {
      return files.filter(TestReport::isReport).sorted().toList();
    }
  }

  private static boolean isReport(Path file) {
    return file.toString().matches(".*/target/(surefire|failsafe)-reports/TEST-.*\\.xml");
  }

  private void add(NodeList tests) {
    for (int i = 0; i < tests.getLength(); i++) {
      add((Element) tests.item(i));
    }
  }

  private void add(Element test) {
    NodeList skips = test.getElementsByTagName("skipped");
    if (has(test, "failure") || has(test, "error")) {
      failed++;
    } else if (skips.getLength() == 0) {
      passed++;
      if (has(test, "flakyFailure") || has(test, "flakyError")) {
        flaky.add(name(test));
      }
    } else {
      skipped++;
      Element skip = (Element) skips.item(0);
      String reason = skip.getAttribute("message") + skip.getTextContent();
      if (MAY_BE_MISSING.stream().noneMatch(reason::contains)) {
        wronglySkipped.add(name(test) + ": " + reason.lines().findFirst().orElse("no reason given"));
      }
    }
  }

  private static String name(Element test) {
    return test.getAttribute("classname") + "." + test.getAttribute("name");
  }

  private static boolean has(Element test, String tag) {
    return test.getElementsByTagName(tag).getLength() > 0;
  }

  private boolean print() {
    System.out.println();
    for (String test : wronglySkipped) {
      System.out.println("skipped, but CI should run it: " + test);
    }
    for (String test : flaky) {
      System.out.println("failed, and passed when run again: " + test);
    }
    if (passed + failed == 0) {
      System.out.println("no test ran");
    }
    System.out.println(passed + " passed, " + failed + " failed, " + skipped + " skipped");
    return passed > 0 && failed == 0 && wronglySkipped.isEmpty();
  }
}
