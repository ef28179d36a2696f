#include "broker/upkeep/compactor.h"

#include "broker/broker.h"

namespace leat {

Compactor::Compactor(Broker& broker) : broker_(broker) {
  if (broker_.settings().cleaner_enabled) wait();
}

void Compactor::wait() {
  timer_ = broker_.loop().after(broker_.settings().cleaner_backoff_ms, [this] { look(); });
}

void Compactor::look() {
  std::erase_if(failed_, [this](const auto& entry) { return !failed_lately(entry.first); });
  auto run = dirtiest();
  run != nullptr ? work(run) : wait();
}

std::shared_ptr<Compactor::Run> Compactor::dirtiest() {
  std::shared_ptr<Run> out;
  PartitionLog::Dirt most;
  for (const auto& [name, partition] : broker_.open_partitions()) {
    if (!partition->policy().compacts || failed_lately(name)) continue;
    auto dirt = partition->log().dirt();
    if (!dirt || !dirt->is_too_much(partition->policy().limits)) continue;
    bool more = out == nullptr || std::pair(dirt->overdue, dirt->ratio) > std::pair(most.overdue, most.ratio);
    if (!more) continue;
    most = *dirt;
    out = std::make_shared<Run>(Run{name, partition, nullptr, {}});
  }
  if (out == nullptr) return nullptr;
  out->compaction =
      out->partition->log().begin_compaction(static_cast<uint64_t>(broker_.settings().cleaner_memory_bytes));
  return out->compaction == nullptr ? nullptr : out;
}

bool Compactor::failed_lately(const TopicPartition& name) const {
  constexpr int64_t kAgainMs = 10 * 60'000;
  auto found = failed_.find(name);
  return found != failed_.end() && broker_.wall().value - found->second.value < kAgainMs;
}

void Compactor::work(const std::shared_ptr<Run>& run) {
  broker_.loop().offload([run] { run->outcome = run->compaction->step(); }, [this, run] { worked(run); });
}

void Compactor::worked(const std::shared_ptr<Run>& run) {
  auto going = run->outcome ? go_on(*run) : Result<bool>(run->outcome.error());
  if (going && *going) return work(run);
  if (run->compaction->state() != Compaction::State::kDone) run->partition->log().give_up(*run->compaction);
  // Whoever uses the partition hears of what is wrong with it.
  if (!going) failed_[run->name] = broker_.wall();
  wait();
}

Result<bool> Compactor::go_on(Run& run) {
  auto still = broker_.open_partitions().find(run.name);
  if (still == broker_.open_partitions().end() || still->second != run.partition) return false;
  switch (run.compaction->state()) {
    case Compaction::State::kGroupReady:
      return run.partition->log().swap_in(*run.compaction);
    case Compaction::State::kDone:
      TRY(run.partition->log().finish_compaction(*run.compaction));
      return false;
    case Compaction::State::kReadingKeys:
    case Compaction::State::kWriting:
      break;
  }
  return true;
}

}  // namespace leat
