/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A register at an offset that its width does not divide is refused.
 * expect: not aligned
 */
#include "drydock/mmio_block.h"

#define RIGHT(X, block) X(REGISTER, block, rw64, whole, 0x08)
DD_MMIO_BLOCK(right, 0x10, RIGHT)
/* begin wrong */
#define WRONG(X, block) X(REGISTER, block, rw64, whole, 0x04)
DD_MMIO_BLOCK(wrong, 0x10, WRONG)
/* end wrong */
