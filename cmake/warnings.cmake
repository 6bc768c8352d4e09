# SPDX-License-Identifier: MIT
# drydock_warnings: what every target of ours is compiled with, gcc and clang alike.
add_library(drydock_warnings INTERFACE)
target_compile_options(drydock_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wundef -Wstrict-prototypes -Wmissing-prototypes
  -Wvla -Wcast-align -Wpointer-arith -Wwrite-strings -Werror)
