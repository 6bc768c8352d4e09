/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/unit/insn_recorder.h"

#include <check.h>

struct recorded_insn recorded[8];
unsigned int recorded_count;

void insn_recorder_reset(void)
{
    recorded_count = 0;
}

void dd_hosted_execute(enum dd_hosted_insn insn, struct dd_hosted_operands *operands)
{
    ck_assert_uint_lt(recorded_count, sizeof recorded / sizeof recorded[0]);
    recorded[recorded_count++] = (struct recorded_insn){insn, *operands};
}
