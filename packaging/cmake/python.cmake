# Finds interpreters as they are on users' machines: the first python3 is often one without PyTorch.
# HINDCAST_PYTHON: any CPython 3.9+ with headers' ABI; HINDCAST_TORCH_PYTHON: one that imports torch ("" when there is none).
function(hindcast_find_python variable module)
  set(candidates "$ENV{HINDCAST_PYTHON}" /usr/bin/python3 python3 /usr/local/bin/python3)
  foreach(candidate IN LISTS candidates)
    if(candidate STREQUAL "")
      continue()
    endif()
    execute_process(COMMAND ${candidate} -c "import sys, ${module}; assert sys.version_info >= (3, 9); print(sys.executable)"
      OUTPUT_VARIABLE found ERROR_QUIET RESULT_VARIABLE failed OUTPUT_STRIP_TRAILING_WHITESPACE)
    if(NOT failed)
      set(${variable} "${found}" CACHE FILEPATH "Python interpreter with ${module}")
      return()
    endif()
  endforeach()
  set(${variable} "" CACHE FILEPATH "Python interpreter with ${module}")
endfunction()

if(NOT HINDCAST_PYTHON)
  hindcast_find_python(HINDCAST_PYTHON json)
endif()
if(HINDCAST_TESTS AND NOT HINDCAST_TORCH_PYTHON)
  hindcast_find_python(HINDCAST_TORCH_PYTHON torch)
  message(STATUS "Python with PyTorch for the tests: ${HINDCAST_TORCH_PYTHON}")
endif()

# hindcast_python_test(name FILE test_x.py LABELS …): one pytest file as a CTest, with the built package importable.
function(hindcast_python_test name)
  cmake_parse_arguments(ARG "" "FILE;TIMEOUT" "LABELS" ${ARGN})
  add_test(NAME ${name} COMMAND ${HINDCAST_TORCH_PYTHON} -m pytest -q -p no:cacheprovider "${ARG_FILE}")
  set_tests_properties(${name} PROPERTIES LABELS "${ARG_LABELS}"
    ENVIRONMENT "PYTHONPATH=${CMAKE_BINARY_DIR}/python;PYTHONDONTWRITEBYTECODE=1;HINDCAST_PROGRAM=${CMAKE_BINARY_DIR}/bin/hindcast")
  if(ARG_TIMEOUT)
    set_tests_properties(${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT})
  endif()
endfunction()
