#include "dlq/dead_letters.h"

#include <gtest/gtest.h>

#include <set>

#include "dlq/encode.h"

namespace leat {
namespace {

// A home of topics with one partition each, all of it committed.
class FakeTopics final : public Topics, public Admin {
 public:
  void add(const std::string& topic, Record record) { topics_[topic].push_back(std::move(record)); }

  Admin& admin() override { return *this; }
  Status create_topic(std::string_view, const TopicConfig&) override { return {}; }
  Status delete_topic(std::string_view) override { return {}; }
  Status delete_records(const TopicPartition&, Offset) override { return {}; }
  Result<std::vector<std::string>> list_topics() override {
    std::vector<std::string> out;
    for (const auto& [name, records] : topics_) out.push_back(name);
    return out;
  }
  Result<TopicDescription> describe_topic(std::string_view name) override {
    Offset end{static_cast<int64_t>(topics_.at(std::string(name)).size())};
    return TopicDescription{std::string(name), {}, {{Offset{0}, end, end}}, 0};
  }
  Result<std::unique_ptr<Consumer>> consumer(const TopicPartition& partition, Offset from) override {
    return std::unique_ptr<Consumer>(new OneByOne(topics_.at(partition.topic), from));
  }
  Result<std::unique_ptr<Transaction>> transaction(std::string_view) override {
    return Error{Errc::kUnsupported, "not in this test"};
  }
  Result<std::optional<CommittedOffset>> committed(std::string_view, const TopicPartition&) override {
    return std::optional<CommittedOffset>();
  }

 private:
  class OneByOne final : public Consumer {
   public:
    OneByOne(const std::vector<Record>& records, Offset from) : records_(records), next_(from) {}
    Result<std::vector<ConsumedRecord>> poll(size_t) override {
      if (next_.value == static_cast<int64_t>(records_.size())) return std::vector<ConsumedRecord>();
      auto at = static_cast<size_t>(next_.value++);
      return std::vector<ConsumedRecord>{{Offset{static_cast<int64_t>(at)}, records_[at]}};
    }
    void seek(Offset to) override { next_ = to; }
    Offset position() const override { return next_; }

   private:
    const std::vector<Record>& records_;
    Offset next_;
  };
  std::map<std::string, std::vector<Record>> topics_;
};

DeadLetter bad_row(uint64_t line) {
  DeadLetter letter;
  letter.reason = "json.invalid";
  letter.message = "expected '}' at byte 12";
  letter.op = "Source[flights]";
  letter.table = "flights";
  letter.file = "in/a.ndjson";
  letter.line = line;
  letter.position = line * 100;
  letter.payload = "{\"a\": 1, \"b\"";
  return letter;
}

DeadLetter late_row() {
  DeadLetter letter = bad_row(7);
  letter.cause = DeadLetterClass::kLate;
  letter.reason = "late";
  letter.op = "WindowAggregate[2]";
  letter.payload = "{}";
  letter.late = LateFacts{
      EventTime{3'600'000}, EventTime{7'200'000}, 3'600'000, {{EventTime{3'600'000}, EventTime{7'200'000}}}, true};
  return letter;
}

StoredLetter round_trip(const DeadLetter& letter, int64_t now = 1000) {
  Record record = letter_record(letter, "job-1", "build-1", WallTime{now});
  return parse_letter(dead_letter_topic("job-1", letter.table), 0, {Offset{5}, record});
}

TEST(Letter, KeepsEveryFactOfAFailure) {
  DeadLetter letter = bad_row(42);
  letter.cause = DeadLetterClass::kPoison;
  letter.exception = "std::out_of_range";
  letter.stack = "#0 f\n#1 g";
  letter.crashes = 3;
  letter.partition = 4;
  StoredLetter stored = round_trip(letter, 1234);
  EXPECT_EQ(stored.topic, "dlq.job-1.flights");
  EXPECT_EQ(stored.offset, Offset{5});
  EXPECT_EQ(stored.job, "job-1");
  EXPECT_EQ(stored.table, "flights");
  EXPECT_EQ(stored.file, "in/a.ndjson");
  EXPECT_EQ(stored.line, 42u);
  EXPECT_EQ(stored.position, 4200u);
  EXPECT_EQ(stored.source_partition, 4);
  EXPECT_EQ(stored.letter_class, "poison");
  EXPECT_EQ(stored.reason, "json.invalid");
  EXPECT_EQ(stored.message, "expected '}' at byte 12");
  EXPECT_EQ(stored.exception, "std::out_of_range");
  EXPECT_EQ(stored.stack, "#0 f\n#1 g");
  EXPECT_EQ(stored.op, "Source[flights]");
  EXPECT_EQ(stored.build, "build-1");
  EXPECT_EQ(stored.crashes, 3);
  EXPECT_EQ(stored.retries, 2);
  EXPECT_EQ(stored.first_failure, WallTime{1234});
  EXPECT_EQ(stored.last_failure, WallTime{1234});
  EXPECT_EQ(stored.record.value, letter.payload);
  EXPECT_EQ(stored.record.key, std::nullopt);
  EXPECT_FALSE(stored.watermark_ms);
}

TEST(Letter, KeepsTheFactsOfLateness) {
  StoredLetter stored = round_trip(late_row());
  EXPECT_EQ(stored.event_time_ms, 3'600'000);
  EXPECT_EQ(stored.watermark_ms, 7'200'000);
  EXPECT_EQ(stored.late_ms, 3'600'000);
  EXPECT_TRUE(stored.partly);
  ASSERT_EQ(stored.windows.size(), 1u);
  EXPECT_EQ(stored.windows[0], std::pair(int64_t{3'600'000}, int64_t{7'200'000}));
}

TEST(Letter, PayloadIsKeptByteForByteAndHeadersAreBounded) {
  DeadLetter letter = bad_row(1);
  letter.payload = std::string(100'000, '\0') + "\xff\xfe";
  letter.message = letter.stack = letter.op = letter.exception = letter.file = std::string(99'999, 'x') + "ü";
  letter.message = "a" + std::string(50'000, ' ');
  for (int i = 0; i < 20'000; ++i) letter.stack += "ü";
  Record record = letter_record(letter, std::string(9'999, 'j'), std::string(9'999, 'b'), WallTime{1});
  EXPECT_EQ(record.value, letter.payload);
  size_t bytes = 0;
  for (const Header& header : record.headers) bytes += header.key.size() + header.value.size();
  EXPECT_LT(bytes, 16u * 1024);
  // What was cut is still text.
  EXPECT_EQ(letter_to_json(parse_letter("dlq.j.t", 0, {Offset{0}, record})).find("stack_base64"), std::string::npos);
}

TEST(Letter, IdIsAFunctionOfWhatFailedAndNotOfWhen) {
  EXPECT_EQ(round_trip(bad_row(1), 1).id, round_trip(bad_row(1), 999).id);
  EXPECT_EQ(round_trip(bad_row(1)).id.size(), 32u);
  std::set<std::string> ids;
  for (uint64_t line = 0; line < 1000; ++line) ids.insert(round_trip(bad_row(line)).id);
  DeadLetter other = bad_row(1);
  other.op = "Filter[1]";
  ids.insert(round_trip(other).id);
  other = bad_row(1);
  other.payload.back() = 'x';
  ids.insert(round_trip(other).id);
  EXPECT_EQ(ids.size(), 1002u);
}

TEST(Letter, ARecordOfAnotherProgramGivesWhatItHas) {
  Record record;
  record.value = "x";
  record.timestamp = WallTime{77};
  record.headers = {{"__dlq.errors.message", "Offset rejected by client."}, {"__dlq.x.line", "not a number"}};
  StoredLetter letter = parse_letter("dlq.group.a.b", 3, {Offset{9}, record});
  EXPECT_EQ(letter.job, "group");
  EXPECT_EQ(letter.table, "a.b");
  EXPECT_EQ(letter.id, "dlq.group.a.b/3/9");
  EXPECT_EQ(letter.message, "Offset rejected by client.");
  EXPECT_EQ(letter.letter_class, "unknown");
  EXPECT_EQ(letter.line, 0u);
  EXPECT_EQ(letter.retries, 0);
  EXPECT_EQ(letter.first_failure, WallTime{77});
}

TEST(Json, HasTheFieldsOfTheExport) {
  StoredLetter letter = round_trip(bad_row(3));
  letter.record.headers = {{"h", "1"}};
  letter.id = "i";
  EXPECT_EQ(letter_to_json(letter),
            R"({"id":"i","topic":"dlq.job-1.flights","partition":0,"offset":5,"job":"job-1","table":"flights",)"
            R"("file":"in/a.ndjson","line":3,"class":"data","reason":"json.invalid",)"
            R"("message":"expected '}' at byte 12","operator":"Source[flights]","retries":0,)"
            R"("first_failure":"1970-01-01 00:00:01","last_failure":"1970-01-01 00:00:01",)"
            R"("headers":{"h":"1"},"key":null,"value":"{\"a\": 1, \"b\""})");
}

TEST(Json, LateLettersSayWhatTheyMissed) {
  std::string json = letter_to_json(round_trip(late_row()));
  EXPECT_NE(json.find(R"("watermark":"1970-01-01 02:00:00","late_ms":3600000,)"
                      R"("windows":[["1970-01-01 01:00:00","1970-01-01 02:00:00"]]})"),
            std::string::npos)
      << json;
}

TEST(Json, BytesThatAreNotTextAreBase64) {
  StoredLetter letter = round_trip(bad_row(3));
  letter.record.value = "\xff\x00";
  letter.record.headers = {{"a", "1"}, {"b", "\xc0\x80"}, {"a", "2"}};
  std::string json = letter_to_json(letter);
  EXPECT_NE(json.find(R"("headers":{"a":["1","2"],"b_base64":"wIA="})"), std::string::npos) << json;
  EXPECT_NE(json.find(R"("value_base64":"/w==")"), std::string::npos) << json;
  for (const char* bad :
       {"\x80", "\xc1\xbf", "\xe0\x9f\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82", "a\xf0"}) {
    letter.record.value = bad;
    EXPECT_NE(letter_to_json(letter).find("value_base64"), std::string::npos) << bad;
  }
  letter.record.value = "h\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80";
  EXPECT_EQ(letter_to_json(letter).find("value_base64"), std::string::npos);
}

class Store : public testing::Test {
 protected:
  void SetUp() override {
    add("a", bad_row(1), 10);
    add("a", bad_row(2), 5);
    add("a", late_row(), 7);
    add("b", bad_row(1), 20);
    topics_.add("job.a", Record{});
  }
  void add(const std::string& job, const DeadLetter& letter, int64_t now) {
    topics_.add(dead_letter_topic(job, letter.table), letter_record(letter, job, "build", WallTime{now}));
  }
  FakeTopics topics_;
};

TEST_F(Store, GroupsByJobTableClassAndReason) {
  auto groups = group_letters(topics_, {});
  ASSERT_TRUE(groups);
  ASSERT_EQ(groups->size(), 3u);
  const LetterGroup& data = (*groups)[0];
  EXPECT_EQ(data.job + data.table + data.letter_class + data.reason, "aflightsdatajson.invalid");
  EXPECT_EQ(data.count, 2);
  EXPECT_EQ(data.first_failure, WallTime{5});
  EXPECT_EQ(data.last_failure, WallTime{10});
  EXPECT_EQ((*groups)[1].letter_class, "late");
  EXPECT_EQ((*groups)[2].job, "b");
}

TEST_F(Store, FiltersAndStops) {
  auto count = [this](const LetterFilter& filter) {
    int letters = 0;
    EXPECT_TRUE(visit_letters(topics_, filter, [&](const StoredLetter&) { return ++letters > 0; }));
    return letters;
  };
  EXPECT_EQ(count({}), 4);
  EXPECT_EQ(count({.job = "a"}), 3);
  EXPECT_EQ(count({.job = "a", .letter_class = "late"}), 1);
  EXPECT_EQ(count({.reason = "json.invalid"}), 3);
  EXPECT_EQ(count({.table = "none"}), 0);
  int seen = 0;
  EXPECT_TRUE(visit_letters(topics_, {}, [&](const StoredLetter&) { return ++seen < 2; }));
  EXPECT_EQ(seen, 2);
}

TEST_F(Store, FindsALetterByItsId) {
  auto groups = group_letters(topics_, {.job = "b"});
  ASSERT_TRUE(groups);
  auto found = find_letter(topics_, groups->at(0).example_id);
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->job, "b");
  auto none = find_letter(topics_, "no such id");
  ASSERT_TRUE(none);
  EXPECT_FALSE(*none);
}

}  // namespace
}  // namespace leat
