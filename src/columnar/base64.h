#pragma once
#include <string>

#include "base/types.h"

namespace leat {

inline constexpr std::string_view kBase64Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::string to_base64(BytesView);  // Padded with '='.

}  // namespace leat
