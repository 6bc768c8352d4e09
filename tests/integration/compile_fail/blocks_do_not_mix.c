/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A register of one block is not asked of another.
 * expect: incompatible type
 */
#include "drydock/mmio_block.h"

#define REGISTERS(X, block) X(REGISTER, block, ro32, status, 0x00)
DD_MMIO_BLOCK(disk, 0x10, REGISTERS)
DD_MMIO_BLOCK(clock, 0x10, REGISTERS)

uint32_t refused(struct disk disk, struct clock clock);

uint32_t refused(struct disk disk, struct clock clock)
{
    uint32_t status = DD_MMIO_READ(disk_status(disk)) + DD_MMIO_READ(clock_status(clock));
    /* begin wrong */
    status = DD_MMIO_READ(disk_status(clock));
    /* end wrong */
    return status;
}
