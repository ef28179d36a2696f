#include "sim/sim_disk.h"

#include <algorithm>

#include "sim/sim_clock.h"
#include "sim/sim_file.h"

namespace leat::sim {
namespace {

constexpr uint64_t kSectorBytes = 512;

std::string clean(std::string_view path) {
  while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  return std::string(path);
}

std::string parent_of(const std::string& path) {
  size_t slash = path.find_last_of('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

bool is_root(const std::string& path) {
  return path == "." || path == "/" || path.empty();
}

Error absent(const char* what, const std::string& path) {
  return Error{Errc::kNotFound, std::string(what) + " " + path + ": there is no such file on the simulated disk"};
}

}  // namespace

void SimDisk::set_plan(const FaultPlan& plan) {
  plan_ = plan;
  changes_ = 0;
}

Status SimDisk::before_call() const {
  if (crashed_) return Error{Errc::kIo, "the simulated process is dead"};
  return {};
}

// `dies`: the process dies within this change, which is done in part.
Status SimDisk::before_change(bool& dies) {
  TRY(before_call());
  ++changes_;
  dies = plan_.crash_after_changes != 0 && changes_ >= plan_.crash_after_changes;
  if (dies) crashed_ = true;
  return before_call();
}

SimDisk::Entry SimDisk::find(const std::string& path) const {
  auto found = visible_.find(path);
  return found == visible_.end() ? nullptr : found->second;
}

Status SimDisk::change_names(const std::string& directory, NameChange change) {
  bool dies = false;
  TRY(before_change(dies));
  for (const auto& [path, entry] : change) {
    if (entry) {
      visible_[path] = entry;
    } else {
      visible_.erase(path);
    }
  }
  pending_[directory].push_back(std::move(change));
  return {};
}

Result<std::unique_ptr<File>> SimDisk::open(std::string_view view, OpenMode mode) {
  TRY(before_call());
  std::string path = clean(view);
  Entry entry = find(path);
  if (entry && entry->is_directory) return Error{Errc::kIo, "open " + path + ": is a directory"};
  if (entry && mode == OpenMode::kCreateNew) return Error{Errc::kAlreadyExists, "open " + path + ": exists"};
  if (!entry && mode == OpenMode::kRead) return absent("open", path);
  if (!entry) {
    std::string parent = parent_of(path);
    if (!is_root(parent) && !find(parent)) return absent("open", path);
    entry = std::make_shared<Inode>();
    entry->id = next_inode_++;
    entry->modified = clock_.now();
    TRY(change_names(parent, {{path, entry}}));
  }
  return std::unique_ptr<File>(std::make_unique<SimFile>(*this, entry, path, mode != OpenMode::kRead));
}

Result<FileInfo> SimDisk::stat(std::string_view view) {
  TRY(before_call());
  std::string path = clean(view);
  if (is_root(path)) return FileInfo{0, true, {}, 0};
  Entry entry = find(path);
  if (!entry) return absent("stat", path);
  return FileInfo{entry->content.size(), entry->is_directory, entry->modified, entry->id};
}

Status SimDisk::rename(std::string_view from_view, std::string_view to_view) {
  TRY(before_call());
  std::string from = clean(from_view), to = clean(to_view);
  Entry entry = find(from);
  if (!entry) return absent("rename", from);
  CHECK(!entry->is_directory);  // Nobody renames directories.
  return change_names(parent_of(to), {{from, nullptr}, {to, entry}});
}

Status SimDisk::remove(std::string_view view) {
  TRY(before_call());
  std::string path = clean(view);
  Entry entry = find(path);
  if (!entry) return absent("remove", path);
  auto next = visible_.lower_bound(path + "/");
  if (entry->is_directory && next != visible_.end() && next->first.starts_with(path + "/")) {
    return Error{Errc::kIo, "remove " + path + ": the directory is not empty"};
  }
  return change_names(parent_of(path), {{path, nullptr}});
}

Status SimDisk::create_directories(std::string_view view) {
  TRY(before_call());
  std::string path = clean(view);
  if (is_root(path)) return {};
  if (Entry entry = find(path)) {
    return entry->is_directory ? Status() : Error{Errc::kAlreadyExists, "create directory " + path + ": is a file"};
  }
  TRY(create_directories(parent_of(path)));
  bool dies = false;
  TRY(before_change(dies));
  auto made = std::make_shared<Inode>();
  made->id = next_inode_++;
  made->is_directory = true;
  visible_[path] = made;
  std::string parent = parent_of(path);
  pending_[parent].push_back({{path, made}});
  settle_names(parent);
  return {};
}

// All that was done to the directory is durable.
void SimDisk::settle_names(const std::string& directory) {
  for (const NameChange& change : pending_[directory]) {
    for (const auto& [name, entry] : change) {
      if (entry) {
        durable_[name] = entry;
      } else {
        durable_.erase(name);
      }
    }
  }
  pending_.erase(directory);
}

Status SimDisk::sync_directory(std::string_view view) {
  TRY(before_call());
  ++syncs_;
  std::string path = clean(view);
  if (!is_root(path) && !find(path)) return absent("sync", path);
  bool dies = false;
  Status alive = before_change(dies);
  if (dies && random_.chance(0.5)) return alive;
  settle_names(path);
  return alive;
}

Result<std::vector<std::string>> SimDisk::list(std::string_view view) {
  TRY(before_call());
  std::string path = clean(view);
  Entry entry = find(path);
  if (!is_root(path) && (!entry || !entry->is_directory)) return absent("list", path);
  std::vector<std::string> names;
  for (const auto& [name, ignored] : visible_) {
    if (parent_of(name) == path) names.push_back(name.substr(name.find_last_of('/') + 1));
  }
  return names;
}

Result<std::unique_ptr<void, void (*)(void*)>> SimDisk::lock(std::string_view view) {
  std::string path = clean(view);
  TRY(open(path, OpenMode::kAppend));
  if (!locks_->insert(path).second) {
    return Error{Errc::kConflict, path + " is locked by the process with pid 1"};
  }
  struct Held {
    std::shared_ptr<std::set<std::string>> locks;
    std::string path;
  };
  return std::unique_ptr<void, void (*)(void*)>(new Held{locks_, path}, [](void* handle) {
    auto* held = static_cast<Held*>(handle);
    held->locks->erase(held->path);
    delete held;
  });
}

uint64_t SimDisk::used() const {
  uint64_t sum = 0;
  for (const auto& [path, entry] : visible_) sum += entry->content.size();
  return sum;
}

void SimDisk::start_anew() {
  ++generation_;
  crashed_ = false;
  locks_ = std::make_shared<std::set<std::string>>();
}

void SimDisk::die() {
  start_anew();
}

void SimDisk::lose_power() {
  while (!pending_.empty()) {
    auto& [directory, changes] = *pending_.begin();
    changes.resize(random_.below(changes.size() + 1));
    settle_names(std::string(directory));
  }
  std::erase_if(durable_, [this](const auto& item) {
    std::string parent = parent_of(item.first);
    return !is_root(parent) && !durable_.contains(parent);
  });
  visible_ = durable_;
  for (auto& [path, entry] : visible_) settle(*entry);
  start_anew();
}

void SimDisk::settle(Inode& inode) {
  if (inode.dirty_from != Inode::kClean) {
    uint64_t before = inode.durable.size(), after = inode.content.size();
    uint64_t choice = random_.below(3);
    uint64_t low = std::min(before, after), high = std::max(before, after);
    uint64_t size = choice == 0 ? before : choice == 1 ? after : low + random_.below(high - low + 1);
    inode.durable.resize(size, '\0');
    uint64_t at = inode.dirty_from;
    while (at < size) {
      uint64_t end = std::min(size, (at / kSectorBytes + 1) * kSectorBytes);
      bool lost = inode.is_lost(at) || random_.chance(plan_.sector_lost);
      bool garbage = random_.chance(plan_.sector_garbage);
      for (; at < end; ++at) {
        if (garbage) {
          inode.durable[at] = static_cast<char>(random_.next());
        } else if (!lost && at < after) {
          inode.durable[at] = inode.content[at];
        }
      }
    }
  }
  inode.content = inode.durable;
  inode.dirty_from = Inode::kClean;
  inode.lost.clear();
}

const Bytes& SimDisk::contents(const std::string& path) const {
  Entry entry = find(path);
  CHECK(entry);
  return entry->content;
}

void SimDisk::overwrite(const std::string& path, uint64_t position, BytesView bytes) {
  Entry entry = find(path);
  CHECK(entry && position + bytes.size() <= entry->content.size());
  entry->content.replace(position, bytes.size(), bytes);
  if (position + bytes.size() <= entry->durable.size()) entry->durable.replace(position, bytes.size(), bytes);
}

std::vector<std::string> SimDisk::files() const {
  std::vector<std::string> out;
  for (const auto& [path, entry] : visible_) {
    if (!entry->is_directory) out.push_back(path);
  }
  return out;
}

}  // namespace leat::sim
