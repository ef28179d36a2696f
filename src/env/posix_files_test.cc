#include "env/posix_files.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

namespace leat {
namespace {

class PosixFiles : public testing::Test {
 protected:
  PosixFiles() {
    char name[] = "/tmp/leat-files-XXXXXX";
    CHECK(mkdtemp(name) != nullptr);
    directory_ = name;
  }
  ~PosixFiles() override {
    auto names = files_.list(directory_);
    for (const std::string& name : *names) EXPECT_TRUE(files_.remove(path(name)));
    EXPECT_TRUE(files_.remove(directory_));
  }
  std::string path(const std::string& name) const { return directory_ + "/" + name; }
  Status write(const std::string& name, std::vector<BytesView> pieces) {
    TRY_ASSIGN(auto file, files_.open(path(name), OpenMode::kAppend));
    TRY(file->append(pieces));
    return file->sync();
  }
  Bytes read(const std::string& name) {
    auto file = *files_.open(path(name), OpenMode::kRead);
    Bytes out(100, '\0');
    out.resize(*file->read_at(0, out));
    return out;
  }

  PosixFileSystem files_;
  std::string directory_;
};

TEST_F(PosixFiles, AppendsPiecesToTheEnd) {
  ASSERT_TRUE(write("a", {"one ", "", "two "}));
  ASSERT_TRUE(write("a", {"three"}));
  EXPECT_EQ(read("a"), "one two three");
  EXPECT_EQ(files_.stat(path("a"))->size, 13U);
}

TEST_F(PosixFiles, ReadsFewerBytesOnlyAtTheEnd) {
  ASSERT_TRUE(write("a", {"0123456789"}));
  auto file = *files_.open(path("a"), OpenMode::kRead);
  Bytes into(4, '\0');
  EXPECT_EQ(*file->read_at(3, into), 4U);
  EXPECT_EQ(into, "3456");
  EXPECT_EQ(*file->read_at(8, into), 2U);
  EXPECT_EQ(*file->read_at(100, into), 0U);
}

TEST_F(PosixFiles, TruncatedFilesGoOnWhereTheyWereCut) {
  ASSERT_TRUE(write("a", {"0123456789"}));
  auto file = *files_.open(path("a"), OpenMode::kAppend);
  ASSERT_TRUE(file->truncate(4));
  EXPECT_EQ(*file->size(), 4U);
  ASSERT_TRUE(write("a", {"x"}));
  EXPECT_EQ(read("a"), "0123x");
}

TEST_F(PosixFiles, ErrorsSayWhatTheCallerCanActOn) {
  EXPECT_EQ(files_.open(path("absent"), OpenMode::kRead).error().code, Errc::kNotFound);
  EXPECT_EQ(files_.stat(path("absent")).error().code, Errc::kNotFound);
  EXPECT_EQ(files_.remove(path("absent")).error().code, Errc::kNotFound);
  EXPECT_EQ(files_.list(path("absent")).error().code, Errc::kNotFound);
  ASSERT_TRUE(write("a", {"x"}));
  EXPECT_EQ(files_.open(path("a"), OpenMode::kCreateNew).error().code, Errc::kAlreadyExists);
  EXPECT_EQ(files_.create_directories(path("a")).error().code, Errc::kAlreadyExists);
  auto full = files_.open("/dev/full", OpenMode::kAppend);
  ASSERT_TRUE(full);
  BytesView piece = "x";
  EXPECT_EQ((*full)->append({&piece, 1}).error().code, Errc::kNoSpace);
}

TEST_F(PosixFiles, NamesAreListedSortedAndRenamesReplace) {
  for (const char* name : {"b", "a", "c"}) ASSERT_TRUE(write(name, {name}));
  EXPECT_EQ(*files_.list(directory_), (std::vector<std::string>{"a", "b", "c"}));
  ASSERT_TRUE(files_.rename(path("c"), path("a")));
  ASSERT_TRUE(files_.sync_directory(directory_));
  EXPECT_EQ(*files_.list(directory_), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(read("a"), "c");
}

TEST_F(PosixFiles, DirectoriesAreMadeWithTheirParents) {
  ASSERT_TRUE(files_.create_directories(path("x/y/z")));
  ASSERT_TRUE(files_.create_directories(path("x/y/z")));
  EXPECT_TRUE(files_.stat(path("x/y/z"))->is_directory);
  for (const char* name : {"x/y/z", "x/y"}) EXPECT_TRUE(files_.remove(path(name)));
}

TEST_F(PosixFiles, ALockIsHeldUntilItsHandleDies) {
  {
    auto lock = files_.lock(path("lock"));
    ASSERT_TRUE(lock);
    auto again = files_.lock(path("lock"));
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, Errc::kConflict);
  }
  EXPECT_TRUE(files_.lock(path("lock")));
}

// Who asks is told the owner's pid; and a process that dies without a word leaves no lock.
TEST_F(PosixFiles, AnotherProcessIsToldTheOwnersPid) {
  int locked[2], done[2];
  ASSERT_EQ(pipe(locked) + pipe(done), 0);
  pid_t child = fork();
  if (child == 0) {
    auto lock = files_.lock(path("lock"));
    char byte = lock ? 'y' : 'n';
    if (::write(locked[1], &byte, 1) != 1 || ::read(done[0], &byte, 1) != 1) _exit(1);
    _exit(0);  // No destructor runs.
  }
  char byte = 0;
  ASSERT_EQ(::read(locked[0], &byte, 1), 1);
  ASSERT_EQ(byte, 'y');
  auto refused = files_.lock(path("lock"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::kConflict);
  EXPECT_NE(refused.error().message.find("pid " + std::to_string(child)), std::string::npos) << refused.error().message;
  ASSERT_EQ(::write(done[1], &byte, 1), 1);
  ASSERT_EQ(waitpid(child, nullptr, 0), child);
  EXPECT_TRUE(files_.lock(path("lock")));
  for (int fd : {locked[0], locked[1], done[0], done[1]}) ::close(fd);
}

}  // namespace
}  // namespace leat
