// JSON_EXISTS, JSON_VALUE and JSON_QUERY. The parser gives their clauses as STRING literals after the path, in the
// order of the standard: RETURNING's type as that of a NULL, the wrapper, what to do ON EMPTY, what to do ON ERROR.
#include "columnar/json_path.h"
#include "columnar/kernel.h"
#include "columnar/nested.h"
#include "columnar/number_text.h"
#include "columnar/registry.h"

namespace leat {
namespace {

// What a path leads to.
struct Found {
  enum class Kind : uint8_t { kError, kNothing, kNode, kList, kLength };
  Kind kind;
  bool lax = false;
  std::string error = {};
  std::vector<uint32_t> nodes = {};
  int64_t length = 0;
};

Found error(std::string message) {
  return {.kind = Found::Kind::kError, .error = std::move(message)};
}

// Of an array or an object; of other values there is none.
Found length_of(const JsonTree& tree, uint32_t index) {
  const JsonTree::Node& node = tree.node(index);
  if (node.kind == JsonTree::Kind::kArray) return {.kind = Found::Kind::kLength, .length = node.count};
  if (node.kind != JsonTree::Kind::kObject) return {.kind = Found::Kind::kNothing};
  int64_t members = 0;
  tree.for_each_member(index, [&](uint32_t, BytesView) { ++members; });
  return {.kind = Found::Kind::kLength, .length = members};
}

// Lax: what is missing, null or no JSON at all is nothing. Strict: it is an error.
Found follow(const std::optional<JsonTree>& tree, const std::string& why_not, const JsonPath& path) {
  const auto missing = [&](std::string message) {
    return path.lax() ? Found{.kind = Found::Kind::kNothing} : error(std::move(message));
  };
  if (!tree) return missing("no JSON: " + why_not);
  auto nodes = path.find(*tree);
  // An indefinite path always finds a list; in lax mode even of nothing.
  if (!nodes && path.lax() && !path.is_definite()) return {.kind = Found::Kind::kList};
  if (!nodes) return missing("the path leads nowhere");
  if (path.asks_length()) return length_of(*tree, nodes->front());
  if (!path.is_definite()) return {.kind = Found::Kind::kList, .nodes = std::move(*nodes)};
  if (tree->node(nodes->front()).kind == JsonTree::Kind::kNull) return missing("the path leads to null");
  return {.kind = Found::Kind::kNode, .nodes = std::move(*nodes)};
}

Found find(const std::optional<JsonTree>& tree, const std::string& why_not, const Result<JsonPath>& path) {
  if (!path) return error(path.error().message);
  Found out = follow(tree, why_not, *path);
  out.lax = path->lax();
  return out;
}

enum class Behavior : uint8_t { kNull, kError, kDefault, kTrue, kFalse, kUnknown, kEmptyArray, kEmptyObject };
enum class Wrapper : uint8_t { kWithout, kConditional, kUnconditional };

struct Prepared {
  std::optional<Result<JsonPath>> path = {};  // If it is a literal.
  Behavior on_empty = Behavior::kNull, on_error = Behavior::kNull;
  Wrapper wrapper = Wrapper::kWithout;
};

// One call over a batch: reads each text, finds what the path leads to, and leaves the rest to `store`.
template <class Store>
void for_each_found(const Expr& call, std::span<const ColumnPtr> args, Selection selection, Column& out,
                    EvalContext& context, Store store) {
  const auto& prepared = *static_cast<const Prepared*>(call.function->prepared.get());
  const Column& texts = *args[0];
  const Column& paths = *args[1];
  std::optional<Result<JsonPath>> last;
  BytesView last_text;
  Row scope{call, out, context};
  for (const uint32_t row : selection) {
    scope.row = row;
    if (!texts.valid(row) || !paths.valid(row)) {
      out.set_null(row);
      continue;
    }
    if (!prepared.path && (!last || last_text != paths.bytes()[row])) {
      last_text = paths.bytes()[row];
      last.emplace(JsonPath::make(last_text));
    }
    std::string why_not;
    const auto tree = JsonTree::parse(texts.bytes()[row], &why_not);
    store(scope, prepared, tree, find(tree, why_not, prepared.path ? *prepared.path : *last));
  }
}

void fail(Row& row, const std::string& message) {
  row.out.set_null(row.row);
  row.fail("json.invalid", row.call.function->name + ": " + message);
}

void exists_kernel(const Expr& call, std::span<const ColumnPtr> args, Selection selection, Column& out,
                   EvalContext& context) {
  for_each_found(call, args, selection, out, context,
                 [](Row& row, const Prepared& prepared, const std::optional<JsonTree>&, const Found& found) {
                   if (found.kind != Found::Kind::kError) {
                     row.out.bools()[row.row] = found.kind != Found::Kind::kNothing;
                   } else if (prepared.on_error == Behavior::kError) {
                     fail(row, found.error);
                   } else if (prepared.on_error == Behavior::kUnknown) {
                     row.out.set_null(row.row);
                   } else {
                     row.out.bools()[row.row] = prepared.on_error == Behavior::kTrue;
                   }
                 });
}

// A scalar as a value of RETURNING's type; nothing if it is another type's.
std::optional<Value> scalar_value(const JsonTree& tree, uint32_t index, const DataType& type) {
  const JsonTree::Node& node = tree.node(index);
  const bool is_number = node.kind == JsonTree::Kind::kInteger || node.kind == JsonTree::Kind::kDecimal;
  switch (type.kind) {
    case TypeKind::kBoolean:
      return node.kind == JsonTree::Kind::kBoolean ? std::optional(Value{node.truth}) : std::nullopt;
    case TypeKind::kInt: {
      if (node.kind != JsonTree::Kind::kInteger) return std::nullopt;
      const auto number = int_from_text(node.text, INT32_MIN, INT32_MAX);
      return number ? std::optional(Value{*number}) : std::nullopt;
    }
    case TypeKind::kDouble: {
      const auto number = is_number ? double_from_text(node.text) : std::nullopt;
      return number ? std::optional(Value{*number}) : std::nullopt;
    }
    default:
      return Value{tree.scalar_text(index)};
  }
}

std::optional<Value> length_value(int64_t length, const DataType& type) {
  switch (type.kind) {
    case TypeKind::kInt:
      return Value{length};
    case TypeKind::kDouble:
      return Value{static_cast<double>(length)};
    case TypeKind::kBoolean:
      return std::nullopt;
    default:
      return Value{std::to_string(length)};
  }
}

// args: text, path, default on empty, default on error.
void value_kernel(const Expr& call, std::span<const ColumnPtr> args, Selection selection, Column& out,
                  EvalContext& context) {
  const auto behave = [](Row& row, Behavior behavior, const Column& fallback, const std::string& message) {
    if (behavior == Behavior::kError) return fail(row, message);
    if (behavior == Behavior::kNull) return row.out.set_null(row.row);
    row.out.set_value(row.row, fallback.value(row.row));
  };
  const auto store = [&](Row& row, const Prepared& prepared, const std::optional<JsonTree>& tree, const Found& found) {
    const auto on_error = [&](const std::string& message) { behave(row, prepared.on_error, *args[3], message); };
    const auto on_empty = [&] { behave(row, prepared.on_empty, *args[2], "the path leads to nothing"); };
    if (found.kind == Found::Kind::kError) return on_error(found.error);
    if (found.kind == Found::Kind::kNothing) return on_empty();
    const bool has_length = found.kind == Found::Kind::kLength;
    const bool is_node = found.kind == Found::Kind::kNode;
    if (!has_length && !(is_node && tree->node(found.nodes[0]).is_scalar())) {
      if (found.lax) return on_empty();
      return on_error("the path leads to an array or an object, not to a scalar");
    }
    const DataType& type = row.out.type();
    const auto value = has_length ? length_value(found.length, type) : scalar_value(*tree, found.nodes[0], type);
    if (!value) return on_error("the value is no " + type.with_nullable(true).to_string());
    row.out.set_value(row.row, *value);
  };
  for_each_found(call, args, selection, out, context, store);
}

// --- JSON_QUERY

// What "$..*" finds in deeply nested values is far longer than they are. What is longer than this is refused, and need
// not be whole to be seen to be.
constexpr size_t kResultBytesMax = 64 << 20;

// The texts of what was found, as the elements of an array.
std::vector<Value> element_texts(const JsonTree& tree, std::span<const uint32_t> nodes) {
  std::vector<Value> out;
  size_t size = 0;
  for (const uint32_t index : nodes) {
    if (size > kResultBytesMax) break;
    const JsonTree::Node& node = tree.node(index);
    std::string text;
    if (node.kind == JsonTree::Kind::kString) {
      text = node.text;
    } else {
      tree.append(index, text);
    }
    size += text.size();
    out.push_back(node.kind == JsonTree::Kind::kNull ? Value{} : Value{std::move(text)});
  }
  return out;
}

std::string joined(const JsonTree& tree, std::span<const uint32_t> nodes) {
  std::string out = "[";
  for (const uint32_t index : nodes) {
    if (out.size() > kResultBytesMax) break;
    if (out.size() > 1) out += ',';
    tree.append(index, out);
  }
  return out + "]";
}

// What was found with its wrapper. Nothing: it is a scalar, or for an array of STRING no array.
std::optional<std::string> query_text(const JsonTree& tree, const Found& found, Wrapper wrapper, bool as_array) {
  const bool is_list = found.kind == Found::Kind::kList;
  const JsonTree::Kind kind = is_list ? JsonTree::Kind::kArray : tree.node(found.nodes[0]).kind;
  const bool wraps =
      wrapper == Wrapper::kUnconditional || (wrapper == Wrapper::kConditional && kind != JsonTree::Kind::kArray);
  if (as_array) {
    if (wraps && is_list) return encode_array({Value{joined(tree, found.nodes)}});
    if (wraps || is_list) return encode_array(element_texts(tree, found.nodes));
    if (kind != JsonTree::Kind::kArray) return std::nullopt;
    std::vector<uint32_t> elements;
    tree.for_each_element(found.nodes[0], [&](uint32_t element) { elements.push_back(element); });
    return encode_array(element_texts(tree, elements));
  }
  if (is_list) return wraps ? "[" + joined(tree, found.nodes) + "]" : joined(tree, found.nodes);
  if (wraps) return joined(tree, found.nodes);
  if (tree.node(found.nodes[0]).is_scalar()) return std::nullopt;
  std::string out;
  tree.append(found.nodes[0], out);
  return out;
}

void query_kernel(const Expr& call, std::span<const ColumnPtr> args, Selection selection, Column& out,
                  EvalContext& context) {
  const bool as_array = call.type.kind == TypeKind::kArray;
  const auto behave = [&](Row& row, Behavior behavior, const std::string& message) {
    switch (behavior) {
      case Behavior::kError:
        return fail(row, message);
      case Behavior::kEmptyArray:
        return row.out.set_bytes(row.row, as_array ? encode_array({}) : "[]");
      case Behavior::kEmptyObject:
        return row.out.set_bytes(row.row, "{}");
      default:
        return row.out.set_null(row.row);
    }
  };
  const auto store = [&](Row& row, const Prepared& prepared, const std::optional<JsonTree>& tree, const Found& found) {
    if (found.kind == Found::Kind::kError) return behave(row, prepared.on_error, found.error);
    std::optional<std::string> text;
    if (found.kind == Found::Kind::kLength && prepared.wrapper != Wrapper::kWithout) {
      const std::string length = std::to_string(found.length);
      text = as_array ? encode_array({Value{length}}) : "[" + length + "]";
    } else if (found.kind == Found::Kind::kNode || found.kind == Found::Kind::kList) {
      text = query_text(*tree, found, prepared.wrapper, as_array);
    }
    if (text && text->size() > kResultBytesMax) return fail(row, "the result would be longer than 64 MB");
    if (text) return row.out.set_bytes(row.row, *text);
    if (found.kind == Found::Kind::kNothing || found.lax) {
      return behave(row, prepared.on_empty, "the path leads to nothing");
    }
    behave(row, prepared.on_error, "the path leads to a scalar, not to an array or an object");
  };
  for_each_found(call, args, selection, out, context, store);
}

// --- Making the calls

constexpr std::pair<std::string_view, Behavior> kBehaviors[] = {{"NULL", Behavior::kNull},
                                                                {"ERROR", Behavior::kError},
                                                                {"DEFAULT", Behavior::kDefault},
                                                                {"TRUE", Behavior::kTrue},
                                                                {"FALSE", Behavior::kFalse},
                                                                {"UNKNOWN", Behavior::kUnknown},
                                                                {"EMPTY ARRAY", Behavior::kEmptyArray},
                                                                {"EMPTY OBJECT", Behavior::kEmptyObject}};
constexpr std::pair<std::string_view, Wrapper> kWrappers[] = {
    {"WITHOUT", Wrapper::kWithout}, {"CONDITIONAL", Wrapper::kConditional}, {"UNCONDITIONAL", Wrapper::kUnconditional}};

template <class T, size_t N>
std::optional<T> choice(const ExprPtr& arg, const std::pair<std::string_view, T> (&table)[N]) {
  const auto* text = std::get_if<std::string>(&arg->literal.data);
  for (const auto& [name, value] : table) {
    if (text != nullptr && *text == name) return value;
  }
  return std::nullopt;
}

Result<std::optional<Result<JsonPath>>> prepared_path(const ExprPtr& arg) {
  const ExprPtr path = fold_constants(arg);
  std::optional<Result<JsonPath>> out;
  if (!is_literal(*path)) return out;
  out.emplace(JsonPath::make(*std::get_if<std::string>(&path->literal.data)));
  if (!*out && out->error().code == Errc::kUnsupported) return out->error();
  return out;
}

Result<ExprPtr> make_query_call(std::string_view name, Kernel kernel, Prepared prepared, std::vector<ExprPtr> args,
                                const DataType& type) {
  TRY_ASSIGN(prepared.path, prepared_path(args[1]));
  Function function;
  function.name = std::string(name);
  function.kernel = kernel;
  function.handles_nulls = true;
  function.prepared = std::make_shared<const Prepared>(std::move(prepared));
  return make_function_call(std::move(function), std::move(args), type.with_nullable(true));
}

bool are_texts(const std::vector<ExprPtr>& args) {
  return args.size() >= 2 && args[0]->type.is_text() && args[1]->type.is_text();
}

constexpr std::string_view kExistsUsage = "JSON_EXISTS(STRING, path [TRUE|FALSE|UNKNOWN|ERROR ON ERROR])";
constexpr std::string_view kValueUsage =
    "JSON_VALUE(STRING, path [RETURNING type] [NULL|ERROR|DEFAULT value ON EMPTY] [NULL|ERROR|DEFAULT value ON ERROR])";
constexpr std::string_view kQueryUsage =
    "JSON_QUERY(STRING, path [RETURNING type] [WITHOUT|WITH [CONDITIONAL|UNCONDITIONAL] ARRAY WRAPPER] "
    "[NULL|EMPTY ARRAY|EMPTY OBJECT|ERROR ON EMPTY] [NULL|EMPTY ARRAY|EMPTY OBJECT|ERROR ON ERROR])";

// text, path, on error
Result<ExprPtr> make_exists(std::string_view name, std::vector<ExprPtr> args) {
  if (args.size() != 3 || !are_texts(args)) return no_overload(name, args, kExistsUsage);
  const auto on_error = choice(args[2], kBehaviors);
  if (!on_error) return no_overload(name, args, kExistsUsage);
  args.resize(2);
  return make_query_call(name, exists_kernel, {.on_error = *on_error}, std::move(args), DataType::boolean());
}

// A default as RETURNING's type; Java writes a truth in small letters.
Result<ExprPtr> fallback(ExprPtr value, const DataType& type) {
  if (value->type.kind != TypeKind::kNull && !can_cast(value->type, type)) {
    return Error{Errc::kInvalidArgument, "the default is no " + type.with_nullable(true).to_string()};
  }
  const bool truth = value->type.kind == TypeKind::kBoolean && type.is_text();
  ExprPtr cast = Expr::make_cast(std::move(value), type);
  if (!truth) return cast;
  return make_call("LOWER", {std::move(cast)});
}

// text, path, type, on empty, its default, on error, its default
Result<ExprPtr> make_value(std::string_view name, std::vector<ExprPtr> args) {
  if (args.size() != 7 || !are_texts(args)) return no_overload(name, args, kValueUsage);
  const DataType type = args[2]->type;
  const bool known = type.is_text() || type.kind == TypeKind::kBoolean || type.kind == TypeKind::kInt ||
                     type.kind == TypeKind::kDouble;
  if (!known) {
    return Error{Errc::kUnsupported, "RETURNING " + type.with_nullable(true).to_string() +
                                         " in JSON_VALUE: there is STRING, BOOLEAN, INTEGER and DOUBLE"};
  }
  const auto on_empty = choice(args[3], kBehaviors), on_error = choice(args[5], kBehaviors);
  if (!on_empty || !on_error) return no_overload(name, args, kValueUsage);
  TRY_ASSIGN(ExprPtr when_empty, fallback(args[4], type));
  TRY_ASSIGN(ExprPtr when_error, fallback(args[6], type));
  return make_query_call(name, value_kernel, {.on_empty = *on_empty, .on_error = *on_error},
                         {args[0], args[1], std::move(when_empty), std::move(when_error)}, type);
}

// text, path, type, wrapper, on empty, on error
Result<ExprPtr> make_query(std::string_view name, std::vector<ExprPtr> args) {
  if (args.size() != 6 || !are_texts(args)) return no_overload(name, args, kQueryUsage);
  const DataType type = args[2]->type;
  const bool is_array = type.kind == TypeKind::kArray && type.children->front().type.is_text();
  if (!type.is_text() && !is_array) {
    return Error{Errc::kUnsupported, "RETURNING " + type.with_nullable(true).to_string() +
                                         " in JSON_QUERY: there is STRING and ARRAY<STRING>"};
  }
  const auto wrapper = choice(args[3], kWrappers);
  const auto on_empty = choice(args[4], kBehaviors), on_error = choice(args[5], kBehaviors);
  if (!wrapper || !on_empty || !on_error) return no_overload(name, args, kQueryUsage);
  if (is_array && (*on_empty == Behavior::kEmptyObject || *on_error == Behavior::kEmptyObject)) {
    return Error{Errc::kInvalidArgument, "JSON_QUERY: an EMPTY OBJECT is no ARRAY"};
  }
  args.resize(2);
  return make_query_call(name, query_kernel, {.on_empty = *on_empty, .on_error = *on_error, .wrapper = *wrapper},
                         std::move(args), type);
}

// --- IS JSON

enum class JsonType : uint8_t { kValue, kScalar, kArray, kObject };

template <JsonType T>
bool is_json(std::optional<BytesView> text) {
  const auto tree = text ? JsonTree::parse(*text) : std::nullopt;
  if (!tree) return false;
  const JsonTree::Kind kind = tree->node(0).kind;
  if (T == JsonType::kArray) return kind == JsonTree::Kind::kArray;
  if (T == JsonType::kObject) return kind == JsonTree::Kind::kObject;
  return T == JsonType::kValue || tree->node(0).is_scalar();
}

template <JsonType T>
Result<ExprPtr> make_is_json(std::string_view name, std::vector<ExprPtr> args) {
  if (args.size() != 1 || !args[0]->type.is_text()) return no_overload(name, args, "STRING " + std::string(name));
  Function function;
  function.name = std::string(name);
  function.kernel = row_kernel<&is_json<T>>;
  function.handles_nulls = true;
  return make_function_call(std::move(function), std::move(args), DataType::boolean().with_nullable(false));
}

constexpr Special kJsonQuerySpecials[] = {
    {"IS JSON", make_is_json<JsonType::kValue>, "STRING IS JSON [VALUE]"},
    {"IS JSON SCALAR", make_is_json<JsonType::kScalar>, "STRING IS JSON SCALAR"},
    {"IS JSON ARRAY", make_is_json<JsonType::kArray>, "STRING IS JSON ARRAY"},
    {"IS JSON OBJECT", make_is_json<JsonType::kObject>, "STRING IS JSON OBJECT"},
    {"JSON_EXISTS", make_exists, kExistsUsage},
    {"JSON_VALUE", make_value, kValueUsage},
    {"JSON_QUERY", make_query, kQueryUsage},
};

}  // namespace

Family json_query_family() {
  return {"JSON, read", {}, kJsonQuerySpecials};
}

}  // namespace leat
