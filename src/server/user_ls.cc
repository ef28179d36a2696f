// leat user ls
#include "client/users.h"
#include "server/cluster_access.h"
#include "server/command.h"
#include "server/listing.h"
#include "server/stopped_broker.h"

namespace leat {
namespace {

Result<std::vector<client::UserInfo>> users_in_directory(const Arguments& arguments) {
  TRY_ASSIGN(auto broker, StoppedBroker::open(arguments));
  std::vector<client::UserInfo> out;
  for (const auto& [name, credentials] : broker->state().credentials().users()) {
    auto& user = out.emplace_back();
    user.name = name;
    for (const auto& [mechanism, credential] : credentials) user.iterations[mechanism] = credential.iterations;
  }
  return out;
}

Result<std::vector<client::UserInfo>> users(const Arguments& arguments, Console& console) {
  if (arguments.has("--data")) return users_in_directory(arguments);
  TRY_ASSIGN(auto access, ClusterAccess::open(arguments, console));
  return client::users(access->cluster());
}

Status list_users(const Arguments& arguments, Console& console) {
  TRY_ASSIGN(auto all, users(arguments, console));
  Listing listing({{"user"}, {"mechanism"}, {"iterations", Shown::kCount}});
  for (const client::UserInfo& user : all) {
    for (const auto& [mechanism, iterations] : user.iterations) {
      listing.add({user.name, std::string(name_of(mechanism)), int64_t{iterations}});
    }
  }
  if (listing.empty() && !arguments.has("--json")) console.note("no users");
  return listing.write(console, arguments.has("--json"));
}

}  // namespace

Command user_ls_command() {
  Command command;
  command.name = "user ls";
  command.summary = "List the users that have a password.";
  command.details = "Who shows a certificate needs none, and is not among them.";
  command.options = with_cluster_options(
      {{"--data", 'd', "DIR", "A stopped broker's data directory, instead of a cluster."}, json_option()});
  command.examples = {{"leat user ls --user admin", "Who may log in?"}};
  command.run = run_or_fail<list_users>;
  command.examples_run = false;
  return command;
}

}  // namespace leat
