#pragma once
// The stack of a thread that is dying, with function names as far as the program's symbol tables have them (a stripped
// program's have none; the offsets remain, for addr2line).
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace leat {

// Notes which files the program consists of and loads what write_stack_trace() needs. Libraries that are loaded later
// appear without names.
void prepare_stack_trace();

// A line a frame, innermost first, names mangled: "_ZN3FooEv+0x12 in /path/of/program+0x3456". Frames of the caller's
// own machinery, down to and including that of the signal's delivery, are left out: `fault` is where the signal struck.
// Returns the bytes written. Safe in a signal handler: allocates nothing, takes no lock, reads files by system calls.
size_t write_stack_trace(const void* fault, std::span<char> into);

// The same with C++ names.
std::string demangle_stack_trace(std::string_view trace);

}  // namespace leat
