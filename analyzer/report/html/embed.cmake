# Puts the page of -f html together and makes it a C source, PAGE.
#
#   cmake -DFOLDER=... -DPAGE=... -P embed.cmake
#
# page.html has places for the style, the script, the SHA-256 by which the
# page's Content-Security-Policy knows each of them, and the data, at which it
# is cut in two. Style and script are each made of several files, in order:
set(styles colours plain page panel narrow print)
set(scripts dom words data theme notices summary times filters table latency
  ladder step finding panel rules captures print main)

# The bytes that `hex` writes, in base64 (RFC 4648): six bits a character.
function(base64_of result hex)
  set(alphabet
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
  string(LENGTH "${hex}" length)
  set(out "")
  foreach(at RANGE 0 ${length} 6)
    string(SUBSTRING "${hex}" ${at} 6 group)
    string(LENGTH "${group}" digits)
    if(digits EQUAL 0)
      break()
    endif()
    string(SUBSTRING "${group}00000" 0 6 padded)
    foreach(shift 18 12 6 0)
      math(EXPR place "(0x${padded} >> ${shift}) & 63")
      string(SUBSTRING "${alphabet}" ${place} 1 letter)
      string(APPEND out "${letter}")
    endforeach()
    # Of a last group of one or two bytes, two or three characters count.
    if(digits EQUAL 2)
      string(REGEX REPLACE "..$" "==" out "${out}")
    elseif(digits EQUAL 4)
      string(REGEX REPLACE ".$" "=" out "${out}")
    endif()
  endforeach()
  set(${result} "${out}" PARENT_SCOPE)
endfunction()

function(read_part result name)
  file(READ ${FOLDER}/${name} text)
  # Plain ASCII is the same in every character set, and in C.
  if(text MATCHES "[^\n\t -~]")
    message(FATAL_ERROR "${name}: a character that is not ASCII")
  endif()
  # What would end the element that it is put into.
  string(TOLOWER "${text}" lower)
  if(NOT name STREQUAL "page.html" AND
      lower MATCHES "<!--|</style|</?script")
    message(FATAL_ERROR "${name}: '${CMAKE_MATCH_0}'")
  endif()
  set(${result} "${text}" PARENT_SCOPE)
endfunction()

function(hash_of result text)
  string(SHA256 hex "${text}")
  base64_of(base64 ${hex})
  set(${result} "sha256-${base64}" PARENT_SCOPE)
endfunction()

# As an array: no compiler need take a string of any length.
function(array_of result name text)
  file(WRITE ${PAGE}.part "${text}")
  file(READ ${PAGE}.part hex HEX)
  file(REMOVE ${PAGE}.part)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  string(REGEX REPLACE "(0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,)" "\\1\n"
    bytes "${bytes}")
  set(${result} "const char ${name}[] = {\n${bytes}0};\n" PARENT_SCOPE)
endfunction()

read_part(page page.html)
set(style "")
foreach(name IN LISTS styles)
  read_part(part ${name}.css)
  string(APPEND style "${part}")
endforeach()
set(script "")
foreach(name IN LISTS scripts)
  read_part(part ${name}.js)
  string(APPEND script "${part}")
endforeach()
hash_of(style_hash "${style}")
hash_of(script_hash "${script}")

string(REPLACE "@STYLE_HASH@" "${style_hash}" page "${page}")
string(REPLACE "@SCRIPT_HASH@" "${script_hash}" page "${page}")
string(REPLACE "@STYLE@" "${style}" page "${page}")
string(REPLACE "@SCRIPT@" "${script}" page "${page}")
string(FIND "${page}" "@DATA@" cut)
string(SUBSTRING "${page}" 0 ${cut} head)
math(EXPR cut "${cut} + 6")
string(SUBSTRING "${page}" ${cut} -1 tail)

array_of(head_array ims_html_head "${head}")
array_of(tail_array ims_html_tail "${tail}")
file(WRITE ${PAGE} "#include \"html_page.h\"\n\n${head_array}\n${tail_array}")
