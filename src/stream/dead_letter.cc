#include "stream/dead_letter.h"

#include <cstdio>

#include "columnar/function.h"

namespace leat {
namespace {

void append_json_string(std::string& out, BytesView text) {
  out += '"';
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      char escaped[8];
      std::snprintf(escaped, sizeof(escaped), "\\u%04x", byte);
      out += escaped;
    } else {
      out += c;
    }
  }
  out += '"';
}

// A row that was never bytes (an aggregate or the program itself made it) has no original ones; its values, in the
// order of its columns, are what there is.
Bytes columns_as_json(const Batch& batch, uint32_t row) {
  const EvalSettings plain;
  Bytes out = "[";
  for (const ColumnPtr& column : batch.columns) {
    if (out.size() > 1) out += ',';
    if (!column || !column->valid(row)) {
      out += "null";
    } else {
      append_json_string(out, value_to_text(column->value(row), column->type(), plain));
    }
  }
  return out + "]";
}

}  // namespace

const char* to_string(DeadLetterClass cause) {
  switch (cause) {
    case DeadLetterClass::kTransient:
      return "transient";
    case DeadLetterClass::kData:
      return "data";
    case DeadLetterClass::kCode:
      return "code";
    case DeadLetterClass::kPoison:
      return "poison";
    case DeadLetterClass::kLate:
      return "late";
  }
  check_failed(__FILE__, __LINE__, "DeadLetterClass");
}

DeadLetter letter_for(const Batch& batch, uint32_t row, DeadLetterClass cause, std::string reason,
                      std::string message) {
  DeadLetter letter;
  letter.cause = cause;
  letter.reason = std::move(reason);
  letter.message = std::move(message);
  const Provenance::Row* origin = batch.origin(row);
  if (origin != nullptr) {
    letter.table = batch.provenance->table;
    letter.file = batch.provenance->file;
    letter.partition = batch.provenance->partition;
    letter.line = origin->line;
    letter.position = origin->position;
  }
  bool has_bytes = origin != nullptr && origin->raw.data() != nullptr;
  letter.payload = has_bytes ? Bytes(origin->raw) : columns_as_json(batch, row);
  return letter;
}

}  // namespace leat
