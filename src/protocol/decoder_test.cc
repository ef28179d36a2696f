// Hostile bytes. That good ones are read and written as Kafka does is shown by test/protocol_test.py.
#include "protocol/decoder.h"

#include <gtest/gtest.h>

#include "protocol/api_versions.h"
#include "protocol/header.h"
#include "protocol/metadata.h"
#include "protocol/produce.h"

namespace leat {
namespace {

template <class Message>
Status decode_all(BytesView bytes, int16_t version, bool flexible) {
  Decoder decoder(bytes, flexible);
  Message message;
  protocol::decode(decoder, version, message);
  return decoder.finish();
}

TEST(Decoder, SaysWhatIsWrongAndWhere) {
  // A string of 16,383 bytes in a message of 7.
  Status status = decode_all<protocol::ProduceRequest>(BytesView("\x3f\xff"
                                                                 "abcde",
                                                                 7),
                                                       3, false);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, Errc::kInvalidArgument);
  EXPECT_EQ(status.error().message, "the message is cut off, at byte 2 of 7");
}

TEST(Decoder, RefusesAnArrayThatCannotBeThere) {
  // Two billion topics in four bytes.
  Status status = decode_all<protocol::MetadataRequest>(BytesView("\x7f\xff\xff\xff", 4), 1, false);
  ASSERT_FALSE(status);
  EXPECT_NE(status.error().message.find("more elements"), std::string::npos);
}

TEST(Decoder, ChargesMemoryForWhatArraysBecome) {
  // Each element takes a byte of the message and far more of memory: a message of 1 MB must not make 100 MB of it.
  Bytes bytes = "\x7f";
  Bytes compact;
  Encoder(compact, true).unsigned_varint(1'000'001);
  compact.append(1'000'000, '\0');
  Status status = decode_all<protocol::MetadataResponse>(Bytes(4, '\0') + compact, 9, true);
  EXPECT_FALSE(status);
}

TEST(Decoder, RefusesNullWhereAVersionHasNone) {
  EXPECT_FALSE(decode_all<protocol::MetadataRequest>(BytesView("\xff\xff\xff\xff", 4), 0, false));
  EXPECT_TRUE(decode_all<protocol::MetadataRequest>(BytesView("\xff\xff\xff\xff", 4), 1, false));
}

TEST(Decoder, RefusesWhatIsLeftOver) {
  EXPECT_FALSE(decode_all<protocol::MetadataRequest>(BytesView("\0\0\0\0x", 5), 0, false));
}

TEST(Decoder, PassesOverUnknownTags) {
  // No topics, three flags, one tag (id 99, 2 bytes).
  BytesView known("\x01\x00\x00\x00\x00", 5), unknown("\x01\x00\x00\x00\x01\x63\x02hi", 9);
  EXPECT_TRUE(decode_all<protocol::MetadataRequest>(known, 9, true));
  EXPECT_TRUE(decode_all<protocol::MetadataRequest>(unknown, 9, true));
  EXPECT_FALSE(decode_all<protocol::MetadataRequest>(unknown.substr(0, 8), 9, true));
}

// Found by fuzzing: what stood behind the bad field was passed over although nothing was left of the message.
TEST(Decoder, EndsAtATaggedFieldThatIsBad) {
  // No error, no keys, no throttling; two tags, the first of 3 bytes: one feature, whose name would have 99 bytes.
  BytesView bytes(
      "\0\0"
      "\1"
      "\0\0\0\0"
      "\2"
      "\0\3"
      "\2\x64x"
      "\1\1\0",
      16);
  Status status = decode_all<protocol::ApiVersionsResponse>(bytes, 4, true);
  ASSERT_FALSE(status);
  EXPECT_NE(status.error().message.find("cut off"), std::string::npos);
}

TEST(Decoder, RefusesAVarintWithoutEnd) {
  EXPECT_FALSE(decode_all<protocol::MetadataRequest>(BytesView("\x80\x80\x80\x80\x80\x80", 6), 9, true));
}

TEST(RequestHeader, IsReadWhateverTheVersion) {
  for (bool flexible : {false, true}) {
    Bytes bytes;
    protocol::RequestHeader sent{3, 12, 77, "me"};
    protocol::encode_request_header(bytes, sent, flexible);
    bytes += "rest";
    BytesView in = bytes;
    auto header = protocol::decode_request_header(in, [flexible](int16_t, int16_t) { return flexible; });
    ASSERT_TRUE(header);
    EXPECT_EQ(*header, sent);
    EXPECT_EQ(in, "rest");
  }
}

TEST(RequestHeader, IsRefusedWhenCutOff) {
  BytesView in("\0\3\0", 3);
  EXPECT_FALSE(protocol::decode_request_header(in, [](int16_t, int16_t) { return false; }));
}

}  // namespace
}  // namespace leat
