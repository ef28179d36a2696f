// JSON records to columns.
#include <simdjson.h>

#include <algorithm>
#include <cstring>

#include "format/decoders.h"
#include "format/json_cell.h"
#include "format/json_options.h"
#include "format/json_shape.h"

namespace leat {
namespace {

namespace od = simdjson::ondemand;

// Documents of a topic or file are alike: a record's keys come in the order of the record before it. Each place in that
// order remembers its key as written, and which column it is.
struct Place {
  std::string key;
  int column;  // -1: nobody reads it.
};

class JsonDecoder final : public RowDecoder {
 public:
  JsonDecoder(Schema fields, JsonCellContext context, bool fail_on_missing)
      : fields_(std::move(fields)), context_(context), fail_on_missing_(fail_on_missing), seen_(fields_.size(), 0) {}

  Decoded decode(std::span<const BytesView> records, std::shared_ptr<const void> owner) override {
    Decoded out;
    std::vector<std::shared_ptr<Column>> columns;
    for (const Field& field : fields_) {
      columns.push_back(std::make_shared<Column>(field.type, static_cast<uint32_t>(records.size())));
      if (columns.back()->type().physical() == Physical::kBytes) columns.back()->keep_alive(owner);
    }
    columns_ = columns;
    targets_.point_to(columns);
    patience_ = kPatience;
    for (uint32_t record = 0; record < records.size(); ++record) {
      error_ = {};
      reason_ = "json.invalid";
      if (read_by_shape(records[record], record)) {
        out.good.push_back(record);
        continue;
      }
      switch (decode_one(records[record], record)) {
        case Outcome::kRow:
          learn_shape(records[record]);
          out.good.push_back(record);
          break;
        case Outcome::kBlank:
          break;
        case Outcome::kBad:
          out.failures.push_back({record, reason_, std::move(error_.what)});
          break;
      }
    }
    bool all = out.good.size() == records.size();
    for (auto& column : columns) out.columns.push_back(all ? ColumnPtr(column) : ColumnPtr(column->gather(out.good)));
    columns_.clear();
    if (parser_.capacity() > kParserBytesKept) parser_ = od::parser();
    return out;
  }

 private:
  enum class Outcome : uint8_t { kRow, kBlank, kBad };
  static constexpr size_t kParserBytesKept = 4 << 20;  // It takes several times a document's size, and does not shrink.

  // Records of a few shapes may take turns; of more, or of none, no shape is found often enough to be worth looking.
  static constexpr size_t kShapesMax = 4;
  static constexpr int kPatience = 64;  // So many misses more than hits in a batch end the search.

  bool read_by_shape(BytesView record, uint32_t row) {
    if (patience_ == 0) return false;
    for (size_t i = 0; i < shapes_.size(); ++i) {
      if (!shapes_[i].read(record, context_, targets_, row)) continue;
      if (i > 0) std::swap(shapes_[i], shapes_[i - 1]);
      patience_ = std::min(patience_ + 1, kPatience);
      return true;
    }
    --patience_;
    return false;
  }

  void learn_shape(BytesView record) {
    if (patience_ == 0) return;
    auto shape = JsonShape::learn(record, fields_);
    if (!shape) return;
    if (shapes_.size() == kShapesMax) shapes_.pop_back();
    shapes_.push_back(std::move(*shape));
  }

  static bool is_blank(BytesView record) { return record.find_first_not_of(" \t\r\n") == BytesView::npos; }

  Outcome bad(simdjson::error_code code) {
    error_.what = simdjson::error_message(code);
    if (code == simdjson::UTF8_ERROR) reason_ = "utf8.invalid";
    return Outcome::kBad;
  }

  Outcome decode_one(BytesView record, uint32_t row) {
    if (is_blank(record)) return Outcome::kBlank;
    od::document document;
    auto code = parser_.iterate(record.data(), record.size(), record.size() + kPadding).get(document);
    if (code != simdjson::SUCCESS) return bad(code);
    od::object object;
    code = document.get_object().get(object);
    if (code == simdjson::INCORRECT_TYPE) {
      error_.what = "a row is a JSON object: { … }";
      return Outcome::kBad;
    }
    if (code != simdjson::SUCCESS) return bad(code);
    ++round_;
    size_t place = 0;
    bool fits = true;
    for (auto field : object) {
      if (field.error() != simdjson::SUCCESS) return bad(field.error());
      int column = -1;
      if (code = column_of(field.value_unsafe(), place++, column); code != simdjson::SUCCESS) return bad(code);
      od::value value = field.value_unsafe().value();
      // A row that is bad already is read to its end: whether its structure is bad too is worth knowing.
      if (column < 0 || !fits) {
        if (code = skip_json_value(value); code != simdjson::SUCCESS) return bad(code);
        continue;
      }
      fits = read_cell(value, column, row);
      if (error_.structural) return Outcome::kBad;
    }
    if (document.current_location().error() != simdjson::OUT_OF_BOUNDS) {
      error_.what = "there is more after the object";
      return Outcome::kBad;
    }
    if (!fits) return Outcome::kBad;
    return fill_missing(row) ? Outcome::kRow : Outcome::kBad;
  }

  bool read_cell(od::value value, int column, uint32_t row) {
    size_t at = static_cast<size_t>(column);
    if (seen_[at] == round_ && columns_[at]->has_nulls())
      columns_[at]->mutable_validity()[row] = 1;  // The last of equal keys wins.
    seen_[at] = round_;
    if (read_json_cell(value, context_, *columns_[at], row, error_)) return true;
    if (!error_.structural && context_.ignore_parse_errors) {
      error_ = {};
      columns_[at]->set_null(row);
      return true;
    }
    if (!error_.structural) {
      reason_ = "json.type";
      error_.what = "field '" + fields_[at].name + "': " + error_.what;
    }
    return false;
  }

  bool fill_missing(uint32_t row) {
    for (size_t i = 0; i < fields_.size(); ++i) {
      if (seen_[i] == round_) continue;
      if (fail_on_missing_ || !fields_[i].type.nullable) {
        reason_ = "json.missing";
        error_.what = "field '" + fields_[i].name + "' is missing";
        return false;
      }
      columns_[i]->set_null(row);
    }
    return true;
  }

  simdjson::error_code column_of(od::field& field, size_t place, int& column) {
    const char* raw = field.key().raw();
    if (place < places_.size()) {
      const std::string& key = places_[place].key;
      if (std::memcmp(raw, key.data(), key.size()) == 0 && raw[key.size()] == '"') {
        column = places_[place].column;
        return simdjson::SUCCESS;
      }
    }
    return learn(field, raw, place, column);
  }

  simdjson::error_code learn(od::field& field, const char* raw, size_t place, int& column) {
    constexpr size_t kPlacesMax = 1024, kKeyMax = 64;  // The keys stand in padded memory, so this much can be compared.
    size_t size = 0;
    bool escaped = false;
    for (; raw[size] != '"'; ++size) {
      if (raw[size] == '\\') {
        escaped = true;
        ++size;
      }
    }
    std::string_view name(raw, size);
    if (escaped) {
      if (auto code = field.unescaped_key().get(name); code != simdjson::SUCCESS) return code;
    }
    column = -1;
    for (size_t i = 0; i < fields_.size(); ++i) {
      if (fields_[i].name == name) column = static_cast<int>(i);
    }
    if (place >= kPlacesMax || size >= kKeyMax) return simdjson::SUCCESS;
    if (places_.size() <= place) places_.resize(place + 1, {std::string(1, '\0'), -1});
    places_[place] = {std::string(raw, size), column};
    return simdjson::SUCCESS;
  }

  Schema fields_;
  JsonCellContext context_;
  bool fail_on_missing_;
  od::parser parser_;
  std::vector<std::shared_ptr<Column>> columns_;
  std::vector<uint64_t> seen_;  // The round in which a field was last read.
  uint64_t round_ = 0;
  std::vector<JsonShape> shapes_;  // Those that fit often come first.
  JsonTargets targets_;
  int patience_ = 0;
  std::vector<Place> places_;
  JsonCellError error_;
  std::string reason_;
};

}  // namespace

Result<std::unique_ptr<RowDecoder>> make_json_decoder(const Options& options, const Schema& fields,
                                                      const EvalSettings& settings) {
  TRY_ASSIGN(JsonOptions json, read_json_options(options));
  for (const Field& field : fields) TRY(check_json_type(field.type, field.name));
  JsonCellContext context{settings, json.iso_timestamps, json.ignore_parse_errors};
  return std::unique_ptr<RowDecoder>(std::make_unique<JsonDecoder>(fields, context, json.fail_on_missing_field));
}

}  // namespace leat
