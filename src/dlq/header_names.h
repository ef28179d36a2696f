#pragma once
// The headers of a dead letter. __dlq.errors.* are KIP-1191's names and encodings (decimal text); what Kafka has no
// name for is under __dlq.x. docs/dead-letters.md says what each means.

namespace leat::dlq {

inline constexpr const char* kTopic = "__dlq.errors.topic";  // The source table.
inline constexpr const char* kPartition = "__dlq.errors.partition";
inline constexpr const char* kOffset = "__dlq.errors.offset";  // For files the byte position.
inline constexpr const char* kGroup = "__dlq.errors.group";    // The job.
inline constexpr const char* kMessage = "__dlq.errors.message";
inline constexpr const char* kDeliveryCount = "__dlq.errors.delivery.count";

inline constexpr const char* kId = "__dlq.x.id";
inline constexpr const char* kClass = "__dlq.x.class";
inline constexpr const char* kReason = "__dlq.x.reason";
inline constexpr const char* kFile = "__dlq.x.file";
inline constexpr const char* kLine = "__dlq.x.line";
inline constexpr const char* kFirst = "__dlq.x.first.ms";
inline constexpr const char* kLast = "__dlq.x.last.ms";
inline constexpr const char* kCrashes = "__dlq.x.crashes";
inline constexpr const char* kOperator = "__dlq.x.operator";
inline constexpr const char* kBuild = "__dlq.x.build";
inline constexpr const char* kException = "__dlq.x.exception";
inline constexpr const char* kStack = "__dlq.x.stack";

inline constexpr const char* kEventTime = "__dlq.x.event.time.ms";
inline constexpr const char* kWatermark = "__dlq.x.watermark.ms";
inline constexpr const char* kLate = "__dlq.x.late.ms";
inline constexpr const char* kPartly = "__dlq.x.partly";  // "true", or the header is absent.
inline constexpr const char* kWindow = "__dlq.x.window";  // "start/end" in milliseconds, parted by commas.

}  // namespace leat::dlq
