import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/** Records there and back. */
final class Records {
  private static final Duration QUIET = Duration.ofMillis(300);
  private final Kit kit;

  Records(Kit kit) {
    this.kit = kit;
  }

  void addTo(Map<String, Main.Scenario> scenarios) {
    scenarios.put("codecs", this::codecs);
    scenarios.put("headers", this::headers);
    scenarios.put("idempotent", this::idempotent);
    scenarios.put("large", this::large);
    scenarios.put("times", this::times);
  }

  private static byte[] bytes(int size) {
    byte[] out = new byte[size];
    new Random(size).nextBytes(out);
    return out;
  }

  private void codecs() throws Exception {
    List<byte[]> values = new ArrayList<>();
    for (int each = 0; each < 200; ++each) values.add(bytes(900 + each));
    for (String codec : List.of("none", "gzip", "snappy", "lz4", "zstd")) {
      String topic = kit.topic();
      try (KafkaProducer<byte[], byte[]> producer = kit.producer("compression.type", codec, "linger.ms", "20")) {
        Kit.send(producer, topic, values);
      }
      Kit.sameValues(kit.read(topic, values.size(), QUIET), values);
    }
  }

  private void headers() throws Exception {
    String topic = kit.topic();
    List<Header> headers = List.of(new RecordHeader("a", new byte[] {1}), new RecordHeader("a", new byte[] {2}),
        new RecordHeader("empty", new byte[0]), new RecordHeader("null", (byte[]) null), new RecordHeader("ü", bytes(3)));
    List<byte[]> values = Arrays.asList(new byte[] {'v'}, null, new byte[0]);
    byte[] key = {'k', 0};
    try (KafkaProducer<byte[], byte[]> producer = kit.producer()) {
      for (byte[] value : values) Kit.get(producer.send(new ProducerRecord<>(topic, 0, 1234567890123L, key, value, headers)));
    }
    List<ConsumerRecord<byte[], byte[]>> got = kit.read(topic, 3, QUIET);
    Kit.sameValues(got, values);
    for (ConsumerRecord<byte[], byte[]> record : got) {
      Kit.same(record.timestamp(), 1234567890123L);
      Kit.same(record.key(), key);
      Kit.same(record.headers().toArray(), headers.toArray());
    }
  }

  private void idempotent() throws Exception {
    String topic = kit.topic();
    List<byte[]> values = new ArrayList<>();
    for (int each = 0; each < 2000; ++each) values.add(Integer.toString(each).getBytes());
    try (KafkaProducer<byte[], byte[]> producer = kit.producer("enable.idempotence", "true", "acks", "all", "batch.size", "200")) {
      Kit.send(producer, topic, values);
    }
    Kit.sameValues(kit.read(topic, 2000, QUIET), values);
  }

  private void large() throws Exception {
    String topic = kit.topic(1, Map.of("max.message.bytes", "1000000"));
    List<byte[]> big = List.of(bytes(900_000));
    kit.send(topic, big);
    Kit.sameValues(kit.read(topic, 1, QUIET), big);
    try (KafkaProducer<byte[], byte[]> producer = kit.producer("max.request.size", "3000000")) {
      Kit.refused(RecordTooLargeException.class, producer.send(new ProducerRecord<>(topic, 0, null, bytes(1_500_000))));
    }
  }

  private void times() throws Exception {
    String topic = kit.topic();
    TopicPartition partition = new TopicPartition(topic, 0);
    try (KafkaProducer<byte[], byte[]> producer = kit.producer()) {
      for (long each = 0; each < 5; ++each) {
        Kit.get(producer.send(new ProducerRecord<>(topic, 0, 1_000_000 + each * 1000, null, Long.toString(each).getBytes())));
      }
    }
    try (KafkaConsumer<byte[], byte[]> consumer = kit.consumer(Kit.fresh("g"))) {
      Kit.same(consumer.offsetsForTimes(Map.of(partition, 1_002_500L)).get(partition).offset(), 3L);
      Kit.same(consumer.offsetsForTimes(Map.of(partition, 9_000_000L)).get(partition), null);
      Kit.same(consumer.beginningOffsets(List.of(partition)).get(partition), 0L);
      Kit.same(consumer.endOffsets(List.of(partition)).get(partition), 5L);
      consumer.assign(List.of(partition));
      consumer.poll(Duration.ofSeconds(Kit.TIMEOUT_S));
      consumer.seek(partition, 3);
      Kit.same(consumer.poll(Duration.ofSeconds(Kit.TIMEOUT_S)).iterator().next().value(), "3".getBytes());
    }
  }
}
