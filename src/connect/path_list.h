#pragma once
// The files that a path means, in the order in which they are one partition.
#include <string>
#include <vector>

#include "base/result.h"
#include "env/env.h"

namespace leat {

// Of paths, name by name. Numbers inside of names compare as numbers: f2 before f10. Equal but for leading zeros: by
// the text.
bool natural_less(std::string_view a, std::string_view b);

// A file, everything below a directory, or what a glob (*, ?, [abc] within a path component) matches; in
// natural order. Names that begin with '.' or '_' are hidden, as in Flink. kNotFound: the path is not there, or the
// glob matches nothing.
Result<std::vector<std::string>> list_files(FileSystem&, const std::string& path);

bool glob_matches(std::string_view pattern, std::string_view name);
std::string without_scheme(std::string_view path);  // "file:///a" and "file:/a" are "/a".

}  // namespace leat
