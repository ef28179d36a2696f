import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.consumer.SubscriptionPattern;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What only the newest consumers can do: share groups, and patterns that the broker resolves. */
final class Shares {
  private static final int DELIVERIES = 5;
  private final Kit kit;

  Shares(Kit kit) {
    this.kit = kit;
  }

  void addTo(Map<String, Main.Scenario> scenarios) {
    scenarios.put("share", this::share);
    scenarios.put("pattern", this::pattern);
  }

  private void beginAtTheStart(String group) throws Exception {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.GROUP, group);
    AlterConfigOp op = new AlterConfigOp(new ConfigEntry("share.auto.offset.reset", "earliest"), AlterConfigOp.OpType.SET);
    Kit.get(kit.admin.incrementalAlterConfigs(Map.of(resource, List.of(op))).all());
  }

  /** What is accepted comes once, what is released until it came often enough, what is rejected once. */
  private void share() throws Exception {
    String topic = kit.topic();
    String group = Kit.fresh("s");
    beginAtTheStart(group);
    kit.send(topic, Kit.texts("accept", "release", "reject", "accept too"));
    Map<String, Object> settings =
        Map.of("bootstrap.servers", kit.address, "group.id", group, "share.acknowledgement.mode", "explicit");
    Map<String, Integer> seen = new TreeMap<>();
    TopicPartition partition = new TopicPartition(topic, 0);
    try (KafkaShareConsumer<byte[], byte[]> consumer =
        new KafkaShareConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.subscribe(List.of(topic));
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Kit.TIMEOUT_S);
      while (seen.values().stream().mapToInt(Integer::intValue).sum() < 3 + DELIVERIES) {
        if (System.nanoTime() > end) throw new AssertionError("seen so far: " + seen);
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
          String value = new String(record.value());
          seen.merge(value, 1, Integer::sum);
          Kit.same((int) record.deliveryCount().get(), seen.get(value));
          consumer.acknowledge(record, switch (value) {
            case "release" -> AcknowledgeType.RELEASE;
            case "reject" -> AcknowledgeType.REJECT;
            default -> AcknowledgeType.ACCEPT;
          });
        }
        consumer.commitSync().values().forEach(error -> Kit.same(error.isPresent(), false));
      }
    }
    Kit.same(seen, Map.of("accept", 1, "release", DELIVERIES, "reject", 1, "accept too", 1));
    var offsets = kit.admin.listShareGroupOffsets(Map.of(group, new ListShareGroupOffsetsSpec()));
    Kit.same(Kit.get(offsets.partitionsToOffsetInfo(group)).get(partition).startOffset(), 4L);
    Kit.get(kit.admin.deleteShareGroups(List.of(group)).all());
  }

  private void pattern() throws Exception {
    String prefix = Kit.fresh("p");
    List<String> topics = List.of(prefix + "-a", prefix + "-b");
    for (String topic : topics) kit.send(topic, Kit.texts(topic));
    List<String> got = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer = kit.consumer(Kit.fresh("g"), "group.protocol", "consumer")) {
      consumer.subscribe(new SubscriptionPattern(prefix + "-[a-z]"));
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Kit.TIMEOUT_S);
      while (got.size() < topics.size() && System.nanoTime() < end) {
        consumer.poll(Duration.ofMillis(200)).forEach(record -> got.add(new String(record.value())));
      }
    }
    Kit.same(got.stream().sorted().toList(), topics);
  }
}
