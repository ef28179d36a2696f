#include "env/stack_trace.h"

#include <cxxabi.h>
#include <elf.h>
#include <execinfo.h>
#include <fcntl.h>
#include <link.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>

namespace leat {
namespace {

constexpr int kFramesMax = 64;
constexpr size_t kModulesMax = 64, kPathMax = 256;

// A file of the running program, and where it is in memory.
struct Module {
  uintptr_t base, begin, end;
  char path[kPathMax];
};
Module g_modules[kModulesMax];
size_t g_module_count = 0;

int note_module(dl_phdr_info* info, size_t, void*) {
  if (g_module_count == kModulesMax) return 1;
  Module& module = g_modules[g_module_count];
  module = {info->dlpi_addr, UINTPTR_MAX, 0, {}};
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const auto& segment = info->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD) continue;
    module.begin = std::min(module.begin, info->dlpi_addr + segment.p_vaddr);
    module.end = std::max(module.end, info->dlpi_addr + segment.p_vaddr + segment.p_memsz);
  }
  bool program = info->dlpi_name == nullptr || info->dlpi_name[0] == '\0';
  if (!program) {
    strncpy(module.path, info->dlpi_name, kPathMax - 1);
  } else if (readlink("/proc/self/exe", module.path, kPathMax - 1) < 0) {
    return 0;
  }
  ++g_module_count;
  return 0;
}

const Module* module_of(uintptr_t address) {
  for (size_t i = 0; i < g_module_count; ++i) {
    if (address >= g_modules[i].begin && address < g_modules[i].end) return &g_modules[i];
  }
  return nullptr;
}

// A file mapped for reading. By system calls alone.
class MappedFile {
 public:
  explicit MappedFile(const char* path) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat info {};
    if (fd >= 0 && fstat(fd, &info) == 0 && info.st_size > 0) {
      size_ = static_cast<size_t>(info.st_size);
      void* memory = mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, fd, 0);
      if (memory != MAP_FAILED) data_ = static_cast<const char*>(memory);
    }
    if (fd >= 0) close(fd);
  }
  ~MappedFile() {
    if (data_ != nullptr) munmap(const_cast<char*>(data_), size_);
  }
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  // Null if the file does not reach so far.
  template <class T>
  const T* at(uint64_t position, uint64_t count = 1) const {
    bool inside = data_ != nullptr && position <= size_ && count <= (size_ - position) / sizeof(T);
    return inside ? reinterpret_cast<const T*>(data_ + position) : nullptr;
  }
  const char* text(uint64_t position) const {
    const char* from = at<char>(position);
    return from != nullptr && memchr(from, 0, size_ - position) != nullptr ? from : nullptr;
  }

 private:
  const char* data_ = nullptr;
  size_t size_ = 0;
};

using Header = ElfW(Ehdr);
using Section = ElfW(Shdr);
using Symbol = ElfW(Sym);

struct Function {
  const char* name = nullptr;  // In the mapped file.
  uintptr_t offset = 0;        // Of the address in it.
};

Function function_in(const MappedFile& file, const Section& table, const Section& names, uintptr_t address) {
  uint64_t count = table.sh_size / sizeof(Symbol);
  const auto* symbols = file.at<Symbol>(table.sh_offset, count);
  for (uint64_t i = 0; symbols != nullptr && i < count; ++i) {
    const Symbol& symbol = symbols[i];
    bool covers =
        (symbol.st_info & 15) == STT_FUNC && address >= symbol.st_value && address < symbol.st_value + symbol.st_size;
    if (covers) return {file.text(names.sh_offset + symbol.st_name), address - symbol.st_value};
  }
  return {};
}

// The full symbol table first, then the one for linking at run time, which a stripped library has.
Function function_at(const MappedFile& file, uintptr_t address) {
  const auto* header = file.at<Header>(0);
  if (header == nullptr || memcmp(header->e_ident, ELFMAG, SELFMAG) != 0) return {};
  const auto* sections = file.at<Section>(header->e_shoff, header->e_shnum);
  for (auto wanted : {SHT_SYMTAB, SHT_DYNSYM}) {
    for (int i = 0; sections != nullptr && i < header->e_shnum; ++i) {
      if (sections[i].sh_type != static_cast<uint32_t>(wanted) || sections[i].sh_link >= header->e_shnum) continue;
      Function found = function_in(file, sections[i], sections[sections[i].sh_link], address);
      if (found.name != nullptr) return found;
    }
  }
  return {};
}

// Text into a fixed place; what does not fit is cut off.
class Writer {
 public:
  explicit Writer(std::span<char> into) : into_(into) {}
  void text(const char* from) {
    size_t taken = std::min(strlen(from), into_.size() - used_);
    memcpy(into_.data() + used_, from, taken);
    used_ += taken;
  }
  void hex(uintptr_t value) {
    char digits[2 * sizeof value + 3];
    char* at = digits + sizeof digits - 1;
    *at = 0;
    for (bool first = true; first || value != 0; value >>= 4, first = false) *--at = "0123456789abcdef"[value & 15];
    *--at = 'x';
    *--at = '0';
    text(at);
  }
  size_t used() const { return used_; }

 private:
  std::span<char> into_;
  size_t used_ = 0;
};

void write_frame(Writer& out, uintptr_t address, bool is_return) {
  const Module* module = module_of(address);
  if (module == nullptr) {
    out.hex(address);
    out.text("\n");
    return;
  }
  uintptr_t inside = address - module->base;
  MappedFile file(module->path);
  // A call that never returns may be a function's last instruction: look where the call is, not where it returns to.
  Function function = function_at(file, is_return ? inside - 1 : inside);
  if (function.name != nullptr) {
    out.text(function.name);
    out.text("+");
    out.hex(function.offset + (is_return ? 1 : 0));
    out.text(" in ");
  }
  out.text(module->path);
  out.text("+");
  out.hex(inside);
  out.text("\n");
}

}  // namespace

void prepare_stack_trace() {
  void* warm_up[1];
  backtrace(warm_up, 1);
  g_module_count = 0;
  dl_iterate_phdr(note_module, nullptr);
}

size_t write_stack_trace(const void* fault, std::span<char> into) {
  void* frames[kFramesMax];
  int count = backtrace(frames, kFramesMax), first = 0;
  for (int i = 0; i < count; ++i) {
    if (frames[i] == fault) first = i;
  }
  Writer out(into);
  for (int i = first; i < count; ++i) write_frame(out, reinterpret_cast<uintptr_t>(frames[i]), i > first);
  return out.used();
}

std::string demangle_stack_trace(std::string_view trace) {
  std::string out;
  while (!trace.empty()) {
    std::string line(trace.substr(0, trace.find('\n')));
    trace.remove_prefix(std::min(line.size() + 1, trace.size()));
    size_t end = line.starts_with("_Z") ? line.find('+') : 0;
    int status = -1;
    char* name = end == 0 ? nullptr : abi::__cxa_demangle(line.substr(0, end).c_str(), nullptr, nullptr, &status);
    out += status == 0 ? name + line.substr(end) : line;
    out += '\n';
    std::free(name);
  }
  return out;
}

}  // namespace leat
