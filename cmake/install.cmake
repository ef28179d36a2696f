# What `cmake --install` puts where: the program with its manual page and completions, and the library as one archive
# behind find_package(leat).
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

# Everything from the C++ API down, in one archive: a user links leat::leat and nothing of ours besides.
set(LEAT_PARTS base env columnar log topic fold broker stream format connect plan sql dlq job api)
add_library(leat_package STATIC)
set_target_properties(leat_package PROPERTIES OUTPUT_NAME leat EXPORT_NAME leat LINKER_LANGUAGE CXX)
foreach(part ${LEAT_PARTS})
  get_target_property(type leat_${part} TYPE)
  if(type STREQUAL STATIC_LIBRARY)  # The others have headers only.
    target_sources(leat_package PRIVATE $<TARGET_OBJECTS:leat_${part}>)
  endif()
endforeach()
target_compile_features(leat_package PUBLIC cxx_std_20)
target_include_directories(leat_package INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
target_link_libraries(leat_package PRIVATE Threads::Threads simdjson::simdjson PkgConfig::re2 PkgConfig::zstd
                      PkgConfig::lz4 PkgConfig::zlib PkgConfig::snappy crypto)

set(package ${CMAKE_INSTALL_LIBDIR}/cmake/leat)
install(TARGETS leat_package EXPORT leat-targets ARCHIVE)
install(DIRECTORY include/leat TYPE INCLUDE)
install(EXPORT leat-targets NAMESPACE leat:: DESTINATION ${package})
configure_package_config_file(cmake/leat-config.cmake.in leat-config.cmake INSTALL_DESTINATION ${package})
write_basic_package_version_file(leat-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/leat-config.cmake ${CMAKE_BINARY_DIR}/leat-config-version.cmake DESTINATION ${package})

install(TARGETS leat)
install(FILES docs/man/leat.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
foreach(shell bash:bash-completion/completions/leat zsh:zsh/site-functions/_leat fish:fish/vendor_completions.d/leat.fish)
  string(REGEX MATCH "^[a-z]+" name ${shell})
  string(REGEX REPLACE "^[a-z]+:" "" file ${shell})
  get_filename_component(folder ${file} DIRECTORY)
  # The program writes its own completions, so they are made when it is there.
  install(CODE "execute_process(COMMAND $<TARGET_FILE:leat> completion ${name}
    OUTPUT_FILE ${CMAKE_BINARY_DIR}/completion.${name} COMMAND_ERROR_IS_FATAL ANY)")
  get_filename_component(as ${file} NAME)
  install(FILES ${CMAKE_BINARY_DIR}/completion.${name} DESTINATION ${CMAKE_INSTALL_DATADIR}/${folder} RENAME ${as})
endforeach()
