#include "client/kafka_error.h"

namespace leat::client {
namespace {

using protocol::ErrorCode;

Errc errc_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::kUnknownTopicOrPartition:
    case ErrorCode::kUnknownTopicId:
    case ErrorCode::kGroupIdNotFound:
    case ErrorCode::kTransactionalIdNotFound:
    case ErrorCode::kResourceNotFound:
      return Errc::kNotFound;
    case ErrorCode::kTopicAlreadyExists:
    case ErrorCode::kDuplicateResource:
      return Errc::kAlreadyExists;
    case ErrorCode::kOffsetOutOfRange:
      return Errc::kOutOfRange;
    case ErrorCode::kNonEmptyGroup:
    case ErrorCode::kGroupSubscribedToTopic:
    case ErrorCode::kConcurrentTransactions:
      return Errc::kConflict;
    case ErrorCode::kInvalidProducerEpoch:
    case ErrorCode::kProducerFenced:
    case ErrorCode::kFencedInstanceId:
      return Errc::kFenced;
    case ErrorCode::kCorruptMessage:
      return Errc::kCorruption;
    case ErrorCode::kUnsupportedVersion:
    case ErrorCode::kUnsupportedForMessageFormat:
      return Errc::kUnsupported;
    case ErrorCode::kRequestTimedOut:
      return Errc::kTimeout;
    default:
      return passes(static_cast<int16_t>(code)) ? Errc::kIo : Errc::kInvalidArgument;
  }
}

}  // namespace

bool passes(int16_t error_code) {
  switch (static_cast<ErrorCode>(error_code)) {
    case ErrorCode::kLeaderNotAvailable:
    case ErrorCode::kNotLeaderOrFollower:
    case ErrorCode::kRequestTimedOut:
    case ErrorCode::kBrokerNotAvailable:
    case ErrorCode::kReplicaNotAvailable:
    case ErrorCode::kNetworkException:
    case ErrorCode::kCoordinatorLoadInProgress:
    case ErrorCode::kCoordinatorNotAvailable:
    case ErrorCode::kNotCoordinator:
    case ErrorCode::kNotEnoughReplicas:
    case ErrorCode::kNotEnoughReplicasAfterAppend:
    case ErrorCode::kNotController:
    case ErrorCode::kConcurrentTransactions:
    case ErrorCode::kKafkaStorageError:
    case ErrorCode::kFencedLeaderEpoch:
    case ErrorCode::kUnknownLeaderEpoch:
    case ErrorCode::kOffsetNotAvailable:
    case ErrorCode::kUnstableOffsetCommit:
    case ErrorCode::kThrottlingQuotaExceeded:
    case ErrorCode::kUnknownTopicId:
    case ErrorCode::kInconsistentTopicId:
      return true;
    default:
      return false;
  }
}

Error kafka_error(const std::string& what, int16_t error_code, const std::optional<std::string>& message) {
  auto code = static_cast<ErrorCode>(error_code);
  std::string text = what + ": " + protocol::to_string(code);
  if (message && !message->empty()) text += ": " + *message;
  return {errc_of(code), std::move(text)};
}

}  // namespace leat::client
