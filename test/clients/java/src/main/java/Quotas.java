import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ThrottlingQuotaExceededException;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;

/** Who asks for more than its quota waits. */
final class Quotas {
  private static final int RECORDS = 30, RECORD_BYTES = 50_000;
  private static final double BYTES_PER_S = 100_000; // Ten windows of it, a megabyte, may come at once.
  private final Kit kit;

  Quotas(Kit kit) {
    this.kit = kit;
  }

  void addTo(Map<String, Main.Scenario> scenarios) {
    scenarios.put("quotas", this::quotas);
  }

  private void set(String client, String key, double value) throws Exception {
    ClientQuotaEntity entity = new ClientQuotaEntity(Map.of(ClientQuotaEntity.CLIENT_ID, client));
    var change = new ClientQuotaAlteration(entity, List.of(new ClientQuotaAlteration.Op(key, value)));
    Kit.get(kit.admin.alterClientQuotas(List.of(change)).all());
  }

  private static double metric(Map<MetricName, ? extends Metric> metrics, String name) {
    return metrics.values().stream().filter(each -> each.metricName().name().equals(name))
        .mapToDouble(each -> (Double) each.metricValue()).filter(value -> !Double.isNaN(value)).max().orElse(0);
  }

  private void quotas() throws Exception {
    String topic = kit.topic();
    String client = Kit.fresh("throttled");
    set(client, "producer_byte_rate", BYTES_PER_S);
    set(client, "consumer_byte_rate", BYTES_PER_S);
    long began = System.nanoTime();
    try (KafkaProducer<byte[], byte[]> producer = kit.producer("client.id", client, "batch.size", 0)) {
      Kit.send(producer, topic, Collections.nCopies(RECORDS, new byte[RECORD_BYTES]));
      Kit.same(metric(producer.metrics(), "produce-throttle-time-max") > 0, true);
    }
    double least = (RECORDS - 2) * RECORD_BYTES / BYTES_PER_S - 10; // The last response says to wait, and nobody does.
    Kit.same((System.nanoTime() - began) / 1e9 > least, true);

    try (KafkaConsumer<byte[], byte[]> consumer = kit.consumer(Kit.fresh("g"), "client.id", client)) {
      consumer.assign(List.of(new TopicPartition(topic, 0)));
      int got = 0;
      for (int tries = 0; got < RECORDS && tries < 300; ++tries) got += consumer.poll(Duration.ofMillis(100)).count();
      Kit.same(got, RECORDS);
      Kit.same(metric(consumer.metrics(), "fetch-throttle-time-max") > 0, true);
    }

    set("mutating", "controller_mutation_rate", 1);
    try (var admin = kit.admin("client.id", "mutating")) {
      Kit.get(admin.createTopics(List.of(new NewTopic(Kit.fresh("t"), 15, (short) 1))).all());
      var more = List.of(new NewTopic(Kit.fresh("t"), 1, (short) 1));
      var once = new CreateTopicsOptions().retryOnQuotaViolation(false);
      Kit.refused(ThrottlingQuotaExceededException.class, admin.createTopics(more, once).all());
    }
  }
}
