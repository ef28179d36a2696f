import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;

/** All or nothing. */
final class Transactions {
  private static final Duration QUIET = Duration.ofMillis(300);
  private final Kit kit;

  Transactions(Kit kit) {
    this.kit = kit;
  }

  void addTo(Map<String, Main.Scenario> scenarios) {
    scenarios.put("transactions", this::transactions);
    scenarios.put("offsets", this::offsets);
    scenarios.put("fencing", this::fencing);
  }

  private static void end(KafkaProducer<byte[], byte[]> producer, boolean commit) {
    if (commit) {
      producer.commitTransaction();
    } else {
      producer.abortTransaction();
    }
  }

  private void transactions() throws Exception {
    String topic = kit.topic();
    List<byte[]> committed = new ArrayList<>();
    try (KafkaProducer<byte[], byte[]> producer = kit.producer("transactional.id", Kit.fresh("x"))) {
      producer.initTransactions();
      for (int number = 0; number < 3; ++number) {
        List<byte[]> values = Kit.texts(number + "-0", number + "-1", number + "-2");
        producer.beginTransaction();
        Kit.send(producer, topic, values);
        end(producer, number != 1);
        if (number != 1) committed.addAll(values);
      }
    }
    Kit.sameValues(kit.read(topic, 6, QUIET, "isolation.level", "read_committed"), committed);
    Kit.same(kit.read(topic, 9, QUIET).size(), 9);
    TopicPartition partition = new TopicPartition(topic, 0);
    var asked = kit.admin.listOffsets(Map.of(partition, OffsetSpec.latest()), new ListOffsetsOptions(IsolationLevel.READ_COMMITTED));
    Kit.same(Kit.get(asked.partitionResult(partition)).offset(), 12L);
  }

  private List<byte[]> take(KafkaConsumer<byte[], byte[]> consumer, int count) {
    List<byte[]> out = new ArrayList<>();
    for (int tries = 0; out.size() < count && tries < 150; ++tries) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) out.add(record.value());
    }
    return out;
  }

  private void offsets() throws Exception {
    String in = kit.topic();
    String out = kit.topic();
    String group = Kit.fresh("g");
    TopicPartition partition = new TopicPartition(in, 0);
    kit.send(in, Kit.texts("a", "b"));
    try (KafkaProducer<byte[], byte[]> producer = kit.producer("transactional.id", Kit.fresh("x"))) {
      producer.initTransactions();
      for (boolean commit : new boolean[] {false, true}) {
        try (KafkaConsumer<byte[], byte[]> consumer = kit.consumer(group)) {
          consumer.subscribe(List.of(in));
          List<byte[]> values = take(consumer, 2);
          producer.beginTransaction();
          Kit.send(producer, out, values);
          OffsetAndMetadata position = new OffsetAndMetadata(consumer.position(partition));
          producer.sendOffsetsToTransaction(Map.of(partition, position), consumer.groupMetadata());
          end(producer, commit);
          Kit.same(consumer.committed(Set.of(partition)).get(partition), commit ? new OffsetAndMetadata(2) : null);
        }
      }
    }
    Kit.sameValues(kit.read(out, 2, QUIET, "isolation.level", "read_committed"), Kit.texts("a", "b"));
  }

  private void fencing() throws Exception {
    String topic = kit.topic();
    String who = Kit.fresh("x");
    try (KafkaProducer<byte[], byte[]> first = kit.producer("transactional.id", who);
        KafkaProducer<byte[], byte[]> second = kit.producer("transactional.id", who)) {
      first.initTransactions();
      first.beginTransaction();
      Kit.send(first, topic, Kit.texts("of the first"));
      second.initTransactions();
      try {
        first.commitTransaction();
        throw new AssertionError("a fenced producer committed");
      } catch (ProducerFencedException | InvalidProducerEpochException expected) {
        // That is how it learns.
      }
      second.beginTransaction();
      Kit.send(second, topic, Kit.texts("of the second"));
      second.commitTransaction();
    }
    Kit.sameValues(kit.read(topic, 1, QUIET, "isolation.level", "read_committed"), Kit.texts("of the second"));
  }
}
