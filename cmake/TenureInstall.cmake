# A wheel keeps everything inside the package folder; a prefix gets the usual places.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
if(SKBUILD)
  set(tenure_includedir tenure/include)
  set(tenure_cmakedir tenure/share/cmake/tenure)
  set(architecture ARCH_INDEPENDENT)
else()
  set(tenure_includedir ${CMAKE_INSTALL_INCLUDEDIR})
  set(tenure_cmakedir ${CMAKE_INSTALL_DATADIR}/cmake/tenure)
  set(architecture "")
endif()

install(TARGETS tenure EXPORT tenureTargets
  FILE_SET HEADERS DESTINATION ${tenure_includedir}
  FILE_SET implementation DESTINATION ${tenure_includedir})
# A wheel is read by any compiler, so it carries headers and no static library.
if(NOT SKBUILD)
  install(TARGETS tenure_compiled EXPORT tenureTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
endif()
install(EXPORT tenureTargets NAMESPACE tenure:: DESTINATION ${tenure_cmakedir})

configure_package_config_file(cmake/tenureConfig.cmake.in tenureConfig.cmake
  INSTALL_DESTINATION ${tenure_cmakedir} NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(tenureConfigVersion.cmake COMPATIBILITY SameMinorVersion ${architecture})
install(FILES
  "${PROJECT_BINARY_DIR}/tenureConfig.cmake"
  "${PROJECT_BINARY_DIR}/tenureConfigVersion.cmake"
  "${PROJECT_SOURCE_DIR}/cmake/TenureDependencies.cmake"
  DESTINATION ${tenure_cmakedir})
