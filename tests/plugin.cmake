# The Wireshark plugin, in tshark, sharkd and the window of what is installed.
if(NOT TARGET plugin)
  return()
endif()

set(plugin_dir ${PROJECT_BINARY_DIR}/plugin/wireshark)
set(here ${PROJECT_SOURCE_DIR}/captures)

function(ims_plugin_test name script)
  add_test(NAME plugin/${name}
    COMMAND ${IMS_PYTHON} -B ${CMAKE_CURRENT_SOURCE_DIR}/${script} ${ARGN})
  set_tests_properties(plugin/${name} PROPERTIES
    SKIP_RETURN_CODE 77 TIMEOUT 1800)
endfunction()

# Both front ends say the same of each capture, damaged ones among them.
set(damages 2)
set(tabled ${here} ${shared} ${shared}/public)
if(IMSLEUTH_SANITIZE)
  set(damages 1) # a run takes ten times as long
  set(tabled ${here})
endif()
ims_plugin_test(parity plugin/parity.py ${plugin_dir}
  $<TARGET_FILE:imsleuth> ${here} ${shared} ${shared}/public)
ims_plugin_test(parity_damaged plugin/parity.py --damage ${damages}
  ${plugin_dir} $<TARGET_FILE:imsleuth> ${here} ${shared}/public)
ims_plugin_test(tables plugin/tables.py ${plugin_dir}
  $<TARGET_FILE:imsleuth> ${tabled})

# What the plugin promises besides.
ims_plugin_test(behaviour plugin/behaviour.py ${plugin_dir}
  $<TARGET_FILE:imsleuth> ${here})
ims_plugin_test(decoded plugin/decoded.py ${plugin_dir}
  $<TARGET_FILE:imsleuth> ${here})
ims_plugin_test(false_claims plugin/false_claims.py ${plugin_dir})
ims_plugin_test(install plugin/install.py ${PROJECT_BINARY_DIR})

# A window with a sanitizer's runtime in it takes minutes to open.
if(NOT IMSLEUTH_SANITIZE)
  ims_plugin_test(window window/window.py ${PROJECT_SOURCE_DIR} ${plugin_dir})
endif()
