#pragma once
// SyncedMark: the offset up to which a log was synced, noted after each sync in the file "synced".
//
// The note itself is not synced, since that would double the cost of a commit: it is exact after the death of the
// process, and may be some seconds old after the loss of power. It can only err on the low side. Its loss costs no
// data, so errors in writing it are passed over.
#include "env/env.h"

namespace leat {

class SyncedMark {
 public:
  static constexpr const char* kFileName = "synced";
  // Reads the newest whole note, if there is one.
  SyncedMark(FileSystem&, const std::string& directory);

  Offset offset() const { return offset_; }
  void advance(Offset);

 private:
  FileSystem& files_;
  std::string path_;
  std::unique_ptr<File> file_;  // From the first advance() on.
  uint64_t bytes_ = 0;
  Offset offset_;
};

}  // namespace leat
