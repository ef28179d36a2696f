#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <thread>

#include "env/loop.h"

namespace leat {
namespace {

// Sends back what comes, with a stretch of a file behind it.
class Echo final : public ConnectionHandler {
 public:
  Echo(std::shared_ptr<Connection> connection, FileSlice file, std::string& why)
      : connection_(std::move(connection)), file_(std::move(file)), why_(why) {}
  void on_bytes(BytesView bytes) override {
    Outgoing out;
    out.bytes = Bytes(bytes) + "|";
    out.splices.push_back({out.bytes.size() - 1, file_});
    connection_->send(std::move(out));
  }
  void on_closed(const std::string& why) override {
    why_ = why;
    connection_.reset();
  }

 private:
  std::shared_ptr<Connection> connection_;
  FileSlice file_;
  std::string& why_;
};

int connect_to(uint16_t port) {
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  return fd;
}

// A client of the kernel's, from another thread.
Bytes talk(uint16_t port, const Bytes& text, size_t wanted) {
  int fd = connect_to(port);
  EXPECT_EQ(write(fd, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  Bytes got(wanted, '\0');
  size_t size = 0;
  while (size < wanted) {
    ssize_t some = read(fd, got.data() + size, wanted - size);
    if (some <= 0) break;
    size += static_cast<size_t>(some);
  }
  close(fd);
  return got.substr(0, size);
}

TEST(AsioLoop, CarriesBytesAndStretchesOfFiles) {
  auto file = std::shared_ptr<FILE>(tmpfile(), fclose);
  Bytes contents(300'000, 'f');
  ASSERT_EQ(fwrite(contents.data(), 1, contents.size(), file.get()), contents.size());
  ASSERT_EQ(fflush(file.get()), 0);
  auto loop = make_asio_loop(1);
  std::string why;
  FileSlice slice{file, fileno(file.get()), 100, 200'000};
  auto bound = loop->listen({"127.0.0.1", 0}, [&](std::shared_ptr<Connection> connection) {
    return std::make_shared<Echo>(std::move(connection), slice, why);
  });
  ASSERT_TRUE(bound) << bound.error().message;
  Bytes got;
  std::thread client([&] {
    got = talk(bound->port, "hello", 5 + slice.size + 1);
    loop->post([&] { loop->post([&] { loop->stop(); }); });
  });
  loop->run();
  client.join();
  EXPECT_EQ(got, "hello" + Bytes(slice.size, 'f') + "|");
}

// Wants its first bytes in a place of its own, the rest wherever they come.
class Roomy final : public ConnectionHandler {
 public:
  explicit Roomy(Loop& loop) : loop_(loop) {}
  std::span<char> room() override { return std::span(place_).subspan(filled_); }
  void on_filled(size_t count) override { filled_ += count; }
  void on_bytes(BytesView bytes) override { others_ += bytes; }
  void on_closed(const std::string&) override { loop_.stop(); }
  Bytes all() const { return place_ + "|" + others_; }

 private:
  Loop& loop_;
  Bytes place_ = Bytes(4, '\0');
  size_t filled_ = 0;
  Bytes others_;
};

TEST(AsioLoop, BytesGoWhereTheirHandlerHasRoom) {
  auto loop = make_asio_loop(1);
  auto roomy = std::make_shared<Roomy>(*loop);
  auto bound = loop->listen({"127.0.0.1", 0}, [&](std::shared_ptr<Connection>) { return roomy; });
  ASSERT_TRUE(bound) << bound.error().message;
  std::thread client([&] { talk(bound->port, "room and more", 0); });
  loop->run();  // Until the connection has ended.
  client.join();
  EXPECT_EQ(roomy->all(), "room| and more");
}

// Sends a long stretch of a file to whoever says something, and hears no more of them.
class Deaf final : public ConnectionHandler {
 public:
  Deaf(std::shared_ptr<Connection> connection, FileSlice file, Loop& loop)
      : connection_(std::move(connection)), file_(std::move(file)), loop_(loop) {}
  void on_bytes(BytesView) override {
    connection_->read(false);
    connection_->send({"", {{0, file_}}});
  }
  void on_closed(const std::string&) override {
    connection_.reset();
    loop_.stop();
  }

 private:
  std::shared_ptr<Connection> connection_;
  FileSlice file_;
  Loop& loop_;
};

// A client that says goodbye and goes before it has read its answer: the kernel would send SIGPIPE.
TEST(AsioLoop, APeerThatGoesAwayInTheMidstOfAFileEndsItsConnectionOnly) {
  auto file = std::shared_ptr<FILE>(tmpfile(), fclose);
  Bytes contents(32 << 20, 'f');
  ASSERT_EQ(fwrite(contents.data(), 1, contents.size(), file.get()), contents.size());
  ASSERT_EQ(fflush(file.get()), 0);
  auto loop = make_asio_loop(1);
  auto bound = loop->listen({"127.0.0.1", 0}, [&](std::shared_ptr<Connection> connection) {
    return std::make_shared<Deaf>(std::move(connection), FileSlice{file, fileno(file.get()), 0, contents.size()},
                                  *loop);
  });
  ASSERT_TRUE(bound) << bound.error().message;
  std::thread client([&] {
    int fd = connect_to(bound->port);
    char byte = '!';
    EXPECT_EQ(write(fd, &byte, 1), 1);
    EXPECT_EQ(read(fd, &byte, 1), 1);
    EXPECT_EQ(shutdown(fd, SHUT_WR), 0);
    close(fd);
  });
  loop->run();  // Until the connection has ended.
  client.join();
}

TEST(AsioLoop, SaysThatAPortIsTaken) {
  auto loop = make_asio_loop(1);
  auto accept = [](std::shared_ptr<Connection>) { return std::shared_ptr<ConnectionHandler>(); };
  auto first = loop->listen({"127.0.0.1", 0}, accept);
  ASSERT_TRUE(first);
  auto second = loop->listen(*first, accept);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Errc::kConflict);
  EXPECT_FALSE(loop->listen({"nowhere", 1}, accept));
}

TEST(AsioLoop, WorkThatBlocksIsDoneElsewhereAndEndsHere) {
  auto loop = make_asio_loop(2);
  std::thread::id here = std::this_thread::get_id(), worker;
  int done = 0;
  for (int i = 0; i < 3; ++i) {
    loop->offload(
        [&, i] {
          if (i == 0) worker = std::this_thread::get_id();
        },
        [&] {
          EXPECT_EQ(std::this_thread::get_id(), here);
          if (++done == 3) loop->stop();
        });
  }
  loop->run();
  EXPECT_NE(worker, here);
}

TEST(AsioLoop, ATimerThatIsGoneDoesNotGoOff) {
  auto loop = make_asio_loop(1);
  std::vector<int> order;
  auto second = loop->after(2, [&] { order.push_back(2); });
  auto never = loop->after(1, [&] { order.push_back(99); });
  auto first = loop->after(0, [&] {
    order.push_back(1);
    never.reset();
  });
  auto last = loop->after(5, [&] { loop->stop(); });
  loop->run();
  EXPECT_EQ(order, (std::vector<int>{1, 2}));
}

}  // namespace
}  // namespace leat
