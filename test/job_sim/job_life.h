#pragma once
// A job on a simulated machine: one life of its process, and what the world sees of it afterwards.
#include <set>

#include "env/env.h"
#include "sim/sim_env.h"
#include "test/job_sim/job_case.h"
#include "topic/topic.h"

namespace leat::sim {

// What a job has to show: rows in the files that can be seen, dead letters, the ledger.
struct Outcome {
  std::multiset<std::string> rows;     // "path of the directory: line".
  std::multiset<std::string> letters;  // Everything of a letter but the times.
  // Of each letter where it came from, why and what: the same in whatever order the files were read.
  std::multiset<std::string> failures;
  std::string ledger;                               // Empty: the job has not begun.
  std::map<std::string, int64_t> shown, committed;  // How many rows of each table: in files, and by the ledger.
  bool finished = false;
  bool litter = false;  // There are files that nobody is to see.
};

// How a life goes: its pace, and whether somebody asks the job to stop.
struct Pace {
  uint32_t batch_rows = 1024;
  int64_t checkpoint_ms = 1000;
  uint64_t look_ms = 1;       // That pass between two looks of the job at the clock.
  int idle_looks_max = 0;     // After so many without another row the job is asked to stop; 0: never.
  double stop_requested = 0;  // At each look.
  uint64_t log_bytes = 64 << 20, segment_bytes = 64 << 20, journal_bytes = 8 << 20;  // When each is begun anew.
  bool fresh = false;
  static Pace draw(SimRandom&);
};

// What stands between a job and its machine; the tests plant bugs there.
struct World {
  virtual ~World() = default;
  virtual FileSystem& files(FileSystem& real) { return real; }
  virtual Topics& topics(Topics& real) { return real; }
};

void write_input(SimEnv&, const std::map<std::string, Bytes>& files);

// Opens the data directory and the job, and runs it to its end, to the stop or to an error. Bounded.
Status live(SimEnv&, World&, const JobCase&, const Pace&);

// On a calm machine.
Result<Outcome> look(SimEnv&);

}  // namespace leat::sim
