# headway_embed_rules(TARGET): rules/*.yaml as string literals in a source file of TARGET, so that the program needs no
# file at run time. The work is done by cmake/EmbedRules.cmake whenever a rule file has changed.

function(headway_embed_rules target)
  file(GLOB rule_files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/rules/*.yaml)
  set(embedded ${PROJECT_BINARY_DIR}/generated/embedded_rules.cpp)
  add_custom_command(OUTPUT ${embedded}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${embedded} -DFOLDER=${PROJECT_SOURCE_DIR}/rules
      -P ${PROJECT_SOURCE_DIR}/cmake/EmbedRules.cmake
    DEPENDS ${rule_files} ${PROJECT_SOURCE_DIR}/cmake/EmbedRules.cmake
    COMMENT "Embedding the explanation rules")
  target_sources(${target} PRIVATE ${embedded})
endfunction()
