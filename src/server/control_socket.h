#pragma once
// The door of a running `leat serve` for `leat job submit|stop|ls`: a UNIX socket in its data directory.
//
// Why not Kafka's port: a job reads and writes files as the server's user, and whoever may speak Kafka to the server
// need not be allowed to do that. The socket is for that user alone (mode 0600, and the kernel says who is at the other
// end), it needs no password, cannot be reached over the network, and --data names it, as it does everything else of a
// job.
//
// One question, one answer, then the connection ends. Both are lists of texts, at most kControlBytesMax in all.
#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/result.h"

namespace leat {

inline constexpr size_t kControlBytesMax = 16 << 20;
using ControlWords = std::vector<std::string>;

class ControlServer {
 public:
  // Calls `handle` on a thread of its own, one question at a time, until it is destroyed. The caller owns the
  // directory: a socket that is there is a dead server's.
  static Result<std::unique_ptr<ControlServer>> open(const std::string& directory,
                                                     std::function<ControlWords(const ControlWords&)> handle);
  ~ControlServer();
  ControlServer(const ControlServer&) = delete;
  ControlServer& operator=(const ControlServer&) = delete;

 private:
  ControlServer(std::string path, int listener, std::function<ControlWords(const ControlWords&)> handle);
  void serve();
  void answer(int connection);

  std::string path_;
  int listener_;
  std::function<ControlWords(const ControlWords&)> handle_;
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

// Asks the server that owns the data directory. kNotFound: none runs there.
Result<ControlWords> ask_server(const std::string& data_directory, const ControlWords& question);

}  // namespace leat
