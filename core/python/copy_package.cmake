# Makes the Python files under TO those under FROM: copies what differs, removes what is gone.
cmake_minimum_required(VERSION 3.25)  # a script of its own has no policies yet
file(GLOB_RECURSE wanted RELATIVE "${FROM}" "${FROM}/*.py" "${FROM}/*.pyi" "${FROM}/py.typed")
file(GLOB_RECURSE present RELATIVE "${TO}" "${TO}/*.py" "${TO}/*.pyi" "${TO}/py.typed")
foreach(name IN LISTS present)
  if(NOT name IN_LIST wanted)
    file(REMOVE "${TO}/${name}")
  endif()
endforeach()
foreach(name IN LISTS wanted)
  cmake_path(GET name PARENT_PATH folder)
  file(MAKE_DIRECTORY "${TO}/${folder}")
  file(COPY_FILE "${FROM}/${name}" "${TO}/${name}" ONLY_IF_DIFFERENT)
endforeach()
