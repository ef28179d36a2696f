// leat serve
#include "broker/api/api.h"
#include "broker/kafka_connection.h"
#include "env/posix.h"
#include "server/broker_options.h"
#include "server/command.h"
#include "server/home.h"
#include "server/stop_signal.h"

namespace leat {
namespace {

constexpr int kSyncThreads = 4;  // Partitions whose disks are waited for at the same time.
constexpr int64_t kLookMs = 50;  // Between two looks at whether to stop.

Result<Endpoint> parse_endpoint(const std::string& text) {
  size_t colon = text.rfind(':');
  std::string port = colon == std::string::npos ? "" : text.substr(colon + 1);
  bool good = !port.empty() && port.size() <= 5 && port.find_first_not_of("0123456789") == std::string::npos &&
              std::stoul(port) <= 65535;
  if (!good) return Error{Errc::kInvalidArgument, "--listen " + text + ": expected HOST:PORT, as in 127.0.0.1:9092"};
  return Endpoint{text.substr(0, colon), static_cast<uint16_t>(std::stoul(port))};
}

bool is_loopback(const std::string& host) {
  return host == "localhost" || host.starts_with("127.") || host == "::1";
}

Status read_options(const Arguments& arguments, Console& console, Endpoint& listen, BrokerSettings& settings) {
  TRY_ASSIGN(listen, parse_endpoint(arguments.value_or("--listen", "127.0.0.1:9092")));
  if (!is_loopback(listen.host) && !arguments.has("--insecure")) {
    return Error{Errc::kInvalidArgument, "--listen " + listen.to_string() +
                                             ": everybody who reaches this address could read and write; give "
                                             "--insecure if that is meant, or listen on 127.0.0.1"};
  }
  for (const std::string& setting : arguments.all("--set")) {
    size_t equals = setting.find('=');
    if (equals == std::string::npos) {
      return Error{Errc::kInvalidArgument, "--set " + setting + ": expected NAME=VALUE"};
    }
    std::string name = setting.substr(0, equals);
    TRY_ASSIGN(SettingEffect effect, set_broker_option(settings, name, setting.substr(equals + 1)));
    if (effect == SettingEffect::kIgnored) console.note("setting '" + name + "' means nothing on one node: ignored");
  }
  return {};
}

// Looks for a signal now and then, and stops the loop.
class StopWatch {
 public:
  StopWatch(Loop& loop, const StopSignal& stop) : loop_(loop), stop_(stop) { look(); }

 private:
  void look() {
    if (stop_.requested()) return loop_.stop();
    std::shared_ptr<Loop::Timer> last = std::move(timer_);
    timer_ = loop_.after(kLookMs, [this] { look(); });
    if (last) loop_.post([last] {});  // It is running this very call.
  }

  Loop& loop_;
  const StopSignal& stop_;
  std::unique_ptr<Loop::Timer> timer_;
};

int run(const Arguments& arguments, Console& console) {
  Endpoint listen;
  BrokerSettings settings;
  Status options = read_options(arguments, console, listen, settings);
  if (!options) return console.fail(options.error(), kUsage);
  PosixEnv posix;
  Env env = posix.env();
  std::string directory = data_directory(arguments) + "/broker";
  Status made = env.files.create_directories(directory);
  if (!made) return console.fail(made.error());
  auto lock = env.files.lock(directory + "/lock");
  if (!lock) return console.fail(lock.error());
  StopSignal stop;
  auto loop = make_asio_loop(kSyncThreads);
  auto broker = Broker::open(env, *loop, directory, settings);
  if (!broker) return console.fail(broker.error());
  Service service;
  api::serve_all(service, **broker);
  uint64_t connections = 0;
  auto bound = loop->listen(listen, [&](std::shared_ptr<Connection> connection) {
    return std::make_shared<KafkaConnection>(service, std::move(connection), ++connections, settings.request_bytes_max);
  });
  if (!bound) return console.fail(bound.error());
  (*broker)->set_advertised(*bound);
  console.note("serving Kafka clients on " + bound->to_string() + ", data in '" + directory + "'");
  StopWatch watch(*loop, stop);
  loop->run();
  console.note("stopped");
  return kDone;
}

}  // namespace

Command serve_command() {
  Command command;
  command.name = "serve";
  command.summary = "Serve topics to Kafka clients.";
  command.details =
      "A Kafka broker on one machine: what was acknowledged is on the disk. docs/kafka.md says what is served. "
      "Settings "
      "have Kafka's broker names; those that mean nothing on one node are accepted and said to be ignored.";
  command.options = {data_option(),
                     {"--listen", 'l', "HOST:PORT", "Where to listen. Default: 127.0.0.1:9092. Port 0: any."},
                     {"--insecure", 0, "", "Listen on an address that others can reach, without asking who they are."},
                     {"--set", 's', "NAME=VALUE", "A broker setting, such as num.partitions=3. Repeatable."}};
  command.examples = {{"leat serve", "A broker on 127.0.0.1:9092, with its data in ./leat-data."},
                      {"leat serve --listen 127.0.0.1:0 --set auto.create.topics.enable=false",
                       "On a port that is free; it is printed."}};
  command.ends = false;
  command.run = run;
  return command;
}

}  // namespace leat
