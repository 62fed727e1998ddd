# The Python grammar of tree-sitter. No distribution packages it, so it is fetched once from npm at configure time, its
# digest checked, and kept: later configures need no network, and a packager who sets HINDCAST_NPM_CACHE needs no npm.
# 0.23.6 is the newest release whose language version (14) the packaged runtime 0.20.7 accepts.
set(HINDCAST_GRAMMAR_VERSION 0.23.6)
set(HINDCAST_GRAMMAR_SHA512
  c8833dcf4a31288c53edb02d3ce860a1597a8135e59a5221b9eee58854f8a013c5fe585aec76b8750052f3602fea130c459a159c5248f0cea62fe4b05a82c3dc)
set(HINDCAST_NPM_CACHE "$ENV{HINDCAST_NPM_CACHE}" CACHE PATH "Folder with tree-sitter-python-<version>.tgz (empty: build and user caches, then npm)")

# Sets `out` to the first of `folders` that holds the tarball with the pinned digest, or to "".
function(hindcast_find_grammar out)
  set(${out} "" PARENT_SCOPE)
  foreach(folder ${ARGN})
    set(tarball "${folder}/tree-sitter-python-${HINDCAST_GRAMMAR_VERSION}.tgz")
    if(EXISTS "${tarball}")
      file(SHA512 "${tarball}" have)
      if(have STREQUAL HINDCAST_GRAMMAR_SHA512)
        set(${out} "${tarball}" PARENT_SCOPE)
        return()
      endif()
      message(WARNING "${tarball} does not have the pinned digest and is not used")
    endif()
  endforeach()
endfunction()

# Sets `out` to the tarball: from a cache, else from npm.
function(hindcast_fetch_grammar out)
  set(buildCache "${CMAKE_BINARY_DIR}/npm")
  if(DEFINED ENV{XDG_CACHE_HOME} AND NOT "$ENV{XDG_CACHE_HOME}" STREQUAL "")
    set(userCache "$ENV{XDG_CACHE_HOME}/hindcast")
  else()
    set(userCache "$ENV{HOME}/.cache/hindcast")
  endif()
  hindcast_find_grammar(tarball ${HINDCAST_NPM_CACHE} "${buildCache}" "${userCache}")
  if(NOT tarball)
    find_program(HINDCAST_NPM npm)
    if(NOT HINDCAST_NPM)
      message(FATAL_ERROR "tree-sitter-python-${HINDCAST_GRAMMAR_VERSION}.tgz is in no cache and npm is missing: "
        "install npm, or put the tarball into a folder and set HINDCAST_NPM_CACHE to it")
    endif()
    file(MAKE_DIRECTORY "${buildCache}")
    message(STATUS "Fetching tree-sitter-python ${HINDCAST_GRAMMAR_VERSION} from npm")
    execute_process(
      COMMAND "${HINDCAST_NPM}" pack --silent "--pack-destination=${buildCache}" "tree-sitter-python@${HINDCAST_GRAMMAR_VERSION}"
      OUTPUT_QUIET ERROR_VARIABLE problem RESULT_VARIABLE failed)
    hindcast_find_grammar(tarball "${buildCache}")
    if(failed OR NOT tarball)
      message(FATAL_ERROR "npm could not fetch tree-sitter-python ${HINDCAST_GRAMMAR_VERSION} with the pinned digest: ${problem}")
    endif()
    # A cache that cannot be written only costs the next configure a download.
    execute_process(COMMAND "${CMAKE_COMMAND}" -E make_directory "${userCache}" OUTPUT_QUIET ERROR_QUIET)
    execute_process(COMMAND "${CMAKE_COMMAND}" -E copy_if_different "${tarball}" "${userCache}/" OUTPUT_QUIET ERROR_QUIET)
  endif()
  set(${out} "${tarball}" PARENT_SCOPE)
endfunction()

# Defines the target hindcast_grammar_python. Its own headers are compiled in; project warnings do not apply to it.
function(hindcast_add_python_grammar)
  hindcast_fetch_grammar(tarball)
  set(folder "${CMAKE_BINARY_DIR}/grammar/tree-sitter-python-${HINDCAST_GRAMMAR_VERSION}")
  if(NOT EXISTS "${folder}/package/src/parser.c")
    file(ARCHIVE_EXTRACT INPUT "${tarball}" DESTINATION "${folder}")
  endif()
  add_library(hindcast_grammar_python STATIC "${folder}/package/src/parser.c" "${folder}/package/src/scanner.c")
  target_include_directories(hindcast_grammar_python PRIVATE "${folder}/package/src")
  target_compile_options(hindcast_grammar_python PRIVATE -w -O2)
endfunction()
