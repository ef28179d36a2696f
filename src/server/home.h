#pragma once
// Home: a data directory as the commands see it that look into it.
#include <memory>
#include <string>

#include "base/result.h"
#include "server/arguments.h"
#include "topic/topic.h"

namespace leat {

// --data, or $LEAT_DATA, or ./leat-data.
std::string data_directory(const Arguments&);

class Home {
 public:
  virtual ~Home() = default;
  // For reading only: beside a job that runs there, too. kNotFound if there is no such directory; none is made.
  static Result<std::unique_ptr<Home>> open(const std::string& directory);
  virtual Topics& topics() = 0;
};

// kNotFound, naming the nearest topic, if there is no such topic.
Result<TopicDescription> describe_existing_topic(Topics&, const std::string& name);

}  // namespace leat
