#include "connect/path_list.h"

#include <algorithm>

namespace leat {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Directories go by their whole names: what is in "a" stands before what is in "a-b".
int rank(char c) {
  return c == '/' ? -1 : static_cast<unsigned char>(c);
}

std::string_view digits_at(std::string_view text, size_t at) {
  size_t end = at;
  while (end < text.size() && is_digit(text[end])) ++end;
  return text.substr(at, end - at);
}

std::string_view without_zeros(std::string_view digits) {
  size_t first = digits.find_first_not_of('0');
  return first == std::string_view::npos ? std::string_view() : digits.substr(first);
}

bool hidden(std::string_view name) {
  return name.starts_with('.') || name.starts_with('_');
}

bool is_glob(std::string_view text) {
  return text.find_first_of("*?[") != std::string_view::npos;
}

// `above`: the directories on the way down. A link to one of them would go round for ever.
Status add_below(FileSystem& files, const std::string& path, std::vector<uint64_t> above,
                 std::vector<std::string>& out) {
  auto info = files.stat(path);
  if (!info)
    return info.error().code == Errc::kNotFound ? Status{} : Status{info.error()};  // Gone since it was listed.
  if (!info->is_directory) {
    out.push_back(path);
    return {};
  }
  if (std::find(above.begin(), above.end(), info->inode) != above.end()) return {};
  above.push_back(info->inode);
  TRY_ASSIGN(auto names, files.list(path));
  for (const std::string& name : names) {
    if (!hidden(name)) TRY(add_below(files, path + "/" + name, above, out));
  }
  return {};
}

// Expands the components of `rest` below `base`.
Status expand(FileSystem& files, const std::string& base, std::string_view rest, std::vector<std::string>& out) {
  while (rest.starts_with('/')) rest.remove_prefix(1);
  if (rest.empty()) return add_below(files, base, {}, out);
  size_t slash = rest.find('/');
  std::string_view component = rest.substr(0, slash);
  std::string_view below = slash == std::string_view::npos ? std::string_view() : rest.substr(slash);
  std::string prefix = base == "/" || base.empty() ? base : base + "/";
  if (!is_glob(component)) return expand(files, prefix + std::string(component), below, out);
  auto names = files.list(base.empty() ? "." : base);
  if (!names) return names.error().code == Errc::kNotFound ? Status{} : Status{names.error()};
  for (const std::string& name : *names) {
    if (!hidden(name) && glob_matches(component, name)) TRY(expand(files, prefix + name, below, out));
  }
  return {};
}

}  // namespace

bool natural_less(std::string_view a, std::string_view b) {
  size_t i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    if (is_digit(a[i]) && is_digit(b[j])) {
      std::string_view x = digits_at(a, i), y = digits_at(b, j);
      std::string_view left = without_zeros(x), right = without_zeros(y);
      if (left.size() != right.size()) return left.size() < right.size();
      if (left != right) return left < right;
      i += x.size();
      j += y.size();
      continue;
    }
    if (a[i] != b[j]) return rank(a[i]) < rank(b[j]);
    ++i;
    ++j;
  }
  bool left_ended = i == a.size(), right_ended = j == b.size();
  if (left_ended != right_ended) return left_ended;
  return a < b;
}

// Iterative, with one place to come back to: linear in practice, never exponential.
bool glob_matches(std::string_view pattern, std::string_view name) {
  size_t p = 0, n = 0, star = std::string_view::npos, star_name = 0;
  while (n < name.size()) {
    size_t close = p < pattern.size() && pattern[p] == '[' ? pattern.find(']', p + 2) : std::string_view::npos;
    if (close != std::string_view::npos) {
      std::string_view set = pattern.substr(p + 1, close - p - 1);
      bool negated = set.starts_with('!') || set.starts_with('^');
      if (negated) set.remove_prefix(1);
      bool found = false;
      for (size_t i = 0; i < set.size(); ++i) {
        bool range = i + 2 < set.size() && set[i + 1] == '-';
        found |= range ? set[i] <= name[n] && name[n] <= set[i + 2] : set[i] == name[n];
        if (range) i += 2;
      }
      if (found != negated) {
        p = close + 1;
        ++n;
        continue;
      }
    } else if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      star_name = n;
      continue;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == name[n])) {
      ++p;
      ++n;
      continue;
    }
    if (star == std::string_view::npos) return false;
    p = star + 1;
    n = ++star_name;
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

std::string without_scheme(std::string_view path) {
  if (path.starts_with("file://"))
    path.remove_prefix(7);
  else if (path.starts_with("file:"))
    path.remove_prefix(5);
  return std::string(path);
}

Result<std::vector<std::string>> list_files(FileSystem& files, const std::string& path) {
  std::vector<std::string> out;
  if (!is_glob(path)) {
    TRY_ASSIGN(FileInfo info, files.stat(path));
    (void)info;
    std::string bare = path;
    while (bare.size() > 1 && bare.ends_with('/')) bare.pop_back();
    TRY(add_below(files, bare, {}, out));
  } else {
    bool absolute = path.starts_with('/');
    TRY(expand(files, absolute ? "/" : "", path, out));
    if (out.empty()) return Error{Errc::kNotFound, "no file is called like '" + path + "'"};
  }
  std::sort(out.begin(), out.end(), natural_less);
  return out;
}

}  // namespace leat
