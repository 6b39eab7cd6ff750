package io.dynapipe.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynapipe.error.PipelineException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Publications that we make, and those that somebody else made. */
final class PublicationsIT {

  private static final String MEMBERS =
      "SELECT pubname, tablename FROM pg_publication_tables ORDER BY 1, 2";

  private SourceDatabase source;

  @BeforeEach
  void createDatabase() throws Exception {
    source = SourceDatabase.create();
    source.run("CREATE TABLE a (id int PRIMARY KEY)", "CREATE TABLE b (id int)");
  }

  @AfterEach
  void dropDatabase() throws Exception {
    source.close();
  }

  @Test
  void keepsTablesWithoutIdentityApart() throws Exception {
    List<String> names = source.server().publications().ensure("p", source.tables());
    assertThat(names).containsExactly("p", "p_inserts");
    assertThat(source.query(MEMBERS)).containsExactly("p|a", "p_inserts|b");
  }

  @Test
  void followsTheSelection() throws Exception {
    PublishedTables publications = source.server().publications();
    publications.ensure("p", source.tables());
    source.run("ALTER TABLE b ADD PRIMARY KEY (id)", "CREATE TABLE c (id int PRIMARY KEY)");
    publications.ensure("p", List.of(source.table("b"), source.table("c")));
    assertThat(source.query(MEMBERS)).containsExactly("p|b", "p|c");
  }

  @Test
  void leavesOutWhatLogicalReplicationCannotSee() throws Exception {
    source.run("CREATE VIEW v AS SELECT * FROM a", "CREATE UNLOGGED TABLE u (id int PRIMARY KEY)");
    List<SourceTable> tables = source.server().tables((table, isView) -> true);
    assertThat(tables)
        .extracting(table -> table.name().name() + " " + table.kind())
        .containsExactly("a TABLE", "b TABLE", "u UNLOGGED", "v VIEW");
    source.server().publications().ensure("p", tables);
    assertThat(source.query(MEMBERS)).containsExactly("p|a", "p_inserts|b");
  }

  @Test
  void dropsItsOwnAndNobodyElses() throws Exception {
    PublishedTables publications = source.server().publications();
    publications.ensure("p", source.tables());
    source.run("CREATE PUBLICATION theirs FOR ALL TABLES");
    publications.drop("p");
    publications.drop("theirs");
    publications.drop("nowhere");
    assertThat(source.query("SELECT pubname FROM pg_publication")).containsExactly("theirs");
  }

  @Test
  void usesSomebodyElsesThatHoldsEveryTable() throws Exception {
    source.run("CREATE PUBLICATION theirs FOR ALL TABLES");
    assertThat(source.server().publications().ensure("theirs", source.tables()))
        .containsExactly("theirs");
  }

  @Test
  void saysWhichTableSomebodyElsesLacks() throws Exception {
    source.run("CREATE PUBLICATION theirs FOR TABLE a");
    assertThatThrownBy(() -> source.server().publications().ensure("theirs", source.tables()))
        .hasMessage("the publication theirs does not hold the table public.b")
        .satisfies(
            e ->
                assertThat(((PipelineException) e).cure())
                    .contains("ALTER PUBLICATION \"theirs\" ADD TABLE \"public\".\"b\""));
  }

  @Test
  void takesInheritingTablesOneByOne() throws Exception {
    source.run("CREATE TABLE child (PRIMARY KEY (id)) INHERITS (a)");
    source.server().publications().ensure("p", List.of(source.table("a")));
    assertThat(source.query(MEMBERS)).containsExactly("p|a");
  }
}
