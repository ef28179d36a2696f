// How the records of the history stand in their topic: one description of each, which writes and reads.
#include <simdjson.h>

#include "explain/consumer_protocol.h"
#include "explain/history.h"
#include "explain/json_out.h"

namespace leat {
namespace {

using Json = simdjson::dom::element;
constexpr int64_t kVersion = 1;

template <class T>
concept IsNumber = std::is_integral_v<T>;  // bool among them.

template <class T>
struct IsStructure : std::false_type {};
template <>
struct IsStructure<Rhythm> : std::true_type {};
template <>
struct IsStructure<TopicChange> : std::true_type {};
template <>
struct IsStructure<MemberEvidence> : std::true_type {};
template <>
struct IsStructure<RebalanceTrigger> : std::true_type {};
template <>
struct IsStructure<RebalanceMember> : std::true_type {};
template <>
struct IsStructure<MemberIdentity> : std::true_type {};

template <class Io>
void describe(Io& io, Rhythm& it) {
  io("count", it.count);
  io("age_ms", it.age_ms);
  io("gap_max_ms", it.gap_max_ms);
  io("gap_p99_ms", it.gap_p99_ms);
}

template <class Io>
void describe(Io& io, TopicChange& it) {
  io("topic", it.topic);
  io("from", it.from);
  io("to", it.to);
  io("at", it.at);
  io("by", it.by);
}

template <class Io>
void describe(Io& io, MemberEvidence& it) {
  io("connection", it.connection);
  io("closed_ms", it.closed_ms);
  io("closed_why", it.closed_why);
  io("unsent_bytes", it.unsent_bytes);
  io("heartbeats", it.heartbeats);
  io("fetches", it.fetches);
  io("commits", it.commits);
  io("member_ms", it.member_ms);
  io("commit_records_last", it.commit_records_last);
  io("commit_records_max", it.commit_records_max);
  io("fetched_ahead", it.fetched_ahead);
  io("topics_before", it.topics_before);
  io("topics_after", it.topics_after);
  io("owned", it.owned);
  io("changes", it.changes);
}

// Who a member is, whatever else is told of it. `id`: its member id.
template <class Io, class It>
void describe_identity(Io& io, std::string& id, It& it) {
  io("member", id);
  io("instance", it.instance_id);
  io("client", it.client_id);
  io("host", it.client_host);
  io("software", it.software_name);
  io("software_version", it.software_version);
}

template <class Io>
void describe(Io& io, RebalanceTrigger& it) {
  io("cause", it.cause);
  io("at", it.at);
  describe_identity(io, it.member_id, it);
  io("reason", it.client_reason);
  io("session_timeout_ms", it.session_timeout_ms);
  io("rebalance_timeout_ms", it.rebalance_timeout_ms);
  io("topics", it.topics);
  io("evidence", it.evidence);
}

template <class Io>
void describe(Io& io, RebalanceMember& it) {
  describe_identity(io, it.id, it);
  io("session_timeout_ms", it.session_timeout_ms);
  io("rebalance_timeout_ms", it.rebalance_timeout_ms);
  io("topics", it.topics);
  io("protocols", it.protocols);
  io("assigned", it.assigned);
}

template <class Io>
void describe(Io& io, MemberIdentity& it) {
  describe_identity(io, it.member_id, it);
  io("connection", it.connection);
}

template <class Io>
void describe(Io& io, Rebalance& it) {
  io("from", it.from_generation);
  io("to", it.to_generation);
  io("began", it.began);
  io("joined", it.joined);
  io("ended", it.ended);
  io("members_before", it.members_before);
  io("members_after", it.members_after);
  io("consumer_protocol", it.consumer_protocol);
  io("protocol", it.protocol);
  io("leader", it.leader);
  io("triggers", it.triggers);
  io("members", it.members);
}

template <class Io>
void describe(Io& io, MemberRefused& it) {
  io("member", it.member);
  io("request", it.request);
  io("error", it.error);
  io("count", it.count);
  io("records", it.records);
  io("offered", it.offered);
  io("wanted", it.wanted);
}

template <class Io>
void describe(Io& io, InstanceTaken& it) {
  io("by", it.by);
  io("from", it.from);
  io("from_is_open", it.from_is_open);
  io("rebalances", it.rebalances);
}

template <class Io>
void describe(Io& io, ClosedAfterwards& it) {
  io("member", it.member);
  io("after_ms", it.after_ms);
  io("why", it.why);
}

template <class Io>
void describe(Io& io, CoordinatorStarted& it) {
  io("generation", it.generation);
  io("members", it.members);
}

template <class Io>
void describe(Io& io, MemberReturned& it) {
  io("member", it.member);
  io("after_ms", it.after_ms);
}

template <class Io>
void describe(Io& io, FactsDropped& it) {
  io("count", it.count);
}

constexpr const char* kKinds[] = {"rebalance",           "refused",  "instance_taken", "closed_afterwards",
                                  "coordinator_started", "returned", "dropped"};
static_assert(std::size(kKinds) == std::variant_size_v<decltype(HistoryRecord::what)>);

// What is empty or absent is left out.
class Writer {
 public:
  explicit Writer(JsonOut& out) : out_(out) {}

  template <IsNumber T>
  void operator()(const char* name, const T& it) {
    out_.field(name, it);
  }
  void operator()(const char* name, const std::string& it) { out_.field_if(name, it); }
  void operator()(const char* name, const std::vector<std::string>& it) { out_.field_if(name, it); }
  void operator()(const char* name, const WallTime& it) { out_.field(name, it.value); }
  void operator()(const char* name, const RebalanceCause& it) { out_.field(name, to_string(it)); }
  void operator()(const char* name, const PartitionSets& it) {
    if (it.empty()) return;
    out_.key(name);
    out_.begin_object();
    for (const auto& [topic, partitions] : it) out_.field(topic, ranges_text(partitions));
    out_.end_object();
  }
  template <class T>
  void operator()(const char* name, const std::optional<T>& it) {
    if (it) (*this)(name, *it);
  }
  template <class T>
  requires IsStructure<T>::value void operator()(const char* name, T& it) {
    out_.key(name);
    object(it);
  }
  template <class T>
  requires IsStructure<T>::value void operator()(const char* name, std::vector<T>& it) {
    if (it.empty()) return;
    out_.key(name);
    out_.begin_array();
    for (T& each : it) object(each);
    out_.end_array();
  }

 private:
  template <class T>
  void object(T& it) {
    out_.begin_object();
    describe(*this, it);
    out_.end_object();
  }
  JsonOut& out_;
};

// What is missing, or is of another type, keeps its default: an older or newer version may have written it.
class Reader {
 public:
  explicit Reader(Json from) : from_(from) {}

  template <IsNumber T>
  void operator()(const char* name, T& it) {
    if constexpr (std::is_same_v<T, bool>) {
      bool yes = false;
      if (from_[name].get(yes) == simdjson::SUCCESS) it = yes;
    } else {
      int64_t number = 0;
      if (from_[name].get(number) == simdjson::SUCCESS && std::in_range<T>(number)) it = static_cast<T>(number);
    }
  }
  void operator()(const char* name, std::string& it) {
    std::string_view text;
    if (from_[name].get(text) == simdjson::SUCCESS) it = text;
  }
  void operator()(const char* name, std::vector<std::string>& it) {
    for_each(name, [&](Json each) {
      std::string_view text;
      if (each.get(text) == simdjson::SUCCESS) it.emplace_back(text);
    });
  }
  void operator()(const char* name, WallTime& it) { (*this)(name, it.value); }
  void operator()(const char* name, RebalanceCause& it) {
    std::string text;
    (*this)(name, text);
    it = parse_rebalance_cause(text).value_or(it);
  }
  void operator()(const char* name, PartitionSets& it) {
    simdjson::dom::object topics;
    if (from_[name].get(topics) != simdjson::SUCCESS) return;
    for (auto [topic, partitions] : topics) {
      std::string_view text;
      if (partitions.get(text) == simdjson::SUCCESS) it[std::string(topic)] = parse_ranges(std::string(text));
    }
  }
  template <class T>
  void operator()(const char* name, std::optional<T>& it) {
    Json there;
    if (from_[name].get(there) != simdjson::SUCCESS || there.is_null()) return;
    (*this)(name, it.emplace());
  }
  template <class T>
  requires IsStructure<T>::value void operator()(const char* name, T& it) {
    Json there;
    if (from_[name].get(there) != simdjson::SUCCESS || !there.is_object()) return;
    Reader inner(there);
    describe(inner, it);
  }
  template <class T>
  requires IsStructure<T>::value void operator()(const char* name, std::vector<T>& it) {
    for_each(name, [&](Json each) {
      if (!each.is_object()) return;
      Reader inner(each);
      describe(inner, it.emplace_back());
    });
  }

 private:
  template <class F>
  void for_each(const char* name, F use) {
    simdjson::dom::array all;
    if (from_[name].get(all) != simdjson::SUCCESS) return;
    for (Json each : all) use(each);
  }
  Json from_;
};

std::string write(HistoryRecord& record) {
  JsonOut out;
  out.begin_object();
  out.field("v", kVersion);
  out.field("kind", kKinds[record.what.index()]);
  out.field("at", record.at.value);
  Writer writer(out);
  std::visit([&](auto& what) { describe(writer, what); }, record.what);
  out.end_object();
  return out.text();
}

template <size_t kIndex = 0>
bool make(size_t index, decltype(HistoryRecord::what)& out) {
  if constexpr (kIndex < std::variant_size_v<std::decay_t<decltype(out)>>) {
    if (index == kIndex) {
      out.template emplace<kIndex>();
      return true;
    }
    return make<kIndex + 1>(index, out);
  }
  return false;
}

}  // namespace

std::string encode_history(const HistoryRecord& record, size_t bytes_max) {
  HistoryRecord copy = record;
  std::string out = write(copy);
  auto* rebalance = std::get_if<Rebalance>(&copy.what);
  while (rebalance != nullptr && out.size() > bytes_max && rebalance->members.size() + rebalance->triggers.size() > 1) {
    rebalance->members.resize(rebalance->members.size() / 2);
    if (rebalance->members.empty()) rebalance->triggers.resize((rebalance->triggers.size() + 1) / 2);
    out = write(copy);
  }
  return out;
}

Result<HistoryRecord> decode_history(BytesView json) {
  simdjson::dom::parser parser;
  Json root;
  if (auto error = parser.parse(simdjson::padded_string(json)).get(root); error != simdjson::SUCCESS) {
    return Error{Errc::kInvalidArgument, std::string("no JSON: ") + simdjson::error_message(error)};
  }
  if (!root.is_object()) return Error{Errc::kInvalidArgument, "no JSON object"};
  std::string_view kind;
  if (root["kind"].get(kind) != simdjson::SUCCESS) return Error{Errc::kInvalidArgument, "it has no 'kind'"};
  HistoryRecord out;
  Reader reader(root);
  reader("at", out.at);
  for (size_t i = 0; i < std::size(kKinds); ++i) {
    if (kind != kKinds[i]) continue;
    make(i, out.what);
    std::visit([&](auto& what) { describe(reader, what); }, out.what);
    return out;
  }
  return Error{Errc::kUnsupported, "a fact of an unknown kind, '" + std::string(kind) + "'"};
}

}  // namespace leat
