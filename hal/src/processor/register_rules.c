/* SPDX-License-Identifier: MIT */
/*
 * Which values a register takes. Fields that are reserved or read-only may not
 * change; beyond that a few registers exclude combinations of bits, hold memory types
 * or an address. A processor answers all of it with #GP, which says nothing about
 * what was wrong and is too late for a kernel that has no handler yet.
 */
#include "drydock/register.h"

#include "drydock/addr.h"
#include "drydock/control.h"
#include "memory_type.h"

static bool is_writable(enum dd_field_access access)
{
    return access == DD_FIELD_RW || access == DD_FIELD_WO || access == DD_FIELD_RW1C;
}

uint64_t dd_register_writable(enum dd_register reg)
{
    unsigned int count = 0;
    const struct dd_register_field *fields = dd_register_fields(reg, &count);
    uint64_t writable = 0;

    for (unsigned int i = 0; i < count; i++) {
        if (is_writable(fields[i].access)) {
            writable |= DD_MASK(fields[i].hi, fields[i].lo);
        }
    }
    return writable;
}

/* 64-bit code runs with paging and PAE: neither can be turned off below it. [SDM 3A] 2.5, 4.1.2. */
static bool is_mode_kept(enum dd_register reg, uint64_t from, uint64_t to)
{
    uint64_t changes = from ^ to;

    switch (reg) {
    case DD_REGISTER_CR0:
        return DD_GET(to, DD_CR0_PG) != 0 && DD_GET(to, DD_CR0_PE) != 0 &&
               (DD_GET(to, DD_CR0_NW) == 0 || DD_GET(to, DD_CR0_CD) != 0);
    case DD_REGISTER_CR4:
        return DD_GET(to, DD_CR4_PAE) != 0 && DD_GET(changes, DD_CR4_LA57) == 0;
    case DD_REGISTER_EFER:
        return DD_GET(changes, DD_EFER_LME) == 0;
    case DD_REGISTER_XCR0:
        return dd_xcr0_check(to) == DD_XCR0_RULE_NONE;
    default:
        return true;
    }
}

/* Modes of a local APIC change along arrows: into x2APIC mode only from xAPIC mode, out of it only to
 * disabled. [SDM 3A] 10.12.5, figure 10-27. */
static bool is_apic_arrow(uint64_t from, uint64_t to)
{
    if (DD_GET(to, DD_APIC_BASE_EN) == 0) {
        return DD_GET(to, DD_APIC_BASE_EXTD) == 0;
    }
    if (DD_GET(from, DD_APIC_BASE_EXTD) == 0) {
        return DD_GET(to, DD_APIC_BASE_EXTD) == 0 || DD_GET(from, DD_APIC_BASE_EN) != 0;
    }
    return DD_GET(to, DD_APIC_BASE_EXTD) != 0;
}

/* Values that model-specific registers refuse. [SDM 3C] 23.7 (LOCK); [SDM 1] 18.1.2 (SUPPRESS). */
static bool is_taken(enum dd_register reg, uint64_t from, uint64_t to)
{
    switch (reg) {
    case DD_REGISTER_APIC_BASE:
        return is_apic_arrow(from, to);
    case DD_REGISTER_FEATURE_CONTROL:
        return from == to || DD_GET(from, DD_FEATURE_CONTROL_LOCK) == 0;
    case DD_REGISTER_U_CET:
        return DD_GET(to, DD_U_CET_SUPPRESS) == 0 || DD_GET(to, DD_U_CET_TRACKER) == 0;
    case DD_REGISTER_S_CET:
        return DD_GET(to, DD_S_CET_SUPPRESS) == 0 || DD_GET(to, DD_S_CET_TRACKER) == 0;
    default:
        return true;
    }
}

/* Registers of a machine-check bank are cleared as a whole, and take no other value. [SDM 3B] 15.3.2 */
static bool is_cleared_as_whole(enum dd_register reg, uint64_t to)
{
    return to == 0 && (reg == DD_REGISTER_MC_STATUS || reg == DD_REGISTER_MC_ADDR ||
                       reg == DD_REGISTER_MC_MISC);
}

/* A memory type in each of the low bytes. [SDM 3A] 11.11.2.1, 11.11.2.3, 11.12.2. */
static bool are_memory_types(enum dd_register reg, uint64_t value)
{
    bool is_table = reg == DD_REGISTER_PAT || reg == DD_REGISTER_MTRR_FIX;
    bool is_single = reg == DD_REGISTER_MTRR_DEF_TYPE || reg == DD_REGISTER_MTRR_PHYSBASE;
    unsigned int count = is_table ? 8 : is_single ? 1 : 0;

    for (unsigned int i = 0; i < count; i++) {
        uint64_t type = value >> (8 * i) & 0xFF;

        if (!(reg == DD_REGISTER_PAT ? memory_type_is_valid_in_pat(type)
                                     : memory_type_is_valid(type))) {
            return false;
        }
    }
    return true;
}

static bool is_address(enum dd_register reg)
{
    switch (reg) {
    case DD_REGISTER_SYSENTER_ESP:
    case DD_REGISTER_SYSENTER_EIP:
    case DD_REGISTER_LSTAR:
    case DD_REGISTER_CSTAR:
    case DD_REGISTER_FS_BASE:
    case DD_REGISTER_GS_BASE:
    case DD_REGISTER_KERNEL_GS_BASE:
    case DD_REGISTER_PL0_SSP:
    case DD_REGISTER_PL1_SSP:
    case DD_REGISTER_PL2_SSP:
    case DD_REGISTER_PL3_SSP:
    case DD_REGISTER_INTERRUPT_SSP_TABLE:
    case DD_REGISTER_U_CET:
    case DD_REGISTER_S_CET:
        return true;
    default:
        return false;
    }
}

enum dd_status dd_register_check(enum dd_register reg, uint64_t from, uint64_t to,
                                 unsigned int linear_width)
{
    if ((unsigned int)reg >= DD_REGISTER_COUNT || (linear_width != 48 && linear_width != 57)) {
        return DD_EARG;
    }
    if (((from ^ to) & ~dd_register_writable(reg)) != 0 && !is_cleared_as_whole(reg, to)) {
        return DD_EARG;
    }
    if (!is_mode_kept(reg, from, to) || !is_taken(reg, from, to) || !are_memory_types(reg, to)) {
        return DD_EARG;
    }
    if (is_address(reg) && !dd_vaddr_is_canonical(dd_vaddr_from(to), linear_width)) {
        return DD_ECANONICAL;
    }
    return DD_OK;
}
