// Hostile text as SQL: a script or an error with a place, never a crash, in time that grows with the text.
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "sql/parser.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  auto script = leat::parse_script(text);
  if (!script) CHECK(script.error().message.starts_with("line "));
  (void)leat::is_complete(text);
  return 0;
}
