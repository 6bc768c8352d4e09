/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A register is at a virtual address; a physical one does not make a handle.
 * expect: incompatible type|incompatible types
 */
#include "drydock/mmio.h"

uint32_t refused(dd_vaddr virtual, dd_paddr physical);

uint32_t refused(dd_vaddr virtual, dd_paddr physical)
{
    struct dd_mmio_ro32 reg = {virtual};
    uint32_t value = DD_MMIO_READ(reg) + (uint32_t)physical.raw;
    /* begin wrong */
    struct dd_mmio_ro32 wrong = {.address = physical};
    value = DD_MMIO_READ(wrong);
    /* end wrong */
    return value;
}
