/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A read gives a number of the width of the register, and room for another width is not taken.
 * expect: incompatible.pointer.types
 */
#include "drydock/mmio.h"

enum dd_status refused(struct dd_mmio_ro32 status, const struct dd_mmio_condition *ready);

enum dd_status refused(struct dd_mmio_ro32 status, const struct dd_mmio_condition *ready)
{
    uint32_t value = 0;
    enum dd_status result = DD_MMIO_POLL(status, ready, &value);
    /* begin wrong */
    uint64_t wide = 0;
    result = DD_MMIO_POLL(status, ready, &wide);
    /* end wrong */
    return result;
}
