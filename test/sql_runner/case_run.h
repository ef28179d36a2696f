#pragma once
// A case file, run in one of the ways: the result of each of its steps.
#include <vector>

#include "test/sql_runner/case_file.h"
#include "test/sql_runner/result.h"
#include "test/sql_runner/way.h"

namespace leat::sqltest {

// The files are written below `directory`, which nobody else uses. An error is one of the test itself.
Result<std::vector<StepResult>> run_case(const CaseFile&, const Way&, const std::string& directory);

}  // namespace leat::sqltest
