#pragma once
// Actor: a client of a simulated broker, with one request at a time.
#include "protocol/offset_commit.h"
#include "sim/kafka_client.h"
#include "test/broker_sim/history.h"

namespace leat::sim {

class Actor {
 public:
  Actor(TestBroker& broker, History& history, SimRandom& random)
      : broker_(broker), history_(history), random_(random) {}
  virtual ~Actor() = default;

  // Takes the answer that it waits for, if it is there; else, if it waits for none, asks for something.
  void step() {
    if (!client_) client_.emplace(broker_);
    if (!poll_) return next();
    auto poll = poll_;
    if (!poll()) return;
  }
  bool is_waiting() const { return bool(poll_); }
  // The broker is gone, and with it the connection. What was asked for is in doubt.
  void lose_connection() {
    client_.reset();
    disconnected();
    if (std::exchange(poll_, nullptr)) in_doubt();
  }

 protected:
  virtual void next() = 0;
  virtual void disconnected() {}
  virtual void in_doubt() {}

  template <class Api>
  void ask(const typename Api::Request& request, int16_t version,
           std::function<void(const typename Api::Response&)> take) {
    client_->template send<Api>(request, version);
    poll_ = [this, version, take = std::move(take)] {
      auto response = client_->template receive<Api>(version);
      if (!response) return false;
      poll_ = nullptr;
      take(*response);
      return true;
    };
  }
  // As a process that is killed: nobody is told.
  bool dies() { return !history_.calm && random_.chance(0.01); }
  int64_t now_ns() const { return broker_.sim.clock().monotonic().value; }
  // A member commits an offset of the first partition. `at`: its generation, or its epoch.
  static protocol::OffsetCommitRequest member_commit(const std::string& group, const std::string& member, int32_t at) {
    protocol::OffsetCommitRequest request;
    request.group_id = group;
    request.generation_id_or_member_epoch = at;
    request.member_id = member;
    request.topics.push_back({kTopic, {}, {{0, 1, -1, ""}}});
    return request;
  }
  std::string fresh_value() { return "v" + std::to_string(history_.sent.size()); }

  TestBroker& broker_;
  History& history_;
  SimRandom& random_;

 private:
  std::optional<TestClient> client_;
  std::function<bool()> poll_;
};

// `transactional_id`: empty for one that only numbers its batches.
std::unique_ptr<Actor> make_plain_producer(TestBroker&, History&, SimRandom&);
std::unique_ptr<Actor> make_idempotent_producer(TestBroker&, History&, SimRandom&);
// `modern`: with KIP-890.
std::unique_ptr<Actor> make_transactional_producer(TestBroker&, History&, SimRandom&, bool modern);
std::unique_ptr<Actor> make_reader(TestBroker&, History&, SimRandom&, int32_t partition, bool committed);
std::unique_ptr<Actor> make_member(TestBroker&, History&, SimRandom&);
std::unique_ptr<Actor> make_assigned_member(TestBroker&, History&, SimRandom&);
std::unique_ptr<Actor> make_sharer(TestBroker&, History&, SimRandom&);
std::unique_ptr<Actor> make_committer(TestBroker&, History&, SimRandom&, std::string group);

}  // namespace leat::sim
