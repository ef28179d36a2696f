// LIKE and SIMILAR TO, each with ESCAPE as a third argument.
#include <re2/re2.h>

#include "columnar/kernel.h"
#include "columnar/like.h"
#include "columnar/registry.h"

namespace leat {
namespace {

constexpr char kBadEscape[] = "like.escape";

std::optional<char> escape_of(BytesView text) {
  if (text.size() != 1) return std::nullopt;
  return text[0];
}

template <bool Negated>
std::optional<bool> like(Row& row, BytesView text, BytesView pattern, BytesView escape) {
  const auto* prepared = static_cast<const LikePattern*>(row.call.function->prepared.get());
  if (prepared != nullptr) return prepared->matches(text) != Negated;
  const auto parsed = LikePattern::parse(pattern, escape_of(escape).value_or('\0'));
  if (!parsed) return row.fail(kBadEscape, "invalid escape in the pattern '" + std::string(pattern) + "'");
  return parsed->matches(text) != Negated;
}

template <bool Negated>
std::optional<bool> similar(Row& row, BytesView text, BytesView pattern, BytesView escape) {
  const auto* prepared = static_cast<const re2::RE2*>(row.call.function->prepared.get());
  if (prepared != nullptr) return RE2::PartialMatch({text.data(), text.size()}, *prepared) != Negated;
  const auto regex = similar_to_regex(pattern, escape_of(escape).value_or('\0'));
  const RE2 compiled(regex.value_or("("), RE2::Quiet);
  if (!compiled.ok()) return row.fail("regex.invalid", "invalid SIMILAR TO pattern '" + std::string(pattern) + "'");
  return RE2::PartialMatch({text.data(), text.size()}, compiled) != Negated;
}

template <std::optional<bool> (*F)(Row&, BytesView, BytesView, BytesView)>
constexpr auto kWithoutEscape = [](Row& row, BytesView text, BytesView pattern) { return F(row, text, pattern, {}); };

constexpr Overload kOverloads[] = {
    {"LIKE", "ss", "b", row_kernel<kWithoutEscape<&like<false>>>},
    {"LIKE", "sss", "b", row_kernel<&like<false>>},
    {"NOT LIKE", "ss", "b", row_kernel<kWithoutEscape<&like<true>>>},
    {"NOT LIKE", "sss", "b", row_kernel<&like<true>>},
    {"SIMILAR TO", "ss", "b", row_kernel<kWithoutEscape<&similar<false>>>},
    {"SIMILAR TO", "sss", "b", row_kernel<&similar<false>>},
    {"NOT SIMILAR TO", "ss", "b", row_kernel<kWithoutEscape<&similar<true>>>},
    {"NOT SIMILAR TO", "sss", "b", row_kernel<&similar<true>>},
};

Result<std::shared_ptr<const void>> prepare(std::string_view name, const std::string& pattern, char escape) {
  if (name.ends_with("LIKE")) {
    auto parsed = LikePattern::parse(pattern, escape);
    if (parsed) return std::shared_ptr<const void>(std::make_shared<LikePattern>(std::move(*parsed)));
  } else if (const auto regex = similar_to_regex(pattern, escape)) {
    auto compiled = std::make_shared<RE2>(*regex, RE2::Quiet);
    if (compiled->ok()) return std::shared_ptr<const void>(std::move(compiled));
  }
  return Error{Errc::kInvalidArgument, "invalid " + std::string(name) + " pattern '" + pattern + "'"};
}

Result<ExprPtr> make_like(std::string_view name, std::vector<ExprPtr> args) {
  char escape = '\0';
  const bool escape_known = args.size() < 3 || is_literal(*args[2]);
  if (args.size() == 3 && escape_known && args[2]->type.is_text()) {
    const auto& text = *std::get_if<std::string>(&args[2]->literal.data);
    if (text.size() != 1) return Error{Errc::kInvalidArgument, "ESCAPE '" + text + "': it must be one ASCII character"};
    escape = text[0];
  }
  TRY_ASSIGN(ExprPtr call, make_overloaded(name, kOverloads, std::move(args)));
  if (!escape_known || !is_literal(*call->args[1])) return call;
  auto function = std::make_shared<Function>(*call->function);
  TRY_ASSIGN(function->prepared, prepare(name, *std::get_if<std::string>(&call->args[1]->literal.data), escape));
  auto copy = std::make_shared<Expr>(*call);
  copy->function = std::move(function);
  return ExprPtr(std::move(copy));
}

constexpr Special kLikeSpecials[] = {
    {"LIKE", make_like, "STRING LIKE STRING [ESCAPE STRING]"},
    {"NOT LIKE", make_like, "STRING NOT LIKE STRING [ESCAPE STRING]"},
    {"SIMILAR TO", make_like, "STRING SIMILAR TO STRING [ESCAPE STRING]"},
    {"NOT SIMILAR TO", make_like, "STRING NOT SIMILAR TO STRING [ESCAPE STRING]"},
};

}  // namespace

Family like_family() {
  return {"Patterns", {}, kLikeSpecials};
}

}  // namespace leat
