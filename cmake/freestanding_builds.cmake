# SPDX-License-Identifier: MIT
# The kernel image built twice, with gcc and with clang, as sub-builds of the hosted one.
# Images: ${CMAKE_BINARY_DIR}/bin/kernel-gcc.elf and kernel-clang.elf.
include(ExternalProject)

foreach(compiler gcc clang)
  ExternalProject_Add(freestanding-${compiler}
    SOURCE_DIR ${CMAKE_SOURCE_DIR}
    BINARY_DIR ${CMAKE_BINARY_DIR}/freestanding-${compiler}
    CMAKE_GENERATOR ${CMAKE_GENERATOR}
    CMAKE_ARGS
      -DCMAKE_TOOLCHAIN_FILE=${CMAKE_SOURCE_DIR}/cmake/freestanding-${compiler}.cmake
      -DDRYDOCK_IMAGE=${CMAKE_BINARY_DIR}/bin/kernel-${compiler}.elf
    BUILD_ALWAYS ON
    INSTALL_COMMAND ""
    BUILD_BYPRODUCTS ${CMAKE_BINARY_DIR}/bin/kernel-${compiler}.elf)
endforeach()
