/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A register is a line of msr.def, and its rule says where it is kept and what
 * WRMSR refuses:
 *
 *     CONSTANT        the initial value; writing it is #GP
 *     IGNORED         the initial value; writes do nothing
 *     STORED          sim_system.msr
 *     PAT, MTRR_*     the same; memory types and physical addresses are checked
 *     STORED_ADDRESS  the same; a linear address that has to be canonical
 *     PHYSICAL        the same; a physical address
 *     CET             the same; an address below flags, of which two exclude each other
 *     LOCKABLE        the same; bit 0 set, nothing changes until reset
 *     COMMAND         nowhere; it can only be written
 *     TIME, _ADJUST   the time-stamp counter and what was added to it
 *     APIC            the local APIC answers; there may be none
 *     ENGINE          the engine, whose instructions use it
 *     ENGINE_ADDRESS  the same; a linear address that has to be canonical
 *     EFER            the engine, but for bits it does not know; LME does not change while
 *                     paging is on, SVME is not set while VM_CR.SVMDIS is
 *
 * The counter is virtual time plus an offset. Writing it moves IA32_TSC_ADJUST
 * by as much, and the other way round, so one number serves both.
 */
#include "sim/cpu/msr.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>

#include "sim/cpu/cpuid.h"

enum rule {
    CONSTANT,
    IGNORED,
    STORED,
    PAT,
    MTRR_RANGE,
    MTRR_FIXED,
    MTRR_DEFAULT,
    STORED_ADDRESS,
    PHYSICAL,
    CET,
    LOCKABLE,
    COMMAND,
    TIME,
    TIME_ADJUST,
    APIC,
    ENGINE,
    ENGINE_ADDRESS,
    EFER
};

struct msr {
    uint32_t index, count;
    const char *name;
    enum sim_processors who;
    enum rule rule;
    uint64_t checked, initial;
};

static const struct msr list[] = {
#define M(index, count, name, who, rule, checked, initial) \
    {index, count, name, SIM_ON_##who, rule, UINT64_C(checked), UINT64_C(initial)},
#include "sim/cpu/msr.def"
#undef M
};

#define IS_STORED(rule) ((rule) >= STORED && (rule) <= LOCKABLE)

#define M(index, count, name, who, rule, checked, initial) +(IS_STORED(rule) ? (count) : 0)
_Static_assert((0
#include "sim/cpu/msr.def"
                ) <= SIM_MSR_STORED_MAX,
               "there is room for all stored registers");
#undef M

enum {
    LIST_COUNT = sizeof list / sizeof list[0]
};

#define CR0_PG   (UINT64_C(1) << 31)
#define EFER_LME (UINT64_C(1) << 8)

/* What AMD's processors have in IA32_EFER: bits 12 to 15, 17, 18, 20 and 21. [AMD64 v2] 3.1.7. */
#define EFER_SVME (UINT64_C(1) << 12)
#define EFER_MORE UINT64_C(0x36F000)

#define VM_CR_SVMDIS (UINT64_C(1) << 4)
#define CET_EXCLUDED UINT64_C(0xC00) /* SUPPRESS and TRACKER: not both. [SDM 1] 18.1.2 */
#define LOCK_BIT     UINT64_C(0x1)

/* The processor's entry of the list, and for stored registers the position in sim_system.msr. */
static const struct msr *find(const struct sim_system *system, uint32_t index, size_t *position)
{
    *position = 0;
    for (size_t i = 0; i < LIST_COUNT; i++) {
        if (index - list[i].index < list[i].count &&
            sim_processor_is_in(system->processor, list[i].who)) {
            *position += index - list[i].index;
            return &list[i];
        }
        if (IS_STORED(list[i].rule)) {
            *position += list[i].count;
        }
    }
    return NULL;
}

static enum sim_msr_outcome refuse(struct sim_error *reason, uint32_t index, const char *why)
{
    const char *name = sim_msr_name(index);

    if (name == NULL) {
        (void)sim_error_set(reason, "0x%" PRIx32 ": %s", index, why);
    } else {
        (void)sim_error_set(reason, "%s (0x%" PRIx32 "): %s", name, index, why);
    }
    return SIM_MSR_REFUSED;
}

static const char no_register[] = "the processor has no such register";
static const char no_apic[] = "there is no local APIC";

static enum sim_msr_outcome read_apic(const struct sim_system *system, uint32_t index,
                                      uint64_t *value, struct sim_error *reason)
{
    if (system->apic.self == NULL) {
        return refuse(reason, index, no_apic);
    }
    return system->apic.read_msr(system->apic.self, index, value)
               ? SIM_MSR_DONE
               : refuse(reason, index, "the local APIC refuses the read");
}

uint64_t sim_msr_time_stamp(const struct sim_system *system)
{
    return system->clock->now + system->tsc_offset;
}

enum sim_msr_outcome sim_msr_read(const struct sim_system *system, uint32_t index, uint64_t *value,
                                  struct sim_error *reason)
{
    size_t position = 0;
    const struct msr *msr = find(system, index, &position);

    if (msr == NULL) {
        return refuse(reason, index, no_register);
    }
    switch (msr->rule) {
    case CONSTANT:
    case IGNORED:
        *value = msr->initial;
        return SIM_MSR_DONE;
    case STORED:
    case PAT:
    case MTRR_RANGE:
    case MTRR_FIXED:
    case MTRR_DEFAULT:
    case STORED_ADDRESS:
    case PHYSICAL:
    case CET:
    case LOCKABLE:
        *value = system->msr[position];
        return SIM_MSR_DONE;
    case COMMAND:
        return refuse(reason, index, "the register is write-only");
    case TIME:
        *value = sim_msr_time_stamp(system);
        return SIM_MSR_DONE;
    case TIME_ADJUST:
        *value = system->tsc_offset;
        return SIM_MSR_DONE;
    case APIC:
        return read_apic(system, index, value, reason);
    case ENGINE:
    case ENGINE_ADDRESS:
    case EFER:
        return SIM_MSR_ENGINE;
    }
    return refuse(reason, index, no_register);
}

/* UC, WC, WT, WP, WB. [SDM 3A] table 11-8. */
static bool is_memory_type(uint64_t type)
{
    return type == 0 || type == 1 || (type >= 4 && type <= 6);
}

/* Each byte a memory type; UC- (7) only in the PAT. [SDM 3A] 11.11.2.2, 11.12.2. */
static bool are_memory_types(uint64_t value, enum rule rule)
{
    for (unsigned int byte = 0; byte < 8; byte++) {
        uint64_t type = value >> (8 * byte) & 0xFF;

        if (!is_memory_type(type) && !(rule == PAT && type == 7)) {
            return false;
        }
    }
    return true;
}

/* PHYSBASE at even numbers, PHYSMASK at odd ones. [SDM 3A] figure 11-7. */
static const char *check_range(const struct sim_cpu *cpu, uint32_t index, uint64_t value)
{
    bool is_mask = (index & 1) != 0;

    if ((value & (is_mask ? 0x7FF : 0xF00)) != 0) {
        return is_mask ? "bits 10:0 are reserved" : "bits 11:8 are reserved";
    }
    if ((value & sim_cpuid_beyond_physical(cpu)) != 0) {
        return "bits above the physical addresses are reserved";
    }
    if (!is_mask && !is_memory_type(value & 0xFF)) {
        return "that memory type does not exist";
    }
    return NULL;
}

static const char not_canonical[] = "the address is not canonical";

/* [SDM 3A] 4.1.2; [AMD64 v2] 15.30.1. */
static const char *check_efer(const struct sim_system *system, const struct sim_cpu *cpu,
                              uint64_t value)
{
    if ((cpu->cr0 & CR0_PG) != 0 && ((value ^ cpu->efer) & EFER_LME) != 0) {
        return "LME cannot be changed while CR0.PG is 1";
    }
    if ((value & EFER_SVME) != 0 && (sim_msr_stored(system, SIM_MSR_VM_CR) & VM_CR_SVMDIS) != 0) {
        return "SVME cannot be set while VM_CR.SVMDIS is 1";
    }
    return NULL;
}

static const char *check_cet(uint64_t value)
{
    if ((value & CET_EXCLUDED) == CET_EXCLUDED) {
        return "SUPPRESS and TRACKER exclude each other";
    }
    return sim_cpuid_is_canonical(value) ? NULL : not_canonical;
}

/* A register kept in sim_system.msr: NULL, or why the value is refused. */
static const char *check_stored(const struct msr *msr, const struct sim_cpu *cpu, uint32_t index,
                                uint64_t value)
{
    switch (msr->rule) {
    case PAT:
    case MTRR_FIXED:
        return are_memory_types(value, msr->rule) ? NULL : "that memory type does not exist";
    case MTRR_DEFAULT:
        return is_memory_type(value & 0xFF) ? NULL : "that memory type does not exist";
    case MTRR_RANGE:
        return check_range(cpu, index, value);
    case STORED_ADDRESS:
        return sim_cpuid_is_canonical(value) ? NULL : not_canonical;
    case PHYSICAL:
        return (value & sim_cpuid_beyond_physical(cpu)) == 0
                   ? NULL
                   : "bits above the physical addresses are reserved";
    case CET:
        return check_cet(value);
    default:
        return NULL;
    }
}

/* NULL, or why the value is refused. */
static const char *check_value(const struct sim_system *system, const struct msr *msr,
                               const struct sim_cpu *cpu, uint32_t index, uint64_t value)
{
    if (((value ^ msr->initial) & msr->checked) != 0) {
        return "reserved bits cannot be changed";
    }
    switch (msr->rule) {
    case CONSTANT:
        return "the register is read-only";
    case LOCKABLE:
        return (sim_msr_stored(system, index) & LOCK_BIT) == 0 ? NULL : "the register is locked";
    case ENGINE_ADDRESS:
        return sim_cpuid_is_canonical(value) ? NULL : not_canonical;
    case EFER:
        return check_efer(system, cpu, value);
    default:
        return check_stored(msr, cpu, index, value);
    }
}

static enum sim_msr_outcome write_apic(struct sim_system *system, uint32_t index, uint64_t value,
                                       struct sim_error *reason)
{
    if (system->apic.self == NULL) {
        return refuse(reason, index, no_apic);
    }
    return system->apic.write_msr(system->apic.self, index, value)
               ? SIM_MSR_DONE
               : refuse(reason, index, "the local APIC refuses the value");
}

enum sim_msr_outcome sim_msr_write(struct sim_system *system, const struct sim_cpu *cpu,
                                   uint32_t index, uint64_t value, struct sim_error *reason)
{
    size_t position = 0;
    const struct msr *msr = find(system, index, &position);
    const char *why = msr == NULL ? no_register : check_value(system, msr, cpu, index, value);

    if (why != NULL) {
        return refuse(reason, index, why);
    }
    switch (msr->rule) {
    case TIME:
        system->tsc_offset = value - system->clock->now;
        return SIM_MSR_DONE;
    case TIME_ADJUST:
        system->tsc_offset = value;
        return SIM_MSR_DONE;
    case APIC:
        return write_apic(system, index, value, reason);
    case EFER:
        system->efer_more = value & EFER_MORE;
        return SIM_MSR_ENGINE;
    case ENGINE:
    case ENGINE_ADDRESS:
        return SIM_MSR_ENGINE;
    default:
        if (IS_STORED(msr->rule)) {
            system->msr[position] = value;
        }
        return SIM_MSR_DONE;
    }
}

uint64_t sim_msr_stored(const struct sim_system *system, uint32_t index)
{
    size_t position = 0;
    const struct msr *msr = find(system, index, &position);

    return msr != NULL && IS_STORED(msr->rule) ? system->msr[position] : 0;
}

void sim_msr_reset(struct sim_system *system)
{
    size_t position = 0;

    for (size_t i = 0; i < LIST_COUNT; i++) {
        for (uint32_t n = 0; IS_STORED(list[i].rule) && n < list[i].count; n++) {
            system->msr[position++] = list[i].initial;
        }
    }
}

const char *sim_msr_name(uint32_t index)
{
    for (size_t i = 0; i < LIST_COUNT; i++) {
        if (index - list[i].index < list[i].count) {
            return list[i].name;
        }
    }
    return NULL;
}
