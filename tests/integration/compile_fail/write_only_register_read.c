/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A register that can only be written is not read.
 * expect: dd_mmio_wo8.* not compatible with any
 */
#include "drydock/mmio.h"

uint8_t refused(struct dd_mmio_wo8 command);

uint8_t refused(struct dd_mmio_wo8 command)
{
    DD_MMIO_WRITE(command, 1);
    /* begin wrong */
    return DD_MMIO_READ(command);
    /* end wrong */
    return 0;
}
