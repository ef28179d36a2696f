#pragma once
// What the simulated jobs run: a few fixed scripts over input that a seed makes.
#include <map>
#include <string>

#include "base/types.h"

namespace leat::sim {

struct JobCase {
  std::string script;
  std::map<std::string, Bytes> input;  // By path, under kInput.
};

inline constexpr const char* kInput = "/in";
inline constexpr const char* kOutput = "/out";

// Rows that come late and out of order, for some windows or for all; rows that are no rows, and rows that fail in an
// expression. Three files, the second one compressed.
JobCase draw_case(uint64_t seed);

// One query without state over six small files; `watching`: of a directory that is watched, so that it never ends.
JobCase draw_files_case(uint64_t seed, bool watching);

}  // namespace leat::sim
