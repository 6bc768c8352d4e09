/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Registers of the Unicorn engine, and the entry of an exception handler. Unicorn
 * checks a write of CS or SS like a segment load by an instruction, so it would
 * refuse to raise the privilege. The CPL is therefore lowered first, in a saved
 * context.
 */
#include "sim/engine/engine_unicorn.h"

#include <string.h>

enum {
    MSR_EFER = (int)0xC0000080u
};

/* The model's CPUID leaf 80000008H. */
enum {
    PHYSICAL_BITS = 40
};

uint32_t unicorn_word(const uc_context *context, size_t offset)
{
    uint32_t value = 0;

    memcpy(&value, (const char *)context + offset, sizeof value);
    return value;
}

uint64_t unicorn_get(struct sim_engine *engine, int id)
{
    uint64_t value = 0;

    (void)uc_reg_read(engine->unicorn, id, &value);
    return value;
}

bool unicorn_set(struct sim_engine *engine, int id, uint64_t value)
{
    return uc_reg_write(engine->unicorn, id, &value) == UC_ERR_OK;
}

uint64_t sim_engine_get_msr(struct sim_engine *engine, uint32_t index)
{
    uc_x86_msr msr = {.rid = index};

    (void)uc_reg_read(engine->unicorn, UC_X86_REG_MSR, &msr);
    return msr.value;
}

void sim_engine_set_msr(struct sim_engine *engine, uint32_t index, uint64_t value)
{
    uc_x86_msr msr = {.rid = index, .value = value};

    (void)uc_reg_write(engine->unicorn, UC_X86_REG_MSR, &msr);
}

uint32_t unicorn_modes(struct sim_engine *engine)
{
    (void)uc_context_save(engine->unicorn, engine->context);
    return unicorn_word(engine->context, engine->words.modes);
}

/* PAUSE leaves the bit as it was; but no shadow is longer than an instruction. [SDM 2] STI */
bool sim_engine_interrupt_shadow(struct sim_engine *engine)
{
    if ((unicorn_modes(engine) & UNICORN_MODE_SHADOW) == 0 ||
        engine->clock.now == engine->shadow_end) {
        return false;
    }
    engine->shadow_end = engine->clock.now + 1;
    return true;
}

static void get_widths(struct sim_engine *engine, struct sim_cpu *cpu)
{
    uint32_t modes = unicorn_modes(engine);

    cpu->code_base = 0;
    if ((modes & UNICORN_MODE_CODE_64) != 0) {
        cpu->code = cpu->stack = SIM_WIDTH_64;
        return;
    }
    cpu->code_base = unicorn_segment_base(engine, SIM_SEGMENT_CS);
    cpu->code = (modes & UNICORN_MODE_CODE_32) != 0 ? SIM_WIDTH_32 : SIM_WIDTH_16;
    cpu->stack = (modes & UNICORN_MODE_STACK_32) != 0 ? SIM_WIDTH_32 : SIM_WIDTH_16;
}

static struct sim_table get_table(struct sim_engine *engine, int id, uint16_t *selector)
{
    uc_x86_mmr table = {0};

    (void)uc_reg_read(engine->unicorn, id, &table);
    if (selector != NULL) {
        *selector = table.selector;
    }
    return (struct sim_table){table.base, table.limit};
}

static bool set_table(struct sim_engine *engine, int id, struct sim_table table)
{
    uc_x86_mmr value = {.base = table.base, .limit = table.limit};

    return uc_reg_write(engine->unicorn, id, &value) == UC_ERR_OK;
}

void sim_engine_get_cpu(struct sim_engine *engine, struct sim_cpu *cpu)
{
    cpu->rip = unicorn_get(engine, UC_X86_REG_RIP);
    cpu->rsp = unicorn_get(engine, UC_X86_REG_RSP);
    cpu->rflags = unicorn_get(engine, UC_X86_REG_RFLAGS);
    cpu->cr0 = unicorn_get(engine, UC_X86_REG_CR0);
    cpu->cr2 = unicorn_get(engine, UC_X86_REG_CR2);
    cpu->cr3 = unicorn_get(engine, UC_X86_REG_CR3);
    cpu->cr4 = unicorn_get(engine, UC_X86_REG_CR4);
    cpu->efer = sim_engine_get_msr(engine, (uint32_t)MSR_EFER);
    cpu->cs = (uint16_t)unicorn_get(engine, UC_X86_REG_CS);
    cpu->ss = (uint16_t)unicorn_get(engine, UC_X86_REG_SS);
    cpu->gdt = get_table(engine, UC_X86_REG_GDTR, NULL);
    cpu->idt = get_table(engine, UC_X86_REG_IDTR, NULL);
    cpu->ldt = get_table(engine, UC_X86_REG_LDTR, &cpu->ldtr);
    cpu->tss = get_table(engine, UC_X86_REG_TR, &cpu->tr);
    cpu->physical_bits = PHYSICAL_BITS;
    get_widths(engine, cpu);
}

void sim_engine_get_mode(struct sim_engine *engine, struct sim_cpu *cpu)
{
    cpu->rip = unicorn_get(engine, UC_X86_REG_RIP);
    cpu->rflags = unicorn_get(engine, UC_X86_REG_RFLAGS);
    if (unicorn_get(engine, UC_X86_REG_CS) != cpu->cs) {
        cpu->cs = (uint16_t)unicorn_get(engine, UC_X86_REG_CS);
        get_widths(engine, cpu);
    }
}

uint32_t unicorn_modes_for(const struct sim_cpu *cpu)
{
    uint32_t modes = sim_cpu_privilege(cpu);

    if (cpu->code == SIM_WIDTH_64) {
        return modes | UNICORN_MODE_CODE_64 | UNICORN_MODE_CODE_32 | UNICORN_MODE_STACK_32;
    }
    modes |= cpu->code == SIM_WIDTH_32 ? UNICORN_MODE_CODE_32 : 0;
    return modes | (cpu->stack == SIM_WIDTH_32 ? UNICORN_MODE_STACK_32 : 0);
}

/* The selectors alone change neither the engine's privilege level nor its widths; this word does. */
static void set_modes(struct sim_engine *engine, const struct sim_cpu *cpu)
{
    uint32_t before = unicorn_modes(engine);
    uint32_t after = (before & ~(uint32_t)UNICORN_MODE_ALL) | unicorn_modes_for(cpu);

    if (after != before) {
        memcpy((char *)engine->context + engine->words.modes, &after, sizeof after);
        (void)uc_context_restore(engine->unicorn, engine->context);
    }
}

int sim_engine_set_cpu(struct sim_engine *engine, const struct sim_cpu *cpu,
                       struct sim_error *error)
{
    uint64_t cs = unicorn_get(engine, UC_X86_REG_CS);

    engine->code_segment.known = false;
    set_modes(engine, cpu);
    if (cs != cpu->cs && !unicorn_set(engine, UC_X86_REG_CS, cpu->cs)) {
        return sim_error_set(error, "the engine refuses to load CS with 0x%x", cpu->cs);
    }
    if (unicorn_get(engine, UC_X86_REG_SS) != cpu->ss &&
        !unicorn_set(engine, UC_X86_REG_SS, cpu->ss)) {
        return sim_error_set(error, "the engine refuses to load SS with 0x%x", cpu->ss);
    }
    (void)unicorn_set(engine, UC_X86_REG_CR2, cpu->cr2);
    (void)unicorn_set(engine, UC_X86_REG_RSP, cpu->rsp);
    (void)unicorn_set(engine, UC_X86_REG_RFLAGS, cpu->rflags);
    (void)unicorn_set(engine, UC_X86_REG_RIP, cpu->rip);
    return 0;
}

void sim_engine_set_cr2(struct sim_engine *engine, uint64_t linear)
{
    (void)unicorn_set(engine, UC_X86_REG_CR2, linear);
}

void sim_engine_set_control(struct sim_engine *engine, const struct sim_cpu *cpu)
{
    if (unicorn_get(engine, UC_X86_REG_CR3) != cpu->cr3) {
        (void)unicorn_set(engine, UC_X86_REG_CR3, cpu->cr3);
    }
    if (unicorn_get(engine, UC_X86_REG_CR4) != cpu->cr4) {
        (void)unicorn_set(engine, UC_X86_REG_CR4, cpu->cr4);
    }
}

void sim_engine_set_tables(struct sim_engine *engine, const struct sim_cpu *cpu)
{
    (void)set_table(engine, UC_X86_REG_GDTR, cpu->gdt);
    (void)set_table(engine, UC_X86_REG_IDTR, cpu->idt);
}

int sim_engine_set_segments(struct sim_engine *engine, uint16_t cs, uint16_t data, uint16_t tr,
                            struct sim_error *error)
{
    static const int ids[] = {UC_X86_REG_SS, UC_X86_REG_DS, UC_X86_REG_ES, UC_X86_REG_FS,
                              UC_X86_REG_GS};
    const uc_x86_mmr task = {.selector = tr, .base = 0, .limit = 0x67, .flags = 0x8B00};

    if (!unicorn_set(engine, UC_X86_REG_CS, cs)) {
        return sim_error_set(error, "the engine refuses to load CS with 0x%x", cs);
    }
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        if (!unicorn_set(engine, ids[i], data)) {
            return sim_error_set(error, "the engine refuses to load a segment with 0x%x", data);
        }
    }
    (void)uc_reg_write(engine->unicorn, UC_X86_REG_TR, &task);
    return 0;
}

/* All of struct sim_registers, in its order. */
static const int register_ids[] = {
    UC_X86_REG_RAX, UC_X86_REG_RBX, UC_X86_REG_RCX,    UC_X86_REG_RDX, UC_X86_REG_RSI,
    UC_X86_REG_RDI, UC_X86_REG_RBP, UC_X86_REG_RSP,    UC_X86_REG_R8,  UC_X86_REG_R9,
    UC_X86_REG_R10, UC_X86_REG_R11, UC_X86_REG_R12,    UC_X86_REG_R13, UC_X86_REG_R14,
    UC_X86_REG_R15, UC_X86_REG_RIP, UC_X86_REG_RFLAGS,
};

enum {
    REGISTER_COUNT = sizeof register_ids / sizeof register_ids[0]
};

_Static_assert(sizeof(struct sim_registers) == REGISTER_COUNT * sizeof(uint64_t),
               "register_ids lists every member of struct sim_registers");

void sim_engine_get_registers(struct sim_engine *engine, struct sim_registers *registers)
{
    uint64_t values[REGISTER_COUNT];

    for (size_t i = 0; i < REGISTER_COUNT; i++) {
        values[i] = unicorn_get(engine, register_ids[i]);
    }
    memcpy(registers, values, sizeof values);
}

void sim_engine_set_registers(struct sim_engine *engine, const struct sim_registers *registers)
{
    uint64_t values[REGISTER_COUNT];

    memcpy(values, registers, sizeof values);
    for (size_t i = 0; i < REGISTER_COUNT; i++) {
        (void)unicorn_set(engine, register_ids[i], values[i]);
    }
}
