#include "server/arguments.h"

#include <algorithm>
#include <charconv>

#include "base/units.h"

namespace leat {
namespace {

const OptionInfo kHelp{"--help", 'h', "", "Show the command's help."};

Error unknown_option(const std::string& word, const std::vector<OptionInfo>& known) {
  std::vector<std::string> names{kHelp.name};
  for (const OptionInfo& option : known) names.push_back(option.name);
  return Error{Errc::kInvalidArgument, "unknown option '" + word + "'" + did_you_mean(word, names)};
}

const OptionInfo* find(const std::string& name, const std::vector<OptionInfo>& known) {
  auto matches = [&name](const OptionInfo& option) {
    return option.name == name || (name.size() == 2 && option.letter == name[1]);
  };
  if (matches(kHelp)) return &kHelp;
  auto option = std::find_if(known.begin(), known.end(), matches);
  return option == known.end() ? nullptr : &*option;
}

// An option's word in two: its name, and the value that is stuck to it.
std::pair<std::string, std::optional<std::string>> split(const std::string& word) {
  if (word.starts_with("--")) {
    size_t equals = word.find('=');
    if (equals == std::string::npos) return {word, std::nullopt};
    return {word.substr(0, equals), word.substr(equals + 1)};
  }
  if (word.size() == 2) return {word, std::nullopt};
  return {word.substr(0, 2), word.substr(2)};
}

}  // namespace

Result<Arguments> Arguments::parse(std::span<const std::string> words, const std::vector<OptionInfo>& known) {
  Arguments out;
  bool options_end = false;
  for (size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (!options_end && word == "--") {
      options_end = true;
      continue;
    }
    if (options_end || word.size() < 2 || word[0] != '-') {
      out.operands_.push_back(word);
      continue;
    }
    auto [name, value] = split(word);
    const OptionInfo* option = find(name, known);
    if (option == nullptr) return unknown_option(name, known);
    if (!option->value.empty() && !value && i + 1 < words.size()) value = words[++i];
    TRY(out.take(*option, std::move(value)));
  }
  return out;
}

Status Arguments::take(const OptionInfo& option, std::optional<std::string> value) {
  if (option.value.empty()) {
    if (value) return Error{Errc::kInvalidArgument, option.name + " takes no value, and got '" + *value + "'"};
    options_.emplace_back(option.name, "");
    return {};
  }
  if (!value) return Error{Errc::kInvalidArgument, option.name + " wants a value: " + option.name + " " + option.value};
  const auto& choices = option.choices;
  if (!choices.empty() && std::find(choices.begin(), choices.end(), *value) == choices.end()) {
    std::string message = option.name + " '" + *value + "': expected ";
    for (size_t i = 0; i < choices.size(); ++i) message += (i == 0 ? "" : ", ") + choices[i];
    return Error{Errc::kInvalidArgument, message};
  }
  options_.emplace_back(option.name, std::move(*value));
  return {};
}

std::optional<std::string> Arguments::last(const std::string& name) const {
  auto given =
      std::find_if(options_.rbegin(), options_.rend(), [&](const auto& option) { return option.first == name; });
  if (given == options_.rend()) return std::nullopt;
  return given->second;
}

std::string Arguments::value_or(const std::string& name, const std::string& fallback) const {
  return last(name).value_or(fallback);
}

std::vector<std::string> Arguments::all(const std::string& name) const {
  std::vector<std::string> out;
  for (const auto& [given, value] : options_) {
    if (given == name) out.push_back(value);
  }
  return out;
}

Result<int64_t> Arguments::number_or(const std::string& name, int64_t fallback) const {
  std::optional<std::string> text = last(name);
  if (!text) return fallback;
  int64_t number = 0;
  auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (error != std::errc() || end != text->data() + text->size() || number < 0) {
    return Error{Errc::kInvalidArgument, name + " '" + *text + "': expected a number from 0 up"};
  }
  return number;
}

}  // namespace leat
