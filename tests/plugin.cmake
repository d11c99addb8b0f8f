# The Wireshark plugin, in tshark and sharkd of the installed version.
if(NOT TARGET plugin)
  return()
endif()

set(folder ${CMAKE_CURRENT_SOURCE_DIR}/plugin)
set(plugin_dir ${PROJECT_BINARY_DIR}/plugin/wireshark)
set(damages 2)
if(IMSLEUTH_SANITIZE)
  set(damages 1) # a run takes ten times as long
endif()

# Both front ends say the same of each capture, damaged ones among them.
add_test(NAME plugin/parity
  COMMAND ${IMS_PYTHON} ${folder}/parity.py ${plugin_dir}
    $<TARGET_FILE:imsleuth> ${PROJECT_SOURCE_DIR}/captures ${shared}
    ${shared}/public)
add_test(NAME plugin/parity_damaged
  COMMAND ${IMS_PYTHON} ${folder}/parity.py --damage ${damages} ${plugin_dir}
    $<TARGET_FILE:imsleuth> ${PROJECT_SOURCE_DIR}/captures ${shared}/public)
add_test(NAME plugin/behaviour
  COMMAND ${IMS_PYTHON} ${folder}/behaviour.py ${plugin_dir}
    $<TARGET_FILE:imsleuth> ${PROJECT_SOURCE_DIR}/captures)
set_tests_properties(plugin/parity plugin/parity_damaged plugin/behaviour
  PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 900)
