#include "broker/transaction/transactions.h"

#include "broker/broker.h"
#include "log/record_batch_builder.h"
#include "log/record_reader.h"

namespace leat {

void Transactions::restore() {
  std::vector<std::string> decided;
  for (const auto& [id, transaction] : broker_.state().transactions()) {
    if (transaction.is_decided()) decided.push_back(id);
    if (transaction.phase == TransactionPhase::kOngoing) began_[id] = broker_.monotonic();
  }
  for (const std::string& id : decided) write_markers(id, [](ErrorCode) {});
  timer_ = broker_.loop().after(broker_.settings().transaction_check_interval_ms, [this] { look_at_times(); });
}

void Transactions::with_fresh_id(std::function<void(Result<int64_t>)> act) {
  broker_.new_producer_id(std::move(act));
}

void Transactions::claim(const TransactionClaim& claim, IdentityDone done) {
  claim_with(claim, std::nullopt, std::move(done));
}

void Transactions::claim_with(const TransactionClaim& claim, std::optional<int64_t> fresh_id, IdentityDone done) {
  const TransactionState* known = broker_.state().transaction(claim.id);
  TransactionVerdict verdict = judge_claim(known, claim, fresh_id, broker_.wall());
  if (verdict.error != ErrorCode::kNone) return done(verdict.error, {});
  if (verdict.needs_id) {
    return with_fresh_id([this, claim, done = std::move(done)](const Result<int64_t>& id) {
      if (!id) return done(ErrorCode::kCoordinatorNotAvailable, {});
      claim_with(claim, *id, done);
    });
  }
  bool aborts_first = verdict.next && verdict.next->is_decided();
  steps_.erase(claim.id);  // Those of before are told by their epoch.
  TransactionState next = verdict.next ? std::move(*verdict.next) : *known;
  ProducerIdentity producer = next.producer;
  carry_out(std::move(next), [this, claim, producer, aborts_first, done = std::move(done)](ErrorCode error) {
    if (error != ErrorCode::kNone) return done(error, {});
    if (!aborts_first) return done(ErrorCode::kNone, producer);
    TransactionClaim again = claim;
    again.expected = {};  // It was checked.
    claim_with(again, std::nullopt, done);
  });
}

void Transactions::add(TransactionAddition add, const Over& over, Done done) {
  const TransactionState* known = broker_.state().transaction(add.id);
  ErrorCode error = check_producer(known, add.producer, add.knows_fenced);
  if (error == ErrorCode::kNone && known->is_decided()) error = ErrorCode::kConcurrentTransactions;
  if (error != ErrorCode::kNone) return done(error);
  grow({add.id, std::move(add.partitions), std::move(add.groups), broker_.wall()}, over, {}, std::move(done));
}

void Transactions::grow(broker_event::TransactionGrew growth, const Over& over, std::vector<BrokerEvent> more,
                        Done done) {
  const TransactionState* known = broker_.state().transaction(growth.id);
  StepConnections& steps = steps_[growth.id];
  if (known->phase != TransactionPhase::kOngoing) {
    began_[growth.id] = broker_.monotonic();
    steps.begin();
  }
  steps.add(over);
  more.insert(more.begin(), std::move(growth));
  broker_.record(std::move(more), [done = std::move(done)](const Status& outcome) {
    done(outcome ? ErrorCode::kNone : ErrorCode::kCoordinatorNotAvailable);
  });
}

void Transactions::stage(const std::string& id, const ProducerIdentity& producer, const std::string& group,
                         const std::vector<std::pair<TopicPartition, GroupOffset>>& offsets, bool adds_group,
                         Done done) {
  const TransactionState* known = broker_.state().transaction(id);
  ErrorCode error = check_producer(known, producer, false);
  if (error == ErrorCode::kNone && known->is_decided()) error = ErrorCode::kConcurrentTransactions;
  bool belongs =
      error == ErrorCode::kNone && known->phase == TransactionPhase::kOngoing && known->groups.contains(group);
  if (error == ErrorCode::kNone && !belongs && !adds_group) error = ErrorCode::kInvalidTxnState;
  if (error != ErrorCode::kNone) return done(error);
  std::vector<BrokerEvent> events;
  for (const auto& [partition, offset] : offsets) {
    events.emplace_back(broker_event::OffsetStaged{id, group, partition, offset});
  }
  grow({id, {}, {group}, broker_.wall()}, nullptr, std::move(events), std::move(done));
}

void Transactions::end(const TransactionEnd& end, const Over& over, IdentityDone done) {
  if (is_from_before(end, over)) return done(ErrorCode::kInvalidTxnState, {});
  end_with(end, std::nullopt, std::move(done));
}

bool Transactions::is_from_before(const TransactionEnd& end, const Over& over) const {
  if (end.bumps) return false;  // Its epoch tells.
  const TransactionState* known = broker_.state().transaction(end.id);
  auto steps = steps_.find(end.id);
  return known != nullptr && known->phase == TransactionPhase::kOngoing && known->producer == end.producer &&
         steps != steps_.end() && steps->second.is_left_behind(over);
}

void Transactions::end_with(const TransactionEnd& end, std::optional<int64_t> fresh_id, IdentityDone done) {
  const TransactionState* known = broker_.state().transaction(end.id);
  TransactionVerdict verdict = judge_end(known, end, fresh_id, broker_.wall());
  if (verdict.error != ErrorCode::kNone) return done(verdict.error, {});
  if (verdict.needs_id) {
    return with_fresh_id([this, end, done = std::move(done)](const Result<int64_t>& id) {
      if (!id) return done(ErrorCode::kCoordinatorNotAvailable, {});
      end_with(end, *id, done);
    });
  }
  TransactionState next = verdict.next ? std::move(*verdict.next) : *known;
  ProducerIdentity producer = next.producer;
  carry_out(std::move(next), [producer, done = std::move(done)](ErrorCode error) { done(error, producer); });
}

void Transactions::carry_out(TransactionState next, Done done) {
  std::string id = next.id;
  bool decided = next.is_decided();
  broker_.record({broker_event::TransactionChanged{std::move(next)}},
                 [this, id, decided, done = std::move(done)](const Status& outcome) {
                   if (!outcome) return done(ErrorCode::kCoordinatorNotAvailable);
                   if (!decided) return done(ErrorCode::kNone);
                   write_markers(id, done);
                 });
}

void Transactions::write_markers(const std::string& id, Done done) {
  // Until each one is durable. One that fails leaves the transaction as it is decided, and the next start tries again.
  struct Writing {
    size_t waiting = 1;
    bool failed = false;
  };
  auto writing = std::make_shared<Writing>();
  auto one_done = [this, id, writing, done = std::move(done)](const Status& outcome) {
    writing->failed |= !outcome && outcome.error().code != Errc::kNotFound;  // A topic that was deleted needs none.
    if (--writing->waiting > 0) return;
    if (writing->failed) return done(ErrorCode::kCoordinatorNotAvailable);
    finish(id, done);
  };
  const TransactionState transaction = *broker_.state().transaction(id);
  for (const TopicPartition& name : transaction.partitions) {
    auto partition = broker_.partition(name.topic, name.partition.value);
    if (partition && *partition == nullptr) continue;
    ++writing->waiting;
    if (!partition) {
      one_done(partition.error());
      continue;
    }
    auto marker = append_marker(**partition, transaction.marker, transaction.commits());
    if (!marker) {
      one_done(marker.error());
    } else {
      (*partition)->when_durable({marker->value + 1}, one_done);
    }
  }
  one_done({});
}

void Transactions::finish(const std::string& id, Done done) {
  const TransactionState* known = broker_.state().transaction(id);
  CHECK(known != nullptr);
  began_.erase(id);
  carry_out(complete(*known, broker_.wall()), std::move(done));
}

protocol::ErrorCode Transactions::write(const TransactionWrite& write, Done durable) {
  const TransactionState* known = broker_.state().transaction_of(write.producer.id);
  WriteVerdict verdict = judge_write(known, write);
  if (verdict.error != ErrorCode::kNone) return verdict.error;
  if (!verdict.adds) {
    durable(ErrorCode::kNone);
  } else {
    add({known->id, write.producer, {write.partition}}, nullptr, std::move(durable));
  }
  return ErrorCode::kNone;
}

bool Transactions::will_write_marker(const TopicPartition& name, const OpenTransaction& open) const {
  for (const auto& [id, each] : broker_.state().transactions()) {
    if (each.is_decided() && each.marker.id == open.producer_id && each.partitions.contains(name)) return true;
  }
  return false;
}

void Transactions::adopt(const TopicPartition& name, Partition& partition) {
  for (const OpenTransaction& open : partition.log().transactions().open()) {
    const TransactionState* known = broker_.state().transaction_of(open.producer_id);
    bool goes_on = known != nullptr && !known->is_decided() &&
                   known->producer == ProducerIdentity{open.producer_id, open.producer_epoch};
    if (goes_on) {
      // The disk had the batch when the machine failed, and not yet that it belongs there. Its producer sends it again.
      if (!known->partitions.contains(name)) add({known->id, known->producer, {name}}, nullptr, [](ErrorCode) {});
    } else if (!will_write_marker(name, open)) {
      (void)append_marker(partition, {open.producer_id, open.producer_epoch}, false);
    }
  }
}

Result<Offset> Transactions::append_marker(Partition& partition, const ProducerIdentity& producer, bool commit) {
  RecordBatchBuilder builder;
  add_marker(builder, broker_.wall(), commit ? MarkerType::kCommit : MarkerType::kAbort);
  return partition.append(builder.finish(
      {.producer_id = producer.id, .producer_epoch = producer.epoch, .transactional = true, .control = true}));
}

void Transactions::look_at_times() {
  int64_t now = broker_.wall().value;
  std::vector<std::string> late;
  std::vector<BrokerEvent> forgotten;
  for (const auto& [id, transaction] : broker_.state().transactions()) {
    bool ongoing = transaction.phase == TransactionPhase::kOngoing;
    if (ongoing && broker_.monotonic().value > began_.at(id).value + transaction.timeout_ms * kNsPerMs) {
      late.push_back(id);
    }
    bool unused = now - transaction.changed.value > broker_.settings().transactional_id_expiration_ms;
    if (!ongoing && !transaction.is_decided() && unused) {
      forgotten.emplace_back(broker_event::TransactionForgotten{id});
      steps_.erase(id);
    }
  }
  for (const std::string& id : late) fence_expired(id, std::nullopt);
  if (!forgotten.empty()) broker_.record(std::move(forgotten), [](const Status&) {});
  timer_ = broker_.loop().after(broker_.settings().transaction_check_interval_ms, [this] { look_at_times(); });
}

void Transactions::fence_expired(const std::string& id, std::optional<int64_t> fresh_id) {
  const TransactionState* known = broker_.state().transaction(id);
  if (known == nullptr || known->phase != TransactionPhase::kOngoing) return;
  TransactionVerdict verdict = fence(*known, fresh_id, broker_.wall());
  if (verdict.next) return carry_out(std::move(*verdict.next), [](ErrorCode) {});
  with_fresh_id([this, id](const Result<int64_t>& fresh) {
    if (fresh) fence_expired(id, *fresh);
  });
}

}  // namespace leat
