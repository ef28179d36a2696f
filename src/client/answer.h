#pragma once
#include <memory>

#include "base/types.h"

namespace leat::client {

// A decoded response together with the bytes that its views point into.
template <class Api>
class Answer {
 public:
  using Response = typename Api::Response;
  Answer(std::shared_ptr<const Bytes> frame, Response response)
      : frame_(std::move(frame)), response_(std::move(response)) {}

  const Response* operator->() const { return &response_; }
  const Response& operator*() const { return response_; }

 private:
  std::shared_ptr<const Bytes> frame_;
  Response response_;
};

}  // namespace leat::client
