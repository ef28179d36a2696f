#include "server/letter_text.h"

#include <gtest/gtest.h>

namespace leat {
namespace {

StoredLetter late_letter() {
  StoredLetter letter;
  letter.id = "abc";
  letter.topic = "dlq.j.t";
  letter.offset = Offset{7};
  letter.job = "j";
  letter.table = "t";
  letter.file = "in/a.ndjson";
  letter.line = 3;
  letter.position = 120;
  letter.letter_class = "late";
  letter.reason = "late";
  letter.op = "WindowAggregate[2]";
  letter.first_failure = letter.last_failure = WallTime{1000};
  letter.event_time_ms = 0;
  letter.watermark_ms = 3'600'000;
  letter.late_ms = 3'600'000;
  letter.windows = {{0, 1'800'000}};
  letter.record.headers = {{"__dlq.x.id", "abc"}, {"trace", "t-1"}};
  letter.record.value = "{\"a\":1}";
  return letter;
}

TEST(LetterText, ShowsEveryFact) {
  EXPECT_EQ(letter_text(late_letter()),
            "id              abc\n"
            "class           late\n"
            "reason          late\n"
            "job             j\n"
            "table           t\n"
            "operator        WindowAggregate[2]\n"
            "file            in/a.ndjson:3\n"
            "position        120, partition 0\n"
            "first failure   1970-01-01 00:00:01 UTC\n"
            "last failure    1970-01-01 00:00:01 UTC\n"
            "retries         0\n"
            "event time      1970-01-01 00:00:00\n"
            "watermark       1970-01-01 01:00:00\n"
            "late by         1 h\n"
            "window missed   1970-01-01 00:00:00 to 1970-01-01 00:30:00\n"
            "kept in         dlq.j.t, partition 0, offset 7\n"
            "\nheaders\ntrace           t-1\n"
            "\nvalue (7 bytes)\n{\"a\":1}\n");
}

TEST(LetterText, AHostilePayloadIsHarmless) {
  StoredLetter letter = late_letter();
  letter.message = "bad \x1b[2J";
  letter.record.value = "a\x1b]0;x\x07\nb";
  std::string text = letter_text(letter);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_NE(text.find("a\\x1b]0;x\\x07\nb\n"), std::string::npos) << text;
}

TEST(LetterText, BytesAreShownInHexadecimal) {
  StoredLetter letter = late_letter();
  letter.record.value = std::string("\xff\x00Leat, a channel", 17);
  EXPECT_NE(letter_text(letter).find("value (17 bytes)\n"
                                     "00000000  ff 00 4c 65 61 74 2c 20  61 20 63 68 61 6e 6e 65  |..Leat, a channe|\n"
                                     "00000010  6c                                                |l|\n"),
            std::string::npos)
      << letter_text(letter);
}

}  // namespace
}  // namespace leat
