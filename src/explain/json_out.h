#pragma once
// JsonOut: writes one JSON value, piece by piece. Text that is not UTF-8 is written with U+FFFD in place of what is
// not.
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace leat {

class JsonOut {
 public:
  void begin_object() { open('{'); }
  void end_object() { close('}'); }
  void begin_array() { open('['); }
  void end_array() { close(']'); }
  void key(std::string_view name);

  void value(std::string_view text);
  void value(const char* text) { value(std::string_view(text)); }
  void value(const std::string& text) { value(std::string_view(text)); }
  void value(bool yes) { raw(yes ? "true" : "false"); }
  template <class T>
  requires(std::is_integral_v<T> && !std::is_same_v<T, bool>) void value(T number) { raw(std::to_string(number)); }
  void null() { raw("null"); }
  void value(const std::vector<std::string>& texts);
  template <class T>
  void value(const std::optional<T>& maybe) {
    maybe ? value(*maybe) : null();
  }

  template <class T>
  void field(std::string_view name, const T& content) {
    key(name);
    value(content);
  }
  // Left out if it is empty: records are many.
  template <class T>
  void field_if(std::string_view name, const T& content) {
    if (!content.empty()) field(name, content);
  }

  const std::string& text() const { return out_; }

 private:
  void open(char bracket);
  void close(char bracket);
  void raw(std::string_view text);
  void separate();

  std::string out_;
  bool comma_ = false;
};

}  // namespace leat
