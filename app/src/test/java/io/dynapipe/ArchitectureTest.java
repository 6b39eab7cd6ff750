package io.dynapipe;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * Imports point the way of the data and never back. The table is the whole rule; {@code
 * CONTRIBUTING.md} shows it to people.
 *
 * <p>{@code sink..} means a package with its sub-packages, {@code sink} the package alone. Every
 * package may import itself.
 */
final class ArchitectureTest {

  private static final String SINK_USES = "sink event.. json.. retry.. config.. error..";
  private static final String STREAM_USES = "stream event.. dms.. json.. retry.. config.. error..";
  private static final String BELOW_TASK =
      "source.. mapping.. processor.. stream.. sink.. dms.. event.. json.. retry.. config.."
          + " error..";
  private static final String BELOW_TOP = "task.. preflight.. verify.. " + BELOW_TASK;

  private static final Map<String, String> ALLOWED =
      Stream.of(
              allow("event..", ""),
              allow("error..", ""),
              allow("json..", "error.."),
              allow("retry..", "error.."),
              allow("config..", "error.."),
              allow("dms..", "event.. json.. error.."),
              allow("stream", "error.."),
              allow("stream.embedded..", STREAM_USES),
              allow("stream.kinesis..", STREAM_USES),
              allow("sink", "event.. json.. error.."),
              allow("sink.cratedb..", SINK_USES),
              allow("sink.postgres..", SINK_USES),
              allow("processor..", "event.. dms.. stream sink error.. retry.."),
              allow("source..", "event.. error.. config.. retry.. json.."),
              allow("mapping..", "event.. dms.. error.. config.. json.."),
              allow("preflight..", BELOW_TASK),
              allow("verify..", BELOW_TASK),
              allow("task..", "preflight.. verify.. " + BELOW_TASK),
              allow("service..", BELOW_TOP),
              allow(
                  "lambda..",
                  "processor.. stream sink.. dms.. event.. json.. retry.. config.. error.."),
              allow("image..", "config.. error.."),
              allow("deploy..", "image.. " + BELOW_TOP),
              allow("demo..", "service.. " + BELOW_TOP),
              allow("cli..", "demo.. service.. deploy.. image.. " + BELOW_TOP))
          .collect(toMap(Map.Entry::getKey, Map.Entry::getValue));

  private static final JavaClasses OURS =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages("io.dynapipe");

  @SuppressWarnings("unused") // read by the parameterized test
  private static final Iterable<String> PACKAGES = ALLOWED.keySet();

  @ParameterizedTest
  @FieldSource("PACKAGES")
  void importsOnlyWhatItMay(String name) {
    classes()
        .that()
        .resideInAPackage(qualified(name))
        .should()
        .onlyDependOnClassesThat(
            resideOutsideOfPackage("io.dynapipe..")
                .or(resideInAnyPackage(patterns(name + " " + ALLOWED.get(name)))))
        .allowEmptyShould(true)
        .check(OURS);
  }

  @Test
  void hasNoCycles() {
    slices()
        .matching("io.dynapipe.(**)")
        .should()
        .beFreeOfCycles()
        .allowEmptyShould(true)
        .check(OURS);
  }

  @Test
  void knowsEveryPackage() {
    classes()
        .should()
        .resideInAnyPackage(patterns(String.join(" ", ALLOWED.keySet())))
        .because("a new package needs its place in the table of ArchitectureTest")
        .check(OURS);
  }

  @Test
  void seesCoreAndApp() {
    assertThat(OURS.stream().map(c -> c.getPackageName()))
        .contains("io.dynapipe.event", "io.dynapipe.cli");
  }

  private static Map.Entry<String, String> allow(String name, String imports) {
    return Map.entry(name, imports);
  }

  private static String[] patterns(String names) {
    return names
        .trim()
        .lines()
        .flatMap(line -> Stream.of(line.split(" +")))
        .map(ArchitectureTest::qualified)
        .toArray(String[]::new);
  }

  private static String qualified(String name) {
    return "io.dynapipe." + name;
  }
}
