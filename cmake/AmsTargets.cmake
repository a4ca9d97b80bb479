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
