/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bits of a register that cannot be read are not set: the others are not known.
 * expect: dd_mmio_wo16.* not compatible with any
 */
#include "drydock/mmio.h"

void refused(struct dd_mmio_wo16 command);

void refused(struct dd_mmio_wo16 command)
{
    DD_MMIO_WRITE(command, 1);
    /* begin wrong */
    DD_MMIO_SET(command, 1);
    /* end wrong */
}
