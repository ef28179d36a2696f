#pragma once
// SendQueue: what a connection has to send, one Outgoing after the other. For env/asio_*.
#include <sys/sendfile.h>
#include <unistd.h>

#include <algorithm>
#include <asio.hpp>
#include <deque>

#include "env/loop.h"

namespace leat {

class SendQueue {
 public:
  void push(Outgoing next) {
    bytes_ += next.size();
    queue_.push_back(std::move(next));
  }
  bool empty() const { return queue_.empty(); }
  uint64_t bytes() const { return bytes_; }

  // Bytes with send(), stretches of files with sendfile(), until the socket takes no more (`error` is would_block),
  // everything is sent (no error) or it failed.
  void send(asio::ip::tcp::socket& socket, std::error_code& error) {
    error.clear();
    while (!queue_.empty() && !error) {
      Outgoing& front = queue_.front();
      if (FileSlice* file = file_at_front()) {
        send_file(socket, *file, error);
      } else if (sent_ < front.bytes.size()) {
        took_bytes(socket.send(asio::buffer(front.bytes.data() + sent_, plain_end() - sent_), 0, error));
      } else {
        pop();
      }
    }
  }

  // The next bytes, for who cannot send stretches of files as they are: at most `most`, fewer only at the end.
  Bytes take(size_t most, std::error_code& error) {
    Bytes out;
    while (out.size() < most && !queue_.empty() && !error) {
      Outgoing& front = queue_.front();
      if (FileSlice* file = file_at_front()) {
        read_file(*file, most - out.size(), out, error);
      } else if (sent_ < front.bytes.size()) {
        size_t size = std::min(plain_end() - sent_, most - out.size());
        out.append(front.bytes, sent_, size);
        took_bytes(size);
      } else {
        pop();
      }
    }
    return out;
  }

 private:
  FileSlice* file_at_front() {
    auto& splices = queue_.front().splices;
    return splice_ < splices.size() && splices[splice_].at == sent_ ? &splices[splice_].file : nullptr;
  }
  size_t plain_end() const {
    const Outgoing& front = queue_.front();
    return splice_ < front.splices.size() ? front.splices[splice_].at : front.bytes.size();
  }
  void took_bytes(size_t size) {
    sent_ += size;
    bytes_ -= size;
  }
  void took_file(FileSlice& file, ssize_t size, std::error_code& error) {
    if (size < 0) {
      error = errno == EINTR ? std::error_code() : std::error_code(errno, asio::error::get_system_category());
      return;
    }
    if (size == 0 && file.size > 0) {  // The file became shorter: the peer was promised bytes that are not there.
      error = asio::error::eof;
      return;
    }
    file.position += static_cast<uint64_t>(size);
    file.size -= static_cast<uint64_t>(size);
    bytes_ -= static_cast<uint64_t>(size);
    if (file.size == 0) ++splice_;
  }
  void send_file(asio::ip::tcp::socket& socket, FileSlice& file, std::error_code& error) {
    auto position = static_cast<off_t>(file.position);
    took_file(file, file.size == 0 ? 0 : sendfile(socket.native_handle(), file.descriptor, &position, file.size),
              error);
  }
  void read_file(FileSlice& file, size_t most, Bytes& out, std::error_code& error) {
    size_t had = out.size();
    out.resize(had + std::min<uint64_t>(most, file.size));
    ssize_t size = pread(file.descriptor, out.data() + had, out.size() - had, static_cast<off_t>(file.position));
    out.resize(had + static_cast<size_t>(std::max<ssize_t>(size, 0)));
    took_file(file, size, error);
  }
  void pop() {
    queue_.pop_front();
    sent_ = splice_ = 0;
  }

  std::deque<Outgoing> queue_;
  size_t sent_ = 0, splice_ = 0;  // Of the front.
  uint64_t bytes_ = 0;
};

}  // namespace leat
