// The topics of jobs, in their data directory.
#include "server/home.h"
#include "server/topic_source.h"

namespace leat {
namespace {

class HomeStream final : public RecordStream {
 public:
  explicit HomeStream(std::unique_ptr<Consumer> consumer) : consumer_(std::move(consumer)) {}
  Result<std::vector<ConsumedRecord>> poll(int64_t) override {
    constexpr size_t kReadBytes = 1 << 20;
    return consumer_->poll(kReadBytes);
  }
  Offset position() const override { return consumer_->position(); }

 private:
  std::unique_ptr<Consumer> consumer_;
};

class HomeSource final : public TopicSource {
 public:
  explicit HomeSource(std::unique_ptr<Home> home) : home_(std::move(home)) {}

  Result<std::vector<TopicFacts>> topics() override {
    TRY_ASSIGN(auto names, home_->topics().admin().list_topics());
    std::vector<TopicFacts> out;
    for (const std::string& name : names) {
      TRY_ASSIGN(TopicFacts facts, topic(name));
      out.push_back(std::move(facts));
    }
    return out;
  }
  Result<TopicFacts> topic(const std::string& name) override {
    TRY_ASSIGN(TopicDescription found, describe_existing_topic(home_->topics(), name));
    TopicFacts out{name, {}, found.bytes, {}};
    for (const PartitionOffsets& each : found.partitions) {
      out.partitions.push_back(
          {static_cast<int32_t>(out.partitions.size()), each.start, each.last_stable, each.end, std::nullopt, {}, {}});
    }
    out.configs = {{"retention.bytes", std::to_string(found.config.retention_bytes)},
                   {"retention.ms", std::to_string(found.config.retention_ms)}};
    return out;
  }
  Result<std::vector<Offset>> begin_of(const TopicFacts& topic, const ReadFrom& from) override {
    if (from.kind == ReadFrom::kTime) {
      return Error{Errc::kUnsupported, "the topics of jobs are read from an offset, not from a time"};
    }
    std::vector<Offset> out;
    for (const PartitionFacts& each : topic.partitions) {
      Offset place = from.kind == ReadFrom::kLatest ? each.last_stable : Offset{from.value};
      out.push_back(std::max(place, each.start));
    }
    return out;
  }
  Result<std::unique_ptr<RecordStream>> read(const TopicPartition& partition, Offset from) override {
    TRY_ASSIGN(auto consumer, home_->topics().consumer(partition, from));
    return std::unique_ptr<RecordStream>(std::make_unique<HomeStream>(std::move(consumer)));
  }
  bool can_wait() const override { return false; }

 private:
  std::unique_ptr<Home> home_;
};

}  // namespace

Result<std::unique_ptr<TopicSource>> open_home_source(const std::string& directory) {
  TRY_ASSIGN(auto home, Home::open(directory));
  return std::unique_ptr<TopicSource>(std::make_unique<HomeSource>(std::move(home)));
}

}  // namespace leat
