// leat user add
#include "client/users.h"
#include "server/cluster_access.h"
#include "server/command.h"
#include "server/secret.h"
#include "server/stopped_broker.h"

namespace leat {
namespace {

Result<std::string> new_password(FileSystem& files, const Arguments& arguments, Console& console) {
  if (auto path = arguments.last("--new-password-file")) return read_secret_file(files, *path);
  const std::string& user = arguments.operands()[0];
  TRY_ASSIGN(std::string password, ask_secret(console, "New password of '" + user + "'"));
  if (!console.in_is_terminal()) return password;
  TRY_ASSIGN(std::string again, ask_secret(console, "Once more"));
  if (again != password) return Error{Errc::kInvalidArgument, "that was another password; nothing was changed"};
  return password;
}

Status add_to_directory(const Arguments& arguments, Console& console, const std::string& user) {
  TRY_ASSIGN(auto broker, StoppedBroker::open(arguments));
  TRY_ASSIGN(std::string password, new_password(broker->env().files, arguments, console));
  std::vector<BrokerEvent> events;
  for (ScramMechanism mechanism : kScramMechanisms) {
    Bytes salt = client::new_salt(broker->env().random);
    events.emplace_back(
        broker_event::CredentialSet{user, mechanism, make_credential(mechanism, password, salt, kScramIterationsMin)});
  }
  return broker->record(std::move(events));
}

Status add_user(const Arguments& arguments, Console& console) {
  const std::string& user = arguments.operands()[0];
  if (arguments.has("--data")) {
    TRY(add_to_directory(arguments, console, user));
  } else {
    TRY_ASSIGN(auto access, ClusterAccess::open(arguments, console));
    TRY_ASSIGN(std::string password, new_password(access->env().files, arguments, console));
    TRY(client::set_password(access->cluster(), user, password, access->env().random));
  }
  console.note("user '" + user + "' has a password now");
  return {};
}

}  // namespace

Command user_add_command() {
  Command command;
  command.name = "user add";
  command.operands = "NAME";
  command.operands_min = command.operands_max = 1;
  command.summary = "Give a user a password, a new one or the first.";
  command.details =
      "For SCRAM-SHA-256 and SCRAM-SHA-512; with our broker PLAIN takes it, too. The password is asked for on the "
      "terminal, or is the first line of standard input or of a file. It is not stored anywhere: only what it can be "
      "checked against. With --data it is written into the directory of a broker that does not run: that is how the "
      "first user comes to be.";
  command.options =
      with_cluster_options({{"--data", 'd', "DIR", "A stopped broker's data directory, instead of a cluster."},
                            {"--new-password-file", 0, "FILE", "The new password is its first line."}});
  command.examples = {{"leat user add --data leat-data admin", "The first user, before the broker is started."},
                      {"leat user add alice --user admin", "Another one, while it runs."}};
  command.run = run_or_fail<add_user>;
  command.examples_run = false;
  return command;
}

}  // namespace leat
