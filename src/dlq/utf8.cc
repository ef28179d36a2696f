#include "dlq/utf8.h"

namespace leat {

bool is_utf8(BytesView in) {
  auto byte = [in](size_t i) { return static_cast<unsigned char>(in[i]); };
  size_t i = 0;
  while (i < in.size()) {
    unsigned char lead = byte(i++);
    if (lead < 0x80) continue;
    size_t more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
    if (lead < 0xC2 || lead > 0xF4 || in.size() - i < more) return false;
    // Only the second byte has narrower limits after some leads.
    unsigned char low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    unsigned char high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (byte(i) < low || byte(i) > high) return false;
    for (size_t k = 1; k < more; ++k) {
      if ((byte(i + k) & 0xC0) != 0x80) return false;
    }
    i += more;
  }
  return true;
}

}  // namespace leat
