/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>

void fuzz_require(bool holds, const char *sentence)
{
    if (!holds) {
        (void)fprintf(stderr, "fuzz: this does not hold: %s\n", sentence);
        abort();
    }
}
