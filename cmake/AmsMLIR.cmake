# Finds Debian's LLVM and MLIR 22 and offers one target, ams_mlir: the C API
# archives by file, with the one shared MLIR and LLVM behind them, so that MLIR
# is linked once whatever the order of libraries.

find_package(MLIR 22.1 REQUIRED CONFIG HINTS /usr/lib/llvm-22/lib/cmake/mlir)
list(APPEND CMAKE_MODULE_PATH ${MLIR_CMAKE_DIR} ${LLVM_CMAKE_DIR})
include(TableGen)
include(AddLLVM)
include(AddMLIR)

add_library(ams_mlir INTERFACE)
# What TableGen writes is no more ours to keep free of warnings than MLIR is.
target_include_directories(ams_mlir SYSTEM INTERFACE
  ${LLVM_INCLUDE_DIRS} ${MLIR_INCLUDE_DIRS} ${CMAKE_BINARY_DIR}/include)
target_include_directories(ams_mlir INTERFACE
  ${CMAKE_SOURCE_DIR}/include ${CMAKE_SOURCE_DIR}/runtime/include)
foreach(component IR RegisterEverything Transforms Interfaces Conversion Linalg
                  LLVM Target Debug Func TransformDialectTransforms)
  list(APPEND AMS_MLIR_CAPI_ARCHIVES $<TARGET_FILE:MLIRCAPI${component}>)
endforeach()
target_link_libraries(ams_mlir INTERFACE ${AMS_MLIR_CAPI_ARCHIVES} MLIR LLVM)
