#pragma once
// Which build this is: dead letters carry it, so that a failure can be tied to the program that had it.
#include <string>

namespace leat {

// The GNU build id of the running program, in hexadecimal; the version where the linker made none.
const std::string& build_id();

}  // namespace leat
