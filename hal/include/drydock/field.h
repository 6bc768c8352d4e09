/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Fields of hardware registers.
 *
 * A register is one file `regs/NAME.def`: a line F(FIELD, hi, lo, ACCESS) for
 * every field in the manual's order, reserved ones included. A header such as
 * cr_regs.h includes field_check.inc to expand the file into an enumeration of
 * positions and to prove that every bit is described exactly once. The same
 * file gives a simulator its write masks and a printer its names.
 *
 * Positions, not masks, are stored because an enumeration constant of C11 must
 * fit an int. C bit-fields are not used: their layout is not portable.
 *
 * ACCESS is one of
 *   RW     software reads and writes
 *   RO     software reads; writes are ignored
 *   WO     software writes; a read does not give it back
 *   RW1C   reads give status; writing 1 clears, writing 0 leaves
 *   HWINIT set by firmware or hardware before software runs, then read-only
 *   ROS, RWS, RW1CS
 *          as RO, RW and RW1C, but sticky: a reset of the function leaves it
 *   RSVDP  reserved, preserve: write back what was read
 *   RSVDZ  reserved, zero: write 0
 */
#ifndef DRYDOCK_FIELD_H
#define DRYDOCK_FIELD_H

#include <stdint.h>

/** Mask of the bits @p hi down to @p lo, 63 >= hi >= lo >= 0. A constant expression. */
#define DD_MASK(hi, lo) ((~UINT64_C(0) >> (63 - ((hi) - (lo)))) << (lo))

/** Mask of a named field in its place: DD_BITS(DD_CR0_PG) is 0x80000000. */
#define DD_BITS(field) DD_MASK(field##_HI, field##_LO)

/** Value of a named field in @p reg, shifted down to bit 0. */
#define DD_GET(reg, field) \
    (((uint64_t)(reg) >> (field##_LO)) & DD_MASK((field##_HI) - (field##_LO), 0))

/** @p reg with a named field replaced by the low bits of @p value; other fields keep theirs. */
#define DD_SET(reg, field, value) \
    (((uint64_t)(reg) & ~DD_BITS(field)) | (((uint64_t)(value) << (field##_LO)) & DD_BITS(field)))

/** Expands a register table inside `enum { … }`: NAME_HI and NAME_LO for each field. */
#define DD_FIELD_POSITIONS(name, hi, lo, access) name##_HI = (hi), name##_LO = (lo),

/* Terms of the two sums field_check.inc compares: equal only if no field overlaps another. */
#define DD_FIELD_OR(name, hi, lo, access)  | DD_MASK(hi, lo)
#define DD_FIELD_SUM(name, hi, lo, access) +DD_MASK(hi, lo)

#endif
