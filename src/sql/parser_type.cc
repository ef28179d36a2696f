// Types, as Flink writes them.
#include "sql/parser_internal.h"

namespace leat {
namespace {

struct TypeName {
  const char* written;
  const char* name;
  enum : uint8_t { kPlain, kLength, kDecimal, kTime } parameters;
};

constexpr TypeName kTypeNames[] = {
    {"BOOLEAN", "BOOLEAN", TypeName::kPlain},
    {"TINYINT", "TINYINT", TypeName::kPlain},
    {"SMALLINT", "SMALLINT", TypeName::kPlain},
    {"INT", "INT", TypeName::kPlain},
    {"INTEGER", "INT", TypeName::kPlain},
    {"BIGINT", "BIGINT", TypeName::kPlain},
    {"FLOAT", "FLOAT", TypeName::kPlain},
    {"DOUBLE", "DOUBLE", TypeName::kPlain},
    {"DECIMAL", "DECIMAL", TypeName::kDecimal},
    {"DEC", "DECIMAL", TypeName::kDecimal},
    {"NUMERIC", "DECIMAL", TypeName::kDecimal},
    {"CHAR", "CHAR", TypeName::kLength},
    {"VARCHAR", "VARCHAR", TypeName::kLength},
    {"STRING", "STRING", TypeName::kPlain},
    {"BINARY", "BINARY", TypeName::kLength},
    {"VARBINARY", "VARBINARY", TypeName::kLength},
    {"BYTES", "BYTES", TypeName::kPlain},
    {"DATE", "DATE", TypeName::kPlain},
    {"TIME", "TIME", TypeName::kTime},
    {"TIMESTAMP", "TIMESTAMP", TypeName::kTime},
    {"TIMESTAMP_LTZ", "TIMESTAMP_LTZ", TypeName::kTime},
};

}  // namespace

Result<ast::Type> Parser::type() {
  Depth depth(*this);
  TRY(check_depth());
  TRY_ASSIGN(ast::Type out, base_type());
  while (true) {
    if (in_.accept_words({"NOT", "NULL"})) {
      out.nullable = false;
    } else if (in_.accept_word("NULL")) {
      out.nullable = true;
    } else if (in_.word("ARRAY")) {
      ast::Type array;
      array.position = in_.take().position;
      array.name = "ARRAY";
      array.arguments.push_back(std::make_shared<ast::Type>(std::move(out)));
      out = std::move(array);
    } else if (in_.word("MULTISET")) {
      return in_.unsupported_at(in_.position(), "the type MULTISET");
    } else {
      return out;
    }
  }
}

Result<ast::Type> Parser::base_type() {
  ast::Type out;
  out.position = in_.position();
  if (in_.peek().kind != Token::Kind::kWord) return in_.unexpected("a type");
  std::string upper = in_.peek().upper;
  for (const TypeName& known : kTypeNames) {
    if (upper != known.written) continue;
    in_.take();
    out.name = known.name;
    if (upper == "DOUBLE") in_.accept_word("PRECISION");
    if (known.parameters != TypeName::kPlain) TRY(type_precision(out, known.parameters == TypeName::kDecimal));
    if (known.parameters == TypeName::kTime) TRY(time_zone_suffix(out));
    return out;
  }
  if (upper == "ARRAY" || upper == "MAP") {
    in_.take();
    out.name = upper;
    TRY(in_.expect_symbol("<"));
    for (int i = 0; i < (upper == "MAP" ? 2 : 1); ++i) {
      if (i > 0) TRY(in_.expect_symbol(","));
      TRY_ASSIGN(ast::Type argument, type());
      out.arguments.push_back(std::make_shared<ast::Type>(std::move(argument)));
    }
    TRY(in_.expect_symbol(">"));
    return out;
  }
  if (upper == "ROW") {
    in_.take();
    out.name = "ROW";
    if (in_.accept_symbol("<>")) return out;
    bool angle = in_.accept_symbol("<");
    if (!angle) TRY(in_.expect_symbol("("));
    TRY_ASSIGN(out.fields, row_fields(angle ? ">" : ")"));
    return out;
  }
  if (upper == "INTERVAL") {
    in_.take();
    out.name = "INTERVAL";
    TRY(interval_type(out));
    return out;
  }
  for (const char* refused : {"MULTISET", "RAW", "STRUCTURED", "VARIANT", "DESCRIPTOR", "BITMAP"}) {
    if (upper == refused) return in_.unsupported_at(out.position, "the type " + upper);
  }
  return in_.unexpected("a type");
}

Status Parser::type_precision(ast::Type& out, bool with_scale) {
  if (!in_.accept_symbol("(")) return {};
  TRY_ASSIGN(out.precision, integer("a length or precision"));
  if (with_scale && in_.accept_symbol(",")) {
    TRY_ASSIGN(out.scale, integer("a scale"));
  }
  return in_.expect_symbol(")");
}

Status Parser::time_zone_suffix(ast::Type& out) {
  if (in_.accept_words({"WITHOUT", "TIME", "ZONE"})) return {};
  if (in_.accept_words({"WITH", "LOCAL", "TIME", "ZONE"})) {
    if (out.name == "TIMESTAMP") out.name = "TIMESTAMP_LTZ";
    return {};
  }
  if (in_.word("WITH") && in_.word("TIME", 1)) {
    return in_.unsupported_at(in_.position(), "TIMESTAMP WITH TIME ZONE; use TIMESTAMP_LTZ");
  }
  return {};
}

Status Parser::interval_type(ast::Type& out) {
  TRY_ASSIGN(std::string unit, time_unit());
  bool months = unit == "YEAR" || unit == "MONTH";
  out.name = months ? "INTERVAL MONTH" : "INTERVAL SECOND";
  if (in_.accept_symbol("(")) {
    TRY_ASSIGN(out.precision, integer("a precision"));
    TRY(in_.expect_symbol(")"));
  }
  if (!in_.accept_word("TO")) return {};
  TRY_ASSIGN(std::string to, time_unit());
  if (in_.accept_symbol("(")) {
    TRY_ASSIGN(out.scale, integer("a precision"));
    TRY(in_.expect_symbol(")"));
  }
  return {};
}

Result<std::vector<ast::TypeField>> Parser::row_fields(std::string_view close) {
  std::vector<ast::TypeField> out;
  if (in_.accept_symbol(close)) return out;
  do {
    ast::TypeField field;
    TRY_ASSIGN(field.name, name("a field's name"));
    TRY_ASSIGN(field.type, type());
    if (in_.peek().kind == Token::Kind::kString) in_.take();  // A field's comment.
    out.push_back(std::move(field));
  } while (in_.accept_symbol(","));
  // "ROW<a ARRAY<INT>>" ends with two tokens ">", so there is nothing to split.
  TRY(in_.expect_symbol(close));
  return out;
}

}  // namespace leat
