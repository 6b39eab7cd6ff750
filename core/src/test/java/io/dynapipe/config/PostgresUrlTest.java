package io.dynapipe.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.dynapipe.error.PipelineException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PostgresUrlTest {

  @Test
  void aWholeUrlIsTakenApart() {
    PostgresUrl url =
        SourceUrl.parse(
            "postgresql://us%40er:p%2Fw@db.example.org:5433/my%20db?sslmode=require&options=-c%20a%3Db",
            Map.of());

    assertThat(url.hosts()).containsExactly(new HostPort("db.example.org", 5433));
    assertThat(url.user()).isEqualTo("us@er");
    assertThat(url.database()).isEqualTo("my db");
    assertThat(url.jdbcUrl()).isEqualTo("jdbc:postgresql://db.example.org:5433/my%20db");
    assertThat(url.jdbcProperties())
        .containsOnly(
            Map.entry("user", "us@er"),
            Map.entry("password", "p/w"),
            Map.entry("sslmode", "require"),
            Map.entry("options", "-c a=b"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "postgres://u@h/d | postgresql://u@h:5432/d",
        "POSTGRESQL://u@h/d | postgresql://u@h:5432/d",
        "postgresql://u:p@h/d | postgresql://u:***@h:5432/d",
        "postgresql://u:p@ss@h/d | postgresql://u:***@h:5432/d",
        "postgresql://u:@h/d | postgresql://u:***@h:5432/d",
        "postgresql://u:p:q@h/d | postgresql://u:***@h:5432/d",
        "postgresql://u@[::1]:5433/d | postgresql://u@[::1]:5433/d",
        "postgresql://u@[2001:db8::5]/d | postgresql://u@[2001:db8::5]:5432/d",
        "postgresql://u@h1:1,h2:2,[::1]/d | postgresql://u@h1:1,h2:2,[::1]:5432/d",
        "postgresql:///d?user=u | postgresql://u@localhost:5432/d",
        "postgresql://u@my_host/d | postgresql://u@my_host:5432/d",
        "postgresql://h?user=u&dbname=d&password=p | postgresql://u:***@h:5432/d",
        "postgresql://u@h/d?password_file=/run/pw | postgresql://u:***@h:5432/d",
        "postgresql://u@h/d?password_command=cat%20x | postgresql://u:***@h:5432/d",
        "postgresql://u@h/d?sslpassword=x&ssl=a+b |"
            + " postgresql://u@h:5432/d?sslpassword=***&ssl=a%2Bb",
        "postgresql://u@h/d?application_name=x&connect_timeout=5"
            + " | postgresql://u@h:5432/d?ApplicationName=x&connectTimeout=5",
        "postgresql://u@h,g/d?target_session_attrs=read-write"
            + " | postgresql://u@h:5432,g:5432/d?targetServerType=primary",
      })
  void goodUrlsReadAs(String text, String expected) {
    assertThat(SourceUrl.parse(text, Map.of())).hasToString(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mysql://u:secret@h/d"
            + " | 'mysql://' is not known here; it can begin with postgres://, postgresql://",
        "u:secret@h/d | it must begin with postgres://, postgresql://",
        "postgresql:u:secret@h/d | it must begin with postgres://, postgresql://",
        "postgresql://h | there is no user; there is no database",
        "postgresql://u@h:0/d | the port of the host is not a number from 1 to 65535",
        "postgresql://u@h:99999/d | the port of the host is not a number from 1 to 65535",
        "postgresql://u@h:/d | the port of the host is not a number from 1 to 65535",
        "postgresql://user:secret"
            + " | the port of the host is not a number from 1 to 65535; there is no user;"
            + " there is no database",
        "postgresql://u@h1,h2:x,,::1/d"
            + " | the port of host 2 is not a number from 1 to 65535; host 3 is empty;"
            + " host 4 has several colons; an IPv6 address needs brackets, as in [::1]:5432",
        "postgresql://u@[zz]/d | the host is not an IPv6 address",
        "postgresql://u@[::1/d | the host is not an IPv6 address",
        "postgresql://u@h h/d | the host has characters that no host name has",
        "postgresql://u@%2Fvar%2Frun/d"
            + " | the host is a Unix socket, which is not supported; give a TCP address",
        "postgresql://u:%zz@h/d"
            + " | password has a '%' that is no valid escape; write '%' itself as %25",
        "postgresql://%ff@h/d | user has a '%' that is no valid escape; write '%' itself as %25;"
            + " there is no user",
        "postgresql://u@h/d/e | the path has more parts than the database",
        "postgresql://u@h/d?dbname=e | the database is given in more than one way",
        "postgresql://u@h/d?user=v | the user is given in more than one way",
        "postgresql://u:secret@h/d?password_file=/x | the password is given in more than one way",
        "postgresql://u@h/d?sslmode=on&x&a=1&a=2"
            + " | a parameter behind '?' is not of the form name=value; parameter 'a' is given"
            + " twice; sslmode must be one of disable, allow, prefer, require, verify-ca,"
            + " verify-full",
        "postgresql://u@h/d?pass/word=secret | a parameter behind '?' has a name that is not of"
            + " letters, digits, '_', '-'",
        "postgresql://u:se/cret@h/d | there is an '@' behind the first '/', '?' or '#'; where"
            + " these belong to user, password, database or a parameter, write '@' as %40, '/' as"
            + " %2F, '?' as %3F, '#' as %23",
        "postgresql://u:secret@h/d#x"
            + " | there is a '#'; where it belongs to a name or password, write %23",
      })
  void badUrlsAreRefusedWithAllProblems(String text, String problems) {
    PipelineException refusal =
        catchThrowableOfType(PipelineException.class, () -> SourceUrl.parse(text, Map.of()));

    assertThat(refusal).hasMessage("source URL: " + problems);
    assertThat(refusal.kind()).isEqualTo(PipelineException.Kind.INPUT);
    assertThat(refusal.cure()).contains(PostgresUrl.EXAMPLE);
    assertThat(refusal.getMessage()).doesNotContain("secret", "cret");
  }

  @Test
  void theEnvironmentStandsInForUserAndPassword() {
    Map<String, String> environment = Map.of("PGUSER", "env", "PGPASSWORD", "env-secret");

    PostgresUrl fromEnvironment = SourceUrl.parse("postgresql://h/d", environment);
    PostgresUrl fromUrl = SourceUrl.parse("postgresql://u:p@h/d", environment);

    assertThat(fromEnvironment.user()).isEqualTo("env");
    assertThat(fromEnvironment.jdbcProperties()).containsEntry("password", "env-secret");
    assertThat(fromUrl.user()).isEqualTo("u");
    assertThat(fromUrl.jdbcProperties()).containsEntry("password", "p");
  }

  @Test
  void aChangedPropertyReplacesTheOldOne() {
    PostgresUrl url = SourceUrl.parse("postgresql://u@h/d?ssl=true", Map.of());

    PostgresUrl changed = url.withProperty("ssl", "false").withProperty("more", "x");

    assertThat(changed.properties()).isEqualTo(Map.of("ssl", "false", "more", "x"));
    assertThat(url.properties()).isEqualTo(Map.of("ssl", "true"));
    assertThat(changed.hosts()).isEqualTo(List.of(new HostPort("h", 5432)));
  }
}
