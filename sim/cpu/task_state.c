/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The image of a task in its TSS. CR3 and the selector of the LDT are only read,
 * never saved; the upper halves of selectors are reserved and stay as they are.
 * [SDM 3A] 7.2.1, figure 7-2.
 */
#include "sim/cpu/task_switch_internal.h"

#include <string.h>

#define CR0_PG    (UINT64_C(1) << 31)
#define CR4_PAE   (UINT64_C(1) << 5)
#define RFLAGS_NT (UINT64_C(1) << 14)

/* Flags there are, without VM; bit 1 is always 1. [SDM 1] figure 3-8 */
#define FLAGS        UINT32_C(0x3D7FD5)
#define FLAGS_ALWAYS UINT32_C(0x2)

static uint32_t read_word(const struct task_attempt *task, size_t offset)
{
    uint32_t word = 0;

    memcpy(&word, task->image + offset, sizeof word);
    return word;
}

void task_save(const struct task_attempt *task, const struct sim_task *current)
{
    const struct sim_mmu *mmu = &task->attempt.mmu;
    const uint64_t keep = task->wanted->cause == SIM_TASK_RETURN ? ~RFLAGS_NT : UINT64_MAX;
    uint32_t words[2 + SIM_TASK_REGISTERS + SIM_TASK_SEGMENTS] = {0};
    uint32_t *selectors = words + 2 + SIM_TASK_REGISTERS;
    uint64_t from = mmu->cpu->tss.base + TASK_EIP;

    (void)sim_mmu_peek(mmu, from, words, sizeof words); /* for what is reserved */
    words[0] = (uint32_t)task->wanted->next;
    words[1] = (uint32_t)(task->wanted->flags & keep);
    memcpy(words + 2, current->registers, sizeof current->registers);
    words[2 + 4] = (uint32_t)mmu->cpu->rsp;
    for (size_t i = 0; i < SIM_TASK_SEGMENTS; i++) {
        selectors[i] = (selectors[i] & 0xFFFF0000) | current->selectors[i];
    }
    selectors[SIM_SEGMENT_CS] = (selectors[SIM_SEGMENT_CS] & 0xFFFF0000) | mmu->cpu->cs;
    selectors[SIM_SEGMENT_SS] = (selectors[SIM_SEGMENT_SS] & 0xFFFF0000) | mmu->cpu->ss;
    task_write(task, from, words, sizeof words);
}

/* With PAE paging the registers for the PDPTEs come with CR3. [SDM 3A] 4.4.1 */
static void load_cr3(struct sim_cpu *cpu, const struct sim_memory *memory, uint32_t cr3)
{
    uint64_t table = cr3 & 0xFFFFFFE0;

    if ((cpu->cr0 & CR0_PG) == 0) {
        return;
    }
    cpu->cr3 = cr3;
    cpu->has_pdptes = (cpu->cr4 & CR4_PAE) != 0 && table < memory->size &&
                      memory->size - table >= sizeof cpu->pdpte;
    if (cpu->has_pdptes) {
        memcpy(cpu->pdpte, memory->bytes + table, sizeof cpu->pdpte);
    }
}

void task_load_registers(const struct task_attempt *task, struct sim_cpu *cpu,
                         struct sim_task *loaded)
{
    load_cr3(cpu, task->attempt.mmu.memory, read_word(task, TASK_CR3));
    cpu->rip = read_word(task, TASK_EIP);
    cpu->rflags = (read_word(task, TASK_EFLAGS) & FLAGS) | FLAGS_ALWAYS;
    memcpy(loaded->registers, task->image + TASK_REGISTERS, sizeof loaded->registers);
    for (size_t i = 0; i < SIM_TASK_SEGMENTS; i++) {
        loaded->selectors[i] = (uint16_t)read_word(task, TASK_SEGMENTS + 4 * i);
        loaded->segments[i] = (struct sim_segment){.attributes = 0};
    }
    loaded->traps = (read_word(task, TASK_TRAP) & 1) != 0;
    cpu->rsp = loaded->registers[4];
    cpu->cs = loaded->selectors[SIM_SEGMENT_CS];
    cpu->ss = loaded->selectors[SIM_SEGMENT_SS];
    cpu->ldtr = (uint16_t)read_word(task, TASK_LDT);
    cpu->ldt = (struct sim_table){0, 0};
    cpu->code = SIM_WIDTH_32;
    cpu->stack = SIM_WIDTH_32;
    cpu->code_base = 0;
}
