// A member of a group, on Kafka's Java client: what librdkafka_member.py is on librdkafka, with options as NAME=VALUE words.
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

public class Member implements ConsumerRebalanceListener {
  private static final int HANDLE_MS = 5;
  private final Map<String, String> options = new HashMap<>();
  private final ConcurrentLinkedQueue<String[]> commands = new ConcurrentLinkedQueue<>();

  public static void main(String[] words) throws Exception {
    new Member(words).run();
  }

  private Member(String[] words) {
    for (String word : words) {
      String[] pair = word.split("=", 2);
      options.put(pair[0], pair[1]);
    }
  }

  private Properties config() {
    Properties out = new Properties();
    out.put("bootstrap.servers", options.get("bootstrap"));
    out.put("group.id", options.get("group"));
    out.put("client.id", options.get("client_id"));
    out.put("session.timeout.ms", options.get("session_ms"));
    out.put("max.poll.interval.ms", options.get("poll_ms"));
    out.put("heartbeat.interval.ms", "500");
    out.put("auto.commit.interval.ms", "500");
    out.put("auto.offset.reset", "earliest");
    out.put("metadata.max.age.ms", "1000");
    out.put("allow.auto.create.topics", "false");
    out.put("max.poll.records", "20");
    out.put("key.deserializer", "org.apache.kafka.common.serialization.ByteArrayDeserializer");
    out.put("value.deserializer", "org.apache.kafka.common.serialization.ByteArrayDeserializer");
    Map<String, String> assignors = Map.of("range", "RangeAssignor", "roundrobin", "RoundRobinAssignor",
        "cooperative-sticky", "CooperativeStickyAssignor");
    out.put("partition.assignment.strategy",
        "org.apache.kafka.clients.consumer." + assignors.get(options.get("assignor")));
    if (options.containsKey("instance")) out.put("group.instance.id", options.get("instance"));
    return out;
  }

  private void listen() {
    Thread reader = new Thread(() -> {
      try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in))) {
        for (String line = in.readLine(); line != null; line = in.readLine()) commands.add(line.split(" "));
      } catch (java.io.IOException gone) {
        System.exit(1);
      }
    });
    reader.setDaemon(true);
    reader.start();
  }

  private void run() throws Exception {
    listen();
    try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(config())) {
      if (options.containsKey("pattern")) {
        consumer.subscribe(Pattern.compile(options.get("pattern")), this);
      } else {
        consumer.subscribe(List.of(options.get("topics").split(",")), this);
      }
      while (true) {
        int count = consumer.poll(Duration.ofMillis(100)).count();
        Thread.sleep((long) count * HANDLE_MS);
        for (String[] command = commands.poll(); command != null; command = commands.poll()) {
          if (command[0].equals("slow")) Thread.sleep(Long.parseLong(command[1]));
          if (command[0].equals("subscribe")) consumer.subscribe(Arrays.asList(command[1].split(",")), this);
          if (command[0].equals("enforce")) consumer.enforceRebalance();
          if (command[0].equals("close")) {
            consumer.close();
            System.out.println("closed");
            return;
          }
        }
      }
    }
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> got) {
    System.out.println("assigned " + got.size());
  }

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> gone) {}
}
