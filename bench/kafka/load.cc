// A client of Kafka's protocol that keeps a broker busy: librdkafka, as most programs in C, Python, Go or Rust use it.
//
//   load produce ADDRESS TOPIC RECORDS BYTES CODEC        acks=all; records go round the partitions
//   load consume ADDRESS TOPIC RECORDS PARTITIONS         from the beginning, until that many have come
//   load latency ADDRESS TOPIC RECORDS BYTES RATE         from produce() to poll(), RATE records a second
//   load rebalance ADDRESS TOPIC MEMBERS                  until each member of a group has partitions; then until one
//                                                         more has, and nobody is asked to rejoin any longer
//
// Prints one line of JSON.
#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
using Settings = std::vector<std::pair<const char*, std::string>>;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

struct Handle {
  rd_kafka_t* kafka = nullptr;
  ~Handle() { rd_kafka_destroy(kafka); }
};

std::atomic<long> delivered{0}, failed{0};

void on_delivery(rd_kafka_t*, const rd_kafka_message_t* message, void*) {
  ++(message->err ? failed : delivered);
}

std::unique_ptr<Handle> open(rd_kafka_type_t type, const Settings& settings) {
  char error[512];
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  for (const auto& [name, value] : settings) {
    if (rd_kafka_conf_set(conf, name, value.c_str(), error, sizeof error) != RD_KAFKA_CONF_OK) {
      throw std::runtime_error(error);
    }
  }
  if (type == RD_KAFKA_PRODUCER) rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
  rd_kafka_t* kafka = rd_kafka_new(type, conf, error, sizeof error);
  if (kafka == nullptr) throw std::runtime_error(error);
  auto handle = std::make_unique<Handle>();
  handle->kafka = kafka;
  return handle;
}

std::unique_ptr<Handle> open_producer(const std::string& address, const std::string& codec, const std::string& linger) {
  return open(RD_KAFKA_PRODUCER, {{"bootstrap.servers", address},
                                  {"acks", "all"},
                                  {"compression.codec", codec},
                                  {"linger.ms", linger},
                                  {"batch.num.messages", "10000"},
                                  {"queue.buffering.max.messages", "1000000"},
                                  {"queue.buffering.max.kbytes", "1000000"}});
}

std::unique_ptr<Handle> open_consumer(const std::string& address, const std::string& topic, int partitions,
                                      int64_t from) {
  auto handle = open(RD_KAFKA_CONSUMER, {{"bootstrap.servers", address},
                                         {"group.id", "load"},
                                         {"enable.auto.commit", "false"},
                                         {"queued.min.messages", "1000000"},
                                         {"fetch.message.max.bytes", "10485760"}});
  rd_kafka_poll_set_consumer(handle->kafka);
  rd_kafka_topic_partition_list_t* list = rd_kafka_topic_partition_list_new(partitions);
  for (int i = 0; i < partitions; ++i) rd_kafka_topic_partition_list_add(list, topic.c_str(), i)->offset = from;
  rd_kafka_assign(handle->kafka, list);
  rd_kafka_topic_partition_list_destroy(list);
  return handle;
}

// Random letters: what a codec makes of them is like text, not like zeros.
class Payloads {
 public:
  explicit Payloads(size_t size) : size_(size), pool_(kPool + size, '\0') {
    std::mt19937 random(1);
    for (char& letter : pool_) letter = static_cast<char>('A' + random() % 26);
  }
  char* next(long number) { return pool_.data() + static_cast<size_t>(number * 7919) % kPool; }
  size_t size() const { return size_; }

 private:
  static constexpr size_t kPool = 16 << 20;
  size_t size_;
  std::string pool_;
};

void send(rd_kafka_t* kafka, rd_kafka_topic_t* topic, char* payload, size_t size) {
  while (rd_kafka_produce(topic, RD_KAFKA_PARTITION_UA, RD_KAFKA_MSG_F_COPY, payload, size, nullptr, 0, nullptr) != 0) {
    rd_kafka_poll(kafka, 10);  // The queue is full.
  }
}

void produce(const std::string& address, const std::string& name, long records, size_t bytes,
             const std::string& codec) {
  auto producer = open_producer(address, codec, "5");
  rd_kafka_topic_t* topic = rd_kafka_topic_new(producer->kafka, name.c_str(), nullptr);
  Payloads payloads(bytes);
  auto start = Clock::now();
  for (long i = 0; i < records; ++i) {
    send(producer->kafka, topic, payloads.next(i), bytes);
    if (i % 1024 == 0) rd_kafka_poll(producer->kafka, 0);
  }
  rd_kafka_flush(producer->kafka, 600'000);
  std::printf("{\"records\": %ld, \"failed\": %ld, \"seconds\": %.4f}\n", delivered.load(), failed.load(),
              seconds_since(start));
  rd_kafka_topic_destroy(topic);
}

void consume(const std::string& address, const std::string& topic, long records, int partitions) {
  auto start = Clock::now();
  auto consumer = open_consumer(address, topic, partitions, RD_KAFKA_OFFSET_BEGINNING);
  rd_kafka_queue_t* queue = rd_kafka_queue_get_consumer(consumer->kafka);
  std::vector<rd_kafka_message_t*> messages(10'000);
  long count = 0;
  while (count < records && seconds_since(start) < 600) {
    ssize_t got = rd_kafka_consume_batch_queue(queue, 100, messages.data(), messages.size());
    for (ssize_t i = 0; i < got; ++i) {
      count += messages[static_cast<size_t>(i)]->err ? 0 : 1;
      rd_kafka_message_destroy(messages[static_cast<size_t>(i)]);
    }
  }
  std::printf("{\"records\": %ld, \"failed\": 0, \"seconds\": %.4f}\n", count, seconds_since(start));
  rd_kafka_queue_destroy(queue);
}

// Each payload begins with the time at which it was sent.
std::vector<double> measure(rd_kafka_t* consumer, long records, std::atomic<bool>& ready) {
  std::vector<double> out;
  auto start = Clock::now();
  while (static_cast<long>(out.size()) < records && seconds_since(start) < 300) {
    rd_kafka_message_t* message = rd_kafka_consumer_poll(consumer, 100);
    if (message == nullptr) continue;
    int64_t sent = 0;
    bool is_record = !message->err && message->len >= sizeof sent;
    if (is_record) std::memcpy(&sent, message->payload, sizeof sent);
    if (is_record && sent == 0) ready = true;  // The first one: it follows the log now.
    if (is_record && sent != 0) {
      out.push_back(static_cast<double>(Clock::now().time_since_epoch().count() - sent) * 1e-6);
    }
    rd_kafka_message_destroy(message);
  }
  return out;
}

void latency(const std::string& address, const std::string& name, long records, size_t bytes, double rate) {
  auto consumer = open_consumer(address, name, 1, RD_KAFKA_OFFSET_BEGINNING);
  auto producer = open_producer(address, "none", "0");
  rd_kafka_topic_t* topic = rd_kafka_topic_new(producer->kafka, name.c_str(), nullptr);
  std::atomic<bool> ready{false};
  std::vector<double> latencies;
  std::thread reader([&] { latencies = measure(consumer->kafka, records, ready); });
  std::string payload(bytes, '\0');
  while (!ready) {
    send(producer->kafka, topic, payload.data(), bytes);
    rd_kafka_flush(producer->kafka, 1000);
  }
  auto start = Clock::now();
  for (long i = 0; i < records; ++i) {
    while (seconds_since(start) < static_cast<double>(i) / rate) {
      rd_kafka_poll(producer->kafka, 0);
      std::this_thread::sleep_for(std::chrono::microseconds(50));
    }
    int64_t now = Clock::now().time_since_epoch().count();
    std::memcpy(payload.data(), &now, sizeof now);
    send(producer->kafka, topic, payload.data(), bytes);
  }
  rd_kafka_flush(producer->kafka, 60'000);
  reader.join();
  std::sort(latencies.begin(), latencies.end());
  auto at = [&](double share) {
    return latencies[static_cast<size_t>(share * static_cast<double>(latencies.size() - 1))];
  };
  std::printf("{\"records\": %zu, \"p50_ms\": %.3f, \"p99_ms\": %.3f, \"max_ms\": %.3f}\n", latencies.size(), at(0.5),
              at(0.99), latencies.back());
  rd_kafka_topic_destroy(topic);
}

// The partitions that a member has; a rebalance takes them away first.
void on_rebalance(rd_kafka_t* kafka, rd_kafka_resp_err_t error, rd_kafka_topic_partition_list_t* list, void* opaque) {
  bool assigned = error == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS;
  static_cast<std::atomic<int>*>(opaque)->store(assigned ? list->cnt : 0);
  rd_kafka_assign(kafka, assigned ? list : nullptr);
}

struct Member {
  std::unique_ptr<std::atomic<int>> partitions = std::make_unique<std::atomic<int>>(0);
  std::unique_ptr<Handle> handle;  // It ends first: on_rebalance() is called until then.
};

Member join(const std::string& address, const std::string& topic) {
  Member member;
  char error[512];
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  for (const auto& [name, value] : Settings{{"bootstrap.servers", address},
                                            {"group.id", "many"},
                                            {"partition.assignment.strategy", "roundrobin"},
                                            {"heartbeat.interval.ms", "200"}}) {
    if (rd_kafka_conf_set(conf, name, value.c_str(), error, sizeof error) != RD_KAFKA_CONF_OK) {
      throw std::runtime_error(error);
    }
  }
  rd_kafka_conf_set_rebalance_cb(conf, on_rebalance);
  rd_kafka_conf_set_opaque(conf, member.partitions.get());
  member.handle = std::make_unique<Handle>();
  member.handle->kafka = rd_kafka_new(RD_KAFKA_CONSUMER, conf, error, sizeof error);
  if (member.handle->kafka == nullptr) throw std::runtime_error(error);
  rd_kafka_poll_set_consumer(member.handle->kafka);
  rd_kafka_topic_partition_list_t* list = rd_kafka_topic_partition_list_new(1);
  rd_kafka_topic_partition_list_add(list, topic.c_str(), RD_KAFKA_PARTITION_UA);
  rd_kafka_subscribe(member.handle->kafka, list);
  rd_kafka_topic_partition_list_destroy(list);
  return member;
}

double until_all_have_some(const std::vector<Member>& members) {
  auto start = Clock::now();
  auto has_some = [](const Member& member) { return member.partitions->load() > 0; };
  do {
    for (const Member& member : members) {
      if (auto* message = rd_kafka_consumer_poll(member.handle->kafka, 0)) rd_kafka_message_destroy(message);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  } while (!std::all_of(members.begin(), members.end(), has_some) && seconds_since(start) < 120);
  return seconds_since(start);
}

void rebalance(const std::string& address, const std::string& topic, int count) {
  std::vector<Member> members;
  auto start = Clock::now();
  for (int i = 0; i < count; ++i) members.push_back(join(address, topic));
  until_all_have_some(members);
  double joined_s = seconds_since(start);
  members.push_back(join(address, topic));
  std::printf("{\"joined_s\": %.3f, \"one_more_s\": %.3f}\n", joined_s, until_all_have_some(members));
}

}  // namespace

int main(int count, char** words) {
  std::vector<std::string> word(words, words + count);
  try {
    if (count == 7 && word[1] == "produce") {
      produce(word[2], word[3], std::stol(word[4]), std::stoul(word[5]), word[6]);
    } else if (count == 6 && word[1] == "consume") {
      consume(word[2], word[3], std::stol(word[4]), std::stoi(word[5]));
    } else if (count == 7 && word[1] == "latency") {
      latency(word[2], word[3], std::stol(word[4]), std::stoul(word[5]), std::stod(word[6]));
    } else if (count == 5 && word[1] == "rebalance") {
      rebalance(word[2], word[3], std::stoi(word[4]));
    } else {
      std::fprintf(stderr, "what it does stands at the top of load.cc\n");
      return 2;
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "load: %s\n", error.what());
    return 1;
  }
}
