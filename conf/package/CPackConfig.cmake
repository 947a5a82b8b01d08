# What dpkg has to know.  scripts/package lays out the files and runs cpack on this.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME actiond)
set(CPACK_PACKAGE_VERSION $ENV{VERSION})
set(CPACK_PACKAGE_VENDOR "the actiond authors")
set(CPACK_PACKAGE_CONTACT $ENV{MAINTAINER})
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "server actions for plain HTML, behind nginx")
set(CPACK_PACKAGE_DESCRIPTION
    "A form on a static page calls a C++ function on the server, and who may
call it is part of the function's type. This package holds the pool of
workers with the actions of one site, its pages, and nginx's configuration.")
set(CPACK_PACKAGE_DIRECTORY $ENV{FOLDER})
set(CPACK_PACKAGE_FILE_NAME actiond)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_INSTALLED_DIRECTORIES "$ENV{FOLDER}/root;/")
set(CPACK_PACKAGING_INSTALL_PREFIX "/")
set(CPACK_INSTALL_SCRIPTS "")
set(CPACK_PACKAGE_ICON "")

set(CPACK_DEBIAN_PACKAGE_SECTION httpd)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# The first two make the user and the folders; with systemd they are there.
set(CPACK_DEBIAN_PACKAGE_DEPENDS
    "systemd | systemd-standalone-sysusers, systemd | systemd-standalone-tmpfiles, init-system-helpers (>= 1.52)")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS nginx)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS bash-completion)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION TRUE)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
foreach(script conffiles postinst prerm postrm)
  list(APPEND CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA $ENV{FOLDER}/control/${script})
endforeach()
