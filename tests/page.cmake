# The HTML report in a browser; skipped where there is no Chromium.
set(small "")
if(IMSLEUTH_SANITIZE)
  set(small --small) # it is the browser that is timed
endif()
add_test(NAME page
  COMMAND ${IMS_PYTHON} -B ${CMAKE_CURRENT_SOURCE_DIR}/page/page.py ${small}
    $<TARGET_FILE:imsleuth> $<TARGET_FILE:scn2pcapng> ${PROJECT_SOURCE_DIR})
set_tests_properties(page PROPERTIES
  SKIP_RETURN_CODE 77 TIMEOUT 1200 PROCESSORS 2)
