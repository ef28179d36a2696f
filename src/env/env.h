#pragma once
// Everything non-deterministic reaches the program through these interfaces and nowhere else. env/posix.* implements
// them for production, sim/ for simulation. tools/check_layers.py keeps threads, clocks, files and randomness out of
// every other folder.
//
// Threads: an Env may be used from any thread; an object obtained from it belongs to one thread at a time.
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/types.h"

namespace leat {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual WallTime wall() const = 0;      // May jump. For timestamps shown to people and clients.
  virtual Instant monotonic() const = 0;  // Never goes back. For intervals.
  virtual void sleep_for(int64_t nanoseconds) = 0;
};

enum class OpenMode : uint8_t {
  kRead,       // Must exist.
  kAppend,     // Created if absent; writes go to the end.
  kCreateNew,  // Must not exist.
};

class File {
 public:
  virtual ~File() = default;
  // Bytes read; fewer than asked for only at the end of the file.
  virtual Result<size_t> read_at(uint64_t position, std::span<char> into) = 0;
  // All or an error; after an error an unknown prefix may have been written.
  virtual Status append(std::span<const BytesView> pieces) = 0;
  // What was appended before is durable when it returns OK (fdatasync). After an error it gives that error for ever:
  // the kernel may have dropped the dirty pages, so the file must be abandoned. May run on another thread while its
  // owner appends, or syncs as well.
  virtual Status sync() = 0;
  virtual Status truncate(uint64_t size) = 0;
  virtual Result<uint64_t> size() const = 0;
  virtual int descriptor() const { return -1; }  // For sending without copying; -1 where there is none.
};

struct FileInfo {
  uint64_t size = 0;
  bool is_directory = false;
  WallTime modified;
  uint64_t inode = 0;
};

class FileSystem {
 public:
  virtual ~FileSystem() = default;
  virtual Result<std::unique_ptr<File>> open(std::string_view path, OpenMode) = 0;
  virtual Result<FileInfo> stat(std::string_view path) = 0;  // kNotFound if there is nothing.
  virtual Status rename(std::string_view from, std::string_view to) = 0;
  virtual Status remove(std::string_view path) = 0;              // A file, or an empty directory. kNotFound if absent.
  virtual Status create_directories(std::string_view path) = 0;  // With parents; existing is OK. Made durable.
  virtual Status sync_directory(std::string_view path) = 0;  // After create, rename and remove, to make them durable.
  virtual Result<std::vector<std::string>> list(std::string_view directory) = 0;  // Names, sorted, without . and ..
  // Held until the returned handle dies or the process does. kConflict names the owner's pid.
  virtual Result<std::unique_ptr<void, void (*)(void*)>> lock(std::string_view path) = 0;
};

class Random {
 public:
  virtual ~Random() = default;
  virtual uint64_t next() = 0;
};

// A pool of threads for work whose results are wanted in the order of submission (decoding blocks of a file).
// The simulator runs each piece at once, on the caller's thread.
class Workers {
 public:
  virtual ~Workers() = default;
  virtual int threads() const = 0;  // 0: submit() runs the work itself.
  // Runs `work` on some thread. The caller keeps what it refers to alive until it has seen the work finish through
  // wait(). `ticket` identifies it.
  virtual uint64_t submit(std::function<void()> work) = 0;
  // The same for work that mostly waits for a disk: on a thread of its own, one after the other, whatever threads() is.
  virtual uint64_t submit_aside(std::function<void()> work) = 0;
  virtual void wait(uint64_t ticket) = 0;      // Blocks until that work has finished.
  virtual bool finished(uint64_t ticket) = 0;  // Whether wait() would not block.
};

struct Env {
  Clock& clock;
  FileSystem& files;
  Random& random;
  Workers& workers;
};

}  // namespace leat
