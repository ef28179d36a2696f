#pragma once
// Small files that are read and replaced whole, and what to say about a damaged one.
#include "env/env.h"

namespace leat {

Result<Bytes> read_whole(FileSystem&, const std::string& path);

// The name is not durable yet.
Status write_synced(FileSystem&, const std::string& path, BytesView contents);

// Durably: after a crash the file has the old contents or the new ones.
Status replace_file(FileSystem&, const std::string& directory, const std::string& name, BytesView contents);

// A stretch of a file, synced, under another name, in pieces of bounded size. kCorruption if the file ends before.
Status copy_stretch(FileSystem&, File& from, uint64_t position, uint64_t end, const std::string& to);

Error corruption(const std::string& path, uint64_t position, const std::string& what);

}  // namespace leat
