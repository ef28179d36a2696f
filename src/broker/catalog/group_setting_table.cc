#include "broker/catalog/group_setting_table.h"

namespace leat {
namespace {

using enum ConfigType;
using enum Effect;

std::vector<Setting> groups() {
  return {
      {"consumer.heartbeat.interval.ms",
       kInt,
       "5000",
       "1..",
       "how often a member reports",
       kHeeded,
       {{"group.consumer.heartbeat.interval.ms"}}},
      {"consumer.session.timeout.ms",
       kInt,
       "45000",
       "1..",
       "how long a member may be silent",
       kHeeded,
       {{"group.consumer.session.timeout.ms"}}},
      {"errors.deadletterqueue.copy.record.enable", kBoolean, "false", "", "whether dead letters carry the record",
       kIgnored},
      {"errors.deadletterqueue.topic.name", kString, "", "", "where records go that nobody could process", kIgnored},
      {"share.auto.offset.reset", kString, "latest", "", "where a share group starts: latest, earliest, by_duration:P",
       kHeeded},
      {"share.delivery.count.limit",
       kInt,
       "5",
       "2..10",
       "how often a record is given out",
       kHeeded,
       {{"group.share.delivery.count.limit"}}},
      {"share.heartbeat.interval.ms",
       kInt,
       "5000",
       "1..",
       "how often a member reports",
       kHeeded,
       {{"group.share.heartbeat.interval.ms"}}},
      {"share.isolation.level", kString, "read_uncommitted", "read_committed|read_uncommitted",
       "whether records of open and aborted transactions are given out", kHeeded},
      {"share.partition.max.record.locks",
       kInt,
       "2000",
       "100..10000",
       "how many records of a partition are out at once",
       kHeeded,
       {{"group.share.partition.max.record.locks"}}},
      {"share.record.lock.duration.ms",
       kInt,
       "30000",
       "1000..3600000",
       "how long a member has a record for itself",
       kHeeded,
       {{"group.share.record.lock.duration.ms"}}},
      {"share.renew.acknowledge.enable", kBoolean, "true", "", "whether a member may keep a record for longer",
       kHeeded},
      {"share.session.timeout.ms",
       kInt,
       "45000",
       "1..",
       "how long a member may be silent",
       kHeeded,
       {{"group.share.session.timeout.ms"}}},
      {"streams.heartbeat.interval.ms",
       kInt,
       "5000",
       "1..",
       "there are no streams groups",
       kIgnored,
       {{"group.streams.heartbeat.interval.ms"}}},
      {"streams.initial.rebalance.delay.ms",
       kInt,
       "3000",
       "0..",
       "there are no streams groups",
       kIgnored,
       {{"group.streams.initial.rebalance.delay.ms"}}},
      {"streams.num.standby.replicas",
       kInt,
       "0",
       "0..",
       "there are no streams groups",
       kIgnored,
       {{"group.streams.num.standby.replicas"}}},
      {"streams.session.timeout.ms",
       kInt,
       "45000",
       "1..",
       "there are no streams groups",
       kIgnored,
       {{"group.streams.session.timeout.ms"}}},
  };
}

std::vector<Setting> client_metrics() {
  return {
      {"interval.ms", kInt, "300000", "100..3600000", "how often a client pushes", kHeeded},
      {"match", kList, "", "", "which clients, as name=pattern", kHeeded},
      {"metrics", kList, "", "", "prefixes of the metrics' names; *: all", kHeeded},
  };
}

}  // namespace

const SettingTable& group_settings() {
  static const SettingTable kTable(groups());
  return kTable;
}

const SettingTable& client_metrics_settings() {
  static const SettingTable kTable(client_metrics());
  return kTable;
}

}  // namespace leat
