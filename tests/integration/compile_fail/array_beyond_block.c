/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An array whose last element would reach out of its block is refused.
 * expect: beyond the end of the block
 */
#include "drydock/mmio_block.h"

#define RIGHT(X, block) X(ARRAY, block, rw32, entries, 0x00, 4, 4)
DD_MMIO_BLOCK(right, 0x10, RIGHT)
/* begin wrong */
#define WRONG(X, block) X(ARRAY, block, rw32, entries, 0x04, 4, 4)
DD_MMIO_BLOCK(wrong, 0x10, WRONG)
/* end wrong */
