# For the CMakeLists.txt of a site: actiond_site, actiond_site_tests, and what they are made of.

# The program NAME and the library site: the *.cpp of SOURCES, the actions in the order in which
# SOURCES/actions.h declares them, and the migrations of SQL.  The header declares NAMESPACE::site(), and
# may declare std::vector<PersonalColumn> NAMESPACE::personal() (store/person.h).
function(actiond_site)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "NAME;NAMESPACE;SOURCES;SQL" "")
  set(list ${arg_SOURCES}/actions.h)
  file(STRINGS ${list} declared REGEX "^ *(actiond::)?Action [a-z0-9_]+\\(\\);")
  list(TRANSFORM declared REPLACE ".*Action ([a-z0-9_]+\\(\\));.*" "\\1")
  string(REPLACE ";" ", " actions "${declared}")
  # What its own tables tell of people, if the header says that.
  file(STRINGS ${list} personal REGEX "PersonalColumn> personal\\(\\);")
  set(personal_columns "")
  if(personal)
    set(personal_columns ",
          .personal = personal")
  endif()
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
          .migrations = migrations${personal_columns}};
}

}  // namespace ${arg_NAMESPACE}
")
  file(GLOB sources CONFIGURE_DEPENDS ${arg_SOURCES}/*.cpp)
  list(REMOVE_ITEM sources ${arg_SOURCES}/main.cpp)
  add_library(site STATIC ${sources} ${made})
  # Each file has its `form`.
  set_target_properties(site PROPERTIES UNITY_BUILD OFF)
  target_include_directories(site PUBLIC ${arg_SOURCES})
  target_link_libraries(site PUBLIC actiond::cli)
  target_precompile_headers(site PRIVATE <actiond.h>)
  actiond_migrations(site ${arg_SQL} ${arg_NAMESPACE} migrations)
  add_executable(${arg_NAME} ${arg_SOURCES}/main.cpp)
  target_link_libraries(${arg_NAME} PRIVATE site)
  set_target_properties(${arg_NAME} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
endfunction()

# The program tests: TESTS/*_test.cpp over the site, its pages in PAGES.  One CTest a file.
function(actiond_site_tests)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "TESTS;PAGES" "")
  find_package(doctest REQUIRED)
  set(made ${CMAKE_CURRENT_BINARY_DIR}/tested_site.cpp)
  file(CONFIGURE OUTPUT ${made} @ONLY CONTENT "#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

#include \"actions.h\"
#include \"site_under_test.h\"

namespace actiond::test {

Site tested_site() { return ::site::site(); }
std::filesystem::path tested_pages() { return \"${arg_PAGES}\"; }

}  // namespace actiond::test
")
  file(GLOB files CONFIGURE_DEPENDS ${arg_TESTS}/*_test.cpp)
  add_executable(tests EXCLUDE_FROM_ALL ${files} ${made})
  target_include_directories(tests PRIVATE ${ACTIOND_TEST_KIT})
  target_link_libraries(tests PRIVATE site doctest::doctest)
  target_precompile_headers(tests PRIVATE <doctest/doctest.h> <site_under_test.h>)
  # With doctest's main, which comes before the header.
  set_source_files_properties(${made} PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
  foreach(file ${files})
    get_filename_component(name ${file} NAME)
    string(REGEX REPLACE "_test[.]cpp$" "" test ${name})
    add_test(NAME ${test} COMMAND tests --source-file=*/${name})
  endforeach()
endfunction()

# The files NNNN_NAME.sql of FOLDER, and those of FOLDER/postgres that PostgreSQL runs instead of the one of that
# name, become part of TARGET, as the function NAMESPACE::FUNCTION, which returns
# std::span<const actiond::Migration>.
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
    set(postgres "")
    if(EXISTS ${folder}/postgres/${name})
      file(READ ${folder}/postgres/${name} postgres)
      set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${folder}/postgres/${name})
    endif()
    string(APPEND rows "    {${number}, \"${name}\", R\"sql(${sql})sql\",\n     R\"sql(${postgres})sql\"},\n")
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  endforeach()
  file(GLOB files CONFIGURE_DEPENDS RELATIVE ${folder}/postgres ${folder}/postgres/*.sql)
  foreach(name ${files})
    if(NOT EXISTS ${folder}/${name})
      message(FATAL_ERROR "${folder}/postgres/${name} has no migration ${name} beside the folder")
    endif()
  endforeach()
  list(LENGTH numbers count)
  set(made ${CMAKE_CURRENT_BINARY_DIR}/${target}_migrations.cpp)
  file(CONFIGURE OUTPUT ${made} @ONLY CONTENT "#include <array>
#include <span>

#include \"data/schema.h\"

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
