#pragma once
// Encoder: writes one message. Its interface mirrors Decoder's, so that one piece of generated code does both.
#include <bit>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "base/big_endian.h"
#include "protocol/records.h"
#include "protocol/tag.h"
#include "protocol/uuid.h"

namespace leat {

class Encoder {
 public:
  // Appends to `out`, which outlives the encoder.
  Encoder(Bytes& out, bool flexible) : out_(out), flexible_(flexible) {}

  // A stretch of a file that belongs between two bytes of the output.
  struct Splice {
    size_t at;
    FileSlice file;
  };
  const std::vector<Splice>& splices() const { return splices_; }

  template <class T>
  requires std::is_integral_v<T>
  void operator()(const T& value) {
    if constexpr (std::is_same_v<T, bool>) {
      out_.push_back(value ? 1 : 0);
    } else {
      put_big<T>(out_, value);
    }
  }
  void operator()(const double& value) { put_big(out_, std::bit_cast<int64_t>(value)); }
  void operator()(const Uuid& value) {
    out_.append(reinterpret_cast<const char*>(value.bytes.data()), value.bytes.size());
  }
  void operator()(const std::string& value);
  void operator()(const BytesView& value);
  void operator()(const Records& value);
  template <class T>
  requires std::is_arithmetic_v<T> || std::is_same_v<T, std::string> || std::is_same_v<T, Uuid>
  void operator()(const std::vector<T>& value) {
    array(value, [this](const T& element) { (*this)(element); });
  }

  template <class T>
  void operator()(const std::optional<T>& value) {
    if (value) {
      (*this)(*value);
    } else {
      null(!std::is_same_v<T, std::string>);
    }
  }
  // In versions in which null is not allowed, nothing is sent as empty.
  template <class T>
  void present(const std::optional<T>& value) {
    (*this)(value ? *value : T());
  }

  template <class T, class F>
  void array(const std::vector<T>& value, F each) {
    length(value.size(), true);
    for (const T& element : value) each(element);
  }
  template <class T, class F>
  void array(const std::optional<std::vector<T>>& value, F each) {
    if (!value) return null(true);
    array(*value, each);
  }
  template <class T, class F>
  void present_array(const std::optional<std::vector<T>>& value, F each) {
    array(value ? *value : std::vector<T>(), each);
  }
  template <class T, class F>
  void object(const T& value, F each) {
    each(value);
  }
  template <class T, class F>
  void object(const std::optional<T>& value, F each) {
    (*this)(static_cast<int8_t>(value ? 1 : -1));
    if (value) each(*value);
  }

  // In ascending order of their ids.
  template <class... Tags>
  void tags(const Tags&... known) {
    if (!flexible_) return;
    [[maybe_unused]] auto is_written = [](const auto& field) { return field.enabled && !field.is_default; };
    unsigned_varint((uint64_t{0} + ... + (is_written(known) ? 1 : 0)));
    ((is_written(known) ? write_tag(known) : void()), ...);
  }

  void unsigned_varint(uint64_t value);

 private:
  void length(uint64_t size, bool wide);
  void null(bool wide);
  template <class T>
  void write_tag(const T& field) {
    Bytes bytes;
    Encoder inner(bytes, flexible_);
    field.code(inner, field.value);
    unsigned_varint(field.id);
    unsigned_varint(bytes.size());
    out_ += bytes;
  }

  Bytes& out_;
  bool flexible_;
  std::vector<Splice> splices_;
};

}  // namespace leat
