// HomeState's events as records of the journal: docs/formats/transactions.md.
#include "broker/home_state.h"
#include "broker/journal_text.h"

namespace leat {
namespace {

constexpr int64_t kPartitionsMax = 1'000'000;
constexpr char kTopic = 't', kPartition = 'p', kPosition = 'o', kIds = 'i';

FoldRecord record_of(const HomeState::TopicCreated& event) {
  FoldRecord out{{kTopic}, Bytes()};
  put_field(out.key, event.name);
  put_field(*out.value, event.id);
  put_field(*out.value, event.config.partitions);
  put_field(*out.value, event.config.retention_ms);
  put_field(*out.value, event.config.retention_bytes);
  return out;
}

FoldRecord record_of(const HomeState::TopicDropped& event) {
  FoldRecord out{{kTopic}, std::nullopt};
  put_field(out.key, event.name);
  return out;
}

FoldRecord record_of(const HomeState::IdsGiven& event) {
  FoldRecord out{{kIds}, Bytes()};
  put_field(*out.value, event.next);
  return out;
}

FoldRecord record_of(const HomeState::PartitionCommitted& event) {
  FoldRecord out{{kPartition}, Bytes()};
  put_field(out.key, event.partition);
  put_field(*out.value, event.end.value);
  return out;
}

FoldRecord record_of(const HomeState::PositionCommitted& event) {
  FoldRecord out{{kPosition}, Bytes()};
  put_field(out.key, event.group);
  put_field(out.key, event.partition);
  put_field(*out.value, event.position.offset.value);
  put_field(*out.value, event.position.metadata);
  return out;
}

Result<HomeState::Event> topic_event(FieldReader& key, std::optional<BytesView> value) {
  TRY_ASSIGN(std::string name, key.text());
  if (!value) return HomeState::Event(HomeState::TopicDropped{std::move(name)});
  FieldReader fields(*value);
  HomeState::TopicCreated out;
  out.name = std::move(name);
  TRY_ASSIGN(out.id, fields.number());
  TRY_ASSIGN(int64_t partitions, fields.number());
  TRY_ASSIGN(out.config.retention_ms, fields.number());
  TRY_ASSIGN(out.config.retention_bytes, fields.number());
  if (partitions < 1 || partitions > kPartitionsMax) {
    return Error{Errc::kCorruption, "a topic with " + std::to_string(partitions) + " partitions"};
  }
  out.config.partitions = static_cast<int32_t>(partitions);
  return HomeState::Event(std::move(out));
}

Result<HomeState::Event> partition_event(FieldReader& key, FieldReader fields) {
  HomeState::PartitionCommitted out;
  TRY(key.partition(out.partition));
  TRY_ASSIGN(out.end.value, fields.number());
  return HomeState::Event(std::move(out));
}

Result<HomeState::Event> ids_event(FieldReader fields) {
  HomeState::IdsGiven out;
  TRY_ASSIGN(out.next, fields.number());
  return HomeState::Event(out);
}

Result<HomeState::Event> position_event(FieldReader& key, FieldReader fields) {
  HomeState::PositionCommitted out;
  TRY_ASSIGN(out.group, key.text());
  TRY(key.partition(out.partition));
  TRY_ASSIGN(out.position.offset.value, fields.number());
  TRY_ASSIGN(out.position.metadata, fields.text());
  return HomeState::Event(std::move(out));
}

}  // namespace

FoldRecord HomeState::encode(const Event& event) {
  return std::visit([](const auto& what) { return record_of(what); }, event);
}

Result<HomeState::Event> HomeState::decode(BytesView key, std::optional<BytesView> value) {
  char kind = key.empty() ? '\0' : key[0];
  FieldReader names(key.substr(key.empty() ? 0 : 1));
  if (kind == kTopic) return topic_event(names, value);
  if (kind == kIds && value) return ids_event(FieldReader(*value));
  if (kind == kPartition && value) return partition_event(names, FieldReader(*value));
  if (kind == kPosition && value) return position_event(names, FieldReader(*value));
  return Error{Errc::kCorruption, "an entry of an unknown kind; was it written by a newer leat?"};
}

}  // namespace leat
