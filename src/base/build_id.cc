#include "base/build_id.h"

#include <elf.h>
#include <link.h>

#include <cstring>

namespace leat {
namespace {

constexpr char kHex[] = "0123456789abcdef";

// Notes are (name size, description size, type), then both, each padded to four bytes.
bool find_build_id(const char* note, size_t size, std::string& out) {
  while (size >= sizeof(ElfW(Nhdr))) {
    ElfW(Nhdr) header;
    std::memcpy(&header, note, sizeof header);
    size_t name = (header.n_namesz + 3u) & ~3u, description = (header.n_descsz + 3u) & ~3u;
    if (sizeof header + name + description > size) return false;
    if (header.n_type == NT_GNU_BUILD_ID) {
      const char* id = note + sizeof header + name;
      for (size_t i = 0; i < header.n_descsz; ++i) {
        auto byte = static_cast<unsigned char>(id[i]);
        out.push_back(kHex[byte >> 4]);
        out.push_back(kHex[byte & 15]);
      }
      return true;
    }
    note += sizeof header + name + description;
    size -= sizeof header + name + description;
  }
  return false;
}

// The first object that the dynamic linker lists is the program itself.
int visit_program(dl_phdr_info* info, size_t, void* out) {
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const auto& segment = info->dlpi_phdr[i];
    if (segment.p_type != PT_NOTE) continue;
    const char* note = reinterpret_cast<const char*>(info->dlpi_addr + segment.p_vaddr);
    if (find_build_id(note, segment.p_memsz, *static_cast<std::string*>(out))) break;
  }
  return 1;
}

}  // namespace

const std::string& build_id() {
  static const std::string id = [] {
    std::string found;
    dl_iterate_phdr(visit_program, &found);
    return found.empty() ? std::string("leat-0.1.0") : found;
  }();
  return id;
}

}  // namespace leat
