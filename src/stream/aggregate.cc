#include "stream/aggregate.h"

#include <algorithm>

#include "stream/aggregates/makers.h"

namespace leat {
namespace {

enum class Family : uint8_t { kCount, kSum, kAvg, kExtreme, kNth, kVariance, kListAgg };

struct Known {
  const char* name;
  Family family;
};
constexpr Known kKnown[] = {
    {"AVG", Family::kAvg},
    {"COUNT", Family::kCount},
    {"FIRST_VALUE", Family::kNth},
    {"LAST_VALUE", Family::kNth},
    {"LISTAGG", Family::kListAgg},
    {"MAX", Family::kExtreme},
    {"MIN", Family::kExtreme},
    {"STDDEV", Family::kVariance},
    {"STDDEV_POP", Family::kVariance},
    {"STDDEV_SAMP", Family::kVariance},
    {"SUM", Family::kSum},
    {"VARIANCE", Family::kVariance},
    {"VAR_POP", Family::kVariance},
    {"VAR_SAMP", Family::kVariance},
};

// Flink's other aggregates: refused by name, so that nobody looks for a typing error.
constexpr const char* kNotYet[] = {"APPROX_COUNT_DISTINCT",
                                   "ARRAY_AGG",
                                   "COLLECT",
                                   "CUME_DIST",
                                   "DENSE_RANK",
                                   "JSON_ARRAYAGG",
                                   "JSON_OBJECTAGG",
                                   "LAG",
                                   "LEAD",
                                   "NTILE",
                                   "PERCENTILE",
                                   "PERCENT_RANK",
                                   "RANK",
                                   "ROW_NUMBER",
                                   "SUM0",
                                   "BITMAP_BUILD_AGG"};

Result<Family> family_of(const std::string& name) {
  for (const Known& known : kKnown) {
    if (name == known.name) return known.family;
  }
  if (std::find(std::begin(kNotYet), std::end(kNotYet), name) != std::end(kNotYet)) {
    return Error{Errc::kUnsupported, "unsupported: the aggregate function " + name};
  }
  return Error{Errc::kNotFound, "no aggregate function " + name};
}

Error wrong_arguments(const std::string& name, const std::vector<DataType>& args, const char* wanted) {
  std::string given;
  for (const DataType& type : args) given += (given.empty() ? "" : ", ") + type.to_string();
  return Error{Errc::kInvalidArgument, name + "(" + given + "): " + name + " takes " + wanted};
}

DataType with_six_digits(const DataType& type) {
  if (type.kind != TypeKind::kDecimal) return type.with_nullable(true);
  return DataType::decimal(38, std::max(6, type.scale));
}

}  // namespace

std::vector<std::string> aggregate_names() {
  std::vector<std::string> names;
  for (const Known& known : kKnown) names.emplace_back(known.name);
  return names;
}

Result<DataType> aggregate_type(const std::string& function, const std::vector<DataType>& args) {
  TRY_ASSIGN(Family family, family_of(function));
  if (family == Family::kCount) return DataType::bigint().with_nullable(false);
  if (family == Family::kListAgg) {
    bool good = (args.size() == 1 || args.size() == 2) &&
                std::all_of(args.begin(), args.end(), [](const DataType& t) { return t.is_text(); });
    if (!good) return wrong_arguments(function, args, "a STRING and, if wanted, a constant separator");
    return DataType::string();
  }
  if (args.size() != 1) return wrong_arguments(function, args, "one argument");
  const DataType& type = args[0];
  switch (family) {
    case Family::kSum:
      if (!type.is_numeric()) return wrong_arguments(function, args, "a number");
      return type.kind == TypeKind::kDecimal ? DataType::decimal(38, type.scale) : type.with_nullable(true);
    case Family::kAvg:
    case Family::kVariance:
      if (!type.is_numeric()) return wrong_arguments(function, args, "a number");
      return with_six_digits(type);
    case Family::kExtreme:
      if (type.is_nested() || type.kind == TypeKind::kNull) {
        return wrong_arguments(function, args, "a number, text, BOOLEAN, or a time");
      }
      return type.with_nullable(true);
    default:
      return type.with_nullable(true);
  }
}

Result<std::unique_ptr<Aggregate>> make_aggregate(const AggregateCall& call, const Schema& input, bool retracting) {
  TRY_ASSIGN(Family family, family_of(call.function));
  std::vector<DataType> types;
  for (uint32_t arg : call.args) types.push_back(input[arg].type);
  TRY(aggregate_type(call.function, types));
  // MIN and MAX are the same over distinct values.
  bool distinct = call.distinct && family != Family::kExtreme && !call.args.empty();
  AggregateCall inner = call;
  if (distinct) inner.filter = -1;
  std::unique_ptr<Aggregate> made;
  switch (family) {
    case Family::kCount:
      made = make_count(inner);
      break;
    case Family::kSum:
      made = make_sum(inner, types[0]);
      break;
    case Family::kAvg:
      made = make_avg(inner, types[0]);
      break;
    case Family::kExtreme:
      made = make_extreme(inner, types[0], retracting);
      break;
    case Family::kNth:
      made = make_nth(inner, types[0], retracting);
      break;
    case Family::kVariance:
      made = make_variance(inner, types[0]);
      break;
    case Family::kListAgg:
      made = make_listagg(inner, retracting);
      break;
  }
  if (distinct) made = make_distinct(std::move(made), call, input, retracting);
  return made;
}

}  // namespace leat
