#include "stream/ledger.h"

namespace leat {

Account& Account::operator+=(const Account& other) {
  rows_in += other.rows_in;
  rows_out += other.rows_out;
  passed += other.passed;
  filtered += other.filtered;
  late += other.late;
  partly_late += other.partly_late;
  dead += other.dead;
  return *this;
}

}  // namespace leat
