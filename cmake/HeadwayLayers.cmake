# headway_layer(NAME [DEPENDS layer...] [LIBRARIES target...]): the objects of src/NAME and its folders, and what they
# may link.
# headway_take_layer(TARGET LAYER): the objects of a layer and of all below it, into a program.
# Who may include whom is not said here: ARCHITECTURE.md says it and scripts/check_layers.py holds it.

function(headway_layer name)
  cmake_parse_arguments(arg "" "" "DEPENDS;LIBRARIES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/${name}/*.cpp ${PROJECT_SOURCE_DIR}/src/${name}/*/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
  if(NOT sources)
    return()
  endif()
  add_library(headway_layer_${name} OBJECT ${sources})
  target_include_directories(headway_layer_${name} PUBLIC ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/include)
  target_compile_features(headway_layer_${name} PUBLIC cxx_std_20)
  set_target_properties(headway_layer_${name} PROPERTIES CXX_EXTENSIONS OFF POSITION_INDEPENDENT_CODE ON)
  target_link_libraries(headway_layer_${name} PRIVATE headway_build_flags ${arg_LIBRARIES})
  headway_precompile(headway_layer_${name} sources)
  # What a program that takes these objects must take too.
  set(closure ${name})
  foreach(layer IN LISTS arg_DEPENDS)
    get_property(below GLOBAL PROPERTY headway_closure_${layer})
    list(APPEND closure ${below})
  endforeach()
  list(REMOVE_DUPLICATES closure)
  set_property(GLOBAL PROPERTY headway_closure_${name} ${closure})
  set_property(GLOBAL PROPERTY headway_libraries_${name} ${arg_LIBRARIES})
  set_property(GLOBAL APPEND PROPERTY headway_built_layers ${name})
endfunction()

function(headway_take_layer target layer)
  get_property(closure GLOBAL PROPERTY headway_closure_${layer})
  foreach(below IN LISTS closure)
    get_property(libraries GLOBAL PROPERTY headway_libraries_${below})
    target_link_libraries(${target} PRIVATE ${libraries})
    # Object libraries do not pass on the objects of their dependencies: name them.
    target_sources(${target} PRIVATE $<TARGET_OBJECTS:headway_layer_${below}>)
  endforeach()
endfunction()
