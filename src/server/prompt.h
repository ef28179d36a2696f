#pragma once
// The prompt of `leat sql`.
#include "server/console.h"
#include "server/query_options.h"
#include "server/script.h"
#include "sql/session.h"

namespace leat {

// Until the user leaves; its exit code. Errors do not end it, Ctrl-C ends the running query or empties the line.
int run_prompt(Session&, const SettingOverrides&, const QueryOptions&, Console&);

// The statement that a backslash command stands for: "\d" is SHOW TABLES; "\d NAME" is DESCRIBE NAME. Empty: none.
std::string statement_of(const std::string& backslash_command);

}  // namespace leat
