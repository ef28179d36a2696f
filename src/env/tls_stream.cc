// Streams that are encrypted, over others.
#include <algorithm>

#include "env/net_stream.h"
#include "env/tls.h"

namespace leat {
namespace {

constexpr size_t kTlsReadBytes = 32 * 1024;

class TlsStream final : public NetStream {
 public:
  TlsStream(std::unique_ptr<NetStream> under, std::unique_ptr<TlsSession> session)
      : under_(std::move(under)), session_(std::move(session)) {}
  ~TlsStream() override { session_->end(); }

  Status shake_hands(Instant deadline) {
    TRY(session_->start());
    while (!session_->is_open()) {
      TRY(flush(deadline));
      TRY_ASSIGN(bool more, take_some(deadline));
      if (!more) return Error{Errc::kIo, "TLS: the peer closed the connection during the handshake"};
    }
    return flush(deadline);
  }

  Status write(BytesView bytes, Instant deadline) override {
    TRY(session_->send(bytes));
    return flush(deadline);
  }

  Result<size_t> read(std::span<char> into, Instant deadline) override {
    while (plain_.empty() && !session_->peer_has_ended()) {
      TRY_ASSIGN(bool more, take_some(deadline));
      if (!more) break;
    }
    size_t size = plain_.copy(into.data(), into.size());
    plain_.erase(0, size);
    return size;
  }

 private:
  Status flush(Instant deadline) {
    Bytes out = session_->take_outgoing();
    return out.empty() ? Status() : under_->write(out, deadline);
  }
  // False: nothing more comes.
  Result<bool> take_some(Instant deadline) {
    Bytes bytes(kTlsReadBytes, '\0');
    TRY_ASSIGN(size_t got, under_->read(bytes, deadline));
    if (got == 0) return false;
    Status taken = session_->receive(BytesView(bytes).substr(0, got), plain_);
    Status told = flush(deadline);  // Also why it is refused.
    TRY(std::move(taken));
    TRY(std::move(told));
    return true;
  }

  std::unique_ptr<NetStream> under_;
  std::unique_ptr<TlsSession> session_;
  Bytes plain_;
};

class TlsDialer final : public Dialer {
 public:
  TlsDialer(std::unique_ptr<Dialer> under, std::shared_ptr<const TlsContext> context)
      : under_(std::move(under)), context_(std::move(context)) {}

  Result<std::unique_ptr<NetStream>> dial(const Endpoint& to, Instant deadline) override {
    TRY_ASSIGN(auto under, under_->dial(to, deadline));
    auto stream = std::make_unique<TlsStream>(std::move(under), context_->connect(to.host));
    TRY(stream->shake_hands(deadline));
    return std::unique_ptr<NetStream>(std::move(stream));
  }

 private:
  std::unique_ptr<Dialer> under_;
  std::shared_ptr<const TlsContext> context_;
};

}  // namespace

std::unique_ptr<Dialer> make_tls_dialer(std::unique_ptr<Dialer> under, std::shared_ptr<const TlsContext> context) {
  return std::make_unique<TlsDialer>(std::move(under), std::move(context));
}

}  // namespace leat
