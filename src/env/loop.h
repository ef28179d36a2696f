#pragma once
// Loop: the network and the timers of one thread. Whatever happens is a call on that thread, one at a time, and nothing
// that is called may block. env/asio_loop.* implements it for production; a simulated one needs no sockets.
//
// Threads: everything belongs to the thread that calls run(), but post() and stop(), which any thread may call.
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/file_slice.h"
#include "base/result.h"
#include "base/types.h"
#include "env/tls.h"

namespace leat {

struct Endpoint {
  std::string host;
  uint16_t port = 0;
  std::string to_string() const { return host + ":" + std::to_string(port); }
};

// Bytes, with stretches of files between them.
struct Outgoing {
  struct Splice {
    size_t at;  // Before this byte.
    FileSlice file;
  };
  Bytes bytes;
  std::vector<Splice> splices;  // In order of `at`.
  uint64_t size() const;
};

// What a connection tells its user. It is kept alive by the connection until on_closed() returned.
class ConnectionHandler {
 public:
  virtual ~ConnectionHandler() = default;
  virtual void on_bytes(BytesView) = 0;
  // Saves a copy: before bytes are read, where they may be put, and then how many were. Empty, or never asked for: they
  // come with on_bytes().
  virtual std::span<char> room() { return {}; }
  virtual void on_filled(size_t) {}
  virtual void on_sent() {}                            // Nothing is queued any more.
  virtual void on_closed(const std::string& why) = 0;  // Once; by whichever side, or by an error.
};

class Connection {
 public:
  virtual ~Connection() = default;
  virtual void send(Outgoing) = 0;  // Queued, and sent in order; nothing after close().
  virtual uint64_t queued_bytes() const = 0;
  // Queued, or sent and not acknowledged by the peer's machine; unanswered probes count: then the network is at fault.
  virtual uint64_t unacknowledged_bytes() const { return queued_bytes(); }
  virtual void read(bool on) = 0;                  // Off: the peer's bytes wait in the kernel. Back pressure.
  virtual void close(const std::string& why) = 0;  // Drops what is queued; on_closed() comes later, from the loop.
  virtual const Endpoint& peer() const = 0;
  virtual std::string peer_subject() const { return ""; }  // Of the certificate that it has shown (env/tls.h).
};

class Loop {
 public:
  virtual ~Loop() = default;

  virtual void run() = 0;  // Until stop().
  virtual void stop() = 0;
  virtual void post(std::function<void()>) = 0;

  // Dies with the handle: destroying it cancels. It may be destroyed within its own call.
  class Timer {
   public:
    virtual ~Timer() = default;
  };
  [[nodiscard]] virtual std::unique_ptr<Timer> after(int64_t delay_ms, std::function<void()>) = 0;

  // Runs blocking work on some other thread, then `done` on this one.
  virtual void offload(std::function<void()> work, std::function<void()> done) = 0;

  // `accept` gives each new connection its handler. Port 0: any; the result says which. kConflict if it is taken.
  // With `tls` connections are encrypted, and one that does not finish the handshake in time is never accepted.
  using Accept = std::function<std::shared_ptr<ConnectionHandler>(std::shared_ptr<Connection>)>;
  virtual Result<Endpoint> listen(const Endpoint&, Accept accept, std::shared_ptr<const TlsContext> tls) = 0;
  Result<Endpoint> listen(const Endpoint& where, Accept accept) { return listen(where, std::move(accept), nullptr); }
};

// `offload_threads`: for work that blocks.
std::unique_ptr<Loop> make_asio_loop(int offload_threads);

}  // namespace leat
