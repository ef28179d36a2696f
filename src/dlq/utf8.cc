#include "dlq/utf8.h"

#include "columnar/utf8.h"

namespace leat {

bool is_utf8(BytesView in) {
  while (!in.empty()) {
    CodePoint next = next_code_point(in);
    if (next.value == kReplacement && next.size == 1) return false;
    in.remove_prefix(next.size);
  }
  return true;
}

}  // namespace leat
