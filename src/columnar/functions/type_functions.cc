// What the type of an expression is.
#include "columnar/registry.h"

namespace leat {
namespace {

Result<ExprPtr> make_typeof(std::string_view name, std::vector<ExprPtr> args) {
  if (args.size() == 2) return Error{Errc::kUnsupported, "TYPEOF with a second argument"};
  if (args.size() != 1) return no_overload(name, args, "TYPEOF(value)");
  return Expr::make_literal({args[0]->type.to_string()}, DataType::string());
}

constexpr Special kTypeSpecials[] = {{"TYPEOF", make_typeof, "TYPEOF(value)"}};

}  // namespace

Family type_family() {
  return {"Types", {}, kTypeSpecials};
}

}  // namespace leat
