/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A field that needs more bits than the register has is not looked for in it.
 * expect: field beyond the register
 */
#include "drydock/mmio.h"

enum {
    HIGH_HI = 33,
    HIGH_LO = 31
};

uint64_t refused(struct dd_mmio_ro64 wide, struct dd_mmio_ro32 narrow);

uint64_t refused(struct dd_mmio_ro64 wide, struct dd_mmio_ro32 narrow)
{
    uint64_t field = DD_MMIO_GET_FIELD(wide, HIGH) + DD_MMIO_READ(narrow);
    /* begin wrong */
    field = DD_MMIO_GET_FIELD(narrow, HIGH);
    /* end wrong */
    return field;
}
