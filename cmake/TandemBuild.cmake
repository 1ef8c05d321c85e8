# Compiler settings and the two functions with which every module declares itself.


set(TANDEM_SANITIZE "" CACHE STRING "Sanitizers: empty, address (with undefined) or thread")
option(TANDEM_FUZZ "Build the libFuzzer targets (needs clang)" OFF)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1 -DNDEBUG")
set(CMAKE_C_FLAGS_RELEASE "-O2 -g1 -DNDEBUG")

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
endif()

add_library(tandem_flags INTERFACE)
target_compile_options(tandem_flags INTERFACE
  -Wall -Wextra -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-qual -Wformat=2 -Werror
  -fno-omit-frame-pointer
  # g++ 12 warns of overlap in its own std::string at -O2 (GCC bug 105651).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)
target_include_directories(tandem_flags INTERFACE ${CMAKE_SOURCE_DIR}/src)
if(TANDEM_SANITIZE STREQUAL "address")
  # g++ 12 sees uninitialised members inside std::regex and std::function once they are instrumented.
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=undefined -Wno-maybe-uninitialized)
  add_link_options(-fsanitize=address,undefined)
elseif(TANDEM_SANITIZE STREQUAL "thread")
  add_compile_options(-fsanitize=thread)
  add_link_options(-fsanitize=thread)
endif()
if(TANDEM_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined)
  add_link_options(-fsanitize=address,undefined)
endif()

# tandem_module(<target> SOURCES ... [PUBLIC targets...] [PRIVATE targets...])
# A static library; what it may link is what docs/architecture.md section 1 lets it include.
function(tandem_module target)
  cmake_parse_arguments(M "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(${target} STATIC ${M_SOURCES})
  target_link_libraries(${target} PUBLIC tandem_flags ${M_PUBLIC} PRIVATE ${M_PRIVATE})
endfunction()

# tandem_test(<target> SOURCES ... LIBS ... [LABELS fast|scenario])
# One GoogleTest binary, registered with ctest as one test; unit tests carry the label "fast".
function(tandem_test target)
  cmake_parse_arguments(T "" "TIMEOUT" "SOURCES;LIBS;LABELS" ${ARGN})
  if(NOT T_LABELS)
    set(T_LABELS fast)
  endif()
  if(NOT T_TIMEOUT)
    set(T_TIMEOUT 120)
  endif()
  add_executable(${target} ${T_SOURCES})
  target_link_libraries(${target} PRIVATE tandem_flags ${T_LIBS} GTest::gmock_main)
  add_test(NAME ${target} COMMAND ${target})
  set_tests_properties(${target} PROPERTIES LABELS "${T_LABELS}" TIMEOUT ${T_TIMEOUT})
endfunction()

if(TANDEM_FUZZ)
  add_custom_target(fuzzers COMMENT "All fuzz targets")
endif()

# tandem_fuzz(<target> SOURCES ... LIBS ...): a libFuzzer binary in TANDEM_FUZZ builds, nothing otherwise.
function(tandem_fuzz target)
  if(NOT TANDEM_FUZZ)
    return()
  endif()
  cmake_parse_arguments(F "" "" "SOURCES;LIBS" ${ARGN})
  add_executable(${target} ${F_SOURCES})
  target_link_libraries(${target} PRIVATE tandem_flags ${F_LIBS})
  target_link_options(${target} PRIVATE -fsanitize=fuzzer)
  add_dependencies(fuzzers ${target})
endfunction()
