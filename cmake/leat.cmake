# How every folder is built: a library of its sources, and one test program per folder of its *_test.cc.

# The tests in which threads meet: what ThreadSanitizer is run on.
set(LEAT_THREADED_TESTS env connect job api server)
add_custom_target(threaded_tests)

# Several sources are compiled as one, since most of the time goes into headers: a full build takes half as long. So names
# in the unnamed namespaces of a library's sources must differ, or the source is named here. LEAT_JOIN=1: each by itself,
# for whoever builds often after small changes.
set(LEAT_JOIN 12 CACHE STRING "how many sources are compiled as one")
set(LEAT_ALONE
  client/groups client/partition_reader sql/show columnar/interval_arithmetic columnar/java_time_resolve
  columnar/functions/encoding_functions columnar/functions/map_functions columnar/functions/nested_functions
  columnar/functions/string_functions columnar/functions/timestamp_ltz_functions)
function(leat_join_sources target)
  if(LEAT_JOIN GREATER 1)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE ${LEAT_JOIN})
  endif()
endfunction()
foreach(source ${LEAT_ALONE})
  set_source_files_properties(src/${source}.cc PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
endforeach()

# leat_library(log DEPS env): src/log/*.cc are the library leat_log, src/log/*_test.cc the program log_test.
# TESTS_SHARE: headers that most of the tests include and that take most of the time; they are compiled once for all of
# them. A test includes what it uses all the same.
function(leat_library name)
  cmake_parse_arguments(ARG "" "IN" "DEPS;TESTS_SHARE" ${ARGN})
  set(folder src/${name})
  if(ARG_IN)
    set(folder ${ARG_IN})
  endif()
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${folder}/*.cc)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cc$|[_/]main\\.cc$")
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  set(deps "")
  foreach(dep ${ARG_DEPS})
    if(TARGET leat_${dep})
      list(APPEND deps leat_${dep})
    else()
      list(APPEND deps ${dep})
    endif()
  endforeach()
  if(sources)
    add_library(leat_${name} STATIC ${sources})
    leat_join_sources(leat_${name})
    target_include_directories(leat_${name} PUBLIC src ${CMAKE_SOURCE_DIR})
    target_link_libraries(leat_${name} PUBLIC ${deps})
  else()
    add_library(leat_${name} INTERFACE)
    target_include_directories(leat_${name} INTERFACE src ${CMAKE_SOURCE_DIR})
    target_link_libraries(leat_${name} INTERFACE ${deps})
  endif()
  if(tests)
    add_executable(${name}_test ${tests})
    target_compile_options(${name}_test PRIVATE $<$<CONFIG:Release>:-O1>)  # What a test does itself need not be fast.
    target_link_libraries(${name}_test PRIVATE leat_${name} GTest::gtest_main)
    if(NOT name MATCHES "^(base|env|columnar|sim)$")
      target_link_libraries(${name}_test PRIVATE leat_sim)
    endif()
    if(ARG_TESTS_SHARE)
      list(TRANSFORM ARG_TESTS_SHARE REPLACE "(.+)" "<\\1>")  # Looked for where sources look.
      target_precompile_headers(${name}_test PRIVATE <gtest/gtest.h> ${ARG_TESTS_SHARE})
      target_compile_options(${name}_test PRIVATE ${LEAT_PCH_OPTIONS})
    endif()
    add_test(NAME ${name} COMMAND ${name}_test)
    if(name IN_LIST LEAT_THREADED_TESTS)
      set_tests_properties(${name} PROPERTIES LABELS threaded)
      add_dependencies(threaded_tests ${name}_test)
    endif()
  endif()
endfunction()
