#pragma once
// NetStream: one connection as calls that block until a deadline, for programs that ask one thing after the other.
// (Loop is for those that serve many.) env/posix_net.* implements it; in tests a simulated broker does.
//
// Threads: a Dialer may be used from any thread; a stream belongs to one at a time.
#include <memory>
#include <span>

#include "env/env.h"
#include "env/loop.h"

namespace leat {

class NetStream {
 public:
  virtual ~NetStream() = default;  // Closes it.
  // All of it or an error; after an error an unknown prefix was sent. kTimeout, kIo.
  virtual Status write(BytesView, Instant deadline) = 0;
  // At least one byte, unless the peer has ended the stream: then 0. kTimeout, kIo.
  virtual Result<size_t> read(std::span<char> into, Instant deadline) = 0;
};

class Dialer {
 public:
  virtual ~Dialer() = default;
  // kIo says why in a few words ("connection refused", "no such host"), kTimeout; neither repeats the endpoint.
  virtual Result<std::unique_ptr<NetStream>> dial(const Endpoint&, Instant deadline) = 0;
};

// TCP. Names are looked up by the system's resolver, which has time limits of its own.
std::unique_ptr<Dialer> make_posix_dialer(Clock&);
// TLS over the streams of another. An error also says why the server is not believed.
std::unique_ptr<Dialer> make_tls_dialer(std::unique_ptr<Dialer>, std::shared_ptr<const TlsContext>);

}  // namespace leat
