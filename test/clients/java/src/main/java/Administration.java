import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.TopicExistsException;

/** What the Admin client can do. */
final class Administration {
  private final Kit kit;

  Administration(Kit kit) {
    this.kit = kit;
  }

  void addTo(Map<String, Main.Scenario> scenarios) {
    scenarios.put("topics", this::topics);
    scenarios.put("configs", this::configs);
    scenarios.put("groups", this::groups);
    scenarios.put("records", this::records);
  }

  private void topics() throws Exception {
    String topic = kit.topic(2, Map.of("retention.ms", "60000"));
    Kit.refused(TopicExistsException.class, kit.admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all());
    Kit.get(kit.admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(5))).all());
    Kit.same(Kit.get(kit.admin.describeTopics(List.of(topic)).allTopicNames()).get(topic).partitions().size(), 5);
    Kit.get(kit.admin.deleteTopics(List.of(topic)).all());
    Kit.same(Kit.get(kit.admin.listTopics().names()).contains(topic), false);
  }

  private Config described(ConfigResource resource) throws Exception {
    return Kit.get(kit.admin.describeConfigs(List.of(resource)).all()).get(resource);
  }

  private void configs() throws Exception {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, kit.topic(1, Map.of("retention.ms", "60000")));
    Config got = described(resource);
    Kit.same(got.get("retention.ms").value(), "60000");
    Kit.same(got.get("cleanup.policy").value(), "delete");
    Kit.same(got.get("max.message.bytes").isDefault(), true);
    AlterConfigOp change = new AlterConfigOp(new ConfigEntry("retention.ms", "120000"), AlterConfigOp.OpType.SET);
    Kit.get(kit.admin.incrementalAlterConfigs(Map.of(resource, List.of(change))).all());
    Kit.same(described(resource).get("retention.ms").value(), "120000");
  }

  private Set<String> listed() throws Exception {
    return Kit.get(kit.admin.listGroups().all()).stream().map(GroupListing::groupId).collect(Collectors.toSet());
  }

  private void groups() throws Exception {
    String topic = kit.topic();
    String group = Kit.fresh("g");
    try (KafkaConsumer<byte[], byte[]> consumer = kit.consumer(group)) {
      consumer.subscribe(List.of(topic));
      for (int tries = 0; consumer.assignment().isEmpty() && tries < 300; ++tries) consumer.poll(Duration.ofMillis(100));
      ConsumerGroupDescription found = Kit.get(kit.admin.describeConsumerGroups(List.of(group)).all()).get(group);
      Kit.same(found.groupState(), GroupState.STABLE);
      Kit.same(found.members().size(), 1);
      Kit.refused(GroupNotEmptyException.class, kit.admin.deleteConsumerGroups(List.of(group)).all());
    }
    Kit.same(listed().contains(group), true);
    Kit.get(kit.admin.deleteConsumerGroups(List.of(group)).all());
    Kit.same(listed().contains(group), false);
  }

  private void records() throws Exception {
    String topic = kit.topic();
    TopicPartition partition = new TopicPartition(topic, 0);
    kit.send(topic, Kit.texts("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"));
    var deleted = kit.admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(6))).lowWatermarks();
    Kit.same(Kit.get(deleted.get(partition)).lowWatermark(), 6L);
    try (KafkaConsumer<byte[], byte[]> consumer = kit.consumer(Kit.fresh("g"))) {
      Kit.same(consumer.beginningOffsets(List.of(partition)).get(partition), 6L);
    }
    Kit.sameValues(kit.read(topic, 4, Duration.ofMillis(200)), Kit.texts("6", "7", "8", "9"));
  }
}
