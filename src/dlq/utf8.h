#pragma once
// Whether bytes can be shown as text: JSON carries them as they are, or in base64.
#include "base/types.h"

namespace leat {

bool is_utf8(BytesView);  // As RFC 3629: no surrogates, nothing overlong, nothing above U+10FFFF.

}  // namespace leat
