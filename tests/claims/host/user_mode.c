/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What tests/claims/user_mode_code.h declares, where claims do not run on the
 * processor: claims that use it skip first, so a call is a broken claim.
 */
#include "tests/claims/user_mode_code.h"

#include <stdlib.h>

const uint8_t user_mode_code[1];
const uint8_t user_mode_code_end[1];
const uint64_t user_mode_offsets[1];
uint64_t user_mode_rsp;

uint64_t user_mode_switch(const struct dd_interrupt_frame *frame,
                          uint64_t (*function)(const struct dd_interrupt_frame *frame))
{
    (void)frame;
    (void)function;
    abort();
}

void user_mode_back(void)
{
    abort();
}

void user_mode_gate(void)
{
    abort();
}
