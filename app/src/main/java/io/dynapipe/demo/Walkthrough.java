package io.dynapipe.demo;

import java.util.List;

/** The SQL of the walkthrough, in its steps. */
final class Walkthrough {

  static final String TABLE = "foo";

  /** A step: what is typed into the source, and what its result is called. */
  record Step(String name, List<String> statements) {}

  static final Step FULL_LOAD =
      new Step(
          "full-load",
          List.of(
              "CREATE TABLE foo (id INT PRIMARY KEY, name TEXT, age INT, attributes JSONB);",
              "INSERT INTO foo (id, name, age, attributes) VALUES (42, 'John', 30, '{\"foo\":"
                  + " \"bar\"}');",
              "INSERT INTO foo (id, name, age, attributes) VALUES (43, 'Jane', 31, '{\"baz\":"
                  + " \"qux\"}');"));

  static final List<Step> CHANGES =
      List.of(
          new Step(
              "updates",
              List.of(
                  "update foo set age=32 where name='Jane';",
                  "update foo set age=33 where id=43;",
                  "update foo set age=33 where attributes->>'foo'='bar';",
                  "update foo set attributes = jsonb_set(attributes, '{last_name}', '\"Doe\"',"
                      + " true) where name='John';")),
          new Step(
              "deletes",
              List.of("delete from foo where name='Jane';", "delete from foo where name='John';")));

  private Walkthrough() {}
}
