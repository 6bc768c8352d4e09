/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Bytes that an entry of each level stands for, and where the upper half begins.
 */
#ifndef DRYDOCK_TESTS_UNIT_PAGING_SIZES_H
#define DRYDOCK_TESTS_UNIT_PAGING_SIZES_H

#include <stdint.h>

#define K UINT64_C(0x1000)             /**< a 4-KByte page */
#define M UINT64_C(0x200000)           /**< a 2-MByte page */
#define G UINT64_C(0x40000000)         /**< a 1-GByte page */
#define T UINT64_C(0x8000000000)       /**< a PML4 entry: 512 GiB */
#define U UINT64_C(0xFFFF800000000000) /**< the upper half */

#endif
