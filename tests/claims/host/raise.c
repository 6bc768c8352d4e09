/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The functions of tests/claims/raise.h where claims do not run on the
 * processor: claims that use them skip first, so a call is a broken claim.
 */
#include "tests/claims/raise.h"

#include <stdlib.h>

uint64_t raise_breakpoint(void)
{
    abort();
}

void raise_divide_error(uint32_t divisor)
{
    (void)divisor;
    abort();
}

void raise_invalid_opcode(void)
{
    abort();
}

void raise_selector(uint16_t selector)
{
    (void)selector;
    abort();
}

void raise_task(uint16_t selector)
{
    (void)selector;
    abort();
}

uint64_t raise_load(dd_vaddr address)
{
    (void)address;
    abort();
}

void raise_store(dd_vaddr address)
{
    (void)address;
    abort();
}

uint64_t raise_vector(uint32_t vector)
{
    (void)vector;
    abort();
}

// NOLINTNEXTLINE(readability-non-const-parameter): the processor's version writes to it
void raise_with_registers(uint64_t registers[15])
{
    (void)registers;
    abort();
}

uint64_t raise_with_direction_flag(void)
{
    abort();
}

uint64_t raise_with_alignment_check(void)
{
    abort();
}

uint64_t raise_read_rflags(void)
{
    abort();
}
