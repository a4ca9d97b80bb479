# Warnings, floating-point rules and sanitizers that every target of the
# project shares. Use ams_target(<name>) on each library and program.

add_library(ams_options INTERFACE)
target_compile_options(ams_options INTERFACE
  -Wall -Wextra -Werror -fvisibility=hidden
  # The arithmetic of docs/spec.md is exact: no contraction, no reassociation.
  -ffp-contract=off -fno-fast-math)
if(AMS_SANITIZE)
  target_compile_options(ams_options INTERFACE
    -fsanitize=${AMS_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(ams_options INTERFACE -fsanitize=${AMS_SANITIZE})
endif()

function(ams_target name)
  target_link_libraries(${name} PRIVATE ams_options)
endfunction()

# For the tests of the current directory: what sanitizers must know of OpenMP's
# runtime, which is built without them.
function(ams_set_sanitizer_environment)
  if(NOT AMS_SANITIZE)
    return()
  endif()
  find_library(AMS_ARCHER archer HINTS /usr/lib/llvm-22/lib)
  set(environment
    "LSAN_OPTIONS=suppressions=${CMAKE_SOURCE_DIR}/test/leaks.txt"
    "TSAN_OPTIONS=ignore_noninstrumented_modules=1")
  if(AMS_ARCHER)
    list(APPEND environment "OMP_TOOL_LIBRARIES=${AMS_ARCHER}")
  endif()
  get_property(tests DIRECTORY PROPERTY TESTS)
  set_tests_properties(${tests} PROPERTIES ENVIRONMENT "${environment}")
endfunction()
