#pragma once
// Whether a step gave what its sections expect.
#include <string>

#include "test/sql_runner/case_file.h"
#include "test/sql_runner/result.h"

namespace leat::sqltest {

// Empty if it did; otherwise each difference: lines that are missing with '-', lines that should not be there with '+'.
std::string differences(const Step&, const StepResult&);

// The step with the result as what is expected.
Step accepting(const Step&, const StepResult&);

}  // namespace leat::sqltest
