# What `cmake --install` puts where: the program, the static library with its headers, the package files, the manual.
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/headway)
# The .pc file finds its prefix from its own place, however deep the library folder is (lib, lib64, lib/x86_64-linux-gnu).
file(RELATIVE_PATH headway_pc_to_prefix /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
configure_file(cmake/headway.pc.in headway.pc @ONLY)
configure_package_config_file(cmake/headwayConfig.cmake.in headwayConfig.cmake INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(headwayConfigVersion.cmake COMPATIBILITY SameMinorVersion)

install(TARGETS headway EXPORT headwayTargets FILE_SET HEADERS)
install(EXPORT headwayTargets NAMESPACE headway:: DESTINATION ${package_dir})
install(FILES ${PROJECT_BINARY_DIR}/headwayConfig.cmake ${PROJECT_BINARY_DIR}/headwayConfigVersion.cmake
        DESTINATION ${package_dir})
install(FILES ${PROJECT_BINARY_DIR}/headway.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
if(TARGET headway_cli)
  install(TARGETS headway_cli)
  install(FILES man/headway.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
  install(FILES schema/headway.schema.json DESTINATION ${CMAKE_INSTALL_DATADIR}/headway)
endif()
