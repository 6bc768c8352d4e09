/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A register that would reach out of its block is refused where the block is described.
 * expect: beyond the end of the block
 */
#include "drydock/mmio_block.h"

#define RIGHT(X, block) X(REGISTER, block, rw32, last, 0x0C)
DD_MMIO_BLOCK(right, 0x10, RIGHT)
/* begin wrong */
#define WRONG(X, block) X(REGISTER, block, rw32, last, 0x10)
DD_MMIO_BLOCK(wrong, 0x10, WRONG)
/* end wrong */
