#include "server/submitted_jobs.h"

#include "log/files.h"

namespace leat {
namespace {

constexpr BytesView kExtension = ".sql";
constexpr BytesView kPath = "-- submitted as: ";
constexpr BytesView kSet = "-- submitted with --set ";

// Takes a line off the front if it begins so.
std::optional<std::string> take_line(BytesView& text, BytesView beginning) {
  size_t end = text.find('\n');
  if (!text.starts_with(beginning) || end == BytesView::npos) return std::nullopt;
  std::string out(text.substr(beginning.size(), end - beginning.size()));
  text.remove_prefix(end + 1);
  return out;
}

}  // namespace

Status SubmittedJobs::keep(const std::string& name, const JobScript& script) {
  Bytes text;
  auto put = [&text](BytesView beginning, const std::string& value) {
    text.append(beginning).append(value).append("\n");
    return value.find('\n') == std::string::npos;
  };
  bool good = put(kPath, script.path);
  for (const std::string& set : script.set) good = put(kSet, set) && good;
  if (!good) return Error{Errc::kInvalidArgument, "job '" + name + "': its path or a setting has a line break in it"};
  text += script.text;
  TRY(files_.create_directories(directory_));
  return replace_file(files_, directory_, name + std::string(kExtension), text);
}

Status SubmittedJobs::forget(const std::string& name) {
  Status removed = files_.remove(directory_ + "/" + name + std::string(kExtension));
  if (!removed) return removed.error().code == Errc::kNotFound ? Status() : removed;
  return files_.sync_directory(directory_);
}

Result<std::vector<JobScript>> SubmittedJobs::all() const {
  std::vector<JobScript> out;
  auto names = files_.list(directory_);
  if (!names && names.error().code == Errc::kNotFound) return out;
  if (!names) return names.error();
  for (const std::string& name : *names) {
    if (!name.ends_with(kExtension)) continue;
    TRY_ASSIGN(Bytes contents, read_whole(files_, directory_ + "/" + name));
    BytesView text = contents;
    JobScript script;
    script.name = name.substr(0, name.size() - kExtension.size());
    script.path = take_line(text, kPath).value_or(name);
    while (auto set = take_line(text, kSet)) script.set.push_back(std::move(*set));
    script.text = std::string(text);
    out.push_back(std::move(script));
  }
  return out;
}

}  // namespace leat
