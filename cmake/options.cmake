# What a build can be asked for, and the tools it uses when they are there.

set(arch "")
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64)$")
  set(arch x86-64-v3)
endif()
set(LEAT_ARCH "${arch}" CACHE STRING "the -march of the program: native, x86-64-v2, … or empty for the compiler's own")
if(LEAT_ARCH)
  add_compile_options(-march=${LEAT_ARCH})
endif()

option(LEAT_FUZZ "build the libFuzzer targets of fuzz/ (clang only)" OFF)
set(LEAT_SANITIZE "" CACHE STRING "address,undefined | thread | empty")
if(LEAT_SANITIZE)
  # Instrumented code provokes warnings that the plain build, which is the judge of them, does not have.
  add_compile_options(-fsanitize=${LEAT_SANITIZE} -fno-omit-frame-pointer -Wno-error)
  add_link_options(-fsanitize=${LEAT_SANITIZE})
endif()
if(LEAT_SANITIZE MATCHES undefined)
  add_compile_options(-fno-sanitize-recover=undefined)
endif()

find_program(LLD ld.lld)
if(LLD)
  add_link_options(-fuse-ld=lld)
endif()

# For programs that are built against what was built here.
set(LEAT_USER_FLAGS "")
if(LLD)
  string(APPEND LEAT_USER_FLAGS " -fuse-ld=lld")
endif()
if(LEAT_SANITIZE)
  string(APPEND LEAT_USER_FLAGS " -fsanitize=${LEAT_SANITIZE}")
endif()
# What ccache asks for where headers are compiled once (its manual, "Precompiled headers").
# GCC 12 takes system headers for ours then, and sees in std::string what is not there.
set(LEAT_PCH_OPTIONS -fpch-preprocess -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread)
if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
  set(LEAT_PCH_OPTIONS -Xclang -fno-pch-timestamp)
endif()

find_program(CCACHE ccache)
if(CCACHE)
  # Paths relative to the checkout, so that one checkout's objects serve another.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1
      CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})
endif()
