#pragma once
// Small files that are read and replaced whole, and what to say about a damaged one.
#include "env/env.h"

namespace leat {

Result<Bytes> read_whole(FileSystem&, const std::string& path);

// Durably: after a crash the file has the old contents or the new ones.
Status replace_file(FileSystem&, const std::string& directory, const std::string& name, BytesView contents);

// Not durably, and not atomically: for what can be made again.
Status rewrite_file(FileSystem&, const std::string& path, BytesView contents);

Error corruption(const std::string& path, uint64_t position, const std::string& what);

}  // namespace leat
