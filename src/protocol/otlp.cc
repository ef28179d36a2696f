#include "protocol/otlp.h"

#include <bit>
#include <cstring>

namespace leat {
namespace {

enum class Wire : uint8_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

struct ProtoField {
  uint64_t number = 0;
  Wire wire = Wire::kVarint;
  uint64_t bits = 0;  // Of a varint or a fixed one.
  BytesView bytes;
};

Error broken(const char* what) {
  return {Errc::kInvalidArgument, std::string("metrics: ") + what};
}

Result<uint64_t> take_varint(BytesView& in) {
  uint64_t out = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    if (in.empty()) return broken("a number is cut off");
    auto byte = static_cast<uint8_t>(in.front());
    in.remove_prefix(1);
    out |= uint64_t{byte & 0x7fu} << shift;
    if (byte < 0x80) return out;
  }
  return broken("a number is too long");
}

Result<uint64_t> take_fixed(BytesView& in, size_t size) {
  if (in.size() < size) return broken("a number is cut off");
  uint64_t out = 0;
  for (size_t i = size; i > 0; --i) out = out << 8 | static_cast<uint8_t>(in[i - 1]);
  in.remove_prefix(size);
  return out;
}

Result<ProtoField> take_field(BytesView& in) {
  ProtoField out;
  TRY_ASSIGN(uint64_t key, take_varint(in));
  out.number = key >> 3;
  out.wire = static_cast<Wire>(key & 7);
  switch (out.wire) {
    case Wire::kVarint: {
      TRY_ASSIGN(out.bits, take_varint(in));
      return out;
    }
    case Wire::kFixed64: {
      TRY_ASSIGN(out.bits, take_fixed(in, 8));
      return out;
    }
    case Wire::kFixed32: {
      TRY_ASSIGN(out.bits, take_fixed(in, 4));
      return out;
    }
    case Wire::kBytes: {
      TRY_ASSIGN(uint64_t size, take_varint(in));
      if (size > in.size()) return broken("a field is cut off");
      out.bytes = in.substr(0, size);
      in.remove_prefix(size);
      return out;
    }
  }
  return broken("a field of an unknown kind");
}

using OnField = std::function<Status(const ProtoField&)>;

Status for_each_field(BytesView in, const OnField& visit) {
  while (!in.empty()) {
    TRY_ASSIGN(ProtoField field, take_field(in));
    TRY(visit(field));
  }
  return {};
}

// The messages in the fields of this number.
Status for_each_message(BytesView in, uint64_t number, const std::function<Status(BytesView)>& visit) {
  return for_each_field(in, [&](const ProtoField& field) -> Status {
    return field.number == number && field.wire == Wire::kBytes ? visit(field.bytes) : Status();
  });
}

constexpr uint64_t kResourceMetrics = 1, kScopeMetrics = 2, kMetrics = 2;
constexpr uint64_t kName = 1, kGauge = 5, kSum = 7, kDataPoints = 1, kAsDouble = 4, kAsInt = 6;

Status visit_point(BytesView name, BytesView point, const std::function<void(BytesView, double)>& visit) {
  return for_each_field(point, [&](const ProtoField& field) -> Status {
    if (field.wire != Wire::kFixed64) return {};
    if (field.number == kAsDouble) visit(name, std::bit_cast<double>(field.bits));
    if (field.number == kAsInt) visit(name, static_cast<double>(static_cast<int64_t>(field.bits)));
    return {};
  });
}

// Fields may come in any order, so the name is looked for first.
Status visit_metric(BytesView metric, const std::function<void(BytesView, double)>& visit) {
  BytesView name;
  TRY(for_each_message(metric, kName, [&](BytesView text) -> Status {
    name = text;
    return {};
  }));
  if (name.empty() || name.size() > kOtlpNameMax) return {};
  return for_each_field(metric, [&](const ProtoField& field) -> Status {
    bool numbers = (field.number == kGauge || field.number == kSum) && field.wire == Wire::kBytes;
    if (!numbers) return {};
    return for_each_message(field.bytes, kDataPoints, [&](BytesView point) { return visit_point(name, point, visit); });
  });
}

}  // namespace

Status visit_metrics(BytesView bytes, const std::function<void(BytesView name, double value)>& visit) {
  return for_each_message(bytes, kResourceMetrics, [&](BytesView resource) {
    return for_each_message(resource, kScopeMetrics, [&](BytesView scope) {
      return for_each_message(scope, kMetrics, [&](BytesView metric) { return visit_metric(metric, visit); });
    });
  });
}

}  // namespace leat
