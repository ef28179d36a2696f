#pragma once
// One value of any type, for literals, nested values and everything that is not worth a column; and the encoding of
// rows of values as bytes, which is how nested values travel in a column and how keys are hashed and stored.
#include <optional>
#include <variant>

#include "base/result.h"
#include "base/types.h"
#include "columnar/type.h"

namespace leat {

struct Value {
  // The alternatives follow Physical; monostate is NULL. Nested values hold their encoding in the string.
  std::variant<std::monostate, bool, int64_t, double, Int128, std::string> data;

  bool is_null() const { return data.index() == 0; }
  bool operator==(const Value&) const = default;
};

// Appends values to bytes; ValueReader reads them back given the physical types. Equal values have equal bytes (-0.0 is
// written as 0.0 and every NaN as one NaN), so bytes serve as a grouping key. Layout: docs/formats/values.md.
class ValueWriter {
 public:
  explicit ValueWriter(Bytes& out) : out_(out) {}
  void null();
  void boolean(bool);
  void int64(int64_t);
  void float64(double);
  void decimal(Int128);
  void bytes(BytesView);
  void value(const Value&);

 private:
  Bytes& out_;
};

class ValueReader {
 public:
  explicit ValueReader(BytesView in) : in_(in) {}
  bool at_end() const { return in_.empty(); }
  // False: NULL was read. True: a value follows, and exactly one of the typed reads below must take it.
  bool present();
  bool boolean();
  int64_t int64();
  double float64();
  Int128 decimal();
  BytesView bytes();  // Points into the input.
  Value value(Physical);
  void skip(Physical);

 private:
  BytesView in_;
};

// ROW: its field values. ARRAY: count (int64), then elements. MAP: count, then key, value alternating, in input order
// with the last of equal keys winning.
Bytes encode_values(const std::vector<Value>&);

}  // namespace leat
