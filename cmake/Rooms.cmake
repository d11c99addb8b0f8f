# A room is one folder of sources, built as one object library. It is given
# the include paths of the rooms it may use and no others, so an include that
# points the wrong way does not compile.
#
#   ims_room(NAME [USES room...] [LINKS target...] SOURCES file...)
#
# The folder's own headers, the public ones of the engine (<ims/...>) and
# those of the rooms in USES are visible; LINKS are outside libraries.

add_library(ims_warnings INTERFACE)
target_compile_options(ims_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes
  -Wmissing-prototypes -Wunused-const-variable -Wwrite-strings -Wvla
  $<$<BOOL:${IMSLEUTH_WERROR}>:-Werror>)
if(IMSLEUTH_SANITIZE)
  target_compile_options(ims_warnings INTERFACE
    -fsanitize=${IMSLEUTH_SANITIZE} -fno-sanitize-recover=all
    -fno-omit-frame-pointer
    $<$<BOOL:${IMSLEUTH_FUZZ}>:-fsanitize=fuzzer-no-link>)
  add_link_options(-fsanitize=${IMSLEUTH_SANITIZE})
endif()

function(ims_room name)
  cmake_parse_arguments(ROOM "" "" "USES;LINKS;SOURCES" ${ARGN})
  add_library(${name} OBJECT ${ROOM_SOURCES})
  set(paths ${CMAKE_CURRENT_SOURCE_DIR})
  foreach(used IN LISTS ROOM_USES)
    get_target_property(path ${used} IMS_ROOM_PATH)
    list(APPEND paths ${path})
  endforeach()
  set_target_properties(${name} PROPERTIES
    IMS_ROOM_PATH ${CMAKE_CURRENT_SOURCE_DIR}
    IMS_ROOM_INCLUDES "${paths}")
  target_include_directories(${name} PRIVATE
    ${PROJECT_SOURCE_DIR}/engine/include ${paths})
  target_compile_definitions(${name} PRIVATE _GNU_SOURCE
    IMSLEUTH_VERSION="${PROJECT_VERSION}")
  target_link_libraries(${name} PRIVATE ims_warnings ${ROOM_LINKS})
endfunction()
