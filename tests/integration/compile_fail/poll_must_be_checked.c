/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether a device was ready in time cannot be ignored.
 * expect: unused.result
 */
#include "drydock/mmio.h"

enum dd_status refused(struct dd_mmio_ro64 status, const struct dd_mmio_condition *ready);

enum dd_status refused(struct dd_mmio_ro64 status, const struct dd_mmio_condition *ready)
{
    uint64_t value = 0;
    /* begin wrong */
    DD_MMIO_POLL(status, ready, &value);
    /* end wrong */
    return DD_MMIO_POLL(status, ready, &value);
}
