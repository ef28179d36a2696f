#include <algorithm>

#include "explain/consumer_protocol.h"
#include "explain/report.h"
#include "explain/words.h"

namespace leat {
namespace {

constexpr size_t kLabel = 10;  // "   Who     ", and so on.

// How many characters, not bytes, a word takes; wide ones are counted as one.
size_t width_of(const std::string& text) {
  return static_cast<size_t>(std::count_if(
      text.begin(), text.end(), [](char each) { return (static_cast<unsigned char>(each) & 0xC0) != 0x80; }));
}

class Page {
 public:
  explicit Page(const ReportStyle& style) : style_(style) {}

  void line(const std::string& text = {}) { out_ += text + "\n"; }
  std::string bold(const std::string& text) const {
    return style_.bold + text + (style_.bold.empty() ? "" : style_.plain);
  }
  std::string dim(const std::string& text) const {
    return style_.dim + text + (style_.dim.empty() ? "" : style_.plain);
  }

  // Words behind `first`, and behind as much space on the lines that follow.
  void paragraph(const std::string& first, const std::string& text, size_t indent, bool dim_first = false) {
    std::string line = dim_first ? dim(first) : first;
    line += std::string(indent - std::min(indent, width_of(first)), ' ');
    size_t used = std::max(indent, width_of(first));
    bool fresh = width_of(first) < indent || first.empty();  // Else a space comes between.
    for (size_t at = 0; at < text.size();) {
      size_t end = std::min(text.find(' ', at), text.size());
      std::string word = text.substr(at, end - at);
      at = end + 1;
      if (!fresh && used + 1 + width_of(word) > style_.width) {
        this->line(line);
        line = std::string(indent, ' ');
        used = indent;
        fresh = true;
      }
      line += (fresh ? "" : " ") + word;
      used += (fresh ? 0 : 1) + width_of(word);
      fresh = false;
    }
    this->line(line);
  }
  std::string take() { return std::move(out_); }

 private:
  const ReportStyle& style_;
  std::string out_;
};

std::string padded(const std::string& text, size_t width) {
  return text + std::string(width - std::min(width, width_of(text)), ' ');
}

std::string pad_left(const std::string& text, size_t width) {
  return std::string(width - std::min(width, width_of(text)), ' ') + text;
}

std::string read_again(int64_t records) {
  if (records == 0) return "nothing read again";
  return records < 0 ? std::string() : "at most " + plural(records, "record") + " read again";
}

void head(const GroupNow& group, const Diagnosis& diagnosis, Page& page) {
  std::string now = "Group '" + client_text(group.id) + "' is " + (group.state.empty() ? "not known now" : group.state);
  now += ": " + plural(static_cast<int64_t>(group.members.size()), "member");
  if (group.generation >= 0) now += ", generation " + std::to_string(group.generation);
  if (!group.assignor.empty()) now += ", assignor " + client_text(group.assignor);
  page.line(page.bold(now));
  std::string sum = "Since " + clock_text(diagnosis.from) + " UTC: ";
  sum += diagnosis.rebalances.empty() ? "no rebalances"
                                      : plural(static_cast<int64_t>(diagnosis.rebalances.size()), "rebalance");
  if (diagnosis.paused_ms() > 0) sum += ", during which nobody read for " + seconds_text(diagnosis.paused_ms());
  int64_t records = -1;
  for (const Finding& finding : diagnosis.findings) {
    if (finding.read_again_max >= 0) records = std::max<int64_t>(records, 0) + finding.read_again_max;
  }
  if (records >= 0) sum += "; " + read_again(records);
  page.paragraph("", sum + ".", 0);
  if (diagnosis.dropped > 0) {
    page.paragraph("", number_text(diagnosis.dropped) + " facts came too fast and were not kept: counts are too low.",
                   0);
  }
}

std::string cost_of(const Finding& finding) {
  std::vector<std::string> parts;
  if (finding.paused_ms > 0) parts.push_back("the group stood still for " + seconds_text(finding.paused_ms));
  if (finding.unserved_ms > 0) {
    parts.push_back("the member's partitions waited for " + seconds_text(finding.unserved_ms) + " until it was missed");
  }
  if (finding.read_again_max >= 0) parts.push_back(read_again(finding.read_again_max));
  std::string out;
  for (const std::string& part : parts) out += (out.empty() ? "" : "; ") + part;
  if (!out.empty()) out[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(out[0])));
  return out.empty() ? out : out + ".";
}

// `outside`: of a cluster whose brokers tell nothing.
std::string confidence_text(Confidence confidence, bool outside) {
  if (outside) return "inferred from generations";
  return confidence == Confidence::kObserved   ? "observed by the broker"
         : confidence == Confidence::kReported ? "reported by the client"
                                               : "inferred from timing";
}

void finding(size_t number, const Finding& finding, const Diagnosis& diagnosis, Page& page) {
  std::string part;
  if (finding.rebalances > 0) {
    part = plural(static_cast<int64_t>(finding.rebalances), "rebalance");
    if (diagnosis.rebalances.size() > finding.rebalances)
      part += " of " + number_text(static_cast<int64_t>(diagnosis.rebalances.size()));
    part += ", ";
  }
  page.line();
  page.line(page.bold(std::to_string(number) + ". " + finding.title) +
            page.dim("  [" + part + confidence_text(finding.confidence, !diagnosis.limits.empty()) + "]"));
  if (!finding.who.empty()) page.paragraph("   Who", finding.who, kLabel + 1, true);
  page.paragraph("   Why", finding.why, kLabel + 1, true);
  std::string cost = cost_of(finding);
  if (!cost.empty()) page.paragraph("   Cost", cost, kLabel + 1, true);
  for (size_t i = 0; i < finding.changes.size(); ++i) {
    page.paragraph(i == 0 ? "   Change" : "", finding.changes[i], kLabel + 1, true);
  }
}

void rebalances(const Diagnosis& diagnosis, const ReportStyle& style, Page& page) {
  if (diagnosis.rebalances.empty()) return;
  size_t shown = std::min(style.rebalances_max, diagnosis.rebalances.size());
  page.line();
  page.line(page.bold(shown < diagnosis.rebalances.size() ? "The last " + std::to_string(shown) + " rebalances"
                                                          : "The rebalances"));
  page.line(page.dim("   " + padded("when (UTC)", 21) + pad_left("took", 10) + pad_left("members", 13) + "  why"));
  for (size_t i = diagnosis.rebalances.size() - shown; i < diagnosis.rebalances.size(); ++i) {
    const ExplainedRebalance& each = diagnosis.rebalances[i];
    std::string members = std::to_string(each.what.members_before) + " -> " + std::to_string(each.what.members_after);
    std::string why;
    if (!each.incidents.empty()) {
      const Incident& incident = diagnosis.incidents[each.incidents.front()];
      why = to_string(incident.cause);
      if (!incident.who.client_id.empty()) why += " (" + client_text(incident.who.client_id) + ")";
      if (each.incidents.size() > 1) why += " +" + std::to_string(each.incidents.size() - 1);
    }
    page.line("   " + padded(clock_text(each.what.began), 21) +
              pad_left(!diagnosis.limits.empty() ? "?"
                       : each.what.ended         ? seconds_text(each.duration_ms())
                                                 : "given up",
                       10) +
              pad_left(members, 13) + "  " + why);
  }
}

std::string partitions_text(const PartitionSets& sets) {
  std::string out;
  for (const auto& [topic, partitions] : sets) {
    if (!partitions.empty()) out += (out.empty() ? "" : ", ") + client_text(topic) + " " + ranges_text(partitions);
  }
  return out.empty() ? "nothing" : out;
}

void what_if(const WhatIf& what, Page& page) {
  page.line();
  page.line(page.bold(what.added > 0 ? "If " + plural(what.added, "member") + " came"
                                     : "If " + plural(-what.added, "member") + " left"));
  if (!what.leaving.empty())
    page.paragraph("   ", "Those with the most partitions: " + list_text(what.leaving) + ".", 3);
  for (const WhatIfPlan& plan : what.plans) {
    std::string effect =
        plan.stops_all ? "everybody gives up everything until it is over, then " : "only what moves is stopped: ";
    page.paragraph("   " + plan.assignor + (plan.in_use ? " (in use)" : ""),
                   effect + number_text(plan.moves) + " of " + plural(what.partitions, "partition") +
                       (plan.moves == 1 ? " has" : " have") + " another owner.",
                   31);
    for (const WhatIfMember& member : plan.members) {
      if (member.gives_up.empty() && member.has_count == member.gets_count) continue;
      std::string text = std::to_string(member.has_count) + " -> " + std::to_string(member.gets_count);
      if (!member.gives_up.empty()) text += ", gives up " + partitions_text(member.gives_up);
      bool known = std::count_if(plan.members.begin(), plan.members.end(),
                                 [&](const WhatIfMember& other) { return other.client == member.client; }) == 1;
      page.paragraph("      " + client_text(known ? member.client : member.name), text, 31);
    }
  }
}

}  // namespace

std::string report_text(const GroupNow& group, const Diagnosis& diagnosis, const std::optional<WhatIf>& what,
                        const ReportStyle& style) {
  Page page(style);
  head(group, diagnosis, page);
  for (size_t i = 0; i < diagnosis.findings.size(); ++i) finding(i + 1, diagnosis.findings[i], diagnosis, page);
  rebalances(diagnosis, style, page);
  if (what) what_if(*what, page);
  if (!diagnosis.limits.empty()) {
    page.line();
    page.line(page.bold("What cannot be known from here"));
    for (const std::string& limit : diagnosis.limits) page.paragraph("   ", limit, 3);
  }
  return page.take();
}

}  // namespace leat
