/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Registers of devices in memory: read, written, changed, waited for.
 *
 * A register is a handle whose type says how wide it is and what may be done with
 * it: struct dd_mmio_ro32 can only be read, struct dd_mmio_wo32 only written, struct
 * dd_mmio_rw32 both; likewise 8, 16 and 64. What is not allowed does not compile:
 *
 *     struct dd_mmio_ro32 status = {dd_vaddr_from(base + 0x04)};
 *
 *     if (DD_MMIO_GET_FIELD(status, MY_STATUS_READY) != 0) …
 *     DD_MMIO_WRITE(status, 1);   error: no association for struct dd_mmio_ro32
 *
 * Arrays of registers are in mmio_array.h, whole devices in mmio_block.h.
 *
 * Every access is one MOV of exactly the register's width, in program order: no
 * compiler merges, splits, repeats or leaves out one, at no level of optimisation.
 * A register must be aligned to its width; the processor may split what is not.
 * Spec: [SDM 3A] 8.1.1 (width), 8.2.2 (order).
 *
 * The macros evaluate each argument once.
 */
#ifndef DRYDOCK_MMIO_H
#define DRYDOCK_MMIO_H

#include <stdint.h>

#include "drydock/addr.h"
#include "drydock/arch/insn.h"
#include "drydock/attributes.h"
#include "drydock/field.h"
#include "drydock/mmio_handle.h"
#include "drydock/status.h"

/**
 * DD_MMIO_READ(reg): the contents of a register, a number of its width.
 *
 * @param reg  read-only or read-write
 */
#define DD_MMIO_READ(reg) DD_MMIO_OF_READABLE(reg, read)(reg)

/**
 * DD_MMIO_WRITE(reg, value): give a register new contents.
 *
 * @param reg    write-only or read-write
 * @param value  a number of its width
 */
#define DD_MMIO_WRITE(reg, value) DD_MMIO_OF_WRITABLE(reg, write)(reg, value)

/**
 * DD_MMIO_UPDATE(reg, mask, value): replace the bits of a mask: one read, one write.
 *
 * Not for registers with bits that a write of 1 clears (RW1C): what was read as 1
 * would be cleared. Those are written, DD_MMIO_WRITE(reg, DD_BITS(FIELD)).
 *
 * @param reg    read-write
 * @param mask   the bits to replace
 * @param value  what they become; other bits of it are ignored
 */
#define DD_MMIO_UPDATE(reg, mask, value) DD_MMIO_OF_BOTH(reg, update)(reg, mask, value)

/** DD_MMIO_SET(reg, mask): make bits 1, see DD_MMIO_UPDATE(). */
#define DD_MMIO_SET(reg, mask) DD_MMIO_OF_BOTH(reg, set)(reg, mask)

/** DD_MMIO_CLEAR(reg, mask): make bits 0, see DD_MMIO_UPDATE(). */
#define DD_MMIO_CLEAR(reg, mask) DD_MMIO_OF_BOTH(reg, clear)(reg, mask)

/**
 * DD_MMIO_GET_FIELD(reg, field): read a register and take one field of it, shifted down to bit 0.
 *
 * @param reg    read-only or read-write
 * @param field  a name of field.h; one beyond the register's width does not compile
 */
#define DD_MMIO_GET_FIELD(reg, field) \
    (DD_MMIO_CHECK_FIELD(reg, field), DD_GET(DD_MMIO_READ(reg), field))

/**
 * DD_MMIO_SET_FIELD(reg, field, value): replace one field: one read, one write. See
 * DD_MMIO_UPDATE() about bits that a write of 1 clears.
 *
 * @param reg    read-write
 * @param field  a name of field.h; one beyond the register's width does not compile
 * @param value  its low bits become the field
 */
#define DD_MMIO_SET_FIELD(reg, field, value) \
    (DD_MMIO_CHECK_FIELD(reg, field),        \
     DD_MMIO_OF_BOTH(reg, replace)(reg, DD_BITS(field), (uint64_t)(value) << (field##_LO)))

/**
 * DD_MMIO_POLL(reg, condition, value): read a register until it is as wished.
 *
 * There is a PAUSE between two reads, and none of them is made after the one that fits.
 *
 * @param reg         read-only or read-write
 * @param condition   address of a struct dd_mmio_condition
 * @param[out] value  address of a number of the register's width: what the last read gave
 * @retval DD_OK        the condition holds in *value
 * @retval DD_ETIMEOUT  it held in none of the reads; *value untouched, as after all failures
 * @retval DD_EARG      no polls at all, or expected bits outside the mask or the register; nothing
 *                      was read
 */
#define DD_MMIO_POLL(reg, condition, value) DD_MMIO_OF_READABLE(reg, poll)(reg, condition, value)

/** DD_MMIO_READ_ONLY(reg): a handle of the same register that cannot write; @p reg can read. */
#define DD_MMIO_READ_ONLY(reg) DD_MMIO_OF_READABLE(reg, read_only)(reg)

/** DD_MMIO_WRITE_ONLY(reg): a handle of the same register that cannot read; @p reg can write. */
#define DD_MMIO_WRITE_ONLY(reg) DD_MMIO_OF_WRITABLE(reg, write_only)(reg)

/**
 * Order all memory accesses before it against all after it.
 *
 * Accesses through handles are in order by themselves where the memory is uncached. A
 * barrier is for what is not: memory that combines writes, and buffers in RAM that a
 * device reads or writes.
 *
 * Spec: [SDM 3A] 8.2.5; [SDM 2] MFENCE.
 */
static inline void dd_mmio_barrier(void)
{
    dd_mfence();
}

/**
 * Order all loads before it against all loads after it.
 *
 * Spec: [SDM 3A] 8.2.5; [SDM 2] LFENCE.
 */
static inline void dd_mmio_read_barrier(void)
{
    dd_lfence();
}

/**
 * Order all stores before it against all stores after it, combined ones too.
 *
 * Spec: [SDM 3A] 8.2.5, 11.3.1; [SDM 2] SFENCE.
 */
static inline void dd_mmio_write_barrier(void)
{
    dd_sfence();
}

#endif
