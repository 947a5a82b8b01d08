# What the CMakeLists.txt of a site needs: actiond_migrations and actiond_site.

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
