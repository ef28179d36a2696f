# The codec of Kafka's protocol: src/protocol/schema/NAME.api becomes protocol/NAME.h and .cc in the build's folder, and
# protocol/all.h names every one of them.

leat_library(protocol DEPS base)
set(LEAT_PROTOCOL_DIR ${CMAKE_BINARY_DIR}/generated)
file(GLOB LEAT_PROTOCOL_SCHEMAS CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/protocol/schema/*.api)
find_package(Python3 REQUIRED COMPONENTS Interpreter)
set(generator ${CMAKE_SOURCE_DIR}/tools/generate_protocol.py)
set(generated ${LEAT_PROTOCOL_DIR}/protocol/all.h)
set(generated_sources "")
foreach(schema ${LEAT_PROTOCOL_SCHEMAS})
  get_filename_component(name ${schema} NAME_WE)
  list(APPEND generated ${LEAT_PROTOCOL_DIR}/protocol/${name}.h)
  list(APPEND generated_sources ${LEAT_PROTOCOL_DIR}/protocol/${name}.cc)
endforeach()
add_custom_command(
  OUTPUT ${generated} ${generated_sources}
  COMMAND ${Python3_EXECUTABLE} ${generator} ${LEAT_PROTOCOL_DIR}/protocol ${LEAT_PROTOCOL_SCHEMAS}
  DEPENDS ${LEAT_PROTOCOL_SCHEMAS} ${generator} ${CMAKE_SOURCE_DIR}/tools/protocol_schema.py
  COMMENT "Generating Kafka's protocol")
target_sources(leat_protocol PRIVATE ${generated_sources} ${generated})
target_include_directories(leat_protocol PUBLIC ${LEAT_PROTOCOL_DIR})
# Sixty small files: eight at a time share their headers.
set_source_files_properties(${generated_sources} PROPERTIES SKIP_UNITY_BUILD_INCLUSION OFF)
set_target_properties(leat_protocol PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 8)

# The codec against one written a second time, from the same schema.
add_executable(protocol_echo test/protocol_echo.cc)
target_link_libraries(protocol_echo PRIVATE leat_protocol)
add_test(NAME protocol_codec COMMAND ${CMAKE_SOURCE_DIR}/test/protocol_test.py $<TARGET_FILE:protocol_echo>)
