import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.clients.consumer.RoundRobinAssignor;
import org.apache.kafka.common.TopicPartition;

/** Members that share partitions. */
final class Groups {
  private final Kit kit;

  Groups(Kit kit) {
    this.kit = kit;
  }

  void addTo(Map<String, Main.Scenario> scenarios) {
    String assignor = "partition.assignment.strategy";
    scenarios.put("range", () -> shared(assignor, RangeAssignor.class.getName()));
    scenarios.put("roundrobin", () -> shared(assignor, RoundRobinAssignor.class.getName()));
    scenarios.put("cooperative", this::cooperative);
    scenarios.put("consumer_protocol", () -> shared("group.protocol", "consumer"));
    scenarios.put("migration", this::migration);
    scenarios.put("static", this::staticMember);
    scenarios.put("metadata", this::metadata);
  }

  /** A consumer that notes what it was given and what it lost. */
  static final class Member implements ConsumerRebalanceListener {
    final KafkaConsumer<byte[], byte[]> consumer;
    final Set<Integer> lost = new HashSet<>();
    int rounds = 0;

    Member(KafkaConsumer<byte[], byte[]> consumer, String topic) {
      this.consumer = consumer;
      consumer.subscribe(List.of(topic), this);
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> given) {
      ++rounds;
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
      revoked.forEach(each -> lost.add(each.partition()));
    }

    Set<Integer> has() {
      Set<Integer> out = new TreeSet<>();
      consumer.assignment().forEach(each -> out.add(each.partition()));
      return out;
    }
  }

  private static void until(List<Member> members, BooleanSupplier holds) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Kit.TIMEOUT_S);
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() > end) throw new AssertionError("no such assignment: " + members.stream().map(Member::has).toList());
      for (Member each : members) each.consumer.poll(Duration.ofMillis(50));
    }
  }

  private static boolean halves(Member first, Member second) {
    Set<Integer> all = new TreeSet<>(first.has());
    all.addAll(second.has());
    return first.has().size() == 2 && second.has().size() == 2 && all.size() == 4;
  }

  /** Two members share four partitions; the second leaves, the first gets all. Gives what the first lost of what it kept. */
  private Set<Integer> shared(String... pairs) throws Exception {
    return shared(pairs, pairs);
  }

  private Set<Integer> shared(Object[] one, Object[] other) throws Exception {
    String topic = kit.topic(4, Map.of());
    String group = Kit.fresh("g");
    Member first = new Member(kit.consumer(group, one), topic);
    until(List.of(first), () -> first.has().size() == 4);
    Member second = new Member(kit.consumer(group, other), topic);
    until(List.of(first, second), () -> halves(first, second));
    Set<Integer> lost = first.has();
    second.consumer.close();
    until(List.of(first), () -> first.has().size() == 4);
    lost.retainAll(first.lost);
    first.consumer.close();
    return lost;
  }

  private void cooperative() throws Exception {
    Kit.same(shared("partition.assignment.strategy", CooperativeStickyAssignor.class.getName()), Set.of());
  }

  private void migration() throws Exception {
    Object[] modern = {"group.protocol", "consumer"};
    for (Class<?> assignor : List.of(RangeAssignor.class, CooperativeStickyAssignor.class)) {
      Object[] classic = {"partition.assignment.strategy", assignor.getName()};
      shared(classic, modern);
      shared(modern, classic);
    }
  }

  private Member staticMember(String group, String topic, String instance) {
    return new Member(kit.consumer(group, "group.instance.id", instance, "session.timeout.ms", "20000"), topic);
  }

  private void staticMember() throws Exception {
    String topic = kit.topic(4, Map.of());
    String group = Kit.fresh("g");
    Member first = staticMember(group, topic, "a");
    Member second = staticMember(group, topic, "b");
    until(List.of(first, second), () -> halves(first, second));
    Set<Integer> had = second.has();
    int rounds = first.rounds;
    second.consumer.close();
    Member again = staticMember(group, topic, "b");
    until(List.of(first, again), () -> again.has().equals(had));
    Kit.same(first.rounds, rounds);
    first.consumer.close();
    again.consumer.close();
  }

  private void metadata() throws Exception {
    TopicPartition partition = new TopicPartition(kit.topic(), 0);
    OffsetAndMetadata committed = new OffsetAndMetadata(7, "why: ü");
    String group = Kit.fresh("g");
    try (KafkaConsumer<byte[], byte[]> consumer = kit.consumer(group)) {
      consumer.commitSync(Map.of(partition, committed));
      Kit.same(consumer.committed(Set.of(partition)).get(partition), committed);
    }
    Kit.same(Kit.get(kit.admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata()), Map.of(partition, committed));
  }
}
