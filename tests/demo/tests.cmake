# The tests of the demo.  They go with it: src/site, its pages in static/ and this folder.
add_tests(demo TESTS rules MORE demo/tested_site.cpp LINK site)
add_test(NAME demo.contract
         COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/with_site $<TARGET_FILE:actiond> ${CMAKE_CURRENT_SOURCE_DIR}/transcript_test
                 ${CMAKE_CURRENT_SOURCE_DIR}/demo/contract.transcript)
# What scripts/serve serves.
target_sources(served_tests PRIVATE demo/serve_test.cpp)
add_test(NAME demo.serve COMMAND served_tests --source-file=*/demo/serve_test.cpp)
set_tests_properties(demo.serve PROPERTIES
  LABELS "served_tests;actiond" SKIP_RETURN_CODE 77 TIMEOUT 900 FAIL_REGULAR_EXPRESSION "test cases: +0 "
  ENVIRONMENT "ACTIOND_PROGRAM=$<TARGET_FILE:actiond>")
# The whole of it in a browser.
add_test(NAME browser.site
         COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/with_site $<TARGET_FILE:actiond>
                 node ${CMAKE_CURRENT_SOURCE_DIR}/browser/demo/browser.mjs)
set_tests_properties(browser.site PROPERTIES TIMEOUT 1200)
set_tests_properties(demo.contract browser.site PROPERTIES LABELS actiond)
add_test(NAME demo.deleted COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/demo/deleted_test)

# These look at the program that ships, and build it if it is not there.
add_test(NAME release.package COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/package_test)
add_test(NAME release.hardening COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/hardening_test)
add_test(NAME release.boot COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/boot_test)
set_tests_properties(release.boot PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 900)
add_test(NAME release.container COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/container_test)
set_tests_properties(release.container PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 600)
# Alone: it makes six hosts.
add_test(NAME release.chaos COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/chaos_test)
set_tests_properties(release.chaos PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 600 RUN_SERIAL TRUE)
set_tests_properties(release.package release.hardening release.boot release.container release.chaos
                     PROPERTIES RESOURCE_LOCK release)
set_tests_properties(release.package PROPERTIES COST 300)
# Long, and nothing waits for them: last, side by side.
set_tests_properties(browser.site release.boot PROPERTIES COST -1)
