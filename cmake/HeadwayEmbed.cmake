# headway_embed(TARGET FUNCTION HEADER GLOB): the files below the source folder that match GLOB, as string literals in a
# source file of TARGET, so that the program needs no file at run time. FUNCTION() gives them, sorted by name; HEADER
# declares it. The work is done by cmake/EmbedFiles.cmake whenever one of the files has changed.

function(headway_embed target function header glob)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/${glob})
  list(SORT files)
  list(TRANSFORM files PREPEND ${PROJECT_SOURCE_DIR}/ OUTPUT_VARIABLE paths)
  list(JOIN files ":" names)
  set(embedded ${PROJECT_BINARY_DIR}/generated/${function}.cpp)
  add_custom_command(OUTPUT ${embedded}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${embedded} -DROOT=${PROJECT_SOURCE_DIR} -DFILES=${names} -DFUNCTION=${function}
      -DHEADER=${header} -P ${PROJECT_SOURCE_DIR}/cmake/EmbedFiles.cmake
    DEPENDS ${paths} ${PROJECT_SOURCE_DIR}/cmake/EmbedFiles.cmake
    COMMENT "Embedding ${glob}" VERBATIM)
  target_sources(${target} PRIVATE ${embedded})
endfunction()
