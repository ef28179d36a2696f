#pragma once
// Date patterns of calls: one that is a literal is read once, when the call is made.
#include <memory>
#include <string>

#include "columnar/kernel.h"
#include "columnar/registry.h"

namespace leat {

template <class Format>
struct DatePattern {
  std::string text;
  Result<Format> format;

  explicit DatePattern(BytesView pattern) : text(pattern), format(Format::make(pattern)) {}
};

// The pattern of a call: the one prepared for it, or the last one that this thread read.
template <class Format>
const Result<Format>& date_pattern(const Row& row, BytesView pattern) {
  const auto* prepared = static_cast<const DatePattern<Format>*>(row.call.function->prepared.get());
  if (prepared != nullptr) return prepared->format;
  thread_local std::unique_ptr<DatePattern<Format>> last;
  if (!last || last->text != pattern) last = std::make_unique<DatePattern<Format>>(pattern);
  return last->format;
}

// Prepares the literal pattern args[index]. `refuse_invalid`: what Java does not take is an error now; else the kernel
// sees it.
template <class Format>
Result<ExprPtr> with_prepared_pattern(const ExprPtr& call, size_t index, bool refuse_invalid) {
  if (index >= call->args.size()) return call;
  const ExprPtr pattern = fold_constants(call->args[index]);
  if (!is_literal(*pattern)) return call;
  auto prepared = std::make_shared<const DatePattern<Format>>(*std::get_if<std::string>(&pattern->literal.data));
  if (!prepared->format && (refuse_invalid || prepared->format.error().code == Errc::kUnsupported)) {
    return prepared->format.error();
  }
  auto function = std::make_shared<Function>(*call->function);
  function->prepared = std::move(prepared);
  auto copy = std::make_shared<Expr>(*call);
  copy->function = std::move(function);
  return ExprPtr(std::move(copy));
}

}  // namespace leat
