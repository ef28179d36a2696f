#pragma once
#include "columnar/type.h"
#include "columnar/utf8.h"

namespace leat {

// Text or bytes cut or padded to what CHAR(n), VARCHAR(n), BINARY(n), VARBINARY(n) hold. Points into `value`, or into
// `padding` if it had to be padded.
inline BytesView at_length(BytesView value, const DataType& type, std::string& padding) {
  if (type.precision == DataType::kLengthMax) return value;
  const auto length = static_cast<size_t>(type.precision);
  if (type.is_binary()) {
    if (value.size() >= length || type.kind == TypeKind::kVarbinary) return value.substr(0, length);
    padding.assign(value);
    padding.resize(length, '\0');
    return padding;
  }
  const BytesView kept = value.substr(0, prefix_bytes(value, type.precision));
  if (type.kind == TypeKind::kVarchar) return kept;
  const auto count = static_cast<size_t>(count_code_points(kept));
  if (count >= length) return kept;
  padding.assign(kept);
  padding.append(length - count, ' ');
  return padding;
}

}  // namespace leat
