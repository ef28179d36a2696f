#include "env/posix_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <mutex>

namespace leat {
namespace {

Error failed(const char* what, std::string_view path, int error = errno) {
  Errc code = Errc::kIo;
  if (error == ENOENT || error == ENOTDIR || error == ELOOP) code = Errc::kNotFound;
  if (error == EEXIST) code = Errc::kAlreadyExists;
  if (error == EMFILE || error == ENFILE || error == ENOMEM) code = Errc::kOverloaded;
  if (error == ENOSPC || error == EDQUOT || error == EFBIG) code = Errc::kNoSpace;
  return Error{code, std::string(what) + " " + std::string(path) + ": " + strerror(error)};
}

class PosixFile final : public File {
 public:
  PosixFile(int fd, std::string path) : fd_(fd), path_(std::move(path)) {}
  ~PosixFile() override { ::close(fd_); }

  Result<size_t> read_at(uint64_t position, std::span<char> into) override {
    size_t done = 0;
    while (done < into.size()) {
      ssize_t got = ::pread(fd_, into.data() + done, into.size() - done, static_cast<off_t>(position + done));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return failed("read", path_);
      if (got == 0) break;
      done += static_cast<size_t>(got);
    }
    return done;
  }

  Status append(std::span<const BytesView> pieces) override {
    std::vector<iovec> left;
    for (BytesView piece : pieces) {
      if (!piece.empty()) left.push_back({const_cast<char*>(piece.data()), piece.size()});
    }
    size_t first = 0;
    while (first < left.size()) {
      int count = static_cast<int>(std::min<size_t>(left.size() - first, 512));
      ssize_t wrote = ::writev(fd_, left.data() + first, count);
      if (wrote < 0 && errno == EINTR) continue;
      if (wrote < 0) return failed("write", path_);
      auto rest = static_cast<size_t>(wrote);
      while (first < left.size() && rest >= left[first].iov_len) rest -= left[first++].iov_len;
      if (rest > 0) left[first] = {static_cast<char*>(left[first].iov_base) + rest, left[first].iov_len - rest};
    }
    return {};
  }

  Status sync() override {
    // The kernel tells of a failure once: of two that wait for the same file, both must learn of it.
    std::lock_guard one_at_a_time(syncing_);
    if (synced_ && ::fdatasync(fd_) != 0) synced_ = failed("sync", path_);
    return synced_;
  }
  Status truncate(uint64_t size) override {
    if (::ftruncate(fd_, static_cast<off_t>(size)) != 0) return failed("truncate", path_);
    return {};
  }
  Result<uint64_t> size() const override {
    struct ::stat info;
    if (::fstat(fd_, &info) != 0) return failed("stat", path_);
    return static_cast<uint64_t>(info.st_size);
  }
  int descriptor() const override { return fd_; }

 private:
  int fd_;
  std::string path_;
  std::mutex syncing_;
  Status synced_;  // The first failure.
};

std::string parent_of(const std::string& path) {
  size_t slash = path.find_last_of('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

std::string read_pid(int fd) {
  char text[32];
  ssize_t got = ::pread(fd, text, sizeof text, 0);
  std::string pid(text, got > 0 ? static_cast<size_t>(got) : 0);
  while (!pid.empty() && pid.back() == '\n') pid.pop_back();
  return pid.empty() ? "unknown" : pid;
}

}  // namespace

Result<std::unique_ptr<File>> PosixFileSystem::open(std::string_view view, OpenMode mode) {
  std::string path(view);
  int flags = O_CLOEXEC;
  switch (mode) {
    case OpenMode::kRead:
      flags |= O_RDONLY;
      break;
    case OpenMode::kAppend:
      flags |= O_RDWR | O_APPEND | O_CREAT;
      break;
    case OpenMode::kCreateNew:
      flags |= O_RDWR | O_APPEND | O_CREAT | O_EXCL;
      break;
  }
  if (mode == OpenMode::kRead) flags |= O_NONBLOCK;  // A pipe would wait for somebody who writes.
  int fd = ::open(path.c_str(), flags, 0644);
  if (fd < 0) return failed("open", path);
  struct ::stat info;
  if (mode == OpenMode::kRead && ::fstat(fd, &info) == 0 && !S_ISREG(info.st_mode)) {
    ::close(fd);
    return Error{Errc::kIo, "open " + path + ": it is no regular file"};
  }
  return std::unique_ptr<File>(std::make_unique<PosixFile>(fd, path));
}

Result<FileInfo> PosixFileSystem::stat(std::string_view view) {
  std::string path(view);
  struct ::stat info;
  if (::stat(path.c_str(), &info) != 0) return failed("stat", path);
  FileInfo out;
  out.size = static_cast<uint64_t>(info.st_size);
  out.is_directory = S_ISDIR(info.st_mode);
  out.modified = WallTime{info.st_mtim.tv_sec * 1000 + info.st_mtim.tv_nsec / 1'000'000};
  out.inode = info.st_ino ^ static_cast<uint64_t>(info.st_dev) << 40;  // Unique over the mounted file systems.
  return out;
}

Status PosixFileSystem::rename(std::string_view from, std::string_view to) {
  if (::rename(std::string(from).c_str(), std::string(to).c_str()) != 0) return failed("rename", from);
  return {};
}

Status PosixFileSystem::remove(std::string_view path) {
  if (::remove(std::string(path).c_str()) != 0) return failed("remove", path);
  return {};
}

Status PosixFileSystem::create_directories(std::string_view view) {
  std::string path(view);
  bool made = ::mkdir(path.c_str(), 0755) == 0;
  if (!made && errno == ENOENT && path != "/" && path != ".") {
    TRY(create_directories(parent_of(path)));
    made = ::mkdir(path.c_str(), 0755) == 0;
  }
  if (made) return sync_directory(parent_of(path));
  int error = errno;
  struct ::stat info;
  if (error == EEXIST && ::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode)) return {};
  return failed("create directory", path, error);
}

Status PosixFileSystem::sync_directory(std::string_view view) {
  std::string path(view);
  int fd = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return failed("open directory", path);
  int result = ::fsync(fd);
  int error = errno;
  ::close(fd);
  if (result != 0) return failed("sync directory", path, error);
  return {};
}

Result<std::vector<std::string>> PosixFileSystem::list(std::string_view view) {
  std::string path(view);
  DIR* directory = ::opendir(path.c_str());
  if (directory == nullptr) return failed("list", path);
  std::vector<std::string> names;
  while (const dirent* entry = ::readdir(directory)) {
    std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
  }
  ::closedir(directory);
  std::sort(names.begin(), names.end());
  return names;
}

// The lock dies with the process, so a killed owner leaves nothing to clean up; the pid in the file is for people.
Result<std::unique_ptr<void, void (*)(void*)>> PosixFileSystem::lock(std::string_view view) {
  std::string path(view);
  int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0) return failed("open", path);
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    std::string owner = read_pid(fd);
    ::close(fd);
    return Error{Errc::kConflict, path + " is locked by the process with pid " + owner};
  }
  std::string pid = std::to_string(::getpid()) + "\n";
  bool written = ::ftruncate(fd, 0) == 0 && ::pwrite(fd, pid.data(), pid.size(), 0) == static_cast<ssize_t>(pid.size());
  if (!written) {
    Error error = failed("write", path);
    ::close(fd);
    return error;
  }
  auto* held = new int(fd);
  return std::unique_ptr<void, void (*)(void*)>(held, [](void* handle) {
    auto* lock_fd = static_cast<int*>(handle);
    ::close(*lock_fd);
    delete lock_fd;
  });
}

}  // namespace leat
