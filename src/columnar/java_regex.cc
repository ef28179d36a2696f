#include "columnar/java_regex.h"

#include <re2/re2.h>

namespace leat {
namespace {

constexpr int kGroupsMax = 32;

// Java's names of ASCII classes, and RE2's.
constexpr std::pair<std::string_view, std::string_view> kClasses[] = {
    {"Lower", "lower"}, {"Upper", "upper"},   {"ASCII", "ascii"}, {"Alpha", "alpha"}, {"Digit", "digit"},
    {"Alnum", "alnum"}, {"Punct", "punct"},   {"Graph", "graph"}, {"Print", "print"}, {"Blank", "blank"},
    {"Cntrl", "cntrl"}, {"XDigit", "xdigit"}, {"Space", "space"}};

class Translator {
 public:
  explicit Translator(BytesView java) : in_(java) {}

  std::string run() {
    while (at_ < in_.size() && missing_.empty()) {
      if (in_[at_] == '\\') {
        escape();
      } else if (class_depth_ > 0) {
        in_class();
      } else {
        outside();
      }
    }
    return std::move(out_);
  }
  const std::string& missing() const { return missing_; }

 private:
  bool ahead(std::string_view text) const { return in_.substr(at_).starts_with(text); }
  void copy(size_t size) {
    out_ += in_.substr(at_, size);
    at_ += size;
  }

  void outside() {
    const char c = in_[at_];
    for (const std::string_view group : {"(?=", "(?!", "(?<=", "(?<!", "(?>"}) {
      if (ahead(group)) missing_ = group == "(?>" ? "atomic groups" : "look-around";
    }
    if (!missing_.empty()) return;
    if (ahead("(?<")) {
      out_ += "(?P<";
      at_ += 3;
      return;
    }
    const bool repeat = c == '*' || c == '+' || c == '?' || c == '}';
    if (repeat && at_ > 0 && at_ + 1 < in_.size() && in_[at_ + 1] == '+') {
      missing_ = "possessive quantifiers";
      return;
    }
    if (c == '[') {
      ++class_depth_;
      copy(1);
      if (ahead("^")) copy(1);
      if (ahead("]")) {
        out_ += "\\]";
        ++at_;
      }
      return;
    }
    copy(1);
  }

  void in_class() {
    if (in_[at_] == '[' || ahead("&&")) {
      missing_ = "classes within classes";
      return;
    }
    if (in_[at_] == ']') --class_depth_;
    copy(1);
  }

  void escape() {
    if (at_ + 1 >= in_.size()) return copy(1);
    const char c = in_[at_ + 1];
    if (c == 'Q') {
      const size_t end = in_.find("\\E", at_);
      return copy(end == BytesView::npos ? in_.size() - at_ : end + 2 - at_);
    }
    if (c >= '1' && c <= '9' && class_depth_ == 0) {
      missing_ = "back references";
      return;
    }
    if (c == 'u' && at_ + 6 <= in_.size()) return replace(6, "\\x{" + std::string(in_.substr(at_ + 2, 4)) + "}");
    if (c == 'h') return replace(2, class_depth_ > 0 ? " \\t\\x{A0}" : "[ \\t\\x{A0}]");
    if (c == 's') return replace(2, class_depth_ > 0 ? " \\t\\n\\x0B\\f\\r" : "[ \\t\\n\\x0B\\f\\r]");
    if (c == 'S' && class_depth_ == 0) return replace(2, "[^ \\t\\n\\x0B\\f\\r]");
    if (c == 'e') return replace(2, "\\x1B");
    if (c == 'R' && class_depth_ == 0) return replace(2, "(?:\\r\\n|[\\n\\x0B\\f\\r\\x{85}\\x{2028}\\x{2029}])");
    if (c == 'Z' && class_depth_ == 0) return replace(2, "(?:\\n?\\z)");
    if ((c == 'p' || c == 'P') && at_ + 2 < in_.size() && in_[at_ + 2] == '{') return property(c == 'P');
    copy(2);
  }

  void property(bool negated) {
    const size_t end = in_.find('}', at_);
    if (end == BytesView::npos) return copy(2);
    std::string_view name = in_.substr(at_ + 3, end - at_ - 3);
    const size_t size = end + 1 - at_;
    for (const auto& [java, re2] : kClasses) {
      if (name != java) continue;
      const std::string named = "[:" + std::string(negated ? "^" : "") + std::string(re2) + ":]";
      return replace(size, class_depth_ > 0 ? named : "[" + named + "]");
    }
    if (name == "IsAlphabetic") name = "L";
    if (name == "IsDigit") name = "Nd";
    if (name == "IsUppercase") name = "Lu";
    if (name == "IsLowercase") name = "Ll";
    if (name == "IsPunctuation") name = "P";
    if (name.starts_with("Is")) name.remove_prefix(2);
    replace(size, std::string(negated ? "\\P{" : "\\p{") + std::string(name) + "}");
  }

  void replace(size_t size, const std::string& with) {
    out_ += with;
    at_ += size;
  }

  BytesView in_;
  size_t at_ = 0;
  std::string out_, missing_;
  int class_depth_ = 0;
};

}  // namespace

Regex::Regex() = default;
Regex::~Regex() = default;
Regex::Regex(Regex&&) noexcept = default;
Regex& Regex::operator=(Regex&&) noexcept = default;

Regex::Regex(BytesView java_pattern) {
  Translator translator(java_pattern);
  const std::string pattern = translator.run();
  unsupported = translator.missing();
  if (!unsupported.empty()) return;
  RE2::Options options;
  options.set_log_errors(false);
  auto candidate = std::make_unique<RE2>(pattern, options);
  if (candidate->ok() && candidate->NumberOfCapturingGroups() < kGroupsMax) compiled = std::move(candidate);
}

int group_count(const Regex& regex) {
  return regex.compiled->NumberOfCapturingGroups();
}

bool find(const Regex& regex, BytesView text, size_t position, std::span<BytesView> groups) {
  // RE2 tells an empty group from one that did not take part by a null pointer, so an empty text needs an address.
  if (text.data() == nullptr) text = "";
  re2::StringPiece pieces[kGroupsMax];
  CHECK(groups.size() <= kGroupsMax);
  const int count = static_cast<int>(groups.size());
  if (!regex.compiled->Match({text.data(), text.size()}, position, text.size(), RE2::UNANCHORED, pieces, count)) {
    return false;
  }
  for (size_t i = 0; i < groups.size(); ++i) groups[i] = {pieces[i].data(), pieces[i].size()};
  return true;
}

const Regex* regex_of(Row& row, BytesView pattern) {
  const auto* regex = static_cast<const Regex*>(row.call.function->prepared.get());
  if (regex == nullptr) {
    // A pattern from a column is often the one of the row before.
    thread_local Bytes last_pattern;
    thread_local std::unique_ptr<Regex> last;
    if (last == nullptr || last_pattern != pattern) {
      last_pattern = pattern;
      last = std::make_unique<Regex>(pattern);
    }
    regex = last.get();
  }
  if (!regex->unsupported.empty()) {
    row.fail("regex.unsupported",
             "regular expressions have no " + regex->unsupported + " here: " + std::string(pattern));
    return nullptr;
  }
  return regex->compiled ? regex : nullptr;
}

Result<ExprPtr> with_prepared_regex(ExprPtr call, size_t index) {
  const Expr& pattern = *call->args[index];
  if (pattern.kind != Expr::Kind::kLiteral || pattern.literal.is_null()) return call;
  const auto& text = *std::get_if<std::string>(&pattern.literal.data);
  auto regex = std::make_shared<Regex>(text);
  if (!regex->unsupported.empty()) {
    return Error{Errc::kUnsupported, "regular expressions have no " + regex->unsupported + " here: '" + text + "'"};
  }
  auto copy = std::make_shared<Expr>(*call);
  auto function = std::make_shared<Function>(*call->function);
  function->prepared = std::move(regex);
  copy->function = std::move(function);
  return ExprPtr(std::move(copy));
}

}  // namespace leat
