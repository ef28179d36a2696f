#include "format/json_shape.h"

#include <algorithm>
#include <charconv>

#include "columnar/decimal.h"
#include "format/json_scan.h"
#include "format/json_skip.h"
#include "format/timestamps.h"

namespace leat {
namespace {

using Kind = JsonTargets::Kind;

constexpr size_t kTimestampSize = 19;  // "2024-02-29 12:34:56"

// The readers return the value's end, or null.

BytesView without_quotes(const char* begin, const char* end) {
  return {begin + 1, static_cast<size_t>(end - begin - 2)};
}

const char* read_integer(const char* at, const JsonTargets::Target& target, uint32_t row) {
  auto number = scan_integer(at);
  if (!number || *number < target.min || *number > target.max) return nullptr;
  static_cast<int64_t*>(target.values)[row] = *number;
  return at;
}

const char* read_real(const char* at, const char* end, const JsonTargets::Target& target, uint32_t row) {
  const char* begin = at;
  if (!scan_number(at, end)) return nullptr;
  double number = 0;
  if (std::from_chars(begin, at, number).ec != std::errc()) return nullptr;
  bool is_float = target.column->type().kind == TypeKind::kFloat;
  static_cast<double*>(target.values)[row] = is_float ? static_cast<double>(static_cast<float>(number)) : number;
  return at;
}

const char* read_boolean(const char* at, const JsonTargets::Target& target, uint32_t row) {
  bool flag = *at == 't';
  static_cast<uint8_t*>(target.values)[row] = flag;
  return skip_word(at, flag ? "true" : "false");
}

const char* read_text(const char* at, const char* end, const JsonTargets::Target& target, uint32_t row) {
  const char* close = skip_plain_string(at, end);
  if (close != nullptr) static_cast<BytesView*>(target.values)[row] = without_quotes(at, close);
  return close;
}

const char* read_time(Kind kind, const char* at, const char* end, const JsonCellContext& context,
                      const JsonTargets::Target& target, uint32_t row) {
  const DataType& type = target.column->type();
  bool utc = type.kind == TypeKind::kTimestampLtz;
  std::optional<int64_t> time;
  // A text that parses is plain, so one of the usual length needs no scan.
  const char* close = at + 2 + kTimestampSize + utc;
  if (kind == Kind::kTimestamp && *at == '"' && close[-1] == '"') {
    time = parse_timestamp(without_quotes(at, close), context.iso_timestamps, utc);
  }
  if (!time) {
    close = skip_plain_string(at, end);
    if (close == nullptr) return nullptr;
    BytesView text = without_quotes(at, close);
    time = kind == Kind::kTimestamp ? parse_timestamp(text, context.iso_timestamps, utc)
           : kind == Kind::kDate    ? parse_date(text)
                                    : parse_time(text);
  }
  if (!time) return nullptr;
  if (kind == Kind::kTimestamp) time = kept_timestamp(*time, type.precision);
  static_cast<int64_t*>(target.values)[row] = *time;
  return close;
}

const char* read_decimal(const char* at, const char* end, const JsonTargets::Target& target, uint32_t row) {
  const char* close = skip_plain_value(at, end);
  if (close == nullptr) return nullptr;
  BytesView text = *at == '"' ? without_quotes(at, close) : BytesView(at, static_cast<size_t>(close - at));
  const DataType& type = target.column->type();
  const auto number = decimal_from_text(text, type.precision, type.scale).value;
  if (!number) return nullptr;
  static_cast<Int128*>(target.values)[row] = *number;
  return close;
}

const char* read_null(const char* at, const JsonTargets::Target& target, uint32_t row) {
  const char* close = skip_word(at, "null");
  if (close == nullptr || !target.column->type().nullable) return nullptr;
  target.column->set_null(row);
  return close;
}

void* values_of(Column& column) {
  switch (column.type().physical()) {
    case Physical::kBool:
      return column.bools().data();
    case Physical::kInt64:
      return column.ints().data();
    case Physical::kDouble:
      return column.doubles().data();
    case Physical::kDecimal:
      return column.decimals().data();
    case Physical::kBytes:
      return column.bytes().data();
  }
  return nullptr;
}

// Finds the values of a valid record: `before` is called with the text up to each, which begins with `*at`.
class Walk {
 public:
  explicit Walk(BytesView record) : at_(record.data()), end_(record.data() + record.size()) {}

  // The text from the value before to the next one, and the key in it. False: there is no next one; at_text() is all
  // that is left. Nullopt: this record cannot be learned from.
  std::optional<bool> next(BytesView& text, BytesView& key) {
    const char* begin = at_;
    while (at_ < end_ && *at_ != '"' && *at_ != '}') ++at_;
    if (at_ >= end_) return std::nullopt;
    if (*at_ == '}') {
      text = {begin, static_cast<size_t>(end_ - begin)};
      return false;
    }
    PlainString found = scan_string(at_ + 1, end_);
    if (found.close == nullptr) return std::nullopt;
    key = {at_ + 1, static_cast<size_t>(found.close - at_ - 1)};
    for (at_ = found.close + 1; at_ < end_ && (*at_ == ' ' || *at_ == '\t' || *at_ == ':');) ++at_;
    text = {begin, static_cast<size_t>(at_ - begin)};
    return true;
  }

  bool pass_value() {
    at_ = skip_plain_value(at_, end_);
    return at_ != nullptr;
  }

 private:
  const char *at_, *end_;
};

}  // namespace

std::optional<Kind> JsonTargets::kind_of(const DataType& type) {
  switch (type.kind) {
    case TypeKind::kBoolean:
      return Kind::kBoolean;
    case TypeKind::kTinyint:
    case TypeKind::kSmallint:
    case TypeKind::kInt:
    case TypeKind::kBigint:
      return Kind::kInteger;
    case TypeKind::kFloat:
    case TypeKind::kDouble:
      return Kind::kReal;
    case TypeKind::kDecimal:
      return Kind::kDecimal;
    case TypeKind::kChar:
    case TypeKind::kVarchar:
      return Kind::kText;
    case TypeKind::kDate:
      return Kind::kDate;
    case TypeKind::kTime:
      return Kind::kTime;
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampLtz:
      return Kind::kTimestamp;
    default:
      return std::nullopt;
  }
}

void JsonTargets::point_to(std::span<const std::shared_ptr<Column>> columns) {
  static constexpr int64_t kMin[] = {INT8_MIN, INT16_MIN, INT32_MIN, INT64_MIN};
  static constexpr int64_t kMax[] = {INT8_MAX, INT16_MAX, INT32_MAX, INT64_MAX};
  targets_.clear();
  for (const auto& column : columns) {
    Target target{column.get(), values_of(*column)};
    if (column->type().is_integer()) {
      size_t width = static_cast<size_t>(column->type().kind) - static_cast<size_t>(TypeKind::kTinyint);
      target.min = kMin[width];
      target.max = kMax[width];
    }
    targets_.push_back(target);
  }
}

std::optional<JsonShape::Text> JsonShape::Text::of(BytesView bytes) {
  if (bytes.empty() || bytes.size() > kMax) return std::nullopt;
  Text text;
  std::memcpy(text.words, bytes.data(), bytes.size());
  text.size = static_cast<uint32_t>(bytes.size());
  text.count = (text.size + 7) / 8;
  text.last_mask = ~uint64_t{0} >> (8 * (8 * text.count - text.size));
  return text;
}

bool JsonShape::Text::matches(const char* at) const {
  uint64_t different = 0;
  for (uint32_t i = 0; i + 1 < count; ++i) different |= swar::load(at + 8 * i) ^ words[i];
  different |= (swar::load(at + 8 * (count - 1)) ^ words[count - 1]) & last_mask;
  return different == 0;
}

std::optional<JsonShape> JsonShape::learn(BytesView record, const Schema& fields) {
  JsonShape shape;
  std::vector<bool> there(fields.size(), false);
  Walk walk(record);
  while (true) {
    BytesView text, key;
    auto more = walk.next(text, key);
    if (!more) return std::nullopt;
    auto bytes = Text::of(text);
    if (!bytes) return std::nullopt;
    if (!*more) {
      shape.after_ = *bytes;
      break;
    }
    if (!walk.pass_value()) return std::nullopt;
    Place place{*bytes};
    for (uint32_t i = 0; i < fields.size(); ++i) {
      if (fields[i].name != key) continue;
      auto kind = JsonTargets::kind_of(fields[i].type);
      if (!kind || there[i]) return std::nullopt;  // Of equal keys the last one counts.
      place.kind = *kind;
      place.field = i;
      there[i] = true;
    }
    shape.places_.push_back(place);
  }
  for (uint32_t i = 0; i < fields.size(); ++i) {
    if (!there[i]) shape.missing_.push_back(i);
  }
  return shape;
}

bool JsonShape::read(BytesView record, const JsonCellContext& context, const JsonTargets& targets, uint32_t row) const {
  const char* at = record.data();
  const char* end = at + record.size();
  for (const Place& place : places_) {
    if (at > end || !place.before.matches(at)) return false;
    at += place.before.size;
    const char* next = nullptr;
    switch (*at == 'n' ? Kind::kSkip : place.kind) {
      case Kind::kSkip:
        next = place.kind == Kind::kSkip ? skip_plain_value(at, end) : read_null(at, targets[place.field], row);
        break;
      case Kind::kInteger:
        next = read_integer(at, targets[place.field], row);
        break;
      case Kind::kReal:
        next = read_real(at, end, targets[place.field], row);
        break;
      case Kind::kBoolean:
        next = read_boolean(at, targets[place.field], row);
        break;
      case Kind::kText:
        next = read_text(at, end, targets[place.field], row);
        break;
      case Kind::kTimestamp:
      case Kind::kDate:
      case Kind::kTime:
        next = read_time(place.kind, at, end, context, targets[place.field], row);
        break;
      case Kind::kDecimal:
        next = read_decimal(at, end, targets[place.field], row);
        break;
    }
    if (next == nullptr) return false;
    at = next;
  }
  if (at > end || !after_.matches(at) || at + after_.size != end) return false;
  for (uint32_t field : missing_) targets[field].column->set_null(row);
  return true;
}

}  // namespace leat
