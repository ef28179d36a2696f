#include "test/job_sim/job_case.h"

#include <cstdio>
#include <iterator>

#include "log/codec.h"
#include "sim/sim_random.h"

namespace leat::sim {
namespace {

constexpr const char* kTables = R"(
CREATE TABLE events (id BIGINT, at TIMESTAMP(3), page STRING, amount STRING,
  WATERMARK FOR at AS at - INTERVAL '20' SECOND)
WITH ('connector' = 'filesystem', 'path' = '/in', 'format' = 'json');
)";

// Overlapping windows and sessions, two sinks in two formats.
constexpr const char* kWindows = R"(
CREATE TABLE hops (window_start TIMESTAMP(3), page STRING, n BIGINT, total BIGINT)
WITH ('connector' = 'filesystem', 'path' = '/out/hops', 'format' = 'json');
CREATE TABLE visits (window_start TIMESTAMP(3), window_end TIMESTAMP(3), page STRING, n BIGINT)
WITH ('connector' = 'filesystem', 'path' = '/out/visits', 'format' = 'csv');
EXECUTE STATEMENT SET BEGIN
INSERT INTO hops SELECT window_start, page, COUNT(*), SUM(CAST(amount AS INT))
FROM TABLE(HOP(TABLE events, DESCRIPTOR(at), INTERVAL '20' SECOND, INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, page;
INSERT INTO visits SELECT window_start, window_end, page, COUNT(*)
FROM TABLE(SESSION(TABLE events PARTITION BY page, DESCRIPTOR(at), INTERVAL '5' SECOND))
GROUP BY window_start, window_end, page;
END;
)";

// A directory for each page, and an updating result whose state outlives the windows.
constexpr const char* kPartitions = R"(
CREATE TABLE minutes (window_end TIMESTAMP(3), n BIGINT, largest INT, page STRING) PARTITIONED BY (page)
WITH ('connector' = 'filesystem', 'path' = '/out/minutes', 'format' = 'json');
CREATE TABLE pages (page STRING, n BIGINT, different BIGINT) WITH ('connector' = 'blackhole');
EXECUTE STATEMENT SET BEGIN
INSERT INTO minutes SELECT window_end, COUNT(*), MAX(CAST(amount AS INT)), page
FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(at), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, page;
INSERT INTO pages SELECT page, COUNT(*), COUNT(DISTINCT id) FROM events GROUP BY page;
END;
)";

// Sessions that are closed by force, and the first rows of all in an order.
constexpr const char* kCapped = R"(
CREATE TABLE visits (window_start TIMESTAMP(3), window_end TIMESTAMP(3), page STRING, n BIGINT)
WITH ('connector' = 'filesystem', 'path' = '/out/visits', 'format' = 'json');
CREATE TABLE largest (id BIGINT, page STRING, amount STRING)
WITH ('connector' = 'filesystem', 'path' = '/out/largest', 'format' = 'csv');
EXECUTE STATEMENT SET BEGIN
INSERT INTO visits SELECT window_start, window_end, page, COUNT(*)
FROM TABLE(SESSION(TABLE events /*+ OPTIONS('session.max-duration' = '20 s') */ PARTITION BY page, DESCRIPTOR(at),
  INTERVAL '10' SECOND))
GROUP BY window_start, window_end, page;
INSERT INTO largest SELECT id, page, amount FROM events ORDER BY amount DESC, id LIMIT 20;
END;
)";

// No state at all: each row passes, fails or is filtered. Each file is a partition with a position of its own.
constexpr const char* kFilter = R"(
CREATE TABLE large (id BIGINT, amount INT, page STRING)
WITH ('connector' = 'filesystem', 'path' = '/out/large', 'format' = 'json');
INSERT INTO large SELECT id, CAST(amount AS INT), UPPER(page) FROM events
/*+ OPTIONS('source.partitions' = 'file') */ WHERE CAST(amount AS INT) >= 30;
)";

constexpr const char* kBad[] = {"", "{\"id\": 1,", "\xff\xfe", "[]", "{\"id\": \"x\", \"page\": 3}"};

std::string timestamp(uint64_t ms) {
  char text[32];
  std::snprintf(text, sizeof text, "2024-02-03 %02d:%02d:%02d.%03d", static_cast<int>(ms / 3'600'000 % 24),
                static_cast<int>(ms / 60'000 % 60), static_cast<int>(ms / 1000 % 60), static_cast<int>(ms % 1000));
  return text;
}

Bytes draw_row(SimRandom& random, uint64_t id, uint64_t now_ms) {
  if (random.chance(0.03)) return kBad[random.below(std::size(kBad))];
  uint64_t behind_ms = random.below(random.chance(0.1) ? 180'000 : 25'000);
  std::string amount = random.chance(0.02) ? "many" : std::to_string(random.below(100));
  return "{\"id\": " + std::to_string(id) + ", \"at\": \"" + timestamp(now_ms - behind_ms) + "\", \"page\": \"p" +
         std::to_string(random.below(5)) + "\", \"amount\": \"" + amount + "\"}";
}

}  // namespace

JobCase draw_files_case(uint64_t seed, bool watching) {
  SimRandom random(seed);
  JobCase out;
  out.script = std::string(kTables) + kFilter;
  constexpr std::string_view kOnePartition = "'source.partitions' = 'file'";
  out.script.replace(out.script.find(kOnePartition), kOnePartition.size(),
                     random.chance(0.5) ? kOnePartition : "'source.partitions' = 'one'");
  if (watching) {
    constexpr std::string_view kPath = "'path' = '/in'";
    out.script.insert(out.script.find(kPath), "'source.monitor-interval' = '1 s', ");
  }
  for (uint64_t file = 8, id = 0; file < 14; ++file) {
    Bytes lines;
    for (uint64_t left = random.below(40); left > 0; --left) lines += draw_row(random, ++id, 3'600'000) + '\n';
    out.input[std::string(kInput) + "/part-" + std::to_string(file) + ".ndjson"] = lines;
  }
  return out;
}

JobCase draw_case(uint64_t seed) {
  SimRandom random(seed);
  const char* const scripts[] = {kWindows, kPartitions, kCapped, kFilter};
  JobCase out;
  out.script = std::string(kTables) + scripts[random.below(std::size(scripts))];
  uint64_t id = 0, now_ms = 3'600'000;
  for (int file = 8; file <= 10; ++file) {  // In natural order of name, which is not that of the alphabet.
    Bytes lines;
    for (uint64_t left = 20 + random.below(180); left > 0; --left) {
      lines += draw_row(random, ++id, now_ms += random.below(3000));
      lines += '\n';
    }
    std::string path = std::string(kInput) + "/part-" + std::to_string(file) + ".ndjson";
    if (file == 9) {
      out.input[path + ".gz"] = compress(Codec::kGzip, lines);
    } else {
      out.input[path] = lines;
    }
  }
  return out;
}

}  // namespace leat::sim
