# One interface target carries the warnings and the include root; two functions make every library and program alike.
add_library(hindcast_flags INTERFACE)
target_include_directories(hindcast_flags INTERFACE "${CMAKE_SOURCE_DIR}" "${CMAKE_BINARY_DIR}/generated")
target_compile_options(hindcast_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Wold-style-cast -Woverloaded-virtual)
# Not at -O3, where g++ 12 sees copies that overlap or run over in plain uses of std::string (its bug 105651 and others).
if(HINDCAST_WARNINGS_ARE_ERRORS)
  target_compile_options(hindcast_flags INTERFACE $<$<NOT:$<CONFIG:Release>>:-Werror>)
endif()
target_compile_definitions(hindcast_flags INTERFACE HINDCAST_VERSION="${PROJECT_VERSION}")

# hindcast_library(name SOURCES … USES other hindcast libraries … PRIVATE third-party targets …)
# Header dependencies on other layers are public; third-party code never leaks through a header unless listed in PUBLIC.
function(hindcast_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;USES;PRIVATE;PUBLIC" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_link_libraries(${name} PUBLIC ${ARG_USES} ${ARG_PUBLIC} PRIVATE hindcast_flags ${ARG_PRIVATE})
  target_include_directories(${name} PUBLIC "${CMAKE_SOURCE_DIR}")
endfunction()

# hindcast_test(name SOURCES … USES … LABELS fast|slow|e2e): one GoogleTest program, each case a CTest of its own.
function(hindcast_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;USES;LABELS" ${ARGN})
  if(NOT ARG_LABELS)
    set(ARG_LABELS fast)
  endif()
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE hindcast_flags ${ARG_USES} GTest::gtest GTest::gmock GTest::gtest_main)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests/bin")
  gtest_discover_tests(${name} TEST_PREFIX "${name}." PROPERTIES LABELS "${ARG_LABELS}" DISCOVERY_TIMEOUT 60)
endfunction()

# Sanitizers reach everything but the Python module, which lives in processes that are not instrumented.
if(HINDCAST_SANITIZE)
  add_compile_options(-fsanitize=${HINDCAST_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${HINDCAST_SANITIZE})
endif()
