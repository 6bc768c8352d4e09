/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Where linear addresses end in the paging mode that is in use, read without the library.
 */
#ifndef DRYDOCK_TESTS_LINEAR_H
#define DRYDOCK_TESTS_LINEAR_H

#include <stdint.h>

#include "drydock/addr.h"
#include "drydock/arch/insn.h"

/** Bits of linear addresses. Spec: [SDM 3A] 4.1.1: 57 with CR4.LA57, which is bit 12, else 48. */
static inline unsigned int linear_width(void)
{
    return (dd_read_cr4() >> 12 & 1) != 0 ? 57 : 48;
}

/** The first address of the hole between the halves. Spec: [SDM 1] 3.3.7.1. */
static inline dd_vaddr first_of_the_hole(void)
{
    return dd_vaddr_from(UINT64_C(1) << (linear_width() - 1));
}

#endif
