package io.dynapipe.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dynapipe.error.PipelineException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SinkUrlTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "crate:// | crate://crate@localhost:4200/",
        "crate://localhost:4200 | crate://crate@localhost:4200/",
        "crate://u:p@h/s?ssl=true | crate://u:***@h:4200/s?ssl=true",
        "crate://u:p@h:4201/s/?sslmode=require | crate://u:***@h:4201/s?ssl=true",
        "crate://h1:4200,h2:4200/ | crate://crate@h1:4200,h2:4200/",
        "crate+http://h/?schema=s | crate://crate@h:4200/s",
        "crate+https://h | crate://crate@h:4200/?ssl=true",
        "https://h?cert_file=/c&key_file=/k&sslmode=verify-ca"
            + " | crate://crate@h:4200/?ssl=true&sslmode=verify-ca&cert_file=%2Fc&key_file=%2Fk",
        "crate://h?jwt_token=abc | crate://crate@h:4200/?jwt_token=***",
        "crate://h?shards=6&replicas=0-1&partition_by=region,day&in_flight=4&bulk_rows=1000"
            + "&bulk_size=1MiB&gzip=true&control_tables=keep&ddl=ignore"
            + " | crate://crate@h:4200/?shards=6&replicas=0-1&partition_by=region%2Cday&in_flight=4"
            + "&bulk_rows=1000&bulk_size=1048576&gzip=true&control_tables=keep&ddl=ignore",
        "crate+urllib3://h?ssl=0 | crate://crate@h:4200/",
        "http://[::1]:4200/ | crate://crate@[::1]:4200/",
        "https://u:p@h:4200 | crate://u:***@h:4200/?ssl=true",
        "crate://h?ssl=true&verify_ssl_cert=false&timeout=1m30s"
            + " | crate://crate@h:4200/?ssl=true&verify_ssl_cert=false&timeout=1m30s",
        "crate://h?ssl=true&ca_cert=/etc/ca.pem"
            + " | crate://crate@h:4200/?ssl=true&ca_cert=%2Fetc%2Fca.pem",
        "postgresql://u:p@h/d | postgresql://u:***@h:5432/d",
      })
  void goodUrlsReadAs(String text, String expected) {
    assertThat(SinkUrl.parse(text, Map.of())).hasToString(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "kafka://h | 'kafka://' is not known here; it can begin with crate://, crate+http://,"
            + " crate+https://, crate+urllib3://, http://, https://, postgresql://",
        "h:4200 | it must begin with crate://, crate+http://, crate+https://, crate+urllib3://,"
            + " http://, https://, postgresql://",
        "crate://h/s/t"
            + " | the path has more parts than the schema; tables are named by the events",
        "crate://h/s?schema=t | the schema is given in more than one way",
        "crate://h?ssl=maybe&timeout=10&tiemout=3s"
            + " | ssl must be true or false; timeout: '10' is not a duration; parameter 'tiemout'"
            + " is not known; known are bulk_rows, bulk_size, ca_cert, cert_file, control_tables,"
            + " ddl, gzip, in_flight, jwt_token, jwt_token_command, jwt_token_file, key_file,"
            + " partition_by, password_command, password_file, replicas, schema, shards, ssl,"
            + " sslmode, timeout, verify_ssl_cert",
        "crate://h?cert_file=/c | verify_ssl_cert, ca_cert, cert_file and key_file need ssl=true;"
            + " cert_file and key_file go together",
        "crate://u:p@h?jwt_token=abc | a user or password and jwt_token are given: CrateDB takes"
            + " one of them",
        "crate://h?shards=0&replicas=x&in_flight=999&bulk_size=1GB&ddl=no"
            + " | ddl must be one of apply, ignore; shards: '0' is no number from 1 to 1024;"
            + " replicas: 'x' is no number of replicas; in_flight: '999' is no number from 1 to 64;"
            + " bulk_size: '1GB' is no size from 1 KiB to 64 MiB",
        "https://h?ssl=false | scheme, ssl and sslmode contradict each other",
        "crate://h?sslmode=disable&ssl=true | scheme, ssl and sslmode contradict each other",
        "crate://h?verify_ssl_cert=false | verify_ssl_cert, ca_cert, cert_file and key_file need"
            + " ssl=true",
        "postgresql://h | there is no user; there is no database",
      })
  void badUrlsAreRefusedWithAllProblems(String text, String problems) {
    assertThatThrownBy(() -> SinkUrl.parse(text, Map.of())).hasMessage("sink URL: " + problems);
  }

  @Test
  void eachNodeHasItsAddress() {
    CrateUrl url = (CrateUrl) SinkUrl.parse("crate://h1,h2:4201/s?ssl=true", Map.of());

    assertThat(url.baseUrls()).containsExactly("https://h1:4200", "https://h2:4201");
    assertThat(url.schema()).isEqualTo("s");
  }

  @Test
  void theEnvironmentStandsInForUserAndPassword() {
    CrateUrl url =
        (CrateUrl)
            SinkUrl.parse(
                "crate://h", Map.of("CRATEDB_USERNAME", "admin", "CRATEDB_PASSWORD", "env-secret"));

    assertThat(url.user()).isEqualTo("admin");
    assertThat(url.password()).isEqualTo(Secret.of("env-secret"));
  }

  @Test
  void theOptionComesBeforeTheVariablesOfTheReferenceProcessor() {
    Map<String, String> sqlalchemy = Map.of(SinkUrl.SINK_SQLALCHEMY_URL, "crate://a");
    Map<String, String> cluster = Map.of(SinkUrl.CRATEDB_CLUSTER_URL, "https://b");
    Map<String, String> blank =
        Map.of(SinkUrl.CRATEDB_CLUSTER_URL, "https://b", SinkUrl.SINK_SQLALCHEMY_URL, " ");

    assertThat(SinkUrl.resolve("crate://o", sqlalchemy)).hasToString("crate://crate@o:4200/");
    assertThat(SinkUrl.resolve(null, sqlalchemy)).hasToString("crate://crate@a:4200/");
    assertThat(SinkUrl.resolve(null, cluster)).hasToString("crate://crate@b:4200/?ssl=true");
    assertThat(SinkUrl.resolve(null, blank)).hasToString("crate://crate@b:4200/?ssl=true");
  }

  @Test
  void noSinkAndTwoSinksAreRefused() {
    Map<String, String> two =
        Map.of(
            SinkUrl.CRATEDB_CLUSTER_URL, "https://b:1", SinkUrl.SINK_SQLALCHEMY_URL, "crate://a");

    assertThatThrownBy(() -> SinkUrl.resolve(null, Map.of()))
        .isInstanceOf(PipelineException.class)
        .hasMessage("no sink is given");
    assertThatThrownBy(() -> SinkUrl.resolve(null, two))
        .hasMessage("SINK_SQLALCHEMY_URL and CRATEDB_CLUSTER_URL name different sinks");
  }

  @Test
  void aProblemNamesTheVariableThatHasIt() {
    assertThatThrownBy(
            () -> SinkUrl.resolve(null, Map.of(SinkUrl.SINK_SQLALCHEMY_URL, "crate://h:x")))
        .hasMessage("SINK_SQLALCHEMY_URL: the port of the host is not a number from 1 to 65535");
  }
}
