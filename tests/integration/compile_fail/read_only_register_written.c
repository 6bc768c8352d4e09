/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A register that can only be read is not written.
 * expect: dd_mmio_ro32.* not compatible with any
 */
#include "drydock/mmio.h"

void refused(struct dd_mmio_ro32 status, struct dd_mmio_rw32 control);

void refused(struct dd_mmio_ro32 status, struct dd_mmio_rw32 control)
{
    DD_MMIO_WRITE(control, DD_MMIO_READ(status));
    /* begin wrong */
    DD_MMIO_WRITE(status, 1);
    /* end wrong */
}
