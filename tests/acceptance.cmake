# What is tested through the engine or the program as a whole.
find_program(IMS_PYTHON NAMES python3 PATHS /usr/bin NO_DEFAULT_PATH)
if(NOT IMS_PYTHON)
  find_program(IMS_PYTHON NAMES python3 REQUIRED)
endif()
set(library ${CMAKE_CURRENT_SOURCE_DIR}/scn/lib)

add_subdirectory(tools)

# A rule's specimens: tests/rules/SLUG/{fires,quiet}.scn.
file(GLOB folders CONFIGURE_DEPENDS rules/*)
foreach(folder IN LISTS folders)
  if(IS_DIRECTORY ${folder})
    get_filename_component(slug ${folder} NAME)
    add_test(NAME rules/${slug}
      COMMAND scn_run ${library} rule ${folder})
  endif()
endforeach()

# Flows that succeed, and scenarios of no single rule.
file(GLOB flows CONFIGURE_DEPENDS scn/flows/*.scn)
foreach(flow IN LISTS flows)
  get_filename_component(name ${flow} NAME_WE)
  add_test(NAME flows/${name} COMMAND scn_run ${library} flow ${flow})
endforeach()

# Scenarios that are wrong are refused.
add_test(NAME flows/wrong
  COMMAND ${IMS_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/scn/check_wrong.py
    $<TARGET_FILE:scn_run> ${CMAKE_CURRENT_SOURCE_DIR}/scn)

# What is true of real captures. The two of /shared are there only where
# they lie beside the checkout; status 77 says that they were skipped.
set(golden ${CMAKE_CURRENT_SOURCE_DIR}/golden)
get_filename_component(shared ${PROJECT_SOURCE_DIR}/../shared/captures
  ABSOLUTE)
set(truth ${IMS_PYTHON} ${golden}/check_truth.py)

add_test(NAME golden/truth
  COMMAND ${truth} $<TARGET_FILE:imsleuth> ${PROJECT_SOURCE_DIR}/captures)
add_test(NAME golden/truth_shared
  COMMAND ${truth} $<TARGET_FILE:imsleuth> ${shared})
add_test(NAME golden/no_false_alarm
  COMMAND ${truth} --truth ${golden}/public.json $<TARGET_FILE:imsleuth>
    ${shared}/public)
set(rounds 20)
if(IMSLEUTH_SANITIZE)
  set(rounds 3) # a run takes ten times as long
endif()
add_test(NAME golden/loss
  COMMAND ${IMS_PYTHON} ${golden}/loss.py --rounds ${rounds}
    $<TARGET_FILE:imsleuth> ${PROJECT_SOURCE_DIR}/captures)
add_test(NAME golden/reports
  COMMAND ${IMS_PYTHON} ${golden}/reports.py $<TARGET_FILE:imsleuth>)
add_test(NAME golden/threads
  COMMAND ${IMS_PYTHON} ${golden}/threads.py $<TARGET_FILE:imsleuth>)
set_tests_properties(golden/truth golden/truth_shared golden/no_false_alarm
  golden/loss golden/reports golden/threads PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 600)

# Without their subscribers captures say the same, and name nobody.
set(anonymize ${IMS_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/anonymize/anonymize.py
  ${PROJECT_BINARY_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
add_test(NAME anonymize/captures
  COMMAND ${anonymize} ${PROJECT_SOURCE_DIR}/captures)
add_test(NAME anonymize/shared COMMAND ${anonymize} ${shared}/public)
set(anonymize_tests anonymize/captures anonymize/shared)
if(NOT IMSLEUTH_SANITIZE) # a run takes ten times as long
  add_test(NAME anonymize/scenarios COMMAND ${anonymize} --scenarios)
  list(APPEND anonymize_tests anonymize/scenarios)
endif()
set_tests_properties(${anonymize_tests} PROPERTIES SKIP_RETURN_CODE 77
  TIMEOUT 600)

# Annotated captures: their packets, their comments, and read again.
add_test(NAME annotate
  COMMAND ${IMS_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/annotate/annotate.py
    $<TARGET_FILE:imsleuth> $<TARGET_FILE:scn2pcapng>
    ${PROJECT_SOURCE_DIR}/captures)
set_tests_properties(annotate PROPERTIES TIMEOUT 600)

# Captures with known faults, of many shapes, whole, in parts, cut and with
# packets missing (see generated/README.md).
add_test(NAME generated
  COMMAND ${IMS_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/generated/check.py
    --seed 1 --seeds 1 --rounds 1 --bursts 1 $<TARGET_FILE:imsleuth>)
set_tests_properties(generated PROPERTIES TIMEOUT 600)

# The captures that benchmarks are run on hold what they are said to. (What a
# sanitizer would find in it, it finds in those of tests/generated.)
if(NOT IMSLEUTH_SANITIZE)
  add_test(NAME bench/captures
    COMMAND ${IMS_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/bench/check_captures.py
      $<TARGET_FILE:imsleuth>)
endif()

# Diagrams as Mermaid itself reads them; scripts/test has npm install it. Most
# of the time is Mermaid's: once is enough.
if(NOT IMSLEUTH_SANITIZE)
  add_test(NAME mermaid
    COMMAND ${IMS_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/mermaid/mermaid.py
      $<TARGET_FILE:imsleuth> ${PROJECT_SOURCE_DIR}/captures
      ${PROJECT_SOURCE_DIR}/build/mermaid)
  set_tests_properties(mermaid PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 600)
endif()

# Hostile captures: by the optimised program, whose memory and instructions mean
# something (scripts/test has the step `speed` for it), and with sanitizers.
set(bench ${CMAKE_CURRENT_SOURCE_DIR}/bench)
set(is_fast OFF)
if(CMAKE_BUILD_TYPE MATCHES "^Rel" AND NOT IMSLEUTH_SANITIZE)
  set(is_fast ON)
endif()
set(families packets messages giants diameter)
if(is_fast)
  set(size --memory --growth)
elseif(IMSLEUTH_SANITIZE)
  set(size --packets 1000)
else()
  set(families "")
endif()
foreach(family IN LISTS families)
  add_test(NAME bench/hostile/${family}
    COMMAND ${IMS_PYTHON} ${bench}/check_hostile.py ${size} --family ${family}
      $<TARGET_FILE:imsleuth>)
  set_tests_properties(bench/hostile/${family} PROPERTIES TIMEOUT 900)
endforeach()
if(is_fast)
  add_test(NAME bench/instructions
    COMMAND ${IMS_PYTHON} ${bench}/instructions.py $<TARGET_FILE:imsleuth>)
  set_tests_properties(bench/instructions PROPERTIES SKIP_RETURN_CODE 77)
endif()

# What is written of figures is what was measured.
add_test(NAME bench/figures
  COMMAND ${IMS_PYTHON} ${bench}/figures.py --check)
set_tests_properties(bench/figures PROPERTIES SKIP_RETURN_CODE 77)

# imsleuth.schema.json is what the catalogue and the outputs are. (With
# sanitizers golden/ writes the same.)
if(NOT IMSLEUTH_SANITIZE)
  add_test(NAME schema
    COMMAND ${IMS_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/schema/check_schema.py
      $<TARGET_FILE:imsleuth>
      ${PROJECT_SOURCE_DIR}/analyzer/report/imsleuth.schema.json
      ${PROJECT_SOURCE_DIR}/captures)
  set_tests_properties(schema PROPERTIES SKIP_RETURN_CODE 77)
endif()

# A scenario fed to the engine, and the same as a capture: one story.
add_test(NAME parity/scenarios
  COMMAND ${IMS_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/parity/scenarios.py
    ${PROJECT_BINARY_DIR} ${CMAKE_CURRENT_SOURCE_DIR})

# A live capture: findings while it goes on, its end, its drops. Most of the
# time is waiting.
foreach(what pipe interface)
  add_test(NAME live/${what}
    COMMAND ${IMS_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/live/live.py
      $<TARGET_FILE:imsleuth> ${PROJECT_SOURCE_DIR}/captures ${what})
  set_tests_properties(live/${what} PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 300)
endforeach()

# Vendor signatures, from the file to the report.
add_test(NAME signatures
  COMMAND ${IMS_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/signatures/signatures.py
    $<TARGET_FILE:imsleuth> $<TARGET_FILE:scn2pcapng>
    ${PROJECT_SOURCE_DIR}/captures)

# The folders' arrows, and what every header keeps.
set(rooms "")
foreach(room base sip diameter facts pseudonyms signatures chain rules network
    story capture anonymize report annotate signature_files cli)
  get_target_property(includes ${room} IMS_ROOM_INCLUDES)
  string(APPEND rooms "${room};${includes}\n")
endforeach()
if(TARGET plugin)
  get_target_property(includes plugin IMS_ROOM_INCLUDES)
  string(APPEND rooms "plugin;${includes}\n")
endif()
file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/rooms.txt "${rooms}")
if(NOT IMSLEUTH_SANITIZE) # what compiles does so with them too
  add_test(NAME arrows
    COMMAND ${IMS_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/arrows/arrows.py
      ${CMAKE_C_COMPILER} ${PROJECT_SOURCE_DIR}
      ${CMAKE_CURRENT_BINARY_DIR}/rooms.txt)
endif()

# Every command that the documents show; what they write, golden/reports writes
# with sanitizers.
set(plugin_dir "")
if(TARGET plugin)
  set(plugin_dir ${PROJECT_BINARY_DIR}/plugin/wireshark)
endif()
if(NOT IMSLEUTH_SANITIZE)
  add_test(NAME documents
    COMMAND ${IMS_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/documents/documents.py
      $<TARGET_FILE:imsleuth> ${PROJECT_SOURCE_DIR} ${plugin_dir})
endif()
