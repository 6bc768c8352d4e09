# SPDX-License-Identifier: MIT
# What a kernel is compiled with: no libc, no red zone (an interrupt would overwrite it), general
# registers only (an interrupt would have to save the others), code and data in the low 2 GiB.
# Included by the toolchain files; compilers and linker are set there.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR x86_64)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(DRYDOCK_FREESTANDING ON)

string(JOIN " " CMAKE_C_FLAGS_INIT
  -ffreestanding -mno-red-zone -mgeneral-regs-only -mcmodel=small -fno-pic -fno-pie
  -fno-stack-protector -fno-asynchronous-unwind-tables -fcf-protection=none
  -fno-omit-frame-pointer -O2 -g)
set(CMAKE_ASM_FLAGS_INIT "-fno-pic -g")

# The linker itself: a compiler driver would add the host's start files and libraries.
set(CMAKE_C_LINK_EXECUTABLE
  "<CMAKE_LINKER> -nostdlib -static -z max-page-size=4096 -z noexecstack <LINK_FLAGS> <OBJECTS> -o <TARGET> <LINK_LIBRARIES>")
set(CMAKE_ASM_LINK_EXECUTABLE "${CMAKE_C_LINK_EXECUTABLE}")
