/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Becoming another task. Unicorn loads a segment register only by an instruction,
 * which would read the descriptor through the guest's tables again; here the
 * segments were loaded and checked already. They are put into a saved context,
 * next to the bases that engine_unicorn_segment.c reads: selector, base, limit,
 * and the upper half of the descriptor.
 */
#include "sim/engine/engine_unicorn.h"

#include <string.h>

/* [SDM 3A] table 3-2: present; a busy 32-bit TSS, an LDT */
#define TSS_ATTRIBUTES 0x8B00u
#define LDT_ATTRIBUTES 0x8200u

/* In the order of struct sim_task. */
static const int register_ids[SIM_TASK_REGISTERS] = {
    UC_X86_REG_RAX, UC_X86_REG_RCX, UC_X86_REG_RDX, UC_X86_REG_RBX,
    UC_X86_REG_RSP, UC_X86_REG_RBP, UC_X86_REG_RSI, UC_X86_REG_RDI,
};
static const int segment_ids[SIM_TASK_SEGMENTS] = {
    UC_X86_REG_ES, UC_X86_REG_CS, UC_X86_REG_SS, UC_X86_REG_DS, UC_X86_REG_FS, UC_X86_REG_GS,
};

void sim_engine_get_task(struct sim_engine *engine, struct sim_task *task)
{
    *task = (struct sim_task){.switched = false};
    for (size_t i = 0; i < SIM_TASK_REGISTERS; i++) {
        task->registers[i] = (uint32_t)unicorn_get(engine, register_ids[i]);
    }
    for (size_t i = 0; i < SIM_TASK_SEGMENTS; i++) {
        task->selectors[i] = (uint16_t)unicorn_get(engine, segment_ids[i]);
    }
}

static void put_segment(char *base_word, const struct sim_segment *segment)
{
    const uint64_t base = segment->base;

    memcpy(base_word, &base, sizeof base);
    memcpy(base_word + UNICORN_SEGMENT_LIMIT, &segment->limit, sizeof segment->limit);
    memcpy(base_word + UNICORN_SEGMENT_FLAGS, &segment->attributes, sizeof segment->attributes);
}

/* Unicorn adds bases only if one of these three has one, or in 16-bit code. */
static uint32_t bases_mode(const struct sim_cpu *cpu, const struct sim_task *task)
{
    uint32_t bases = task->segments[SIM_SEGMENT_DS].base | task->segments[SIM_SEGMENT_ES].base |
                     task->segments[SIM_SEGMENT_SS].base;

    return bases != 0 || cpu->code == SIM_WIDTH_16 ? UNICORN_MODE_BASES : 0;
}

static void set_segments(struct sim_engine *engine, const struct sim_cpu *cpu,
                         const struct sim_task *task)
{
    const struct unicorn_words *words = &engine->words;
    const uint32_t others = ~(uint32_t)(UNICORN_MODE_ALL | UNICORN_MODE_BASES);
    uint32_t modes = unicorn_modes(engine); /* saves the context */
    char *context = (char *)engine->context;

    modes = (modes & others) | unicorn_modes_for(cpu) | bases_mode(cpu, task);
    memcpy(context + words->modes, &modes, sizeof modes);
    for (size_t i = 0; i < SIM_TASK_SEGMENTS; i++) {
        const uint32_t selector = task->selectors[i];
        char *base_word = context + words->es_base + i * words->segment_stride;

        memcpy(base_word - UNICORN_SEGMENT_SELECTOR, &selector, sizeof selector);
        put_segment(base_word, &task->segments[i]);
    }
    (void)uc_context_restore(engine->unicorn, engine->context);
}

void sim_engine_set_code_and_stack(struct sim_engine *engine, const struct sim_task *task)
{
    static const enum sim_segment_register both[] = {SIM_SEGMENT_CS, SIM_SEGMENT_SS};
    const struct unicorn_words *words = &engine->words;
    uint32_t modes = unicorn_modes(engine); /* saves the context */
    char *context = (char *)engine->context;

    if (task->segments[SIM_SEGMENT_SS].base != 0) {
        modes |= UNICORN_MODE_BASES;
    }
    memcpy(context + words->modes, &modes, sizeof modes);
    for (size_t i = 0; i < sizeof both / sizeof both[0]; i++) {
        if (task->segments[both[i]].attributes != 0) {
            put_segment(context + words->es_base + both[i] * words->segment_stride,
                        &task->segments[both[i]]);
        }
    }
    (void)uc_context_restore(engine->unicorn, engine->context);
}

void sim_engine_set_task(struct sim_engine *engine, const struct sim_cpu *cpu,
                         const struct sim_task *task)
{
    const uc_x86_mmr tss = {cpu->tr, cpu->tss.base, cpu->tss.limit, TSS_ATTRIBUTES};
    const uc_x86_mmr ldt = {cpu->ldtr, cpu->ldt.base, cpu->ldt.limit, LDT_ATTRIBUTES};

    engine->code_segment.known = false;
    set_segments(engine, cpu, task);
    (void)uc_reg_write(engine->unicorn, UC_X86_REG_TR, &tss);
    (void)uc_reg_write(engine->unicorn, UC_X86_REG_LDTR, &ldt);
    (void)unicorn_set(engine, UC_X86_REG_CR0, cpu->cr0);
    (void)unicorn_set(engine, UC_X86_REG_CR2, cpu->cr2);
    sim_engine_set_control(engine, cpu);
    for (size_t i = 0; i < SIM_TASK_REGISTERS; i++) {
        (void)unicorn_set(engine, register_ids[i], task->registers[i]);
    }
    (void)unicorn_set(engine, UC_X86_REG_RFLAGS, cpu->rflags);
    (void)unicorn_set(engine, UC_X86_REG_RIP, cpu->rip);
}
