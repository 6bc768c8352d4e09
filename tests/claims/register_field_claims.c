/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One claim for each field of each register, generated from the same tables as the
 * library. The table says where the field is and what software may do; the processor
 * says whether that is true: the field is changed through the library, read back, all
 * other bits compared, and put back.
 *
 * Three lists tell what cannot be done so simply: fields that a running kernel cannot
 * do without, fields that take only certain values, and registers that a world lacks.
 */
#include <stddef.h>

#include "drydock/arch/insn.h"
#include "drydock/register.h"
#include "tests/claims/claim.h"

/* A field, found by its name. */
struct place {
    enum dd_register reg;
    uint64_t mask;
};

static bool is_text(const char *a, const char *b)
{
    while (*a != '\0' && *a == *b) {
        a++;
        b++;
    }
    return *a == *b;
}

/* There are hundreds of fields, and this is called for each: what all names begin with is not
   compared. */
static bool find_field(const char *name, struct place *place)
{
    const size_t prefix = sizeof "DD_" - 1;

    for (unsigned int i = 0; i < DD_REGISTER_COUNT; i++) {
        unsigned int count = 0;
        const struct dd_register_field *fields = dd_register_fields((enum dd_register)i, &count);

        for (unsigned int j = 0; j < count; j++) {
            if (is_text(fields[j].name + prefix, name + prefix)) {
                *place = (struct place){(enum dd_register)i, DD_MASK(fields[j].hi, fields[j].lo)};
                return true;
            }
        }
    }
    return false;
}

/* Fields that are not changed here, and why. */
static const struct {
    const char *name;
    const char *reason;
} untouched[] = {
#define U(field, why) {#field, why},
#include "tests/claims/untouched.def"
#undef U
};

/* Fields that take only certain values: the bits to turn instead of all of the field's. */
static const struct {
    const char *name;
    uint64_t turn;
} some_bits[] = {
    {"DD_CR0_NW", 0x60000000}, /* with CD */
    {"DD_XCR0_SSE", 0x2},
    {"DD_XCR0_AVX", 0x6},
    {"DD_XCR0_BNDREG", 0x18},
    {"DD_XCR0_BNDCSR", 0x18},
    {"DD_XCR0_OPMASK", 0xE6},
    {"DD_XCR0_ZMM_HI256", 0xE6},
    {"DD_XCR0_HI16_ZMM", 0xE6},
    {"DD_XCR0_TILECFG", 0x60000},
    {"DD_XCR0_TILEDATA", 0x60000},
    {"DD_MTRR_PHYSBASE_BASE", 0xC0000000},
    {"DD_MTRR_PHYSMASK_MASK", 0xC0000000},
    {"DD_VM_HSAVE_PA_ADDRESS", 0xFFF000},
    {"DD_GHCB_INFO", 0},
    {"DD_GHCB_ADDRESS", 0xFFF000},
};

/* What QEMU 7.2's emulation keeps no value of, whatever CPUID says: it reads as 0. */
static const enum dd_register missing_in_tcg[] = {DD_REGISTER_DEBUGCTL, DD_REGISTER_VM_CR};
static const char *const missing_fields_in_tcg[] = {"DD_EFER_LMSLE"};

static bool is_tcg(const struct dd_cpu *cpu)
{
    return is_text(cpu->hypervisor_text, "TCGTCGTCGTCG");
}

/* Types of memory are turned into each other, since most numbers are none. [SDM 3A] 11.11, 11.12. */
static bool is_memory_type(enum dd_register reg, uint64_t mask)
{
    bool is_first = (mask & 1) != 0;

    return reg == DD_REGISTER_PAT || reg == DD_REGISTER_MTRR_FIX ||
           (is_first && (reg == DD_REGISTER_MTRR_DEF_TYPE || reg == DD_REGISTER_MTRR_PHYSBASE));
}

static uint64_t lowest_bit(uint64_t mask)
{
    return mask & ~(mask - 1);
}

/* The value the register is to have for a moment. */
static uint64_t choose(const char *name, const struct place *place, uint64_t before)
{
    uint64_t step = lowest_bit(place->mask);

    if (is_memory_type(place->reg, place->mask)) {
        uint64_t type = (before & place->mask) / step == 6 ? 4 : 6;

        return (before & ~place->mask) | type * step;
    }
    for (size_t i = 0; i < sizeof some_bits / sizeof some_bits[0]; i++) {
        if (is_text(some_bits[i].name, name)) {
            uint64_t turn = some_bits[i].turn;

            return (before & turn) == turn ? before & ~turn : before | turn;
        }
    }
    return before ^ place->mask;
}

/* Registers that are there only after another one was told; *cpu is read again then. */
static void enable(struct dd_cpu *cpu, enum dd_register reg)
{
    uint64_t bit = 0;

    if (reg == DD_REGISTER_XCR0) {
        bit = DD_BITS(DD_CR4_OSXSAVE);
    } else if (reg == DD_REGISTER_PKRU) {
        bit = DD_BITS(DD_CR4_PKE);
    } else if (reg == DD_REGISTER_MXCSR) {
        bit = DD_BITS(DD_CR4_OSFXSR);
    }
    bit &= dd_register_supported(cpu, DD_REGISTER_CR4);
    if (bit == 0) {
        return;
    }
    if (dd_register_update(DD_REGISTER_CR4, bit, 0) != DD_OK) {
        claim_skip("the register cannot be enabled");
    }
    dd_cpu_read(cpu);
}

/* NULL, or why the field cannot be looked at in this world. */
static const char *find_obstacle(const struct dd_cpu *cpu, const char *name,
                                 const struct place *place)
{
    if (!dd_register_exists(cpu, place->reg)) {
        return "the processor has no such register";
    }
    for (size_t i = 0; i < sizeof missing_in_tcg / sizeof missing_in_tcg[0]; i++) {
        if (is_tcg(cpu) && missing_in_tcg[i] == place->reg) {
            return "TCG keeps no value of the register";
        }
    }
    for (size_t i = 0; i < sizeof missing_fields_in_tcg / sizeof missing_fields_in_tcg[0]; i++) {
        if (is_tcg(cpu) && is_text(missing_fields_in_tcg[i], name)) {
            return "TCG keeps no value of the field";
        }
    }
    return NULL;
}

static const char *find_reason(const struct dd_cpu *cpu, const char *name,
                               const struct place *place)
{
    for (size_t i = 0; i < sizeof untouched / sizeof untouched[0]; i++) {
        if (is_text(untouched[i].name, name)) {
            return untouched[i].reason;
        }
    }
    if ((dd_register_supported(cpu, place->reg) & place->mask) == 0) {
        return "the processor has no such bit";
    }
    if (place->reg == DD_REGISTER_FEATURE_CONTROL &&
        DD_GET(dd_rdmsr(DD_MSR_FEATURE_CONTROL), DD_FEATURE_CONTROL_LOCK) != 0) {
        return "the register is locked";
    }
    if (is_text(name, "DD_MCG_STATUS_LMCE_S") &&
        DD_GET(dd_rdmsr(DD_MSR_MCG_CAP), DD_MCG_CAP_LMCE_P) == 0) {
        return "the processor has no such bit";
    }
    return NULL;
}

/* A read of what can only be written is left out. */
static bool read(enum dd_register reg, uint64_t *value)
{
    *value = 0;
    return dd_register_read(reg, value) == DD_OK;
}

static void check_change(const char *name, const struct place *place)
{
    uint64_t before = 0;
    uint64_t after = 0;
    bool is_readable = read(place->reg, &before);
    uint64_t wanted = choose(name, place, before);

    CLAIM_OK(dd_register_update(place->reg, wanted & ~before, before & ~wanted));
    (void)read(place->reg, &after);
    CLAIM_OK(dd_register_write(place->reg, before));
    CLAIM_EQUAL(is_readable ? after : wanted, wanted);
    (void)read(place->reg, &after);
    CLAIM_EQUAL(after, before);
}

static void check_field(const char *name)
{
    struct place place;
    struct dd_cpu cpu;
    const char *reason = NULL;
    uint64_t cr4 = dd_read_cr4();

    CLAIM_TRUE(find_field(name, &place));
    dd_cpu_read(&cpu);
    enable(&cpu, place.reg);
    reason = find_obstacle(&cpu, name, &place);
    if (reason == NULL) {
        reason = find_reason(&cpu, name, &place);
    }
    if (reason == NULL) {
        check_change(name, &place);
    } else {
        claim_skip(reason);
    }
    dd_write_cr4(cr4);
}

/* A field nobody writes keeps its value whatever the library is asked to do. */
static void check_read_only_field(const char *name)
{
    struct place place;
    struct dd_cpu cpu;
    const char *reason = NULL;
    uint64_t before = 0;
    uint64_t after = 0;

    CLAIM_TRUE(find_field(name, &place));
    dd_cpu_read(&cpu);
    reason = find_obstacle(&cpu, name, &place);
    if (reason != NULL) {
        claim_skip(reason);
        return;
    }
    CLAIM_OK(dd_register_read(place.reg, &before));
    CLAIM_STATUS(dd_register_update(place.reg, place.mask, 0), DD_EARG);
    CLAIM_STATUS(dd_register_update(place.reg, 0, place.mask), DD_EARG);
    CLAIM_STATUS(dd_register_write(place.reg, before ^ lowest_bit(place.mask)), DD_EARG);
    CLAIM_OK(dd_register_read(place.reg, &after));
    CLAIM_EQUAL(after & place.mask, before & place.mask);
}

#define FIELD_CLAIM_RW(name)    \
    CLAIM(name##_changes_alone) \
    {                           \
        check_field(#name);     \
    }
#define FIELD_CLAIM_WO(name)   FIELD_CLAIM_RW(name)
#define FIELD_CLAIM_RW1C(name) FIELD_CLAIM_RW(name)
#define FIELD_CLAIM_RO(name)          \
    CLAIM(name##_is_only_read)        \
    {                                 \
        check_read_only_field(#name); \
    }
#define FIELD_CLAIM_RSVDP(name)
#define FIELD_CLAIM_RSVDZ(name)
#define F(name, hi, lo, access) FIELD_CLAIM_##access(name)
#include "tests/claims/register_fields.def"
#undef F
