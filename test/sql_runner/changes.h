#pragma once
// What a query gave, collected: changes to rows, and letters.
#include <string>
#include <utility>
#include <vector>

#include "columnar/batch.h"
#include "columnar/expr.h"
#include "env/env.h"
#include "plan/settings.h"
#include "server/late_rows.h"
#include "stream/dead_letter.h"
#include "test/sql_runner/result.h"

namespace leat::sqltest {

using RowChanges = std::vector<std::pair<RowKind, std::string>>;  // The row as a JSON object.

void append_changes(const Batch&, const Schema&, const EvalSettings&, RowChanges& out);
// The rows that are left; an error in `out` if one is taken back that was not given.
void apply_changes(const RowChanges&, StepResult& out);
void append_letter(const DeadLetter&, const LateRows&, StepResult& out);

// Of a session whose time zone does not exist those of UTC: that its queries fail is for who runs them.
EvalSettings eval_settings(const Env&, const Settings&);

}  // namespace leat::sqltest
