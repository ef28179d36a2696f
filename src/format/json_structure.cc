#include "format/json_structure.h"

#include <algorithm>
#include <vector>

namespace leat {
namespace {

// What may come next.
enum class Next : uint8_t { kValue, kValueOrClose, kKey, kKeyOrClose, kColon, kCommaOrClose };

class StructureWalk {
 public:
  explicit StructureWalk(BytesView text) : text_(text) {}

  bool run() {
    while (at_ < text_.size()) {
      char c = text_[at_];
      if (c == ' ' || c == '\t' || c == '\n' || c == '\r')
        ++at_;
      else if (!step(c))
        return false;
      else if (objects_.empty())
        return at_ == text_.size();
    }
    return false;
  }

 private:
  bool step(char c) {
    switch (c) {
      case '{':
      case '[':
        return open(c == '{');
      case '}':
      case ']':
        return close(c == '}');
      case ',':
        return separate(Next::kCommaOrClose, objects_.back() ? Next::kKey : Next::kValue);
      case ':':
        return separate(Next::kColon, Next::kValue);
      case '"':
        return skip_string();
      default:
        return skip_scalar();
    }
  }

  bool wants_value() const { return next_ == Next::kValue || next_ == Next::kValueOrClose; }

  bool open(bool object) {
    if (!wants_value()) return false;
    objects_.push_back(object);
    next_ = object ? Next::kKeyOrClose : Next::kValueOrClose;
    ++at_;
    return true;
  }

  bool close(bool object) {
    bool may_end = next_ == Next::kCommaOrClose || next_ == (object ? Next::kKeyOrClose : Next::kValueOrClose);
    if (!may_end || objects_.empty() || objects_.back() != object) return false;
    objects_.pop_back();
    next_ = Next::kCommaOrClose;
    ++at_;
    return true;
  }

  bool separate(Next expected, Next then) {
    if (next_ != expected) return false;
    next_ = then;
    ++at_;
    return true;
  }

  bool skip_string() {
    bool key = next_ == Next::kKey || next_ == Next::kKeyOrClose;
    if (!key && !wants_value()) return false;
    next_ = key ? Next::kColon : Next::kCommaOrClose;
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '\\') {
        ++at_;
      } else if (text_[at_] == '"') {
        ++at_;
        return true;
      }
    }
    return false;
  }

  bool skip_scalar() {
    if (!wants_value() || objects_.empty()) return false;
    next_ = Next::kCommaOrClose;
    at_ = std::min(text_.size(), text_.find_first_of(" \t\n\r,:{}[]\"", at_));
    return true;
  }

  BytesView text_;
  size_t at_ = 0;
  Next next_ = Next::kValue;
  std::vector<bool> objects_;  // Of the open containers: an object, not an array.
};

}  // namespace

bool is_well_formed_container(BytesView text) {
  return StructureWalk(text).run();
}

}  // namespace leat
