# Finds Boost and Eigen headers for the build, and again for whoever uses the installed package: this file is installed
# beside tenureConfig.cmake. Header packages from PyPI are not on CMake's search path, so their folders are hints.
# Sets TENURE_MISSING_DEPENDENCY to a message when something is not found.
set(TENURE_MISSING_DEPENDENCY "")
block(PROPAGATE TENURE_MISSING_DEPENDENCY)
  # The targets must also be seen by a project that adds this one as a subdirectory.
  set(CMAKE_FIND_PACKAGE_TARGETS_GLOBAL ON)

  set(roots ${TENURE_DEPS_ROOTS})
  foreach(prefix IN LISTS CMAKE_PREFIX_PATH TENURE_SITE_PACKAGES)
    foreach(package IN ITEMS cmeel.prefix boost_headers libboost_headers)
      if(IS_DIRECTORY "${prefix}/${package}")
        list(APPEND roots "${prefix}/${package}")
      endif()
    endforeach()
  endforeach()
  if(TENURE_PIP_HEADERS)
    # Build isolation puts build.requires into a prefix that CMAKE_PREFIX_PATH does not name; the interpreter knows it.
    find_package(Python COMPONENTS Interpreter QUIET)
    execute_process(
      COMMAND "${Python_EXECUTABLE}" -c "import importlib.util as u, os, sys
roots = [os.path.dirname(s.origin) for s in map(u.find_spec, ('boost_headers', 'libboost_headers')) if s and s.origin]
roots += [d for d in (os.path.join(p, 'cmeel.prefix') for p in sys.path) if os.path.isdir(d)]
print(';'.join(roots))"
      OUTPUT_VARIABLE found OUTPUT_STRIP_TRAILING_WHITESPACE)
    list(APPEND roots ${found})
  endif()

  if(NOT TARGET Boost::headers)
    find_package(Boost 1.74 CONFIG QUIET HINTS ${roots})
  endif()
  if(NOT TARGET Boost::headers)
    find_path(TENURE_BOOST_INCLUDE_DIR boost/date_time/gregorian/gregorian_types.hpp HINTS ${roots} PATH_SUFFIXES include)
    if(TENURE_BOOST_INCLUDE_DIR)
      add_library(Boost::headers INTERFACE IMPORTED GLOBAL)
      target_include_directories(Boost::headers SYSTEM INTERFACE "${TENURE_BOOST_INCLUDE_DIR}")
    else()
      string(APPEND TENURE_MISSING_DEPENDENCY "tenure needs Boost headers >= 1.74: install libboost-dev (Debian) or "
        "boost-headers (pip), or set TENURE_BOOST_INCLUDE_DIR. ")
    endif()
  endif()

  # No version asked: Eigen's own version file would refuse a later major.
  find_package(Eigen3 CONFIG QUIET HINTS ${roots})
  if(NOT TARGET Eigen3::Eigen)
    string(APPEND TENURE_MISSING_DEPENDENCY "tenure needs Eigen >= 3.4: install libeigen3-dev (Debian) or "
      "cmeel-eigen (pip), or set Eigen3_DIR.")
  endif()
endblock()
