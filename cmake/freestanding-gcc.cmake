# SPDX-License-Identifier: MIT
# Toolchain: freestanding x86-64 with gcc and GNU ld.
set(CMAKE_C_COMPILER gcc)
set(CMAKE_ASM_COMPILER gcc)
find_program(CMAKE_LINKER ld REQUIRED)
include(${CMAKE_CURRENT_LIST_DIR}/freestanding.cmake)
