package io.dynapipe.service.metrics;

import com.sun.net.httpserver.HttpExchange;
import io.dynapipe.processor.TableCounts;
import io.dynapipe.service.dms.DmsApi;
import io.dynapipe.service.engine.Sample;
import io.dynapipe.service.engine.StreamGauges;
import io.dynapipe.service.engine.TableFigures;
import io.dynapipe.service.engine.TaskEngine;
import io.dynapipe.service.web.WebAnswer;
import io.dynapipe.service.web.WebHandler;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.lang.management.OperatingSystemMXBean;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Figures of tasks, streams, the sink and the process for Prometheus. Thread-safe. */
public final class Metrics implements WebHandler {

  private static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";
  private static final double MILLIS = 1_000;

  private final DmsApi dms;
  private final TaskEngine engine;
  private final Health health;

  public Metrics(DmsApi dms, TaskEngine engine, Health health) {
    this.dms = dms;
    this.engine = engine;
    this.health = health;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    WebAnswer.send(exchange, 200, TYPE, text().getBytes(StandardCharsets.UTF_8));
  }

  /** All metrics. */
  public String text() {
    PrometheusText text = new PrometheusText();
    dms.tasks().forEach(task -> task(text, task));
    text.with(Map.of());
    engine.meters().streams().values().forEach(stream -> stream(text, stream));
    text.gauge(
        "dynapipe_healthy",
        "1 while work moves",
        health.check().path("healthy").booleanValue() ? 1 : 0);
    text.counter(
        "dynapipe_sink_rows_total",
        "Rows applied to the sink since the service started",
        engine.meters().appliedRows());
    text.gauge(
        "dynapipe_sink_open",
        "1 once the sink could be opened",
        engine.streams().openedSink() == null ? 0 : 1);
    text.counter(
        "dynapipe_quarantined_total",
        "Records set aside since the service started",
        engine.meters().quarantined());
    Long entries = engine.meters().quarantineEntries();
    if (entries != null) {
      text.gauge("dynapipe_quarantine_entries", "Entries in the sink's quarantine", entries);
    }
    process(text);
    return text.toString();
  }

  private void task(PrometheusText text, DmsApi.TaskState task) {
    text.with(
        Map.of(
            "ReplicationTaskIdentifier",
            task.name(),
            "ReplicationInstanceIdentifier",
            task.instance()));
    text.gauge("dynapipe_task_status", "1 for the status the task has", 1, "status", task.status());
    Sample sample = engine.meters().last(task.id());
    if (sample != null) {
      text.gauge(
          "dynapipe_cdc_latency_source_seconds",
          "CDCLatencySource: seconds from commit to capture, 0 when idle",
          sample.latencySource());
      text.gauge(
          "dynapipe_cdc_latency_target_seconds",
          "CDCLatencyTarget: seconds that the oldest record waits for the target",
          sample.latencyTarget());
      text.gauge(
          "dynapipe_cdc_incoming_changes",
          "CDCIncomingChanges: records in the stream that are not applied",
          sample.waiting());
      text.gauge(
          "dynapipe_cdc_throughput_rows_source",
          "CDCThroughputRowsSource: rows a second read at the source",
          sample.captured());
      text.gauge(
          "dynapipe_cdc_throughput_rows_target",
          "CDCThroughputRowsTarget: changes a second applied to the target",
          sample.applied());
      text.gauge(
          "dynapipe_full_load_throughput_rows_target",
          "FullLoadThroughputRowsTarget: loaded rows a second applied to the target",
          sample.loaded());
    }
    engine.figures(task.id()).forEach(table -> table(text, table));
  }

  private static void table(PrometheusText text, TableFigures table) {
    rows(text, table, "captured", table.captured());
    rows(text, table, "applied", table.applied());
  }

  private static void rows(
      PrometheusText text, TableFigures table, String stage, TableCounts counts) {
    Map<String, Long> operations =
        Map.of(
            "load", counts.loads(),
            "insert", counts.inserts(),
            "update", counts.updates(),
            "delete", counts.deletes(),
            "ddl", counts.tableChanges(),
            "quarantined", counts.quarantined());
    operations.forEach(
        (operation, count) ->
            text.counter(
                "dynapipe_table_events_total",
                "Events of a table, by stage and operation",
                count,
                "schema",
                table.table().schema(),
                "table",
                table.table().name(),
                "stage",
                stage,
                "operation",
                operation));
  }

  private static void stream(PrometheusText text, StreamGauges stream) {
    text.gauge(
        "dynapipe_stream_waiting_records",
        "Records that are not applied",
        stream.waiting(),
        "stream",
        stream.name());
    text.gauge(
        "dynapipe_stream_stored_bytes",
        "Bytes that a stream keeps on disk",
        stream.storedBytes(),
        "stream",
        stream.name());
    text.gauge(
        "dynapipe_stream_applying",
        "0 when the applying of a stream has failed",
        stream.failure().isEmpty() ? 1 : 0,
        "stream",
        stream.name());
  }

  private static void process(PrometheusText text) {
    MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    text.gauge("jvm_memory_used_bytes", "Bytes used", heap.getUsed(), "area", "heap");
    text.gauge("jvm_memory_max_bytes", "Bytes at most", heap.getMax(), "area", "heap");
    MemoryUsage other = ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage();
    text.gauge("jvm_memory_used_bytes", "Bytes used", other.getUsed(), "area", "nonheap");
    for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
      text.gauge(
          "jvm_buffer_pool_used_bytes",
          "Bytes in buffers",
          pool.getMemoryUsed(),
          "pool",
          pool.getName());
    }
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      text.counter(
          "jvm_gc_collection_seconds_sum",
          "Seconds spent in collections",
          collector.getCollectionTime() / MILLIS,
          "gc",
          collector.getName());
    }
    text.gauge(
        "jvm_threads_current", "Threads now", ManagementFactory.getThreadMXBean().getThreadCount());
    OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
    if (system instanceof com.sun.management.OperatingSystemMXBean more) {
      text.counter(
          "process_cpu_seconds_total", "CPU time", more.getProcessCpuTime() / 1_000_000_000.0);
      text.gauge("dynapipe_freeable_memory_bytes", "FreeableMemory", more.getFreeMemorySize());
    }
    text.gauge(
        "process_uptime_seconds",
        "Seconds since the process started",
        ManagementFactory.getRuntimeMXBean().getUptime() / MILLIS);
  }
}
