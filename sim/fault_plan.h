#pragma once
#include "sim/sim_random.h"

namespace leat::sim {

// What goes wrong in a run. The default is a calm one. Each run of a swarm draws its own plan, so that some runs are
// calm in some respect, and what would hide behind another fault is seen.
struct FaultPlan {
  double sync_fails = 0;   // Of a file's sync. Pages that were to be written are then lost, and look clean.
  double clock_jumps = 0;  // The wall clock, each time that it is read, by up to a day either way.
  // When the machine loses power, each sector that was not synced is lost (as before) or becomes garbage; else written.
  double sector_lost = 0.4, sector_garbage = 0.1;
  // The process dies at about this many changes of the disk from the start; 0: never.
  uint64_t crash_after_changes = 0;
  double power_fails = 0.5;  // The chance that such a death is the machine's and not only the process's.
  uint64_t disk_bytes = 0;   // The disk is full at that size; 0: never.

  // crash_after_changes is drawn below `changes_max`.
  static FaultPlan draw(SimRandom&, uint64_t changes_max);
};

}  // namespace leat::sim
