#include "format/csv_fields.h"

namespace leat {

bool CsvFields::split(BytesView record) {
  fields_.clear();
  unescaped_.clear();
  size_t at = 0;
  while (true) {
    if (options_.quote && at < record.size() && record[at] == *options_.quote) {
      size_t end = quoted_field(record, at + 1);
      if (end == BytesView::npos) return false;
      at = end;
      if (at == record.size()) return true;
      if (record[at] != options_.delimiter) return false;
      ++at;
      continue;
    }
    size_t end = record.find(options_.delimiter, at);
    fields_.push_back({record.substr(at, end == BytesView::npos ? end : end - at)});
    if (end == BytesView::npos) return true;
    at = end + 1;
  }
}

// From behind the opening quote to behind the closing one; npos if there is none. Adds the field.
size_t CsvFields::quoted_field(BytesView record, size_t at) {
  size_t begin = at;
  std::string* text = nullptr;  // From the first escape on.
  for (; at < record.size(); ++at) {
    char c = record[at];
    bool doubled = c == *options_.quote && at + 1 < record.size() && record[at + 1] == *options_.quote;
    bool escaped = options_.escape && c == *options_.escape && at + 1 < record.size();
    if (doubled || escaped) {
      if (text == nullptr) {
        text = unescaped_.emplace_back(std::make_unique<std::string>(record.substr(begin, at - begin))).get();
      }
      text->push_back(record[++at]);
    } else if (c == *options_.quote) {
      fields_.push_back({text ? BytesView(*text) : record.substr(begin, at - begin), true});
      return at + 1;
    } else if (text != nullptr) {
      text->push_back(c);
    }
  }
  return BytesView::npos;
}

}  // namespace leat
