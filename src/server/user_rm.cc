// leat user rm
#include "client/users.h"
#include "server/cluster_access.h"
#include "server/command.h"
#include "server/confirm.h"
#include "server/stopped_broker.h"

namespace leat {
namespace {

Status remove_from_directory(const Arguments& arguments, const std::string& user) {
  TRY_ASSIGN(auto broker, StoppedBroker::open(arguments));
  auto found = broker->state().credentials().users().find(user);
  if (found == broker->state().credentials().users().end()) {
    return Error{Errc::kNotFound, "there is no user '" + user + "'"};
  }
  std::vector<BrokerEvent> events;
  for (const auto& [mechanism, credential] : found->second) {
    events.emplace_back(broker_event::CredentialRemoved{user, mechanism});
  }
  return broker->record(std::move(events));
}

Status remove_user(const Arguments& arguments, Console& console) {
  const std::string& user = arguments.operands()[0];
  TRY(confirm(arguments, console, "Take the password of user '" + user + "' away?"));
  if (arguments.has("--data")) {
    TRY(remove_from_directory(arguments, user));
  } else {
    TRY_ASSIGN(auto access, ClusterAccess::open(arguments, console));
    TRY(client::remove_user(access->cluster(), user));
  }
  console.note("user '" + user + "' cannot log in any more");
  return {};
}

}  // namespace

Command user_rm_command() {
  Command command;
  command.name = "user rm";
  command.operands = "NAME";
  command.operands_min = command.operands_max = 1;
  command.summary = "Take a user's password away.";
  command.details =
      "Connections that have proved who they are go on until they end, or until connections.max.reauth.ms is over. "
      "Access rules about the user stay.";
  command.options = with_cluster_options(
      {{"--data", 'd', "DIR", "A stopped broker's data directory, instead of a cluster."}, yes_option()});
  command.examples = {{"leat user rm alice --user admin", "It asks."}};
  command.run = run_or_fail<remove_user>;
  command.examples_run = false;
  return command;
}

}  // namespace leat
