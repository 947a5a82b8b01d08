# find_package(actiond): the rooms as actiond::NAME, and the functions of actiond.cmake.
include(${CMAKE_CURRENT_LIST_DIR}/dependencies.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/actiond-targets.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/actiond.cmake)
