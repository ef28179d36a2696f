#pragma once
#include "plan/settings.h"
#include "sql/catalog.h"
#include "sql/session.h"

namespace leat {

TextTable describe_columns(const std::vector<std::pair<std::string, DataType>>& columns);
TextTable describe_table(const Table&);
std::string create_table_text(const Table&);
TextTable list_settings(const Settings&);

}  // namespace leat
