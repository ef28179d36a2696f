#include "sql/session.h"

#include "base/units.h"
#include "columnar/function.h"
#include "sql/binder.h"
#include "sql/catalog.h"
#include "sql/error.h"
#include "sql/insert_binder.h"
#include "sql/parser.h"
#include "sql/show.h"
#include "sql/table_binder.h"
#include "stream/aggregate.h"

namespace leat {

// One statement, by its kind.
struct Session::Execute {
  Session& session;
  std::string_view script;
  const ast::Statement& statement;

  Catalog& catalog() const { return *session.catalog_; }
  Error error(const std::string& message) const { return sql_error(script, statement.position, message); }

  Result<bool> is_new(const std::string& name, bool if_not_exists) const {
    if (!catalog().tables.contains(name) && !catalog().views.contains(name)) return true;
    if (if_not_exists) return false;
    return error("there is a table or view '" + name + "' already");
  }

  Result<Outcome> operator()(const ast::CreateTable& create) const {
    TRY_ASSIGN(bool fresh, is_new(create.name, create.if_not_exists));
    if (!fresh) return Outcome(Done{});
    TRY_ASSIGN(TablePtr table, bind_table_definition(script, create, statement.position));
    if (catalog().check) {
      Status checked = catalog().check(*table);
      if (!checked) return sql_error(script, statement.position, checked.error().message, checked.error().code);
    }
    catalog().tables[create.name] = std::move(table);
    return Outcome(Done{});
  }

  Result<Outcome> operator()(const ast::CreateView& create) const {
    TRY_ASSIGN(bool fresh, is_new(create.name, create.if_not_exists));
    if (!fresh) return Outcome(Done{});
    TRY_ASSIGN(RelPtr plan, QueryBinder(catalog(), script).bind(*create.query));
    if (!create.columns.empty() && create.columns.size() != plan->schema.size()) {
      return error("view '" + create.name + "' names " + std::to_string(create.columns.size()) +
                   " columns, its query has " + std::to_string(plan->schema.size()));
    }
    catalog().views[create.name] =
        View{create.name, std::string(script), create.query, nullptr, create.columns, statement.text};
    return Outcome(Done{});
  }

  Result<Outcome> operator()(const ast::Drop& drop) const {
    bool dropped = drop.view ? catalog().views.erase(drop.name) > 0 : catalog().tables.erase(drop.name) > 0;
    if (dropped || drop.if_exists) return Outcome(Done{});
    bool other = drop.view ? catalog().tables.contains(drop.name) : catalog().views.contains(drop.name);
    if (other) return error("'" + drop.name + "' is a " + (drop.view ? "table: DROP TABLE" : "view: DROP VIEW"));
    std::string what = drop.view ? "view" : "table";
    return error("there is no " + what + " '" + drop.name + "'" + did_you_mean(drop.name, catalog().names()));
  }

  Result<Outcome> operator()(const ast::SetOption& set) const {
    if (!set.key) return Outcome(Show{list_settings(session.settings_)});
    Status done = session.settings_.set(*set.key, set.value);
    if (!done) return error(done.error().message);
    return Outcome(Done{});
  }

  Result<Outcome> operator()(const ast::ResetOption& reset) const {
    if (!reset.key) {
      session.settings_.reset_all();
      return Outcome(Done{});
    }
    Status done = session.settings_.reset(*reset.key);
    if (!done) return error(done.error().message);
    return Outcome(Done{});
  }

  Result<Outcome> operator()(const ast::Insert& insert) const {
    TRY_ASSIGN(InsertPlan plan, bind_insert(catalog(), script, insert));
    RunInserts out;
    out.inserts.push_back(std::move(plan));
    return Outcome(std::move(out));
  }

  Result<Outcome> operator()(const ast::StatementSet& set) const {
    RunInserts out;
    for (const ast::Insert& insert : set.inserts) {
      TRY_ASSIGN(InsertPlan plan, bind_insert(catalog(), script, insert));
      out.inserts.push_back(std::move(plan));
    }
    return Outcome(std::move(out));
  }

  Result<Outcome> operator()(const ast::QueryPtr& query) const {
    TRY_ASSIGN(RelPtr plan, QueryBinder(catalog(), script).bind(*query));
    return Outcome(RunQuery{optimize(std::move(plan)), {}});
  }

  Result<Outcome> operator()(const std::shared_ptr<const ast::Explain>& explained) const {
    Execute inner{session, script, explained->statement};
    TRY_ASSIGN(Outcome outcome, std::visit(inner, explained->statement.node));
    std::string text = "== Optimized Execution Plan ==\n";
    if (const auto* query = std::get_if<RunQuery>(&outcome)) text += explain(*query->query);
    if (const auto* inserts = std::get_if<RunInserts>(&outcome)) {
      for (const InsertPlan& insert : inserts->inserts) {
        text += "Sink(table=[" + insert.target->name + "])\n";
        std::string plan = explain(*insert.query);
        text += "+- " + indented(plan);
      }
    }
    return Outcome(Explained{std::move(text)});
  }

  static std::string indented(const std::string& plan) {
    std::string out;
    for (char c : plan) {
      out.push_back(c);
      if (c == '\n') out += "   ";
    }
    while (out.ends_with(' ')) out.pop_back();
    return out;
  }

  Result<Outcome> operator()(const ast::Show& show) const {
    TextTable out;
    if (show.what == "TABLES") {
      out.columns = {"table name"};
      for (const std::string& name : catalog().names()) out.rows.push_back({name});
    } else if (show.what == "VIEWS") {
      out.columns = {"view name"};
      for (const auto& [name, view] : catalog().views) out.rows.push_back({name});
    } else if (show.what == "FUNCTIONS") {
      out.columns = {"function name"};
      for (const std::string& name : function_names()) out.rows.push_back({name});
      for (const std::string& name : aggregate_names()) out.rows.push_back({name});
    } else if (show.what == "CREATE TABLE") {
      auto found = catalog().tables.find(show.name);
      if (found == catalog().tables.end()) return error("there is no table '" + show.name + "'");
      out.columns = {"result"};
      out.rows.push_back({create_table_text(*found->second)});
    } else if (show.what == "CREATE VIEW") {
      auto found = catalog().views.find(show.name);
      if (found == catalog().views.end()) return error("there is no view '" + show.name + "'");
      out.columns = {"result"};
      if (found->second.text.empty()) return error("view '" + show.name + "' was not made by a statement");
      out.rows.push_back({found->second.text});
    } else {
      return unsupported(script, statement.position, "SHOW " + show.what + "; see `leat job ls`");
    }
    return Outcome(Show{std::move(out)});
  }

  Result<Outcome> operator()(const ast::Describe& describe) const {
    if (auto table = catalog().tables.find(describe.name); table != catalog().tables.end()) {
      return Outcome(Show{describe_table(*table->second)});
    }
    auto view = catalog().views.find(describe.name);
    if (view == catalog().views.end()) {
      return error("there is no table or view '" + describe.name + "'" +
                   did_you_mean(describe.name, catalog().names()));
    }
    ast::NamedTable named{{describe.name}, {}};
    ast::Select all;
    all.items.push_back({std::make_shared<ast::Expr>(ast::Expr{statement.position, ast::Star{}}), ""});
    all.from.push_back(std::make_shared<ast::TableRef>(ast::TableRef{statement.position, std::move(named), "", {}}));
    ast::Query query;
    query.position = statement.position;
    query.body = std::move(all);
    TRY_ASSIGN(RelPtr plan, QueryBinder(catalog(), script).bind(query));
    std::vector<std::pair<std::string, DataType>> columns;
    for (const Field& field : plan->schema) columns.emplace_back(field.name, field.type);
    return Outcome(Show{describe_columns(columns)});
  }
};

Session::Session(TableCheck check) : catalog_(std::make_unique<Catalog>()) {
  catalog_->check = std::move(check);
}
Session::~Session() = default;

Result<Outcome> Session::execute(const ast::Statement& statement, std::string_view script_text) {
  return std::visit(Execute{*this, script_text, statement}, statement.node);
}

Result<RelPtr> Session::bind_query(std::string_view sql) {
  TRY_ASSIGN(ast::QueryPtr query, parse_query(sql));
  TRY_ASSIGN(RelPtr plan, QueryBinder(*catalog_, sql).bind(*query));
  return optimize(std::move(plan));
}

Status Session::must_be_new(const std::string& name) const {
  if (!catalog_->tables.contains(name) && !catalog_->views.contains(name)) return {};
  return Error{Errc::kAlreadyExists, "there is a table or view '" + name + "' already"};
}

Status Session::define_table(TablePtr table) {
  TRY(must_be_new(table->name));
  std::string name = table->name;
  catalog_->tables[name] = std::move(table);
  return {};
}

Status Session::define_view(const std::string& name, RelPtr plan) {
  TRY(must_be_new(name));
  catalog_->views[name] = View{name, {}, nullptr, std::move(plan), {}};
  return {};
}

Status Session::define_watermarked(const std::string& name, const std::string& table, const std::string& time,
                                   const std::string& expr) {
  auto found = catalog_->tables.find(table);
  CHECK(found != catalog_->tables.end());
  auto copy = std::make_shared<Table>(*found->second);
  // Parsed as the only item of a SELECT, so that there is no second way into the parser.
  std::string text = "SELECT " + expr;
  TRY_ASSIGN(ast::QueryPtr query, parse_query(text));
  ast::WatermarkDefinition definition;
  definition.position = query->position;
  definition.column = {time};
  definition.expr = std::get<ast::Select>(query->body).items[0].value;
  TRY_ASSIGN(Watermark watermark, bind_watermark(text, *copy, definition));
  copy->watermark = {std::move(watermark)};
  catalog_->tables[name] = std::move(copy);
  return {};
}

const std::map<std::string, TablePtr>& Session::tables() const {
  return catalog_->tables;
}
std::vector<std::string> Session::names() const {
  return catalog_->names();
}

}  // namespace leat
