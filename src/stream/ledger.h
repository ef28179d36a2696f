#pragma once
// The ledger: what became of every row. Nothing is ever dropped without a column here.
#include <cstdint>
#include <string>
#include <vector>

namespace leat {

// One operator's account since the job's first start; saved in each checkpoint. It balances when
//   rows_in == passed + filtered + late + dead
// and, along every edge, rows_out of the upper operator == rows_in of the lower.
struct Account {
  int64_t rows_in = 0;
  int64_t rows_out = 0;     // Emitted downstream, changes included (an update counts its -U and its +U).
  int64_t passed = 0;       // Rows taken: sent on, or taken into at least one window or other state.
  int64_t filtered = 0;     // WHERE and HAVING, and rows beyond a LIMIT.
  int64_t late = 0;         // In time for none of their windows.
  int64_t partly_late = 0;  // Of `passed`: late for some of their windows. Each becomes a dead letter too.
  int64_t dead = 0;         // Undecodable, failed in an expression or in user code, poison.

  bool balances() const { return rows_in == passed + filtered + late + dead; }
  Account& operator+=(const Account&);
  bool operator==(const Account&) const = default;
};

struct OperatorAccount {
  std::string name;
  Account account;
};

}  // namespace leat
