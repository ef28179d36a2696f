// Windowed aggregation against the oracle, at several batch sizes and through checkpoints and restores.
#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <set>

#include "stream/operator_harness.h"
#include "stream/window_oracle.h"

namespace leat {
namespace {

using testing::Harness;
using testing::Oracle;

struct Row {
  int64_t time_ms;
  std::optional<int64_t> key;
  std::string name;  // The second key.
  std::optional<int64_t> number;
  double real;  // A multiple of 1/4, so that sums are exact in any order.
  std::optional<std::string> text;
  std::optional<bool> flag;
  int64_t cents;
};

enum Field_ : uint32_t { kTime, kKey, kName, kNumber, kReal, kText, kFlag, kCents };

Schema input_schema(DataType time = DataType::timestamp(3)) {
  return {{"time", time},
          {"key", DataType::bigint()},
          {"name", DataType::string()},
          {"number", DataType::integer()},
          {"real", DataType::float64()},
          {"text", DataType::string()},
          {"flag", DataType::boolean()},
          {"cents", DataType::decimal(10, 2)}};
}

template <class T>
Value optional_value(const std::optional<T>& value) {
  return value ? Value{*value} : Value{};
}

// Rows [begin, end), each with the watermark before it.
Batch batch_of(const std::vector<Row>& rows, const std::vector<int64_t>& watermarks, size_t begin, size_t end,
               const Schema& schema) {
  std::vector<std::vector<Value>> values(schema.size());
  auto provenance = std::make_shared<Provenance>();
  auto texts = std::make_shared<std::vector<std::string>>();
  texts->reserve(end - begin);
  provenance->table = "t";
  Batch batch;
  for (size_t i = begin; i < end; ++i) {
    const Row& row = rows[i];
    values[kTime].push_back({row.time_ms * 1000});
    values[kKey].push_back(optional_value(row.key));
    values[kName].push_back({row.name});
    values[kNumber].push_back(optional_value(row.number));
    values[kReal].push_back({row.real});
    values[kText].push_back(optional_value(row.text));
    values[kFlag].push_back(optional_value(row.flag));
    values[kCents].push_back({Int128{row.cents}});
    batch.watermarks.push_back(watermarks[i]);
    texts->push_back("row " + std::to_string(i));
    provenance->rows.push_back({texts->back(), i, i});
  }
  provenance->owners.push_back(texts);
  batch.rows = static_cast<uint32_t>(end - begin);
  for (size_t c = 0; c < schema.size(); ++c) batch.columns.push_back(testing::column_of(schema[c].type, values[c]));
  batch.provenance = provenance;
  return batch;
}

std::vector<Row> random_rows(std::mt19937_64& random, size_t count, int64_t step_max, int64_t disorder, int keys) {
  std::vector<Row> rows;
  int64_t clock = -50'000;
  auto below = [&](int64_t limit) { return static_cast<int64_t>(random() % static_cast<uint64_t>(limit)); };
  for (size_t i = 0; i < count; ++i) {
    clock += below(step_max + 1);
    Row row;
    row.time_ms = clock - (below(3) == 0 ? below(disorder + 1) : 0);
    if (below(10) == 0) row.time_ms = row.time_ms / 100 * 100;  // Exactly on bounds, now and then.
    if (below(8) != 0) row.key = below(keys) - 1;
    row.name = below(2) == 0 ? "n" + std::to_string(below(2)) : "a name that is long enough to be kept elsewhere";
    if (below(6) != 0) row.number = below(7) - 3;
    row.real = static_cast<double>(below(100)) / 4;
    if (below(4) != 0) row.text = std::string(1, static_cast<char>('a' + below(5)));
    if (below(4) != 0) row.flag = below(2) == 0;
    row.cents = below(1000) - 500;
    rows.push_back(row);
  }
  return rows;
}

AggregateCall call(std::string function, std::vector<uint32_t> args, bool distinct = false, bool filter = false) {
  AggregateCall out;
  out.function = std::move(function);
  out.args = std::move(args);
  out.distinct = distinct;
  if (filter) out.filter = kFlag;
  std::vector<DataType> types;
  for (uint32_t arg : out.args) types.push_back(input_schema()[arg].type);
  out.type = *aggregate_type(out.function, types);
  return out;
}

std::vector<AggregateCall> all_calls() {
  return {call("COUNT", {}),
          call("COUNT", {kNumber}, false, true),
          call("SUM", {kNumber}),
          call("AVG", {kReal}),
          call("MIN", {kText}),
          call("MAX", {kNumber}, false, true),
          call("COUNT", {kText}, true),
          call("SUM", {kNumber}, true, true),
          call("FIRST_VALUE", {kText}),
          call("LAST_VALUE", {kNumber}),
          call("STDDEV_POP", {kCents}),
          call("SUM", {kCents}),
          call("AVG", {kCents}),
          call("MAX", {kReal}),
          call("LISTAGG", {kText})};
}

// The results of all_calls() by their definitions, as the harness writes them.
std::string expected_results(const std::vector<Row>& rows, const std::vector<size_t>& chosen) {
  int64_t count = 0, filtered_count = 0, sum = 0, numbers = 0, cents = 0, squares = 0;
  double real = 0, real_max = -1;
  std::optional<std::string> text_min, text_first;
  std::optional<int64_t> max_filtered, last;
  std::set<std::string> texts;
  std::set<int64_t> distinct;
  std::vector<std::string> list;
  for (size_t i : chosen) {
    const Row& row = rows[i];
    bool flag = row.flag.value_or(false);
    ++count;
    if (row.number) {
      ++numbers;
      sum += *row.number;
      last = row.number;
      if (flag) {
        ++filtered_count;
        max_filtered = std::max(max_filtered.value_or(-100), *row.number);
        distinct.insert(*row.number);
      }
    }
    real += row.real;
    real_max = std::max(real_max, row.real);
    if (row.text) {
      text_min = std::min(text_min.value_or("~"), *row.text);
      if (!text_first) text_first = row.text;
      texts.insert(*row.text);
      list.push_back(*row.text);
    }
    cents += row.cents;
    squares += row.cents * row.cents;
  }
  std::sort(list.begin(), list.end());
  std::string joined;
  for (const auto& item : list) joined += (joined.empty() ? "" : ",") + item;
  EvalSettings settings;
  auto text = [&](const std::optional<Value>& value, const DataType& type) {
    return value ? value_to_text(*value, type, settings) : std::string("NULL");
  };
  auto integer = [&](int64_t value) { return std::to_string(value); };
  auto optional_integer = [&](const std::optional<int64_t>& value) {
    return value ? std::to_string(*value) : std::string("NULL");
  };
  // Rounded half up, like the decimal it is: four more digits than cents have.
  double average = std::round(static_cast<double>(cents) * 1e4 / static_cast<double>(count));
  // A root of whole numbers is a whole number or far from the middle of two, so that one order of adding is as good as
  // another.
  double deviation =
      std::round(std::sqrt(static_cast<double>(count * squares - cents * cents)) * 1e4 / static_cast<double>(count));
  std::vector<std::string> out = {integer(count),
                                  integer(filtered_count),
                                  numbers == 0 ? "NULL" : integer(sum),
                                  text(Value{real / static_cast<double>(count)}, DataType::float64()),
                                  text_min.value_or("NULL"),
                                  optional_integer(max_filtered),
                                  integer(static_cast<int64_t>(texts.size())),
                                  distinct.empty() ? "NULL" : integer([&] {
                                    int64_t total = 0;
                                    for (int64_t value : distinct) total += value;
                                    return total;
                                  }()),
                                  text_first.value_or("NULL"),
                                  optional_integer(last),
                                  text(Value{static_cast<Int128>(deviation)}, DataType::decimal(38, 6)),
                                  text(Value{Int128{cents}}, DataType::decimal(38, 2)),
                                  text(Value{static_cast<Int128>(average)}, DataType::decimal(38, 6)),
                                  text(Value{real_max}, DataType::float64()),
                                  list.empty() ? "NULL" : joined};
  std::string line;
  for (const auto& part : out) line += "|" + part;
  return line;
}

WindowAggregateSpec spec_for(const WindowSpec& window, DataType time = DataType::timestamp(3)) {
  WindowAggregateSpec spec;
  spec.window = window;
  spec.time = kTime;
  spec.keys = {kKey, kName};
  spec.calls = all_calls();
  spec.input = input_schema(time);
  spec.output = {{"key", DataType::bigint()}, {"name", DataType::string()}};
  for (const AggregateCall& one : spec.calls) spec.output.push_back({one.function, one.type});
  spec.output.push_back({"window_start", DataType::timestamp(3)});
  spec.output.push_back({"window_end", DataType::timestamp(3)});
  return spec;
}

std::string key_text(const Row& row) {
  return (row.key ? std::to_string(*row.key) : "NULL") + "|" + row.name;
}

std::string window_text(const Window& window) {
  EvalSettings settings;
  return "|" + value_to_text(Value{window.start_ms * 1000}, DataType::timestamp(3), settings) + "|" +
         value_to_text(Value{window.end_ms * 1000}, DataType::timestamp(3), settings);
}

// LISTAGG over slices and merged sessions is in the order of the slices; the oracle knows only what is in it.
std::string with_sorted_list(const std::string& line) {
  std::vector<std::string> parts;
  for (size_t begin = 0; begin <= line.size();) {
    size_t end = std::min(line.find('|', begin), line.size());
    parts.push_back(line.substr(begin, end - begin));
    begin = end + 1;
  }
  std::string& list = parts[parts.size() - 3];
  if (list != "NULL") {
    std::vector<char> items;
    for (char c : list) {
      if (c != ',') items.push_back(c);
    }
    std::sort(items.begin(), items.end());
    list.clear();
    for (char c : items) list += (list.empty() ? "" : ",") + std::string(1, c);
  }
  std::string out;
  for (size_t i = 0; i < parts.size(); ++i) out += (i == 0 ? "" : "|") + parts[i];
  return out;
}

struct Run {
  std::vector<std::string> rows;
  std::vector<int64_t> watermarks;
  std::vector<testing::OracleLate> late;
  Account account;
};

// `batch_rows` 0: random sizes. `restarts`: checkpoints and restores at random places.
Run run(const std::vector<Row>& rows, const WindowSpec& window, int64_t delay, size_t batch_rows, bool restarts,
        uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<int64_t> watermarks;
  int64_t watermark = kMinEventTime.value;
  for (const Row& row : rows) {
    watermarks.push_back(watermark);
    watermark = std::max(watermark, row.time_ms - delay);
  }
  watermarks.push_back(watermark);
  Harness harness([&] { return *make_window_aggregate(spec_for(window)); });
  int64_t told = kMinEventTime.value;
  for (size_t begin = 0; begin < rows.size();) {
    size_t end = std::min(rows.size(), begin + (batch_rows == 0 ? 1 + random() % 200 : batch_rows));
    harness.process(batch_of(rows, watermarks, begin, end, input_schema()));
    if (watermarks[end] > told) harness.watermark(told = watermarks[end]);
    if (restarts && random() % 4 == 0) {
      bool full = random() % 4 == 0;
      if (full && random() % 2 == 0) harness.log.records.clear();
      harness.checkpoint(full);
      if (random() % 2 == 0) harness.restart();
    }
    begin = end;
  }
  harness.end();
  Run out{harness.out.rows, harness.out.watermarks, {}, harness.account};
  for (const DeadLetter& letter : harness.letters.letters) {
    CHECK(letter.late && letter.cause == DeadLetterClass::kLate);
    testing::OracleLate late{letter.line, {}, letter.late->watermark.value};
    for (auto [start, end] : letter.late->windows) late.windows.push_back({start.value, end.value});
    CHECK(letter.payload == "row " + std::to_string(letter.line));
    out.late.push_back(late);
  }
  return out;
}

std::vector<std::string> sorted(std::vector<std::string> lines) {
  std::sort(lines.begin(), lines.end());
  return lines;
}

void check_everything(const WindowSpec& window, int64_t delay, uint64_t seed, int64_t step_max, int64_t disorder,
                      int keys, size_t count = 400) {
  SCOPED_TRACE(window.to_string() + " delay " + std::to_string(delay) + " seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  std::vector<Row> rows = random_rows(random, count, step_max, disorder, keys);
  Oracle oracle(window, delay);
  for (const Row& row : rows) oracle.add(key_text(row), row.time_ms);
  oracle.end();
  std::vector<std::string> expected;
  for (const auto& result : oracle.results) {
    expected.push_back(result.key + expected_results(rows, result.rows) + window_text(result.window));
  }

  Run straight = run(rows, window, delay, 1, false, seed);
  std::vector<std::string> got;
  for (const std::string& line : straight.rows) got.push_back(with_sorted_list(line));
  ASSERT_EQ(sorted(got), sorted(expected));
  ASSERT_EQ(straight.late, oracle.late);
  ASSERT_TRUE(straight.account.balances());
  ASSERT_EQ(static_cast<size_t>(straight.account.late + straight.account.partly_late), oracle.late.size());
  for (size_t batch_rows : {size_t{0}, size_t{1}, size_t{3}, size_t{64}, size_t{1024}}) {
    for (bool restarts : {false, true}) {
      SCOPED_TRACE("batches of " + std::to_string(batch_rows) + (restarts ? ", restarts" : ""));
      Run other = run(rows, window, delay, batch_rows, restarts, seed + batch_rows);
      ASSERT_EQ(other.rows, straight.rows);
      ASSERT_EQ(other.watermarks, straight.watermarks);
      ASSERT_EQ(other.late, straight.late);
      ASSERT_EQ(other.account, straight.account);
    }
  }
}

TEST(WindowAggregate, AgreesWithTheOracle) {
  for (uint64_t seed = 1; seed <= 3; ++seed) {
    for (int64_t delay : {0, 50, 700}) {
      check_everything({WindowKind::kTumble, 100, 0, 0, 0}, delay, seed, 20, 400, 4);
      check_everything({WindowKind::kTumble, 100, 0, 30, 0}, delay, seed, 60, 400, 4);
      check_everything({WindowKind::kHop, 300, 100, 0, 0}, delay, seed, 20, 500, 3);
      check_everything({WindowKind::kHop, 240, 20, -7, 0}, delay, seed, 30, 300, 3);
      check_everything({WindowKind::kCumulate, 300, 100, 0, 0}, delay, seed, 20, 500, 3);
      check_everything({WindowKind::kCumulate, 200, 20, 11, 0}, delay, seed, 40, 300, 3);
      check_everything({WindowKind::kSession, 50, 0, 0, 0}, delay, seed, 20, 300, 6);
      check_everything({WindowKind::kSession, 50, 0, 0, 0}, delay, seed, 5, 600, 3);
      check_everything({WindowKind::kSession, 50, 0, 0, 120}, delay, seed, 20, 300, 3);
      check_everything({WindowKind::kSession, 50, 0, 0, 40}, delay, seed, 10, 200, 6);
    }
  }
}

}  // namespace
}  // namespace leat
