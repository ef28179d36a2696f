#include "columnar/json_path.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "columnar/number_text.h"

namespace leat {

class JsonPath::Reader {
 public:
  Reader(BytesView text, JsonPath& path) : text_(text), path_(path) {}

  Status steps() {
    while (!text_.empty()) {
      if (path_.length_) return invalid("nothing can follow length()");
      TRY(step());
    }
    return {};
  }

 private:
  static constexpr size_t kStepsMax = 1000;

  Error invalid(const std::string& what) const { return {Errc::kInvalidArgument, "invalid JSON path: " + what}; }
  void add(Step step) {
    path_.definite_ = path_.definite_ && is_definite(step);
    path_.steps_.push_back(std::move(step));
  }
  bool eat(char c) {
    if (text_.empty() || text_[0] != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  void blanks() {
    while (eat(' ')) {
    }
  }

  Status step() {
    if (path_.steps_.size() > kStepsMax) return invalid("more than 1000 steps");
    if (text_.starts_with("..")) {
      text_.remove_prefix(2);
      // Each would multiply what the one before it found.
      if (std::exchange(descended_, true)) return Error{Errc::kUnsupported, "two '..' in one JSON path"};
      add(Descend{});
      if (!text_.starts_with('[')) return member();
    } else if (eat('.')) {
      if (!text_.starts_with('[')) return member();
    }
    if (eat('[')) return bracket();
    return invalid("found '" + std::string(text_.substr(0, 20)) + "', expected '.' or '['");
  }

  Status member() {
    if (eat('*')) return add(Wildcard{}), Status{};
    const size_t size = std::min(text_.find_first_of(".[ ("), text_.size());
    if (size == 0) return invalid("a name is missing");
    const BytesView name = text_.substr(0, size);
    text_.remove_prefix(size);
    if (!text_.starts_with('(')) return add(Member{std::string(name)}), Status{};
    if (name != "length" || !text_.starts_with("()")) {
      return Error{Errc::kUnsupported, "the function " + std::string(name) + "() in a JSON path"};
    }
    text_.remove_prefix(2);
    path_.length_ = true;
    return {};
  }

  Status bracket() {
    blanks();
    if (text_.starts_with('?') || text_.starts_with('(')) {
      return Error{Errc::kUnsupported, "filters and expressions in a JSON path"};
    }
    if (eat('*')) {
      add(Wildcard{});
    } else if (text_.starts_with('\'') || text_.starts_with('"')) {
      TRY(quoted());
    } else {
      TRY(places());
    }
    blanks();
    if (!eat(']')) return invalid("']' is missing");
    return {};
  }

  Status quoted() {
    const char quote = text_[0];
    text_.remove_prefix(1);
    std::string name;
    while (!text_.empty() && text_[0] != quote) {
      if (text_[0] == '\\' && text_.size() > 1) text_.remove_prefix(1);
      name += text_[0];
      text_.remove_prefix(1);
    }
    if (!eat(quote)) return invalid("a quote is not closed");
    blanks();
    if (text_.starts_with(',')) return Error{Errc::kUnsupported, "several names in one step of a JSON path"};
    add(Member{std::move(name)});
    return {};
  }

  std::optional<int64_t> number() {
    blanks();
    int64_t value = 0;
    const auto [end, failure] = std::from_chars(text_.data(), text_.data() + text_.size(), value);
    if (failure != std::errc()) return std::nullopt;
    text_.remove_prefix(static_cast<size_t>(end - text_.data()));
    blanks();
    return value;
  }
  Status places() {
    const auto first = number();
    if (eat(':')) {
      const auto to = number();
      add(Slice{first, to});
      return {};
    }
    if (!first) return invalid("an index is missing");
    Indices indices{{*first}};
    while (eat(',')) {
      const auto next = number();
      if (!next) return invalid("an index is missing");
      indices.places.push_back(*next);
    }
    add(std::move(indices));
    return {};
  }

  BytesView text_;
  JsonPath& path_;
  bool descended_ = false;
};

Result<JsonPath> JsonPath::make(BytesView text) {
  JsonPath out;
  text = trimmed(text);
  for (const bool lax : {true, false}) {
    const BytesView mode = lax ? "lax" : "strict";
    const BytesView written = text.substr(0, mode.size());
    const bool same = std::ranges::equal(written, mode, [](char a, char b) { return (a | 32) == b; });
    if (same && text.size() > mode.size() && text[mode.size()] <= ' ') {
      text.remove_prefix(mode.size());
      out.lax_ = lax;
      break;
    }
  }
  text = trimmed(text);
  if (text.empty()) return Error{Errc::kInvalidArgument, "invalid JSON path: it is empty"};
  // A path without "$" starts with a member.
  std::string whole(text);
  if (text[0] != '$') whole = "." + whole;
  Reader reader(text[0] == '$' ? BytesView(whole).substr(1) : BytesView(whole), out);
  TRY(reader.steps());
  return out;
}

void JsonPath::take(const JsonTree& tree, const Step& step, uint32_t from, std::vector<uint32_t>& out) {
  const JsonTree::Node& node = tree.node(from);
  const bool is_array = node.kind == JsonTree::Kind::kArray, is_object = node.kind == JsonTree::Kind::kObject;
  if (const auto* member = std::get_if<Member>(&step)) {
    if (!is_object) return;
    if (const auto value = tree.member(from, member->name)) out.push_back(*value);
    return;
  }
  if (std::holds_alternative<Descend>(step)) {
    out.push_back(from);
    const auto descend = [&](uint32_t child, BytesView = {}) { take(tree, step, child, out); };
    if (is_array) tree.for_each_element(from, descend);
    if (is_object) tree.for_each_member(from, descend);
    return;
  }
  if (std::holds_alternative<Wildcard>(step) && is_object) {
    tree.for_each_member(from, [&](uint32_t value, BytesView) { out.push_back(value); });
    return;
  }
  if (!is_array) return;
  std::vector<uint32_t> elements;
  tree.for_each_element(from, [&](uint32_t element) { elements.push_back(element); });
  const auto count = static_cast<int64_t>(elements.size());
  const auto place = [&](int64_t at) { return at < 0 ? at + count : at; };
  if (const auto* indices = std::get_if<Indices>(&step)) {
    for (const int64_t index : indices->places) {
      if (place(index) >= 0 && place(index) < count) out.push_back(elements[static_cast<size_t>(place(index))]);
    }
    return;
  }
  int64_t first = 0, last = count;
  if (const auto* slice = std::get_if<Slice>(&step)) {
    first = std::max<int64_t>(place(slice->from.value_or(0)), 0);
    last = std::min(slice->to ? place(*slice->to) : count, count);
  }
  for (int64_t i = first; i < last; ++i) out.push_back(elements[static_cast<size_t>(i)]);
}

bool JsonPath::is_definite(const Step& step) {
  const auto* indices = std::get_if<Indices>(&step);
  return std::holds_alternative<Member>(step) || (indices != nullptr && indices->places.size() == 1);
}

std::optional<std::vector<uint32_t>> JsonPath::find(const JsonTree& tree) const {
  std::vector<uint32_t> found{0};
  bool definite = true;
  for (const Step& step : steps_) {
    std::vector<uint32_t> next;
    for (const uint32_t at : found) take(tree, step, at, next);
    definite = definite && is_definite(step);
    if (definite && next.empty()) return std::nullopt;
    found = std::move(next);
  }
  return found;
}

}  // namespace leat
