# Warnings and hardening for our own code. System headers are exempt because find_package marks
# them SYSTEM. -Werror comes from the ci preset only, so that a newer compiler does not stop a user.
set(ENTENTE_WARNINGS -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion
    -Wold-style-cast -Wnon-virtual-dtor -Woverloaded-virtual -Wimplicit-fallthrough)
# g++ 12 reports overlapping memcpy in std::string's own operator+ (GCC bug 105651).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    list(APPEND ENTENTE_WARNINGS -Wno-restrict)
endif()
option(ENTENTE_WERROR "Warnings are errors" OFF)
if(ENTENTE_WERROR)
    list(APPEND ENTENTE_WARNINGS -Werror)
endif()
set(CMAKE_CXX_FLAGS_RELEASE "-O2")
set(CMAKE_C_FLAGS_RELEASE "-O2")
add_compile_definitions(_GLIBCXX_ASSERTIONS)
add_compile_options(-fstack-protector-strong -ffp-contract=off)
if(CMAKE_BUILD_TYPE STREQUAL "Release")
    add_compile_options(-D_FORTIFY_SOURCE=2)
endif()
