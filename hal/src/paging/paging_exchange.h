/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Writing over the entry of a page while other processors use it.
 *
 * A processor sets the accessed and the dirty bit of an entry whenever it likes, by a locked
 * operation that finds the entry present: [SDM 3A] 4.8, 8.1.2.1. A bit that comes between the read
 * and the write of an entry would be lost, and with a dirty bit a change of memory. So the write is
 * locked too, and done only if the entry is still what was read. Once the entry denies it, no
 * processor sets the bit any more.
 */
#ifndef DRYDOCK_PAGING_EXCHANGE_H
#define DRYDOCK_PAGING_EXCHANGE_H

#include <stdbool.h>
#include <stdint.h>

/**
 * Write an entry, if it is still what was read.
 *
 * @param exclusive      no other processor can be setting a bit: a plain store does
 * @param[in,out] entry  what was read; if that is not what is there now, what is
 * @return whether it was written
 */
static inline bool dd_paging_exchange(volatile uint64_t *slot, bool exclusive, uint64_t *entry,
                                      uint64_t value)
{
    uint64_t expected = *entry;
    bool written = false;

    if (exclusive) {
        *slot = value;
        return true;
    }
    written = __atomic_compare_exchange_n(slot, &expected, value, false, __ATOMIC_SEQ_CST,
                                          __ATOMIC_SEQ_CST);
    *entry = expected;
    return written;
}

/**
 * Replace the bits of a mask in an entry. A processor sets two bits at most, so it takes no more
 * than three attempts.
 *
 * @return the entry as it was at last
 */
static inline uint64_t dd_paging_replace(volatile uint64_t *slot, bool exclusive, uint64_t mask,
                                         uint64_t bits)
{
    uint64_t entry = *slot;

    while (!dd_paging_exchange(slot, exclusive, &entry, (entry & ~mask) | bits)) {
    }
    return entry;
}

#endif
