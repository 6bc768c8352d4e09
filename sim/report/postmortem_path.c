/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How the processor came to where it is: of interest when nothing is there that
 * it could execute.
 */
#include <inttypes.h>
#include <string.h>

#include "sim/cpu/descriptor.h"
#include "sim/cpu/segment.h"
#include "sim/report/postmortem_internal.h"
#include "sim/util/text.h"

#define EFER_LMA (UINT64_C(1) << 10)

enum {
    VECTOR_GP = 13,
    VECTOR_PF = 14
};

/* Whether the instruction before wrote a register that decides about translation. */
static const char *switched_by(const struct autopsy *autopsy)
{
    uint64_t rip = autopsy->input->result->fault.rip;
    const struct sim_trace_event *event = NULL;

    for (uint64_t back = 0; (event = autopsy_event(autopsy, back)) != NULL; back++) {
        if (event->kind == SIM_TRACE_CONTROL_REGISTER &&
            rip - event->rip - 1 < SIM_DISASSEMBLY_BYTES) {
            return event->code == 0 ? "CR0" : event->code == 3 ? "CR3" : NULL;
        }
        if (event->kind != SIM_TRACE_EXCEPTION) {
            break;
        }
    }
    return NULL;
}

/* The delivery or system call that led to where the processor is; NULL if the last one led elsewhere. */
static const struct sim_trace_event *led_by(const struct autopsy *autopsy)
{
    const struct sim_table *idt = &autopsy->mmu.cpu->idt;
    uint64_t rip = autopsy->input->result->fault.rip;
    const struct sim_trace_event *event = autopsy_event(autopsy, 1);
    uint64_t half[2];

    if (event != NULL && event->kind == SIM_TRACE_SYSCALL) {
        return event->a == rip ? event : NULL;
    }
    if (event == NULL || !autopsy_is_delivery(event) ||
        sim_descriptor_mode_of(autopsy->mmu.cpu) != SIM_DESCRIPTORS_IA32E ||
        !sim_mmu_peek(&autopsy->mmu, idt->base + sizeof half * (event->code & 0xFF), half,
                      sizeof half)) {
        return NULL;
    }
    return sim_gate_decode(SIM_DESCRIPTORS_IA32E, half[0], half[1]).handler == rip ? event : NULL;
}

/* "retq at 0x100123 f+0x12 (f.c:12)"; false: it is not known, or cannot be read any more. */
static bool describe_branch(const struct autopsy *autopsy, char *text, size_t size)
{
    uint8_t bytes[SIM_DISASSEMBLY_BYTES];
    struct sim_code code = {.bytes = bytes, .width = autopsy->input->cpu->code};
    struct sim_disassembly_line line;
    struct sim_postmortem_place place;

    if (autopsy->input->branch == NULL) {
        return false;
    }
    code.address = *autopsy->input->branch;
    code.size = autopsy_read_code(autopsy, code.address, bytes, sizeof bytes);
    if (sim_disassemble(&code, &line, 1) != 1) {
        return false;
    }
    autopsy_name(autopsy, code.address, SIM_FRAME_INNERMOST, &place);
    (void)snprintf(text, size, "%s at 0x%" PRIx64, line.text, code.address);
    if (place.symbol[0] != '\0') {
        sim_text_append(text, size, " %s", place.symbol);
    }
    if (place.source[0] != '\0') {
        sim_text_append(text, size, " (%s)", place.source);
    }
    return true;
}

static void note_branch(struct autopsy *autopsy)
{
    char branch[256];

    if (describe_branch(autopsy, branch, sizeof branch)) {
        autopsy_note(&autopsy->postmortem->notes, "The processor was led here by %s.", branch);
    } else {
        autopsy_note(&autopsy->postmortem->notes,
                     "The processor was led to this address: look at the call, jump or return "
                     "before it.");
    }
}

static void note_way(struct autopsy *autopsy)
{
    struct sim_postmortem_notes *notes = &autopsy->postmortem->notes;
    const struct sim_trace_event *event = led_by(autopsy);
    const char *name = switched_by(autopsy);

    if (name != NULL) {
        autopsy_note(notes,
                     "The instruction before wrote %s: the tables do not map the code that "
                     "switched to them.",
                     name);
    } else if (event != NULL && event->kind == SIM_TRACE_SYSCALL) {
        autopsy_note(notes, "This is where system calls are told to go: IA32_LSTAR or "
                            "IA32_SYSENTER_EIP.");
    } else if (event != NULL) {
        autopsy_note(notes, "This is the handler in IDT[%u], for %s at 0x%" PRIx64 ".",
                     event->code & 0xFF, sim_vector_name(event->code), event->rip);
    } else {
        note_branch(autopsy);
    }
}

/* Whether the instruction could not even be fetched. */
static bool is_lost(const struct autopsy *autopsy)
{
    const struct sim_fault *fault = &autopsy->input->result->fault;

    return (fault->vector == VECTOR_PF && fault->cr2 == fault->rip) ||
           (fault->vector == VECTOR_GP && !sim_cpu_is_canonical(autopsy->input->cpu, fault->rip));
}

static bool is_among_zeros(const struct autopsy *autopsy)
{
    static const uint8_t zeros[SIM_DISASSEMBLY_BYTES];
    uint8_t code[sizeof zeros];

    return sim_mmu_peek(&autopsy->mmu, autopsy->postmortem->at.address, code, sizeof code) &&
           memcmp(code, zeros, sizeof zeros) == 0;
}

/* [SDM 3A] 4.1.1: a code segment without L is executed in compatibility mode, at CPL 0 too. */
static void note_compatibility_mode(struct autopsy *autopsy)
{
    const struct sim_cpu *cpu = autopsy->input->cpu;

    if ((cpu->efer & EFER_LMA) != 0 && cpu->code != SIM_WIDTH_64 && sim_cpu_privilege(cpu) == 0) {
        autopsy_note(&autopsy->postmortem->notes,
                     "This is compatibility mode (EFER.LMA 1, CS.L 0): 64-bit code begins with a "
                     "far jump to a segment with L.");
    }
}

void autopsy_note_path(struct autopsy *autopsy)
{
    const struct sim_postmortem_place *at = &autopsy->postmortem->at;

    note_compatibility_mode(autopsy);
    if (autopsy->input->result->stop == SIM_STOP_FAULT && is_lost(autopsy)) {
        note_way(autopsy);
    } else if (is_among_zeros(autopsy)) {
        autopsy_note(&autopsy->postmortem->notes, "There are only zeros here: this is no code.");
        note_branch(autopsy);
    } else if (at->symbol[0] == '\0' && autopsy->input->branch != NULL) {
        note_branch(autopsy);
    }
}
