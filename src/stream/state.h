#pragma once
// Keyed state of operators: live objects in the operator, made durable as records of the job's changelog.
//
// At a checkpoint an operator puts every key that changed since the last one, and erases every key that went; in a full
// checkpoint (which lets the log before it be deleted) it puts every key. On restore the job folds the log: restore()
// is called for each record in order, the last one of a key wins.
#include <optional>

#include "base/result.h"
#include "base/types.h"

namespace leat {

class StateWriter {
 public:
  virtual ~StateWriter() = default;
  virtual bool full() const = 0;  // True: write all keys, not only those that changed.
  virtual void put(BytesView key, BytesView value) = 0;
  virtual void erase(BytesView key) = 0;
};

}  // namespace leat
