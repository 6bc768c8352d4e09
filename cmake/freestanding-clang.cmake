# SPDX-License-Identifier: MIT
# Toolchain: freestanding x86-64 with clang and lld.
set(CMAKE_C_COMPILER clang)
set(CMAKE_ASM_COMPILER clang)
set(CMAKE_C_COMPILER_TARGET x86_64-unknown-none-elf)
set(CMAKE_ASM_COMPILER_TARGET x86_64-unknown-none-elf)
find_program(CMAKE_LINKER ld.lld REQUIRED)
include(${CMAKE_CURRENT_LIST_DIR}/freestanding.cmake)
