/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The driver for libFuzzer, which has main() and makes up the inputs. */
#include "tests/fuzz/fuzz.h"

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer calls it by this name
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

// NOLINTNEXTLINE(readability-identifier-naming)
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    fuzz_one(bytes, size);
    return 0;
}
