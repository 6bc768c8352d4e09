/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A register table that describes a bit twice does not compile.
 * expect: every bit exactly once
 */
#include "drydock/field.h"

#define WHOLE(F) F(HIGH, 31, 8, RW) F(LOW, 7, 0, RW)
#define TWICE(F) F(HIGH, 31, 7, RW) F(LOW, 7, 0, RW)

enum {
    EXPECTED = 1
};

_Static_assert((0 WHOLE(DD_FIELD_OR)) == 0xFFFFFFFF && (0 WHOLE(DD_FIELD_SUM)) == 0xFFFFFFFF,
               "every bit exactly once");
/* begin wrong */
_Static_assert((0 TWICE(DD_FIELD_OR)) == 0xFFFFFFFF && (0 TWICE(DD_FIELD_SUM)) == 0xFFFFFFFF,
               "every bit exactly once");
/* end wrong */
