# Sanitizers hold for every target of the build: an uninstrumented half would hide what crosses the border.
if(TENURE_SANITIZE)
  list(JOIN TENURE_SANITIZE "," sanitizers)
  add_compile_options(-fsanitize=${sanitizers} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${sanitizers})
endif()
