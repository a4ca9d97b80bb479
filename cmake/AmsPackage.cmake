# What find_package(AMS) finds once the project is installed: AMS::runtime,
# AMS::float and AMS::compiler, as far as they were built.
include(CMakePackageConfigHelpers)

set(AMS_PACKAGE_DIRECTORY ${CMAKE_INSTALL_LIBDIR}/cmake/AMS)
configure_package_config_file(
  ${CMAKE_CURRENT_SOURCE_DIR}/cmake/AMSConfig.cmake.in
  ${CMAKE_BINARY_DIR}/cmake/AMSConfig.cmake
  INSTALL_DESTINATION ${AMS_PACKAGE_DIRECTORY})
write_basic_package_version_file(
  ${CMAKE_BINARY_DIR}/cmake/AMSConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/cmake/AMSConfig.cmake
              ${CMAKE_BINARY_DIR}/cmake/AMSConfigVersion.cmake
        DESTINATION ${AMS_PACKAGE_DIRECTORY})
install(EXPORT AMSTargets NAMESPACE AMS:: DESTINATION ${AMS_PACKAGE_DIRECTORY})
