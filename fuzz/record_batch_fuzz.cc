// Hostile bytes as a record batch: the checks of the header, then the decoder of the records.
#include <cstdint>
#include <string>

#include "log/record_batch.h"
#include "log/record_reader.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace leat;
  std::string bytes(reinterpret_cast<const char*>(data), size);
  constexpr size_t kRecordsMax = 1 << 20;
  auto batch = RecordBatchView::parse(bytes);
  if (!batch) return 0;
  auto reader = RecordReader::open(*batch, kRecordsMax);
  if (!reader) return 0;
  RecordView record;
  for (auto more = reader->next(record); more && *more; more = reader->next(record)) {
  }
  return 0;
}
