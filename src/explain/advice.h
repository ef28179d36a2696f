#pragma once
#include "explain/diagnosis.h"

namespace leat {

// Fills in a finding's title, who, why and changes, from its incidents.
void advise(const Diagnosis&, Finding&);

}  // namespace leat
