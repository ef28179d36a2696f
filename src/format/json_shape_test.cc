// Records read by their shape against the same records read one by one, by decoders that have seen no other record and
// so know no shape.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <random>

#include "format/format.h"

namespace leat {
namespace {

using Rng = std::mt19937_64;

Schema fields() {
  return {{"i", DataType::integer()},        {"b", DataType::bigint()},
          {"s", DataType::string()},         {"d", DataType::float64()},
          {"f", DataType::float32()},        {"t", DataType::timestamp(3)},
          {"z", DataType::timestamp_ltz(3)}, {"m", DataType::decimal(10, 2)},
          {"o", DataType::boolean()},        {"day", DataType::date()},
          {"at", DataType::time(3)},         {"n", DataType::integer().with_nullable(false)}};
}

struct Cell {
  bool good;
  std::string text;  // The row as JSON, or what is wrong.
};

std::vector<Cell> decode(RowDecoder& decoder, const std::vector<std::string>& records, const EvalSettings& settings) {
  size_t bytes = 0;
  for (const std::string& record : records) bytes += record.size() + 1;
  std::shared_ptr<char[]> buffer(new char[bytes + RowDecoder::kPadding]());
  std::vector<BytesView> views;
  char* at = buffer.get();
  for (const std::string& record : records) {
    std::memcpy(at, record.data(), record.size());
    views.emplace_back(at, record.size());
    at += record.size();
    *at++ = '\n';
  }
  Decoded decoded = decoder.decode(views, buffer);
  std::vector<Cell> out(records.size(), {false, "blank"});
  for (uint32_t row = 0; row < decoded.good.size(); ++row) {
    Cell& cell = out[decoded.good[row]];
    cell = {true, ""};
    for (const ColumnPtr& column : decoded.columns) {
      append_json(*column, row, settings, cell.text);
      cell.text += ' ';
    }
  }
  for (const DecodeFailure& failure : decoded.failures) {
    out[failure.record] = {false, failure.reason + ": " + failure.message};
  }
  return out;
}

using Choice = std::initializer_list<const char*>;

std::string pick(Rng& rng, Choice from) {
  return from.begin()[rng() % from.size()];
}

// Mostly one that is good, so that most records are.
std::string pick(Rng& rng, Choice good, Choice strange) {
  return pick(rng, rng() % 100 == 0 ? strange : good);
}

std::string digits(Rng& rng, size_t most) {
  std::string out = rng() % 3 == 0 ? "-" : "";
  out += static_cast<char>('1' + rng() % 9);
  for (size_t left = rng() % most; left > 0; --left) out += static_cast<char>('0' + rng() % 10);
  return rng() % 50 == 0 ? "0" : out;
}

std::string value(Rng& rng, size_t field) {
  if (field != 11 && rng() % 40 == 0) return "null";
  if (rng() % 200 == 0) {
    return pick(rng,
                {"true", "\"x\"", "[1]", "{\"a\":1}", "1.5e3", "\"7\"", "nul", "-", "\"", "tru", "01", "-0", "1."});
  }
  switch (field) {
    case 1:
      return digits(rng, rng() % 8 == 0 ? 19 : 10);
    case 2:
      return pick(
          rng, {"\"\"", "\"ANC\"", "\"twenty characters go\"", "\"Zürich\"", "\"東京, 日本国\"", "\"\x7f\""},
          {"\"a \\\"quote\\\"\"", "\"\xff\xfe\"", "\"tab\there\"", "\"\\u00e9\"", "\"long enough to be \xe6\x9d \""});
    case 3:
    case 4:
      return digits(rng, 17) +
             pick(rng, {"", ".5", ".25e-3", "e2", "E+30", ".123456789012345678"}, {".", "e-400", "e400"});
    case 5:
      return pick(
          rng, {"\"2024-02-29 12:34:56\"", "\"2024-02-29 12:34:56.789\"", "\"2024-12-31 23:59:59\""},
          {"\"2023-02-29 12:34:56\"", "\"2024-12-31 24:00:00\"", "\"2024-12-31T23:59:59\"", "\"2024-1-1 0:0:0\""});
    case 6:
      return pick(rng, {"\"2024-02-29 12:34:56Z\"", "\"2024-02-29 12:34:56.7891Z\""}, {"\"2024-02-29 12:34:56\""});
    case 7:
      return pick(rng, {"12.345", "\"12.5\"", "99999999.99", "-0.01", "1e2"}, {"999999999999", "\"\"", "true"});
    case 8:
      return pick(rng, {"true", "false"}, {"\"true\"", "1"});
    case 9:
      return pick(rng, {"\"2024-02-29\""}, {"\"2023-02-29\"", "\"x\""});
    case 10:
      return pick(rng, {"\"12:34:56\"", "\"12:34:56.789\""}, {"\"25:00:00\""});
    default:
      return digits(rng, rng() % 50 == 0 ? 12 : 9);
  }
}

// One of a few shapes, and now and then something damaged.
std::string record(Rng& rng) {
  const Schema all = fields();
  uint64_t shape = rng() % 3;
  std::string out = "{";
  for (size_t i = 0; i < all.size(); ++i) {
    if (shape == 1 && i == 4) continue;
    if (out.size() > 1) out += shape == 2 ? ", " : ",";
    out += "\"" + all[i].name + "\":" + (shape == 2 ? " " : "") + value(rng, i);
    if (shape == 2 && i == 3)
      out +=
          ",\"unread\" : " +
          pick(rng, {"1", "\"text\"", "-2.5", "null", "false", "[]", "{ }", "[ [1,\"a]\"] ,{\"b\" : null,\"c\":{}}]"},
               {"1x", "\"\\n\"", "\"\xc3\"", "[1,]", "[1 2]", "[1}", "{\"a\"}", "{\"a\":1,}", "{1:2}", "[[[",
                "{\"a\":}", "[\"\xc3\"]", "[,]", "[tru]", "[1,,2]"});
  }
  out += "}";
  if (rng() % 60 == 0) out.erase(rng() % out.size(), 1);
  if (rng() % 60 == 0) out.insert(rng() % 3 == 0 ? out.size() : rng() % out.size(), 1, static_cast<char>(rng()));
  if (rng() % 60 == 0) out.resize(rng() % out.size());
  std::replace(out.begin(), out.end(), '\n', ' ');
  return out;
}

void compare(const Options& options, uint64_t seed) {
  Rng rng(seed);
  EvalSettings settings;
  auto make = [&] {
    auto made = make_decoder("json", options, fields(), fields(), settings);
    CHECK(made);
    return std::move(*made);
  };
  auto learning = make();
  size_t good = 0;
  for (int batch = 0; batch < 20; ++batch) {
    std::vector<std::string> records;
    for (int i = 0; i < 200; ++i) records.push_back(record(rng));
    std::vector<Cell> seen = decode(*learning, records, settings);
    good += static_cast<size_t>(std::count_if(seen.begin(), seen.end(), [](const Cell& cell) { return cell.good; }));
    for (size_t i = 0; i < records.size(); ++i) {
      Cell alone = decode(*make(), {records[i]}, settings)[0];
      EXPECT_EQ(seen[i].good, alone.good) << records[i];
      EXPECT_EQ(seen[i].text, alone.text) << records[i];
    }
  }
  EXPECT_GT(good, options.empty() ? 2000U : 0U);
}

TEST(JsonShape, NeverChangesAResult) {
  for (uint64_t seed = 1; seed <= 10; ++seed) compare({}, seed);
}

TEST(JsonShape, NorWhenErrorsAreIgnored) {
  for (uint64_t seed = 1; seed <= 5; ++seed) compare({{"json.ignore-parse-errors", "true"}}, seed);
}

TEST(JsonShape, NorWithIsoTimes) {
  compare({{"json.timestamp-format.standard", "ISO-8601"}}, 1);
}

TEST(JsonShape, NorWhenFieldsMustBeThere) {
  compare({{"json.fail-on-missing-field", "true"}}, 1);
}

}  // namespace
}  // namespace leat
