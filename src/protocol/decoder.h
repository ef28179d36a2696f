#pragma once
// Decoder: a bounds-checked cursor over the bytes of one message, whatever they are.
//
// The first error sticks: what is read after it is zero or empty, loops end, and status() tells. Memory is bounded by
// the message's own length: arrays are charged for their elements before they grow.
#include <bit>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "base/big_endian.h"
#include "base/result.h"
#include "protocol/records.h"
#include "protocol/tag.h"
#include "protocol/uuid.h"

namespace leat {

class Decoder {
 public:
  // `flexible`: lengths are varints, and every structure ends with tagged fields (KIP-482).
  Decoder(BytesView in, bool flexible)
      : in_(in), size_(in.size()), budget_(in.size() * kBytesPerByte + kBudgetMin), flexible_(flexible) {}

  // OK, or kInvalidArgument: what is wrong and where.
  Status status() const;
  // As status(), and nothing may be left over.
  Status finish();
  BytesView rest() const { return in_; }

  template <class T>
  requires std::is_integral_v<T>
  void operator()(T& out) {
    if (!need(sizeof(T))) return;
    if constexpr (std::is_same_v<T, bool>) {
      out = in_.front() != 0;
    } else {
      out = load_big<T>(in_.data());
    }
    in_.remove_prefix(sizeof(T));
  }
  void operator()(double& out) {
    int64_t bits = 0;
    (*this)(bits);
    out = std::bit_cast<double>(bits);
  }
  void operator()(Uuid& out);
  void operator()(std::string& out);
  void operator()(BytesView& out);
  void operator()(Records& out) { (*this)(out.bytes); }
  template <class T>
  requires std::is_arithmetic_v<T> || std::is_same_v<T, std::string> || std::is_same_v<T, Uuid>
  void operator()(std::vector<T>& out) {
    array(out, [this](T& element) { (*this)(element); });
  }

  void operator()(std::optional<std::string>& out);
  void operator()(std::optional<BytesView>& out);
  void operator()(std::optional<Records>& out);
  template <class T>
  void operator()(std::optional<std::vector<T>>& out) {
    array(out, [this](T& element) { (*this)(element); });
  }
  // In versions in which null is not allowed.
  template <class T>
  void present(std::optional<T>& out) {
    (*this)(out);
    if (!out) fail("null is not allowed here");
  }

  template <class T, class F>
  void array(std::vector<T>& out, F each) {
    std::optional<uint64_t> count = array_count();
    if (!count) return fail("an array is null");
    elements(out, *count, each);
  }
  template <class T, class F>
  void array(std::optional<std::vector<T>>& out, F each) {
    std::optional<uint64_t> count = array_count();
    out.reset();
    if (count) elements(out.emplace(), *count, each);
  }
  template <class T, class F>
  void present_array(std::optional<std::vector<T>>& out, F each) {
    array(out, each);
    if (!out) fail("null is not allowed here");
  }
  template <class T, class F>
  void object(T& out, F each) {
    each(out);
  }
  template <class T, class F>
  void object(std::optional<T>& out, F each) {
    int8_t present = 0;
    (*this)(present);
    out.reset();
    if (present < 0) return;
    out = T();  // Clang does not let optional make a nested structure whose members have initial values.
    each(*out);
  }

  // The tagged fields that end a structure: those that are known are read, others are passed over.
  template <class... Tags>
  void tags(const Tags&... known) {
    if (!flexible_) return;
    uint64_t count = unsigned_varint();
    for (uint64_t i = 0; i < count && ok(); ++i) {
      [[maybe_unused]] uint64_t id = unsigned_varint();
      uint64_t size = unsigned_varint();
      if (!need(size)) return;
      Decoder field = part(size);
      bool taken = ((known.enabled && known.id == id && (known.code(field, known.value), true)) || ...);
      if (taken && field.ok() && !field.in_.empty()) field.fail("a tagged field is longer than what it holds");
      if (!field.ok()) return take_error(field);
      in_.remove_prefix(size);
    }
  }

  uint64_t unsigned_varint();

 private:
  static constexpr uint64_t kBytesPerByte = 32, kBudgetMin = 64 * 1024;

  bool ok() const { return error_ == nullptr; }
  bool need(uint64_t bytes);
  void fail(const char* what);
  Decoder part(uint64_t size) const;
  void take_error(const Decoder& part);
  // nullopt: null.
  std::optional<uint64_t> length(bool wide);
  std::optional<uint64_t> array_count();
  std::optional<BytesView> take(std::optional<uint64_t> size);

  template <class T, class F>
  void elements(std::vector<T>& out, uint64_t count, F each) {
    out.clear();
    if (!charge(count, sizeof(T))) return;
    out.reserve(count);
    for (uint64_t i = 0; i < count && ok(); ++i) each(out.emplace_back());
  }
  bool charge(uint64_t count, uint64_t bytes_each);

  BytesView in_;
  uint64_t size_, budget_;
  bool flexible_;
  const char* error_ = nullptr;
  uint64_t error_at_ = 0;
};

}  // namespace leat
