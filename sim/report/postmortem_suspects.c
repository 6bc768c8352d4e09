/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The usual suspects: mistakes that show themselves far from where they were
 * made. Each is recognised by the moment of death and the last events alone.
 */
#include <inttypes.h>
#include <string.h>

#include "sim/cpu/descriptor.h"
#include "sim/report/postmortem_internal.h"
#include "sim/cpu/segment.h"

#define CR4_OSFXSR (UINT64_C(1) << 9)

enum {
    VECTOR_UD = 6,
    VECTOR_GP = 13,
    VECTOR_PF = 14,
    INSTRUCTION_MAX = 15,
    REPETITIONS = 3 /* from here on it is no coincidence */
};

static bool is_event_of_processor(const struct sim_trace_event *event)
{
    return event->kind == SIM_TRACE_EXCEPTION || event->kind == SIM_TRACE_INTERRUPT ||
           event->kind == SIM_TRACE_NMI;
}

/* The event @p back before the last; NULL if it is not kept. */
static const struct sim_trace_event *event_before(const struct sim_trace *trace, uint64_t back)
{
    if (trace == NULL || back >= trace->count || back >= SIM_TRACE_KEPT) {
        return NULL;
    }
    return &trace->last[(trace->count - 1 - back) % SIM_TRACE_KEPT];
}

/* A handler that faults itself, until something else stops it. */
static void note_repetition(struct autopsy *autopsy)
{
    const struct sim_trace *trace = autopsy->input->trace;
    const struct sim_trace_event *last = event_before(trace, 0);
    unsigned int count = 0;

    while (last != NULL && last->kind == SIM_TRACE_EXCEPTION) {
        const struct sim_trace_event *event = event_before(trace, count);

        if (event == NULL || event->kind != SIM_TRACE_EXCEPTION || event->code != last->code) {
            break;
        }
        count++;
    }
    if (count >= REPETITIONS) {
        autopsy_note(&autopsy->postmortem->notes,
                     "The handler of %s faults itself: the last %u events are %s.",
                     sim_vector_name(last->code), count, sim_vector_name(last->code));
    }
}

/* What the processor last did before it was stuck. */
static void note_last_delivery(struct autopsy *autopsy)
{
    const struct sim_trace *trace = autopsy->input->trace;
    const struct sim_delivery_reason *delivery = autopsy->input->delivery;
    bool obstacles = delivery != NULL && delivery->step_count > 0;
    const struct sim_trace_event *event = NULL;
    struct sim_postmortem_place place;

    for (uint64_t back = 0; (event = event_before(trace, back)) != NULL; back++) {
        if (is_event_of_processor(event)) {
            break;
        }
    }
    if (event == NULL) {
        return;
    }
    autopsy_name(autopsy, event->rip, SIM_FRAME_INNERMOST, &place);
    autopsy_note(
        &autopsy->postmortem->notes, "The last delivery was that of %s at 0x%" PRIx64 "%s%s%s%s.",
        sim_vector_name(event->code), event->rip, place.symbol[0] == '\0' ? "" : " ", place.symbol,
        obstacles ? "; in its way was: " : "", obstacles ? delivery->text : "");
}

/* Whether the instruction before wrote a register that decides about translation. */
static const char *switched_by(const struct autopsy *autopsy)
{
    uint64_t rip = autopsy->input->result->fault.rip;
    const struct sim_trace_event *event = NULL;

    for (uint64_t back = 0; (event = event_before(autopsy->input->trace, back)) != NULL; back++) {
        if (event->kind == SIM_TRACE_CONTROL_REGISTER && rip - event->rip - 1 < INSTRUCTION_MAX) {
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
    const struct sim_trace_event *event = event_before(autopsy->input->trace, 1);
    uint64_t half[2];

    if (event != NULL && event->kind == SIM_TRACE_SYSCALL) {
        return event->a == rip ? event : NULL;
    }
    if (event == NULL || !is_event_of_processor(event) ||
        sim_descriptor_mode_of(autopsy->mmu.cpu) != SIM_DESCRIPTORS_IA32E ||
        !sim_mmu_peek(&autopsy->mmu, idt->base + sizeof half * (event->code & 0xFF), half,
                      sizeof half)) {
        return NULL;
    }
    return sim_gate_decode(SIM_DESCRIPTORS_IA32E, half[0], half[1]).handler == rip ? event : NULL;
}

/* How the processor came to where there is no code. */
static void note_lost(struct autopsy *autopsy)
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
        autopsy_note(notes, "The processor was led to this address: look at the call, jump or "
                            "return before it.");
    }
}

/* Whether the instruction could not even be fetched. */
static bool is_lost(const struct autopsy *autopsy)
{
    const struct sim_fault *fault = &autopsy->input->result->fault;

    return (fault->vector == VECTOR_PF && fault->cr2 == fault->rip) ||
           (fault->vector == VECTOR_GP && !sim_cpu_is_canonical(autopsy->input->cpu, fault->rip));
}

static void note_zeros(struct autopsy *autopsy)
{
    static const uint8_t zeros[INSTRUCTION_MAX];
    uint8_t code[sizeof zeros];

    if (sim_mmu_peek(&autopsy->mmu, autopsy->input->result->fault.rip, code, sizeof code) &&
        memcmp(code, zeros, sizeof zeros) == 0) {
        autopsy_note(&autopsy->postmortem->notes,
                     "There are only zeros here: this is no code. Look at the call, jump or return "
                     "before it.");
    }
}

static bool is_code_selector(const struct autopsy *autopsy, uint64_t selector)
{
    const struct sim_table *gdt = &autopsy->mmu.cpu->gdt;
    struct sim_descriptor descriptor;
    uint64_t low = 0;

    if (selector > 0xFFFF || (selector & 0xFFFC) == 0 || (selector & 4) != 0 ||
        (selector | 7) > gdt->limit ||
        !sim_mmu_peek(&autopsy->mmu, gdt->base + (selector & 0xFFF8), &low, sizeof low)) {
        return false;
    }
    descriptor = sim_descriptor_decode(low);
    return sim_descriptor_is_code(&descriptor);
}

static const char *current_instruction(const struct autopsy *autopsy)
{
    const struct sim_listing *listing = &autopsy->postmortem->listing;

    return listing->marked < listing->count ? listing->lines[listing->marked].text : "";
}

/* An IRETQ that takes the error code for RIP: CS and RFLAGS are found one word further up. */
static void note_error_code_left(struct autopsy *autopsy)
{
    uint64_t words[4];

    if (strcmp(current_instruction(autopsy), "iretq") == 0 &&
        sim_mmu_peek(&autopsy->mmu, autopsy->input->registers->rsp, words, sizeof words) &&
        words[0] <= 0xFFFF && !is_code_selector(autopsy, words[1]) &&
        is_code_selector(autopsy, words[2]) && (words[3] & 2) != 0 && words[3] >> 22 == 0) {
        autopsy_note(&autopsy->postmortem->notes,
                     "The frame begins 8 bytes further up: the error code 0x%" PRIx64
                     " is still on the stack.",
                     words[0]);
    }
}

/* Instructions for CPL 0, and those that IOPL decides about. [SDM 3A] 5.9; [SDM 1] 19.5.1. */
static void note_privilege(struct autopsy *autopsy)
{
    static const char *const privileged[] = {
        "hlt",  "invlpg", "rdmsr",  "wrmsr",  "lgdt",   "lidt",   "lldt",    "ltr",    "lmsw",
        "clts", "invd",   "wbinvd", "swapgs", "sysret", "xsetbv", "sysexit", "invpcid"};
    static const char *const sensitive[] = {"cli", "sti", "in", "out", "ins", "outs"};
    const struct sim_cpu *cpu = autopsy->input->cpu;
    char name[16];

    (void)snprintf(name, sizeof name, "%s", current_instruction(autopsy));
    name[strcspn(name, " ")] = '\0';
    for (size_t i = 0; i < sizeof privileged / sizeof privileged[0]; i++) {
        if (strncmp(name, privileged[i], strlen(privileged[i])) == 0) {
            autopsy_note(&autopsy->postmortem->notes, "%s is for CPL 0 only, and CPL is %u", name,
                         sim_cpu_privilege(cpu));
            return;
        }
    }
    for (size_t i = 0; i < sizeof sensitive / sizeof sensitive[0]; i++) {
        if (strncmp(name, sensitive[i], strlen(sensitive[i])) == 0) {
            autopsy_note(&autopsy->postmortem->notes, "%s is not allowed: CPL is %u and IOPL %u",
                         name, sim_cpu_privilege(cpu), (unsigned int)(cpu->rflags >> 12) & 3);
            return;
        }
    }
}

/* Compilers use SSE without being asked. [SDM 3A] 13.1.4 */
static void note_sse(struct autopsy *autopsy)
{
    if (autopsy->input->result->fault.vector == VECTOR_UD &&
        (autopsy->input->cpu->cr4 & CR4_OSFXSR) == 0 &&
        strstr(current_instruction(autopsy), "%xmm") != NULL) {
        autopsy_note(&autopsy->postmortem->notes, "SSE is not enabled: CR4.OSFXSR is 0.");
    }
}

void autopsy_note_suspects(struct autopsy *autopsy)
{
    const struct sim_fault *fault = &autopsy->input->result->fault;

    if (autopsy->input->result->stop != SIM_STOP_FAULT) {
        note_last_delivery(autopsy);
        return;
    }
    if (is_lost(autopsy)) {
        note_lost(autopsy);
    } else {
        note_zeros(autopsy);
    }
    note_error_code_left(autopsy);
    note_sse(autopsy);
    if (fault->vector == VECTOR_GP && fault->error_code == 0 &&
        sim_cpu_privilege(autopsy->input->cpu) > 0) {
        note_privilege(autopsy);
    }
    note_repetition(autopsy);
}
