// What is kept of jobs, seen from outside of them.
#include <algorithm>
#include <map>

#include "job/job.h"
#include "job/job_log.h"
#include "job/report.h"
#include "stream/node_record.h"

namespace leat {
namespace {

constexpr std::string_view kTopicPrefix = "job.";
constexpr size_t kKeptReadBytes = 4 << 20;

bool belongs_to(const std::string& topic, const std::string& job) {
  return topic == JobLog::topic_of(job) || topic.starts_with("dlq." + job + ".");
}

}  // namespace

Result<std::vector<std::string>> list_jobs(Topics& topics) {
  TRY_ASSIGN(auto names, topics.admin().list_topics());
  std::vector<std::string> jobs;
  for (const std::string& name : names) {
    if (name.starts_with(kTopicPrefix)) jobs.push_back(name.substr(kTopicPrefix.size()));
  }
  return jobs;
}

Result<JobSummary> describe_job(Topics& topics, const std::string& name) {
  TRY_ASSIGN(auto jobs, list_jobs(topics));
  if (std::find(jobs.begin(), jobs.end(), name) == jobs.end()) {
    return Error{Errc::kNotFound, "no job '" + name + "' here; `leat job ls` lists those there are"};
  }
  TRY_ASSIGN(TopicDescription topic, topics.admin().describe_topic(JobLog::topic_of(name)));
  TRY_ASSIGN(auto consumer, topics.consumer({JobLog::topic_of(name), PartitionId{0}}, topic.partitions[0].start));
  JobHeader header;
  std::map<size_t, NodeRecord> nodes;
  while (true) {
    TRY_ASSIGN(auto records, consumer->poll(kKeptReadBytes));
    if (records.empty()) break;
    for (const ConsumedRecord& consumed : records) {
      const Record& record = consumed.record;
      if (!record.key || !record.value) continue;
      if (*record.key == JobLog::kHeaderKey) {
        TRY_ASSIGN(header, JobHeader::decode(*record.value));
      } else if (StateKey key = StateKey::parse(*record.key); key.kind == StateKey::Kind::kNode) {
        nodes[key.node] = NodeRecord::decode(*record.value);
      }
    }
  }
  JobSummary out;
  out.report.name = name;
  out.report.finished = header.finished;
  out.report.checkpoints = header.checkpoint.value;
  std::vector<NodeRecord> in_order;
  EventTime watermark = kMaxEventTime;
  for (auto& [id, node] : nodes) {
    if (node.role == NodeRecord::Role::kSource) watermark = std::min(watermark, node.sent);
    in_order.push_back(std::move(node));
  }
  out.report.watermark = watermark;
  add_accounts(out.report, in_order);
  out.run = header.run;
  out.last_checkpoint = header.checkpoint;
  out.last_checkpoint_at = header.at;
  out.plan = header.plan;
  out.settings = header.settings;
  return out;
}

Status forget_job(Topics& topics, const std::string& name) {
  TRY_ASSIGN(auto names, topics.admin().list_topics());
  bool has_log = false;
  for (const std::string& topic : names) {
    bool is_log = topic == JobLog::topic_of(name);
    has_log |= is_log;
    if (!is_log && belongs_to(topic, name)) TRY(topics.admin().delete_topic(topic));
  }
  return has_log ? topics.admin().delete_topic(JobLog::topic_of(name)) : Status();
}

}  // namespace leat
