#include "stream/session_operator.h"

#include "stream/aggregates/state_codec.h"
#include "stream/window_late.h"

namespace leat {

SessionOperator::SessionOperator(SessionParts parts, std::unique_ptr<GroupLayout> key_layout)
    : parts_(std::move(parts)),
      codec_(parts_.keys, parts_.input),
      key_layout_(std::move(key_layout)),
      keys_(*key_layout_),
      sessions_(*parts_.aggregates) {}

Status SessionOperator::open(OperatorContext& context) {
  TRY(Operator::open(context));
  clock_.emplace(parts_.input[parts_.time].type, context.settings);
  output_ = parts_.make_output(codec_, *parts_.aggregates, *clock_);
  return {};
}

Status SessionOperator::process(int, const Batch& batch, Output&) {
  for (RowKind kind : batch.kinds) CHECK(kind == RowKind::kInsert);  // The planner refuses updating inputs.
  codec_.encode(batch);
  clock_->read_times(*batch.columns[parts_.time], times_);
  clock_->read_watermarks(batch, watermarks_);
  steps_.assign(batch.watermarks.begin(), batch.watermarks.end());
  keys_.locate_all(codec_, groups_);
  batch_ = &batch;
  int64_t passed = 0;
  for (uint32_t row = 0; row < batch.rows; ++row) {
    ++arrivals_;
    Session* session = place(batch, row, groups_[row], times_[row], std::max(watermarks_[row], fired_ms_));
    if (session == nullptr) {
      keyless_.push_back(groups_[row]);
      continue;
    }
    ++passed;
    sessions_.touch(session);
    rows_.push_back(row);
    states_.push_back(session->states());
  }
  fold();
  batch_ = nullptr;
  context().account.passed += passed;
  progressed_ = true;
  // Late rows may have brought keys that have nothing. No memory was used again since they were found.
  for (Group* group : keyless_) {
    if (group->key.tag() != GroupKey::kFree && !has_sessions(*group)) keys_.erase(group);
  }
  keyless_.clear();
  return {};
}

Status SessionOperator::on_watermark(EventTime watermark, Output& out) {
  steps_.push_back(watermark.value);
  int64_t local = clock_->local_watermark(watermark.value);
  output_->begin(out, steps_);
  TRY(fire(local));
  TRY(output_->flush());
  settle();
  fired_ms_ = std::max(fired_ms_, local);
  progressed_ = true;
  steps_.assign(1, watermark.value);
  return {};
}

void SessionOperator::fold() {
  if (rows_.empty()) return;
  parts_.aggregates->add(states_, *batch_, rows_);
  rows_.clear();
  states_.clear();
}

void SessionOperator::report(const Batch& batch, uint32_t row, const Window& missed) {
  EventTime time{floor_ms(batch.columns[parts_.time]->ints()[row])};
  report_late(context(), batch, row, time, {missed}, false);
}

// Sessions and waiting rows that the watermark has passed are not erased one by one: this record says that they went.
void SessionOperator::write_progress(StateWriter& writer) {
  if (!progressed_ && !writer.full()) return;
  Bytes value;
  put_fixed(value, fired_ms_);
  put_fixed(value, steps_.empty() ? kMinEventTime.value : steps_.back());
  put_fixed(value, arrivals_);
  writer.put("w", value);
  progressed_ = false;
}

void SessionOperator::read_progress(BytesView value) {
  fired_ms_ = take_fixed<int64_t>(value);
  steps_.assign(1, take_fixed<int64_t>(value));
  arrivals_ = take_fixed<uint64_t>(value);
}

OperatorPtr make_sessions(SessionParts parts) {
  return parts.window.max_duration_ms > 0 ? make_capped_sessions(std::move(parts))
                                          : make_gap_sessions(std::move(parts));
}

}  // namespace leat
