# SPDX-License-Identifier: MIT
# drydock_sanitizers: every hosted target runs under ASan and UBSan and stops at the first report.
# Only the bench preset goes without: there is nothing to verify in it.
add_library(drydock_sanitizers INTERFACE)
option(DRYDOCK_SANITIZE "Compile hosted code with ASan and UBSan" ON)
if(DRYDOCK_SANITIZE)
  set(flags -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_compile_options(drydock_sanitizers INTERFACE ${flags})
  target_link_options(drydock_sanitizers INTERFACE ${flags})
else()
  # Sentences are cut to their buffers on purpose; gcc guesses at that only when it optimises.
  target_compile_options(drydock_sanitizers INTERFACE -Wno-format-truncation)
endif()

# The coverage preset adds gcov's counters to everything that is hosted.
option(DRYDOCK_COVERAGE "Compile for ./dev coverage" OFF)
if(DRYDOCK_COVERAGE)
  target_compile_options(drydock_sanitizers INTERFACE --coverage -fprofile-update=atomic)
  target_link_options(drydock_sanitizers INTERFACE --coverage)
endif()

# The fuzz preset lets libFuzzer see which code an input reaches. Only clang has it.
option(DRYDOCK_FUZZ "Make the targets of tests/fuzz programs of libFuzzer" OFF)
if(DRYDOCK_FUZZ)
  target_compile_options(drydock_sanitizers INTERFACE -fsanitize=fuzzer-no-link -O2 -g)
  # What values are compared with helps to find new code, and takes half of the time.
  option(DRYDOCK_FUZZ_COMPARISONS "Let libFuzzer see what values are compared with" ON)
  if(NOT DRYDOCK_FUZZ_COMPARISONS)
    target_compile_options(drydock_sanitizers INTERFACE -fno-sanitize-coverage=trace-cmp)
  endif()
endif()
