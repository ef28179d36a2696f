#pragma once
#include <string>
#include <string_view>

namespace leat {

std::string quote_name(std::string_view name);  // `name`
std::string quote_text(std::string_view text);  // 'text'

}  // namespace leat
