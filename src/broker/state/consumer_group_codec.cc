#include <algorithm>

#include "broker/journal_text.h"
#include "broker/state/consumer_group_state.h"

namespace leat {
namespace {

void put_id(Bytes& out, const Uuid& id) {
  put_field(out, BytesView(reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size()));
}

Status take_id(FieldReader& in, Uuid& out) {
  TRY_ASSIGN(Bytes id, in.text());
  if (id.size() != out.bytes.size()) return Error{Errc::kCorruption, "a topic's id is not 16 bytes long"};
  std::copy(id.begin(), id.end(), out.bytes.begin());
  return {};
}

void put_partitions(Bytes& out, const PartitionsByTopic& partitions) {
  put_field(out, static_cast<int64_t>(partitions.size()));
  for (const auto& [topic, indexes] : partitions) {
    put_id(out, topic);
    put_field(out, static_cast<int64_t>(indexes.size()));
    for (int32_t index : indexes) put_field(out, int64_t{index});
  }
}

Status take_partitions(FieldReader& in, PartitionsByTopic& out) {
  TRY_ASSIGN(int64_t topics, in.number());
  for (; topics > 0; --topics) {
    Uuid topic;
    TRY(take_id(in, topic));
    TRY_ASSIGN(int64_t count, in.number());
    for (; count > 0; --count) {
      int32_t index = 0;
      TRY(in.number(index));
      out[topic].insert(index);
    }
  }
  return {};
}

// How many protocols, and the rest if there are any: nobody joins without one.
void put_classic(Bytes& out, const std::optional<ClassicSide>& classic) {
  put_field(out, classic ? static_cast<int64_t>(classic->protocols.size()) : 0);
  if (!classic) return;
  put_field(out, int64_t{classic->session_timeout_ms});
  for (const auto& [name, metadata] : classic->protocols) {
    put_field(out, BytesView(name));
    put_field(out, BytesView(metadata));
  }
}

Status take_classic(FieldReader& in, std::optional<ClassicSide>& out) {
  TRY_ASSIGN(int64_t protocols, in.number());
  if (protocols == 0) return {};
  out.emplace();
  TRY(in.number(out->session_timeout_ms));
  for (; protocols > 0; --protocols) {
    auto& [name, metadata] = out->protocols.emplace_back();
    TRY_ASSIGN(name, in.text());
    TRY_ASSIGN(metadata, in.text());
  }
  return {};
}

Result<MemberState> state_of(int64_t number) {
  if (number < 0 || number > static_cast<int64_t>(MemberState::kUnreleased)) {
    return Error{Errc::kCorruption, "a member's state is " + std::to_string(number)};
  }
  return static_cast<MemberState>(number);
}

}  // namespace

Bytes encode_consumer_head(const ConsumerGroupHead& head) {
  Bytes out;
  put_field(out, int64_t{head.epoch});
  put_field(out, int64_t{head.assignment_epoch});
  put_field(out, BytesView(head.assignor));
  put_field(out, int64_t{head.shares ? 1 : 0});
  for (const auto& [topic, partitions] : head.topics) {
    put_id(out, topic);
    put_field(out, int64_t{partitions});
  }
  return out;
}

Result<ConsumerGroupHead> decode_consumer_head(BytesView bytes) {
  FieldReader in(bytes);
  ConsumerGroupHead out;
  TRY(in.number(out.epoch));
  TRY(in.number(out.assignment_epoch));
  TRY_ASSIGN(out.assignor, in.text());
  TRY_ASSIGN(int64_t shares, in.number());
  out.shares = shares != 0;
  while (!in.at_end()) {
    Uuid topic;
    TRY(take_id(in, topic));
    TRY(in.number(out.topics[topic]));
  }
  return out;
}

Bytes encode_consumer_member(const ConsumerMember& member) {
  Bytes out;
  put_optional(out, member.instance_id);
  put_optional(out, member.rack_id);
  put_field(out, BytesView(member.client_id));
  put_field(out, BytesView(member.client_host));
  put_field(out, int64_t{member.rebalance_timeout_ms});
  put_field(out, BytesView(member.pattern));
  put_optional(out, member.assignor);
  put_field(out, static_cast<int64_t>(member.state));
  put_field(out, int64_t{member.epoch});
  put_field(out, int64_t{member.previous_epoch});
  put_partitions(out, member.assigned);
  put_partitions(out, member.revoking);
  put_partitions(out, member.target);
  put_classic(out, member.classic);
  for (const std::string& topic : member.topics) put_field(out, BytesView(topic));
  return out;
}

Result<ConsumerMember> decode_consumer_member(std::string id, BytesView bytes) {
  FieldReader in(bytes);
  ConsumerMember out;
  out.id = std::move(id);
  TRY(in.optional(out.instance_id));
  TRY(in.optional(out.rack_id));
  TRY_ASSIGN(out.client_id, in.text());
  TRY_ASSIGN(out.client_host, in.text());
  TRY(in.number(out.rebalance_timeout_ms));
  TRY_ASSIGN(out.pattern, in.text());
  TRY(in.optional(out.assignor));
  TRY_ASSIGN(int64_t state, in.number());
  TRY_ASSIGN(out.state, state_of(state));
  TRY(in.number(out.epoch));
  TRY(in.number(out.previous_epoch));
  TRY(take_partitions(in, out.assigned));
  TRY(take_partitions(in, out.revoking));
  TRY(take_partitions(in, out.target));
  TRY(take_classic(in, out.classic));
  while (!in.at_end()) {
    TRY_ASSIGN(out.topics.emplace_back(), in.text());
  }
  return out;
}

}  // namespace leat
