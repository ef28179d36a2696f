import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** What the scenarios share: clients of one broker, fresh names, and checks that throw. */
final class Kit {
  static final long TIMEOUT_S = 30;
  final String address;
  final Admin admin;

  Kit(String address) {
    this.address = address;
    this.admin = Admin.create(Map.of("bootstrap.servers", address));
  }

  static String fresh(String prefix) {
    return prefix + "-" + UUID.randomUUID().toString().substring(0, 8);
  }

  static <T> T get(Future<T> future) throws Exception {
    return future.get(TIMEOUT_S, TimeUnit.SECONDS);
  }

  static void same(Object got, Object wanted) {
    if (!Objects.deepEquals(got, wanted)) throw new AssertionError("got " + got + ", wanted " + wanted);
  }

  static void refused(Class<?> wanted, Future<?> future) throws Exception {
    try {
      get(future);
    } catch (ExecutionException error) {
      same(error.getCause().getClass(), wanted);
      return;
    }
    throw new AssertionError("it was not refused with " + wanted);
  }

  static String place(Throwable error) {
    StringBuilder out = new StringBuilder();
    for (StackTraceElement frame : error.getStackTrace()) {
      if (!frame.getClassName().contains(".")) out.append(frame.getFileName()).append(':').append(frame.getLineNumber()).append(' ');
    }
    return out.toString();
  }

  String topic(int partitions, Map<String, String> configs) throws Exception {
    String name = fresh("t");
    get(admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1).configs(configs))).all());
    return name;
  }

  String topic() throws Exception {
    return topic(1, Map.of());
  }

  private Map<String, Object> settings(Object... pairs) {
    Map<String, Object> out = new HashMap<>(Map.of("bootstrap.servers", address));
    for (int at = 0; at < pairs.length; at += 2) out.put((String) pairs[at], pairs[at + 1]);
    return out;
  }

  Admin admin(Object... pairs) {
    return Admin.create(settings(pairs));
  }

  KafkaProducer<byte[], byte[]> producer(Object... pairs) {
    return new KafkaProducer<>(settings(pairs), new ByteArraySerializer(), new ByteArraySerializer());
  }

  KafkaConsumer<byte[], byte[]> consumer(String group, Object... pairs) {
    Map<String, Object> with = settings("auto.offset.reset", "earliest", "enable.auto.commit", "false", "group.id", group);
    with.putAll(settings(pairs));
    if (!"consumer".equals(with.get("group.protocol"))) with.put("heartbeat.interval.ms", "300"); // There it is the broker's.
    return new KafkaConsumer<>(with, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  static List<RecordMetadata> send(KafkaProducer<byte[], byte[]> producer, String topic, List<byte[]> values) throws Exception {
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    for (byte[] value : values) sent.add(producer.send(new ProducerRecord<>(topic, 0, null, value)));
    producer.flush();
    List<RecordMetadata> out = new ArrayList<>();
    for (Future<RecordMetadata> each : sent) out.add(get(each));
    return out;
  }

  void send(String topic, List<byte[]> values) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer = producer()) {
      send(producer, topic, values);
    }
  }

  /** `count` records of partition 0, and those that come within `quiet` after them. */
  List<ConsumerRecord<byte[], byte[]>> read(String topic, int count, Duration quiet, Object... pairs) {
    List<ConsumerRecord<byte[], byte[]>> out = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(fresh("g"), pairs)) {
      TopicPartition partition = new TopicPartition(topic, 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_S);
      while (out.size() < count && System.nanoTime() < until) consumer.poll(Duration.ofMillis(200)).forEach(out::add);
      consumer.poll(quiet).forEach(out::add);
    }
    return out;
  }

  static void sameValues(List<ConsumerRecord<byte[], byte[]>> got, List<byte[]> wanted) {
    same(got.size(), wanted.size());
    for (int at = 0; at < wanted.size(); ++at) {
      if (!Arrays.equals(got.get(at).value(), wanted.get(at))) throw new AssertionError("record " + at + " differs");
    }
  }

  static List<byte[]> texts(String... values) {
    return Arrays.stream(values).map(String::getBytes).toList();
  }
}
