# Faster tools where the machine has them: ccache as the compiler's launcher, mold or lld as the linker.
# A choice made on the command line (CMAKE_CXX_COMPILER_LAUNCHER, CMAKE_EXE_LINKER_FLAGS) is left alone.
include(CheckCXXSourceCompiles)

if(NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
  find_program(HEADWAY_CCACHE ccache)
  mark_as_advanced(HEADWAY_CCACHE)
  if(HEADWAY_CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${HEADWAY_CCACHE})
  endif()
endif()

if(NOT CMAKE_EXE_LINKER_FLAGS MATCHES "-fuse-ld=")
  foreach(linker mold lld)
    set(CMAKE_REQUIRED_LINK_OPTIONS -fuse-ld=${linker})
    check_cxx_source_compiles("int main() {}" HEADWAY_LINKS_WITH_${linker})
    unset(CMAKE_REQUIRED_LINK_OPTIONS)
    if(HEADWAY_LINKS_WITH_${linker})
      add_link_options(-fuse-ld=${linker})
      break()
    endif()
  endforeach()
endif()
