/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Reading, changing and describing the processor's registers, all in one way.
 *
 * dd_register_update() is how a kernel turns something on or off: it reads the
 * register, changes the bits it is told to, leaves all others as they were, and
 * refuses what the manual forbids before the processor would raise #GP. Fields and
 * their names come from the tables of regs/, so a register can also be printed.
 *
 *     enum dd_status status = dd_register_update(DD_REGISTER_CR4, DD_BITS(DD_CR4_SMEP), 0);
 *
 * CR3 is not here, since what it means depends on CR4.PCIDE: see control.h.
 *
 * Spec: [SDM 3A] 2.5; [SDM 4] 2.
 */
#ifndef DRYDOCK_REGISTER_H
#define DRYDOCK_REGISTER_H

#include <stdbool.h>
#include <stdint.h>

#include "drydock/attributes.h"
#include "drydock/cpu.h"
#include "drydock/cr_regs.h"
#include "drydock/debug_regs.h"
#include "drydock/msr_regs.h"
#include "drydock/status.h"

/** Registers: DD_REGISTER_CR0 and so on, one for each line of register_list.def. */
enum dd_register {
#define R(name, text, source, number, feature, other) DD_REGISTER_##name,
#include "drydock/register_list.def"
#undef R
    DD_REGISTER_COUNT
};

/** What software may do with a field: the words of field.h. */
enum dd_field_access {
    DD_FIELD_RW,
    DD_FIELD_RO,
    DD_FIELD_WO,
    DD_FIELD_RW1C,
    DD_FIELD_RSVDP,
    DD_FIELD_RSVDZ,
};

/** A field of a register. */
struct dd_register_field {
    const char *name; /**< "DD_CR0_PE" */
    uint8_t hi;       /**< highest bit */
    uint8_t lo;       /**< lowest bit */
    enum dd_field_access access;
};

/**
 * The manual's name of a register.
 *
 * @return a static string such as "IA32_EFER"; "no register" for a value that is none; never NULL
 */
const char *dd_register_name(enum dd_register reg);

/**
 * The fields of a register, lowest first; together they have each of its bits once.
 *
 * @param[out] count  of fields; 0 for a value that is no register
 * @return the first of them; NULL if there are none
 */
const struct dd_register_field *dd_register_fields(enum dd_register reg, unsigned int *count);

/** The bits software may change: fields that are RW, WO or RW1C. 0 for what is no register. */
uint64_t dd_register_writable(enum dd_register reg);

/**
 * Whether the processor has a register, so that reading it raises no exception.
 *
 * @param cpu  the processor this runs on, read after CR4.OSXSAVE and CR4.PKE were last changed
 *
 * Where CPUID does not tell, IA32_MTRRCAP and IA32_MCG_CAP are read.
 *
 * Spec: [SDM 4] table 2-2.
 */
bool dd_register_exists(const struct dd_cpu *cpu, enum dd_register reg);

/**
 * The bits of a register that software may change and the processor has: others raise #GP or do
 * nothing.
 *
 * @param cpu  as dd_cpu_read() filled it in
 * @return part of dd_register_writable()
 *
 * Spec: [SDM 3A] 2.5, [SDM 2A] CPUID, [SDM 1] 13.2, [AMD64 v2] 3.1.7, [SDM 4] table 2-2.
 */
uint64_t dd_register_supported(const struct dd_cpu *cpu, enum dd_register reg);

/**
 * Read a register.
 *
 * @param reg         one the processor has
 * @param[out] value  its bits; those above its width are 0
 * @retval DD_OK      *value is valid
 * @retval DD_EARG    no register; *value untouched
 * @retval DD_ENOTSUP it can only be written; *value untouched
 */
DD_MUST_CHECK enum dd_status dd_register_read(enum dd_register reg, uint64_t *value);

/**
 * Whether a register may go from one value to another. Touches no register.
 *
 * @param from          present value
 * @param to            wanted value
 * @param linear_width  bits of canonical addresses, 48 or 57
 * @retval DD_OK          it may, as far as the register itself tells
 * @retval DD_EARG        no register; a read-only or reserved field would change; or @p to is a
 *                        combination the manual excludes: CR0.PG cleared or NW without CD, CR4.PAE
 *                        cleared or LA57 changed in 64-bit mode, EFER.LME changed, components of
 *                        XCR0 without those they need, a memory type that is none, modes of the
 *                        local APIC that do not follow each other, IA32_FEATURE_CONTROL locked,
 *                        SUPPRESS and TRACKER of CET together
 * @retval DD_ECANONICAL  an address is not canonical
 *
 * IA32_MCi_STATUS, _ADDR and _MISC may be cleared to 0, though nothing else can be written there.
 *
 * Spec: [SDM 3A] 2.5, 4.1.2, 10.12.5, 11.11.2, 11.12.2; [SDM 3B] 15.3.2; [SDM 1] 13.3, 18.1.2;
 * [SDM 2B] WRMSR.
 */
DD_MUST_CHECK enum dd_status dd_register_check(enum dd_register reg, uint64_t from, uint64_t to,
                                               unsigned int linear_width);

/**
 * Give a register a value, keeping its reserved fields.
 *
 * @param reg    one the processor has
 * @param value  read-only and reserved fields have to be as they are
 * @retval DD_OK          written
 * @retval DD_EARG        see dd_register_check(); also: CR4.PCIDE set while bits 11:0 of CR3 are
 *                        not 0, CR4.CET and CR0.WP against each other
 * @retval DD_ECANONICAL  see dd_register_check(), for CR4.LA57 as it is
 *
 * Nothing is written on failure. Bits the processor does not have are not looked for:
 * see dd_register_supported().
 *
 * Spec: [SDM 3A] 2.5, 4.10.1.
 */
DD_MUST_CHECK enum dd_status dd_register_write(enum dd_register reg, uint64_t value);

/**
 * Change some bits of a register and leave the others.
 *
 * @param set    bits to be 1
 * @param clear  bits to be 0; none of them in @p set
 * @retval DD_OK          written
 * @retval DD_EARG        see dd_register_write(); or the two have a bit in common, or one that
 *                        software may not change; nothing written, as after all failures
 * @retval DD_ECANONICAL  see dd_register_write()
 *
 * Spec: [SDM 3A] 2.5.
 */
DD_MUST_CHECK enum dd_status dd_register_update(enum dd_register reg, uint64_t set, uint64_t clear);

#endif
