#include "log/partition_glance.h"

#include "log/segment.h"

namespace leat {

Result<PartitionGlance> glance_at(FileSystem& files, const std::string& directory) {
  PartitionGlance out;
  auto names = files.list(directory);
  if (!names && names.error().code == Errc::kNotFound) return out;
  if (!names) return names.error();
  for (const std::string& name : *names) {
    if (!Segment::base_of(name)) continue;
    TRY_ASSIGN(FileInfo info, files.stat(directory + "/" + name));
    if (out.segments++ == 0) out.oldest = info.modified;
    out.bytes += info.size;
  }
  return out;
}

}  // namespace leat
