# What the laboratory is made of, as far as that needs no laboratory: the
# scenarios themselves are played by scripts/lab.
file(GLOB lab_tests CONFIGURE_DEPENDS lab/test_*.py)
foreach(test IN LISTS lab_tests)
  get_filename_component(name ${test} NAME_WE)
  string(REPLACE "test_" "" name ${name})
  add_test(NAME lab/${name} COMMAND ${IMS_PYTHON} -B ${test})
endforeach()
