/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See raw_engine.h. Tables are typed from [SDM 3A] 3.4.5 and 4.5. */
#include "tests/unit/raw_engine.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"

#define RAM_SIZE (UINT64_C(16) << 20)
#define GDT      UINT64_C(0x5000)
#define STACK    UINT64_C(0x30000)

enum {
    MSR_EFER = (int)0xC0000080u,
    BUDGET = 100000 /* instructions */
};

static void on_interrupt(uc_engine *unicorn, uint32_t vector, void *context)
{
    struct raw_exceptions *exceptions = context;

    if (exceptions->count < sizeof exceptions->vectors / sizeof exceptions->vectors[0]) {
        exceptions->vectors[exceptions->count] = vector;
    }
    exceptions->count++;
    (void)uc_emu_stop(unicorn);
}

static bool on_invalid(uc_engine *unicorn, void *context)
{
    struct raw_exceptions *exceptions = context;

    exceptions->invalid = true;
    (void)uc_emu_stop(unicorn);
    return true;
}

uint64_t raw_get(const struct raw_engine *raw, int id)
{
    uint64_t value = 0;

    (void)uc_reg_read(raw->unicorn, id, &value);
    return value;
}

void raw_set(struct raw_engine *raw, int id, uint64_t value)
{
    (void)uc_reg_write(raw->unicorn, id, &value);
}

uint64_t raw_peek(const struct raw_engine *raw, uint64_t physical)
{
    uint64_t value = 0;

    memcpy(&value, raw->ram + physical, sizeof value);
    return value;
}

void raw_poke(struct raw_engine *raw, uint64_t physical, uint64_t value)
{
    memcpy(raw->ram + physical, &value, sizeof value);
}

/* Null, kernel code, kernel data, user data, user code; 16 MiB of identity mapping. */
static void write_tables(struct raw_engine *raw)
{
    static const uint64_t gdt[] = {0, 0x00AF9B000000FFFF, 0x00CF93000000FFFF, 0x00CFF3000000FFFF,
                                   0x00AFFB000000FFFF};

    memcpy(raw->ram + GDT, gdt, sizeof gdt);
    raw_poke(raw, RAW_PML4, (RAW_PML4 + 0x1000) | 3);
    raw_poke(raw, RAW_PML4 + 0x1000, (RAW_PML4 + 0x2000) | 3);
    for (uint64_t i = 0; i < 8; i++) {
        raw_poke(raw, RAW_PML4 + 0x2000 + 8 * i, i << 21 | 0x83);
    }
}

static void enter_long_mode(struct raw_engine *raw)
{
    uc_x86_msr efer = {.rid = (uint32_t)MSR_EFER, .value = 0xD01};
    uc_x86_mmr gdtr = {.base = GDT, .limit = 39};

    (void)uc_reg_write(raw->unicorn, UC_X86_REG_MSR, &efer);
    raw_set(raw, UC_X86_REG_CR4, 0x620);
    raw_set(raw, UC_X86_REG_CR3, RAW_PML4);
    raw_set(raw, UC_X86_REG_CR0, 0x80010033);
    (void)uc_reg_write(raw->unicorn, UC_X86_REG_GDTR, &gdtr);
    raw_set(raw, UC_X86_REG_CS, 0x08);
    raw_set(raw, UC_X86_REG_SS, 0x10);
    raw_set(raw, UC_X86_REG_DS, 0x10);
    raw_set(raw, UC_X86_REG_ES, 0x10);
}

void raw_open(struct raw_engine *raw)
{
    union {
        uc_cb_hookintr_t interrupt;
        uc_cb_hookinsn_invalid_t invalid;
        void *pointer;
    } interrupt = {.interrupt = on_interrupt}, invalid = {.invalid = on_invalid};
    uc_hook hook = 0;

    *raw = (struct raw_engine){.ram = calloc(1, RAM_SIZE)};
    ck_assert_ptr_nonnull(raw->ram);
    ck_assert_int_eq(uc_open(UC_ARCH_X86, UC_MODE_64, &raw->unicorn), UC_ERR_OK);
    ck_assert_int_eq(uc_ctl_set_cpu_model(raw->unicorn, UC_CPU_X86_ICELAKE_SERVER), UC_ERR_OK);
    ck_assert_int_eq(uc_mem_map_ptr(raw->unicorn, 0, RAM_SIZE, UC_PROT_ALL, raw->ram), UC_ERR_OK);
    ck_assert_int_eq(
        uc_hook_add(raw->unicorn, &hook, UC_HOOK_INTR, interrupt.pointer, &raw->exceptions, 1, 0),
        UC_ERR_OK);
    ck_assert_int_eq(uc_hook_add(raw->unicorn, &hook, UC_HOOK_INSN_INVALID, invalid.pointer,
                                 &raw->exceptions, 1, 0),
                     UC_ERR_OK);
    write_tables(raw);
    enter_long_mode(raw);
}

void raw_close(struct raw_engine *raw)
{
    (void)uc_close(raw->unicorn);
    free(raw->ram);
}

uc_err raw_run(struct raw_engine *raw, const uint8_t *code, size_t size)
{
    memcpy(raw->ram + RAW_CODE, code, size);
    (void)uc_ctl_remove_cache(raw->unicorn, RAW_CODE, RAW_CODE + size);
    raw_set(raw, UC_X86_REG_RSP, STACK);
    return uc_emu_start(raw->unicorn, RAW_CODE, RAW_CODE + size, 0, BUDGET);
}
