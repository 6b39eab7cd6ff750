package io.dynapipe.mapping.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The page of task settings tells each of them, with default and effect, as they are in the code.
 */
final class TaskSettingsDocTest {

  private static final Path PAGE = Path.of("../docs/task-settings.md");

  @Test
  void tellsEverySetting() throws IOException {
    List<String> rows = new ArrayList<>();
    List<SettingsSection> sections = new ArrayList<>(SettingsCatalogue.SECTIONS);
    sections.add(SettingsCatalogue.TIME_TRAVEL_S3);
    sections.add(SettingsCatalogue.TIME_TRAVEL_RECORDS);
    for (SettingsSection section : sections) {
      rows.add("### " + section.name());
      section.settings().forEach(setting -> rows.add(row(setting)));
    }

    assertThat(Files.readAllLines(PAGE)).containsAll(rows);
  }

  private static String row(Setting setting) {
    String standard =
        setting.standard().asText().isEmpty() ? "empty" : "`" + setting.standard().asText() + "`";
    String values =
        setting.choices().isEmpty() ? "" : " One of " + String.join(", ", setting.choices()) + ".";
    String range =
        setting.least() == setting.most() ? "" : " From " + setting.least() + range(setting) + ".";
    String effect = setting.honoured() ? setting.effect() : "No effect: " + setting.effect() + ".";
    return "| `" + setting.name() + "` | " + standard + " | " + effect + values + range + " |";
  }

  private static String range(Setting setting) {
    return setting.most() == Integer.MAX_VALUE ? "" : " to " + setting.most();
  }
}
