/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Why it died: the walk behind a page fault, what a selector in an error code
 * names, what is wrong with an operand, and why each step of the delivery
 * failed. The title is in postmortem_title.c, the usual suspects are in
 * postmortem_suspects.c.
 */
#include <inttypes.h>
#include <string.h>

#include "sim/cpu/descriptor.h"
#include "sim/report/postmortem_internal.h"
#include "sim/cpu/segment.h"

#define CR4_PSE     (UINT64_C(1) << 4)
#define CR4_PCIDE   (UINT64_C(1) << 17)
#define CR3_PWT_PCD UINT64_C(0x18) /* [SDM 3A] tables 4-3, 4-7 and 4-12 */
#define ENTRY_PS    UINT64_C(0x80)

enum vector {
    VECTOR_DF = 8,
    VECTOR_TS = 10,
    VECTOR_NP = 11,
    VECTOR_SS = 12,
    VECTOR_GP = 13,
    VECTOR_PF = 14,
};

/* What the error code says about the access. [SDM 3A] figure 4-12. */
static struct sim_access access_of(const struct sim_fault *fault)
{
    struct sim_access access = {fault->cr2, SIM_ACCESS_READ, SIM_MODE_SUPERVISOR};

    if ((fault->error_code & 0x10) != 0) {
        access.kind = SIM_ACCESS_FETCH;
    } else if ((fault->error_code & 0x2) != 0) {
        access.kind = SIM_ACCESS_WRITE;
    }
    if ((fault->error_code & 0x4) != 0) {
        access.mode = SIM_MODE_USER;
    }
    /* Without NXE and SMEP the code does not tell a fetch from a read. */
    if (access.kind == SIM_ACCESS_READ && fault->cr2 == fault->rip) {
        access.kind = SIM_ACCESS_FETCH;
    }
    return access;
}

/* Bits that a mistake has set and the processor ignores: of CR3 and, without PSE, of PDEs. */
static void note_ignored_bits(struct autopsy *autopsy, const struct sim_walk *walk)
{
    const struct sim_cpu *cpu = autopsy->input->cpu;
    unsigned int alignment = walk->mode == SIM_PAGING_PAE ? 32 : 4096;

    if ((cpu->cr4 & CR4_PCIDE) == 0 && (cpu->cr3 & (alignment - 1) & ~CR3_PWT_PCD) != 0) {
        autopsy_note(&autopsy->postmortem->notes,
                     "CR3 is 0x%" PRIx64 ": the bits that are not of a multiple of %u are ignored.",
                     cpu->cr3, alignment);
    }
    if (walk->mode == SIM_PAGING_32_BIT && (cpu->cr4 & CR4_PSE) == 0 && walk->depth > 1 &&
        (walk->steps[0].entry & ENTRY_PS) != 0) {
        autopsy_note(&autopsy->postmortem->notes,
                     "The PDE has PS, which is ignored while CR4.PSE is 0: it names a table, not a "
                     "page of 4 MiB.");
    }
}

static void explain_page_fault(struct autopsy *autopsy)
{
    struct sim_postmortem *postmortem = autopsy->postmortem;
    const struct sim_fault *fault = &autopsy->input->result->fault;
    const struct sim_cpu *cpu = autopsy->input->cpu;
    struct sim_access access = access_of(fault);
    struct sim_walk walk = sim_mmu_walk(cpu, autopsy->input->memory, access);
    uint64_t rsp = autopsy->input->registers->rsp;

    postmortem->has_address = true;
    postmortem->address = fault->cr2;
    postmortem->has_walk = true;
    sim_walk_explain(cpu, access, &walk, &postmortem->walk);
    if (walk.outcome == SIM_WALK_MAPPED) {
        autopsy_note(&postmortem->notes,
                     "The tables allow this access now: the fault came from a cached translation, "
                     "or they have changed since.");
    }
    note_ignored_bits(autopsy, &walk);
    if (fault->cr2 < 4096) {
        autopsy_note(&postmortem->notes, "A null pointer, with an offset of %" PRIu64 " bytes.",
                     fault->cr2);
    }
    if (access.kind != SIM_ACCESS_FETCH && fault->cr2 + 4096 >= rsp && fault->cr2 < rsp + 4096) {
        autopsy_note(&postmortem->notes,
                     "The address lies within a page of RSP (0x%" PRIx64 "): the stack has run "
                     "out, or was never mapped.",
                     rsp);
    }
}

/* "selector 0x10: writable data segment, DPL 0", or why there is none. */
static void note_selector(const struct autopsy *autopsy, uint16_t selector,
                          struct sim_postmortem_notes *notes)
{
    const struct sim_cpu *cpu = autopsy->input->cpu;
    bool local = (selector & 4) != 0;
    const struct sim_table *table = local ? &cpu->ldt : &cpu->gdt;
    struct sim_descriptor descriptor;
    uint64_t low = 0;
    char text[160];

    if ((selector & 0xFFFC) == 0) {
        autopsy_note(notes, "selector 0x%x is null", selector);
        return;
    }
    if ((selector | 7u) > table->limit) {
        autopsy_note(notes, "selector 0x%x is outside the %s, whose limit is 0x%" PRIx32, selector,
                     local ? "LDT" : "GDT", table->limit);
        return;
    }
    if (!sim_mmu_peek(&autopsy->mmu, table->base + (selector & 0xFFF8u), &low, sizeof low)) {
        autopsy_note(notes, "selector 0x%x: the %s at 0x%" PRIx64 " cannot be read", selector,
                     local ? "LDT" : "GDT", table->base);
        return;
    }
    descriptor = sim_descriptor_decode(low);
    sim_descriptor_describe(&descriptor, sim_descriptor_mode_of(cpu), text, sizeof text);
    autopsy_note(notes, "selector 0x%x = 0x%016" PRIx64 ": %s", selector, low, text);
}

/* A gate and the segment it leads to. */
static void note_gate(const struct autopsy *autopsy, unsigned int vector,
                      struct sim_postmortem_notes *notes)
{
    const struct sim_cpu *cpu = autopsy->input->cpu;
    enum sim_descriptor_mode mode = sim_descriptor_mode_of(cpu);
    unsigned int bytes = mode == SIM_DESCRIPTORS_IA32E ? 16 : 8;
    uint64_t half[2] = {0};
    struct sim_gate gate;
    char text[160];

    if ((cpu->cr0 & 1) == 0 || (vector + 1) * bytes - 1 > cpu->idt.limit) { /* PE */
        return;
    }
    if (!sim_mmu_peek(&autopsy->mmu, cpu->idt.base + (uint64_t)vector * bytes, half, bytes)) {
        autopsy_note(notes, "the IDT at 0x%" PRIx64 " cannot be read", cpu->idt.base);
        return;
    }
    if (half[0] == 0 && half[1] == 0) {
        autopsy_note(notes, "IDT[%u] is all zeros", vector);
        return;
    }
    gate = sim_gate_decode(mode, half[0], half[1]);
    sim_gate_describe(&gate, mode, text, sizeof text);
    autopsy_note(notes, "IDT[%u]: %s", vector, text);
    note_selector(autopsy, gate.selector, notes);
}

/* Error codes of #TS, #NP, #SS and #GP that name a descriptor. [SDM 3A] figure 6-7. */
static void note_error_code(struct autopsy *autopsy, uint32_t error_code)
{
    if ((error_code & 0xFFFE) == 0) {
        return;
    }
    if ((error_code & 2) != 0) {
        note_gate(autopsy, (error_code >> 3) & 0xFF, &autopsy->postmortem->notes);
    } else {
        note_selector(autopsy, (uint16_t)(error_code & 0xFFFC), &autopsy->postmortem->notes);
    }
}

/* What is wrong with the operand of an instruction that raised #GP(0) or #SS(0). */
static void note_operand(struct autopsy *autopsy)
{
    const struct sim_postmortem *postmortem = autopsy->postmortem;
    uint64_t offset = postmortem->at.address - autopsy->code.address;
    struct sim_code instruction = autopsy->code;
    struct sim_operand operand;

    if (offset >= autopsy->code.size) {
        return;
    }
    instruction.address += offset;
    instruction.bytes += offset;
    instruction.size -= offset;
    if (!sim_disassembly_operand(&instruction, autopsy->input->registers, &operand)) {
        return;
    }
    if (!sim_cpu_is_canonical(autopsy->input->cpu, operand.address)) {
        autopsy_note(&autopsy->postmortem->notes,
                     "Its operand at 0x%016" PRIx64 " is not canonical.", operand.address);
    } else if (operand.vector && operand.size >= 16 && operand.address % operand.size != 0) {
        autopsy_note(&autopsy->postmortem->notes,
                     "Its operand at 0x%" PRIx64 " is not aligned to %u bytes%s.", operand.address,
                     operand.size,
                     operand.address - autopsy->input->registers->rsp < 4096
                         ? "; neither was the stack when the function was called"
                         : "");
    }
}

void autopsy_explain_fault(struct autopsy *autopsy)
{
    struct sim_postmortem *postmortem = autopsy->postmortem;
    const struct sim_fault *fault = &autopsy->input->result->fault;

    postmortem->has_error_code = fault->has_error_code;
    postmortem->error_code = fault->error_code;
    if (autopsy->input->cause != NULL && autopsy->input->cause[0] != '\0') {
        autopsy_note(&postmortem->notes, "%s", autopsy->input->cause);
    }
    switch (fault->vector) {
    case VECTOR_PF:
        explain_page_fault(autopsy);
        break;
    case VECTOR_TS:
    case VECTOR_NP:
    case VECTOR_SS:
    case VECTOR_GP:
        note_error_code(autopsy, fault->error_code);
        if (fault->error_code == 0) {
            note_operand(autopsy);
        }
        break;
    default:
        break;
    }
    autopsy_note_suspects(autopsy);
}

/* A double fault without a stack of its own meets the same obstacle. [SDM 3A] 6.14.5. */
static void note_missing_ist(const struct autopsy *autopsy, const struct sim_delivery_step *failed,
                             struct sim_postmortem_notes *notes)
{
    uint64_t half[2] = {0};
    const struct sim_mmu *mmu = &autopsy->mmu;
    bool pushes = failed->memory_failed && failed->access.kind == SIM_ACCESS_WRITE;

    if (pushes && failed->exception.vector == VECTOR_DF &&
        sim_descriptor_mode_of(mmu->cpu) == SIM_DESCRIPTORS_IA32E &&
        sim_mmu_peek(mmu, mmu->cpu->idt.base + sizeof half * VECTOR_DF, half, sizeof half) &&
        sim_gate_decode(SIM_DESCRIPTORS_IA32E, half[0], half[1]).ist == 0) {
        autopsy_note(notes, "IDT[8] names no IST: the double fault needs a stack of its own");
    }
}

static void explain_step(struct autopsy *autopsy, const struct sim_delivery_step *failed,
                         struct sim_postmortem_step *step)
{
    autopsy_name_event(&failed->exception, step->name, sizeof step->name);
    (void)snprintf(step->text, sizeof step->text, "%s", failed->text);
    autopsy_clean(step->text);
    note_gate(autopsy, failed->exception.vector & 0xFF, &step->notes);
    note_missing_ist(autopsy, failed, &step->notes);
    if (failed->memory_failed) {
        struct sim_walk walk =
            sim_mmu_walk(autopsy->input->cpu, autopsy->input->memory, failed->access);

        step->has_walk = true;
        sim_walk_explain(autopsy->input->cpu, failed->access, &walk, &step->walk);
    }
}

void autopsy_explain_delivery(struct autopsy *autopsy)
{
    struct sim_postmortem *postmortem = autopsy->postmortem;
    const struct sim_delivery_reason *delivery = autopsy->input->delivery;

    if (delivery == NULL) {
        return;
    }
    while (postmortem->step_count < delivery->step_count &&
           postmortem->step_count < SIM_DELIVERY_STEPS) {
        explain_step(autopsy, &delivery->steps[postmortem->step_count],
                     &postmortem->steps[postmortem->step_count]);
        postmortem->step_count++;
    }
}
