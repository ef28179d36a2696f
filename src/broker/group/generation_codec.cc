#include "broker/group/generation_codec.h"

#include "broker/journal_text.h"

namespace leat {
namespace {

Status take_member(FieldReader& in, GroupMember& member) {
  TRY_ASSIGN(member.id, in.text());
  TRY(in.optional(member.instance_id));
  TRY_ASSIGN(member.client_id, in.text());
  TRY_ASSIGN(member.client_host, in.text());
  TRY(in.number(member.session_timeout_ms));
  TRY(in.number(member.rebalance_timeout_ms));
  TRY_ASSIGN(member.assignment, in.text());
  TRY_ASSIGN(int64_t protocols, in.number());
  for (; protocols > 0; --protocols) {
    auto& protocol = member.protocols.emplace_back();
    TRY_ASSIGN(protocol.name, in.text());
    TRY_ASSIGN(protocol.metadata, in.text());
  }
  return {};
}

}  // namespace

Bytes encode_generation(const Generation& generation) {
  Bytes out;
  put_field(out, int64_t{generation.number});
  put_optional(out, generation.protocol_type);
  put_optional(out, generation.protocol);
  put_field(out, BytesView(generation.leader));
  for (const GroupMember& member : generation.members) {
    put_field(out, BytesView(member.id));
    put_optional(out, member.instance_id);
    put_field(out, BytesView(member.client_id));
    put_field(out, BytesView(member.client_host));
    put_field(out, int64_t{member.session_timeout_ms});
    put_field(out, int64_t{member.rebalance_timeout_ms});
    put_field(out, BytesView(member.assignment));
    put_field(out, static_cast<int64_t>(member.protocols.size()));
    for (const auto& protocol : member.protocols) {
      put_field(out, BytesView(protocol.name));
      put_field(out, BytesView(protocol.metadata));
    }
  }
  return out;
}

Result<Generation> decode_generation(BytesView bytes) {
  FieldReader in(bytes);
  Generation out;
  TRY(in.number(out.number));
  TRY(in.optional(out.protocol_type));
  TRY(in.optional(out.protocol));
  TRY_ASSIGN(out.leader, in.text());
  while (!in.at_end()) TRY(take_member(in, out.members.emplace_back()));
  return out;
}

}  // namespace leat
