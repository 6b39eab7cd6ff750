package io.dynapipe.sink.cratedb;

import static org.assertj.core.api.Assertions.assertThat;

import io.dynapipe.config.CrateUrl;
import io.dynapipe.config.SinkUrl;
import io.dynapipe.sink.cratedb.CrateSettings.ControlTables;
import io.dynapipe.sink.cratedb.CrateSettings.Tls;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class CrateSettingsTest {

  private static CrateSettings of(String url) {
    return CrateSettings.of((CrateUrl) SinkUrl.parse(url, Map.of()));
  }

  @Test
  void defaultsAreTheMeasuredOnes() {
    CrateSettings settings = of("crate://localhost");

    assertThat(settings.bulk()).isEqualTo(new CrateSettings.Bulk(2, 5_000, 4 << 20, false));
    assertThat(settings.server().tls()).isEqualTo(Tls.DEFAULT);
    assertThat(settings.server().token()).isNull();
    assertThat(settings.tables().shards()).isNull();
    assertThat(settings.tables().ddl()).isTrue();
    assertThat(settings.tables().controlTables()).isEqualTo(ControlTables.SKIP);
  }

  @Test
  void everyParameterOfTheUrlHasItsSetting() {
    CrateSettings settings =
        of(
            "crate://h1,h2:4201/s?ssl=true&sslmode=verify-ca&ca_cert=/ca&cert_file=/c&key_file=/k"
                + "&jwt_token=abc&shards=6&replicas=0-1&partition_by=region&in_flight=4"
                + "&bulk_rows=10&bulk_size=1MiB&gzip=true&control_tables=keep&ddl=ignore");

    assertThat(settings.server().hosts())
        .containsExactly(URI.create("https://h1:4200"), URI.create("https://h2:4201"));
    assertThat(Objects.requireNonNull(settings.server().token()).reveal()).isEqualTo("abc");
    assertThat(settings.server().tls()).isEqualTo(new Tls(Tls.Verify.VERIFY_CA, "/ca", "/c", "/k"));
    assertThat(settings.bulk()).isEqualTo(new CrateSettings.Bulk(4, 10, 1 << 20, true));
    CrateSettings.Tables tables = settings.tables();
    assertThat(tables.schema()).isEqualTo("s");
    assertThat(tables.shards()).isEqualTo(6);
    assertThat(tables.replicas()).isEqualTo("0-1");
    assertThat(tables.partitionBy()).isEqualTo(List.of("region"));
    assertThat(tables.controlTables()).isEqualTo(ControlTables.KEEP);
    assertThat(tables.ddl()).isFalse();
  }

  @Test
  void noCheckOfTheCertificateIsWhatVerifySslCertSays() {
    assertThat(of("https://h?verify_ssl_cert=false").server().tls().verify())
        .isEqualTo(Tls.Verify.REQUIRE);
  }
}
