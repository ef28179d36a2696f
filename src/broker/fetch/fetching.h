#pragma once
// Fetching: one fetch request, answered at once if there is enough, or an error; else when there is, or its time is
// over. It lives until it is answered.
#include "broker/broker.h"
#include "broker/fetch/partition_reader.h"

namespace leat {

class Fetching : public std::enable_shared_from_this<Fetching> {
 public:
  using Request = protocol::FetchRequest;
  using Response = protocol::FetchResponse;
  // Gets an entry for each partition of the request, in its order; what they refer to lives until it returns.
  using Answer = std::function<void(Response&)>;

  Fetching(Broker& broker, int16_t version, Request request, Answer answer)
      : broker_(broker), version_(version), request_(std::move(request)), answer_(std::move(answer)) {}
  ~Fetching() { unwatch(); }

  void run();

 private:
  struct Found {
    Response response;
    uint64_t bytes = 0;
    bool urgent = false;  // The client must hear of something now.
  };
  const TopicInfo* find(const Request::Topic&) const;
  void collect(PartitionReader&, Found&);
  bool is_enough(const Found&) const;
  void watch(const Request::Topic&, const PartitionReader::Asked&);
  void unwatch();
  void something_came();
  void finish();

  Broker& broker_;
  int16_t version_;
  Request request_;
  Answer answer_;
  std::vector<std::pair<std::shared_ptr<Partition>, uint64_t>> watched_;
  std::unique_ptr<Loop::Timer> timer_;
  bool answered_ = false;
};

}  // namespace leat
