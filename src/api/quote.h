#pragma once
// Names, texts and lengths of time as SQL.
#include <chrono>
#include <string>
#include <string_view>

namespace leat {

std::string quote_name(std::string_view name);  // `name`
std::string quote_text(std::string_view text);  // 'text'
// INTERVAL '…' SECOND(…, 3), of any length, in a form that Flink takes too.
std::string interval_sql(std::chrono::milliseconds);

}  // namespace leat
