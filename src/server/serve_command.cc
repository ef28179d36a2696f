// leat serve
#include "broker/api/api.h"
#include "broker/connections.h"
#include "env/posix.h"
#include "log/files.h"
#include "server/broker_options.h"
#include "server/command.h"
#include "server/home.h"
#include "server/job_control.h"
#include "server/listener_tls.h"
#include "server/script.h"
#include "server/stop_signal.h"

namespace leat {
namespace {

constexpr int kSyncThreads = 4;        // Partitions whose disks are waited for at the same time.
constexpr int64_t kSignalLookMs = 50;  // Between two looks at whether to stop.

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

Status read_settings(FileSystem& files, const Arguments& arguments, Console& console, BrokerSettings& settings) {
  std::vector<std::string> ignored;
  if (arguments.has("--config")) {
    std::string path = arguments.value_or("--config", "");
    auto text = read_whole(files, path);
    if (!text) return Error{Errc::kInvalidArgument, "--config " + text.error().message};
    TRY(read_broker_properties(path, *text, settings, ignored));
  }
  for (const std::string& option : arguments.all("--set")) TRY(read_broker_option(option, settings, ignored));
  std::string names;
  for (const std::string& name : ignored) names += (names.empty() ? "" : ", ") + name;
  if (!names.empty()) console.note("without effect on one node, or here: " + names);
  return {};
}

Status read_options(FileSystem& files, const Arguments& arguments, Console& console, Endpoint& listen,
                    BrokerSettings& settings) {
  TRY_ASSIGN(listen, parse_endpoint(arguments.value_or("--listen", "127.0.0.1:9092")));
  TRY(read_settings(files, arguments, console, settings));
  if (!is_loopback(listen.host) && !settings.security.asks_who() && !arguments.has("--insecure")) {
    return Error{Errc::kInvalidArgument, "--listen " + listen.to_string() +
                                             ": everybody who reaches this address could read and write; set "
                                             "security.protocol (docs/security.md), give --insecure if that is meant, "
                                             "or listen on 127.0.0.1"};
  }
  return {};
}

// Looks for a signal now and then, and stops the loop.
class StopWatch {
 public:
  StopWatch(Loop& loop, const StopSignal& stop, std::function<void()> look_too)
      : loop_(loop), stop_(stop), look_too_(std::move(look_too)) {
    look();
  }

 private:
  void look() {
    if (stop_.requested()) return loop_.stop();
    look_too_();
    timer_ = loop_.after(kSignalLookMs, [this] { look(); });
  }

  Loop& loop_;
  const StopSignal& stop_;
  std::function<void()> look_too_;
  std::unique_ptr<Loop::Timer> timer_;
};

// The jobs of --run, before anything is served: a script that is wrong is said at once.
MaybeFailure plan_jobs(const Arguments& arguments, Console& console, std::vector<JobPlan>& plans) {
  for (const std::string& path : arguments.all("--run")) {
    auto text = read_text(path);
    if (!text) return Failure{text.error(), kUsage};
    auto explained = [&console](const std::string& what) { console.say(what); };
    if (auto failure = plan_job({path, std::move(*text), {}, std::nullopt}, explained, console, plans.emplace_back())) {
      return failure;
    }
  }
  return std::nullopt;
}

void tell(const std::vector<std::string>& news, Console& console) {
  for (const std::string& line : news) console.note(line);
}

int run_serve(const Arguments& arguments, Console& console) {
  Endpoint listen;
  BrokerSettings settings;
  PosixEnv posix;
  Env env = posix.env();
  Status options = read_options(env.files, arguments, console, listen, settings);
  if (!options) return console.fail(options.error(), kUsage);
  std::vector<JobPlan> plans;
  if (auto failure = plan_jobs(arguments, console, plans)) return console.fail(failure->error, failure->exit_code);
  auto tls = listener_tls(env.files, settings.security);
  if (!tls) return console.fail(tls.error(), kUsage);
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
  Connections connections(service, **broker);
  auto accept = [&connections](std::shared_ptr<Connection> connection) {
    return connections.accept(std::move(connection));
  };
  auto bound = loop->listen(listen, accept, *tls);
  if (!bound) return console.fail(bound.error());
  (*broker)->set_advertised(*bound);
  JobHost jobs(data_directory(arguments));
  for (JobPlan& plan : plans) {
    Status started = jobs.start(std::move(plan), false);
    if (!started) return console.fail(started.error(), exit_code_of_open(started.error()));
  }
  JobDesk desk(jobs, SubmittedJobs(env.files, directory + "/jobs"));
  tell(desk.start_kept(), console);
  auto control =
      ControlServer::open(directory, [&desk](const ControlWords& question) { return desk.answer(question); });
  if (!control) return console.fail(control.error());
  console.note("serving Kafka clients on " + bound->to_string() + ", data in '" + directory + "'");
  StopWatch watch(*loop, stop, [&] { tell(desk.take_news(), console); });
  loop->run();
  control->reset();
  jobs.stop_all();
  tell(desk.take_news(), console);
  if ((*broker)->failure()) return console.fail(*(*broker)->failure());
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
      "have Kafka's broker names; those that mean nothing on one node are accepted and said to be ignored.\n"
      "Jobs run inside of the server, on threads of their own: those of --run, and what `leat job submit` brings. One "
      "that fails is said and does not end the server; SIGTERM and Ctrl-C stop all of them at a checkpoint, and a "
      "server "
      "that starts again goes on with them.";
  command.options = {
      data_option(),
      {"--listen", 'l', "HOST:PORT", "Where to listen. Default: 127.0.0.1:9092. Port 0: any."},
      {"--insecure", 0, "", "Listen on an address that others can reach, without asking who they are."},
      {"--config", 'c', "FILE", "Broker settings, as in Kafka's server.properties. --set is stronger."},
      {"--set", 's', "NAME=VALUE", "A broker setting, such as num.partitions=3. Repeatable.", {}, true},
      {"--run", 'r', "SCRIPT.sql", "Run its INSERTs as a job inside of the server. Repeatable.", {}, true}};
  command.examples = {{"leat serve", "A broker on 127.0.0.1:9092, with its data in ./leat-data."},
                      {"leat serve --listen 127.0.0.1:0 --set auto.create.topics.enable=false",
                       "On a port that is free; it is printed."}};
  command.examples_run = false;
  command.run = run_serve;
  return command;
}

}  // namespace leat
