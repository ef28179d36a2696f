#pragma once
// What is the same for every row of a file: its metadata, and the values that directories named column=value carry
// (PARTITIONED BY).
#include <string>
#include <vector>

#include "columnar/column.h"
#include "columnar/expr.h"
#include "env/env.h"

namespace leat {

// kInvalidArgument for a key that files do not have (naming the nearest) or a type that does not hold it. The keys are
// Flink's: file.path, file.name, file.size, file.modification-time.
Status check_file_metadata(const std::vector<Field>&);
Value file_metadata(const Field& key, const std::string& path, const FileInfo&);

constexpr const char* kDefaultPartitionName = "__HIVE_DEFAULT_PARTITION__";  // As in Flink.
// The value of `column` in a path with a directory column=value. The directory `null_name` (Flink's
// partition.default-name) is NULL. An error is a fact about the file: there is no such directory, or its value is none.
Result<Value> path_value(const Field& column, std::string_view path, const std::string& null_name, const EvalSettings&);

// A value as a directory's name carries it, and back: what could leave the directory is escaped as Hive does.
std::string escape_path_value(std::string_view text);
std::string unescape_path_value(std::string_view name);

}  // namespace leat
