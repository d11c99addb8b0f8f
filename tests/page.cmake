# The HTML report in a browser; skipped where there is no Chromium. (With
# sanitizers unit/report and anonymize/captures write it: the rest is the
# browser's.)
if(IMSLEUTH_SANITIZE)
  return()
endif()
add_test(NAME page
  COMMAND ${IMS_PYTHON} -B ${CMAKE_CURRENT_SOURCE_DIR}/page/page.py
    $<TARGET_FILE:imsleuth> $<TARGET_FILE:scn2pcapng> ${PROJECT_SOURCE_DIR})
set_tests_properties(page PROPERTIES
  SKIP_RETURN_CODE 77 TIMEOUT 1200 PROCESSORS 2)
