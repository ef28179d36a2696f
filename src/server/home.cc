#include "server/home.h"

#include <cstdlib>

#include "base/units.h"
#include "broker/embedded_topics.h"
#include "env/posix.h"

namespace leat {
namespace {

class OpenHome final : public Home {
 public:
  Status open(const std::string& directory) {
    auto found = env_.env().files.stat(directory);
    if (!found) {
      if (found.error().code != Errc::kNotFound) return found.error();
      return Error{Errc::kNotFound, "there is no data directory '" + directory +
                                        "': nothing ran with it yet; --data or LEAT_DATA name another"};
    }
    if (!found->is_directory) {
      return Error{Errc::kInvalidArgument, "'" + directory + "' is no data directory, but a file"};
    }
    EmbeddedTopicsOptions options;
    options.read_only = true;
    TRY_ASSIGN(topics_, EmbeddedTopics::open(env_.env(), directory, options));
    return {};
  }
  Topics& topics() override { return *topics_; }

 private:
  PosixEnv env_;
  std::unique_ptr<Topics> topics_;
};

}  // namespace

std::string data_directory(const Arguments& arguments) {
  if (auto given = arguments.last("--data")) return *given;
  const char* variable = std::getenv("LEAT_DATA");
  return variable != nullptr && *variable != '\0' ? variable : "./leat-data";
}

Result<std::unique_ptr<Home>> Home::open(const std::string& directory) {
  auto home = std::make_unique<OpenHome>();
  TRY(home->open(directory));
  return std::unique_ptr<Home>(std::move(home));
}

Result<TopicDescription> describe_existing_topic(Topics& topics, const std::string& name) {
  auto topic = topics.admin().describe_topic(name);
  if (topic || topic.error().code != Errc::kNotFound) return topic;
  TRY_ASSIGN(auto names, topics.admin().list_topics());
  std::string nearest = nearest_name(name, names);
  std::string message = "no topic '" + name + "'";
  message += nearest.empty() ? "; `leat topic ls` lists them" : "; did you mean '" + nearest + "'?";
  return Error{Errc::kNotFound, message};
}

}  // namespace leat
