# For the CMakeLists.txt of a site: actiond_site, and below it what that is made of.

# The program NAME and the library site: the *.cpp of SOURCES, the actions in the order in which
# SOURCES/actions.h declares them, and the migrations of SQL.  The header declares NAMESPACE::site().
function(actiond_site)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "NAME;NAMESPACE;SOURCES;SQL" "")
  set(list ${arg_SOURCES}/actions.h)
  file(STRINGS ${list} declared REGEX "^ *(actiond::)?Action [a-z0-9_]+\\(\\);")
  list(TRANSFORM declared REPLACE ".*Action ([a-z0-9_]+\\(\\));.*" "\\1")
  string(REPLACE ";" ", " actions "${declared}")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${list})
  set(made ${CMAKE_CURRENT_BINARY_DIR}/site.cpp)
  file(CONFIGURE OUTPUT ${made} @ONLY CONTENT "#include \"${list}\"

#include <span>
#include <vector>

#include \"cli/run.h\"

namespace ${arg_NAMESPACE} {

std::span<const actiond::Migration> migrations();

actiond::Site site() {
  return {.name = \"${arg_NAME}\",
          .version = \"${PROJECT_VERSION}\",
          .actions = [] { return std::vector<actiond::Action>{${actions}}; },
          .migrations = migrations};
}

}  // namespace ${arg_NAMESPACE}
")
  file(GLOB sources CONFIGURE_DEPENDS ${arg_SOURCES}/*.cpp)
  list(REMOVE_ITEM sources ${arg_SOURCES}/main.cpp)
  add_library(site STATIC ${sources} ${made})
  # Each file has its `form`.
  set_target_properties(site PROPERTIES UNITY_BUILD OFF)
  target_link_libraries(site PUBLIC actiond::cli)
  actiond_migrations(site ${arg_SQL} ${arg_NAMESPACE} migrations)
  add_executable(${arg_NAME} ${arg_SOURCES}/main.cpp)
  target_link_libraries(${arg_NAME} PRIVATE site)
  set_target_properties(${arg_NAME} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
endfunction()

# The files NNNN_NAME.sql of FOLDER become part of TARGET, as the function NAMESPACE::FUNCTION, which
# returns std::span<const actiond::Migration>.
function(actiond_migrations target folder namespace function)
  set(rows "")
  set(numbers "")
  file(GLOB files CONFIGURE_DEPENDS ${folder}/*.sql)
  foreach(file ${files})
    get_filename_component(name ${file} NAME)
    string(REGEX MATCH "^([0-9]+)_[a-z0-9_]+[.]sql$" fits ${name})
    if(NOT fits)
      message(FATAL_ERROR "${file} should be named as 0001_what_it_makes.sql")
    endif()
    math(EXPR number "${CMAKE_MATCH_1}")
    if(number IN_LIST numbers)
      message(FATAL_ERROR "${file}: there is another migration with the number ${number}")
    endif()
    list(APPEND numbers ${number})
    file(READ ${file} sql)
    string(APPEND rows "    {${number}, \"${name}\", R\"sql(${sql})sql\"},\n")
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  endforeach()
  list(LENGTH numbers count)
  set(made ${CMAKE_CURRENT_BINARY_DIR}/${target}_migrations.cpp)
  file(CONFIGURE OUTPUT ${made} @ONLY CONTENT "#include <array>
#include <span>

#include \"sqlite/migrations.h\"

namespace ${namespace} {

std::span<const actiond::Migration> ${function}();

std::span<const actiond::Migration> ${function}() {
  static constexpr std::array<actiond::Migration, ${count}> migrations{{
${rows}  }};
  return migrations;
}

}  // namespace ${namespace}
")
  target_sources(${target} PRIVATE ${made})
endfunction()
