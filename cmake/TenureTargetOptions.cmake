# Flags of our own targets only; users of the headers keep theirs.
function(tenure_target_options target)
  if(CMAKE_CXX_COMPILER_ID MATCHES "GNU|Clang")
    # A fused multiply-add rounds once where two operations round twice: the same rows must give the same bits everywhere.
    target_compile_options(${target} PRIVATE -ffp-contract=off)
    target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wconversion -Wshadow)
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
      # A false alarm of GCC 12 in every "text" + std::string (its bug 105651).
      target_compile_options(${target} PRIVATE -Wno-restrict)
    endif()
    if(TENURE_WERROR)
      target_compile_options(${target} PRIVATE -Werror)
    endif()
  endif()
endfunction()
