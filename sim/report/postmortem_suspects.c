/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The usual suspects: mistakes that show themselves far from where they were
 * made. Each is recognised by the moment of death and the last events alone.
 */
#include <inttypes.h>
#include <string.h>

#include "sim/cpu/descriptor.h"
#include "sim/cpu/segment.h"
#include "sim/report/postmortem_internal.h"
#include "sim/util/text.h"

#define CR0_PE         UINT64_C(1)
#define RFLAGS_IF      (UINT64_C(1) << 9)
#define FLAGS_IF_AND_1 UINT64_C(0x202) /* bit 1 is always 1. [SDM 1] 3.4.3 */

enum {
    VECTOR_UD = 6,
    VECTOR_GP = 13,
    VECTOR_PF = 14,
    FIRMWARE_VECTOR = 8,
    BIOS_VIDEO = 0x10,
    BIOS_CLOCK = 0x1A,
    REPETITIONS = 3 /* from here on it is no coincidence */
};

bool autopsy_is_delivery(const struct sim_trace_event *event)
{
    return event->kind == SIM_TRACE_EXCEPTION || event->kind == SIM_TRACE_INTERRUPT ||
           event->kind == SIM_TRACE_NMI;
}

const struct sim_trace_event *autopsy_event(const struct autopsy *autopsy, uint64_t back)
{
    const struct sim_trace *trace = autopsy->input->trace;

    if (trace == NULL || back >= trace->count || back >= SIM_TRACE_KEPT) {
        return NULL;
    }
    return &trace->last[(trace->count - 1 - back) % SIM_TRACE_KEPT];
}

/* A handler that faults itself, until something else stops it. */
static void note_repetition(struct autopsy *autopsy)
{
    const struct sim_trace_event *last = autopsy_event(autopsy, 0);
    unsigned int count = 0;

    while (last != NULL && last->kind == SIM_TRACE_EXCEPTION) {
        const struct sim_trace_event *event = autopsy_event(autopsy, count);

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

/* The last delivery; NULL if it is not among the events that are kept. */
static const struct sim_trace_event *find_delivery(const struct autopsy *autopsy)
{
    const struct sim_trace_event *event = autopsy_event(autopsy, 0);

    for (uint64_t back = 1; event != NULL && !autopsy_is_delivery(event); back++) {
        event = autopsy_event(autopsy, back);
    }
    return event;
}

/* What the processor last did before it was stuck. */
static void note_last_delivery(struct autopsy *autopsy, const struct sim_trace_event *event)
{
    const struct sim_delivery_reason *delivery = autopsy->input->delivery;
    bool obstacles = delivery != NULL && delivery->step_count > 0;
    const char *cause = autopsy->input->cause == NULL ? "" : autopsy->input->cause;
    struct sim_postmortem_place place;
    char text[SIM_POSTMORTEM_NOTE];
    char name[16];

    autopsy_name(autopsy, event->rip, SIM_FRAME_INNERMOST, &place);
    autopsy_name_event(&(struct sim_exception){.vector = event->code,
                                               .source = event->kind == SIM_TRACE_INTERRUPT
                                                             ? SIM_SOURCE_INTERRUPT
                                                             : SIM_SOURCE_EXCEPTION},
                       name, sizeof name);
    (void)snprintf(text, sizeof text, "The last delivery was that of %s at 0x%" PRIx64 "%s%s", name,
                   event->rip, place.symbol[0] == '\0' ? "" : " ", place.symbol);
    if (event->kind == SIM_TRACE_EXCEPTION && event->code == VECTOR_PF) {
        sim_text_append(text, sizeof text, ", error code 0x%" PRIx64 ", address 0x%" PRIx64,
                        event->a, event->b);
    }
    if (cause[0] != '\0') {
        sim_text_append(text, sizeof text, ": %s", cause);
    }
    if (obstacles) {
        sim_text_append(text, sizeof text, "; in its way was: %s", delivery->text);
    }
    autopsy_note(&autopsy->postmortem->notes, "%s.", text);
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

const char *autopsy_instruction(const struct autopsy *autopsy)
{
    const struct sim_listing *listing = &autopsy->postmortem->listing;

    return listing->marked < listing->count ? listing->lines[listing->marked].text : "";
}

/* Bytes of each word of the frame that the instruction takes off the stack; 0: it is no IRET. */
static size_t frame_word(const char *instruction)
{
    if (strcmp(instruction, "iretq") == 0) {
        return 8;
    }
    return strcmp(instruction, "iretl") == 0 ? 4 : 0;
}

/* An IRET that takes the error code for RIP: CS and RFLAGS are found one word further up. */
static void note_error_code_left(struct autopsy *autopsy)
{
    size_t word = frame_word(autopsy_instruction(autopsy));
    uint64_t words[4] = {0};

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (word == 0 || !sim_mmu_peek(&autopsy->mmu, autopsy->input->registers->rsp + i * word,
                                       &words[i], word)) {
            return;
        }
    }
    if (words[0] <= 0xFFFF && !is_code_selector(autopsy, words[1]) &&
        is_code_selector(autopsy, words[2]) && (words[3] & 2) != 0 && words[3] >> 22 == 0) {
        autopsy_note(&autopsy->postmortem->notes,
                     "The frame begins %zu bytes further up: the error code 0x%" PRIx64
                     " is still on the stack.",
                     word, words[0]);
    }
}

/* What RET leaves of the frame that a handler has to take off the stack with IRET. */
static void note_return_by_ret(struct autopsy *autopsy)
{
    const struct sim_cpu *cpu = autopsy->input->cpu;
    size_t word = cpu->code == SIM_WIDTH_64 ? 8 : 4;
    uint64_t frame[2] = {0};

    if ((cpu->rflags & RFLAGS_IF) == 0 &&
        sim_mmu_peek(&autopsy->mmu, autopsy->input->registers->rsp, &frame[0], word) &&
        sim_mmu_peek(&autopsy->mmu, autopsy->input->registers->rsp + word, &frame[1], word) &&
        is_code_selector(autopsy, frame[0]) && (frame[1] & FLAGS_IF_AND_1) == FLAGS_IF_AND_1 &&
        frame[1] >> 22 == 0) {
        autopsy_note(&autopsy->postmortem->notes,
                     "CS and RFLAGS of an interrupted instruction are on top of the stack: the "
                     "handler has returned with RET instead of IRET.");
    }
}

/* An interrupt of a device on a vector of an exception. [8259A] ICW2; firmware gives 8. */
static void note_vectors_of_firmware(struct autopsy *autopsy, unsigned int vector)
{
    if (vector >= FIRMWARE_VECTOR && vector < FIRMWARE_VECTOR + 8) {
        autopsy_note(
            &autopsy->postmortem->notes,
            "This is IRQ %u of the 8259, which firmware leaves with vectors 8 to 15: give it "
            "others (ICW2), or mask it.",
            vector - FIRMWARE_VECTOR);
    }
}

/* No fault, but no end either. */
static void note_stuck(struct autopsy *autopsy)
{
    const struct sim_trace_event *event = find_delivery(autopsy);

    if (event != NULL) {
        note_last_delivery(autopsy, event);
        if (event->kind == SIM_TRACE_INTERRUPT) {
            note_vectors_of_firmware(autopsy, event->code);
        }
        note_return_by_ret(autopsy);
    }
}

/* What was on its way when something came between. */
static void note_undelivered(struct autopsy *autopsy)
{
    const struct sim_delivery_reason *delivery = autopsy->input->delivery;
    const struct sim_exception *event = NULL;

    if (delivery == NULL || delivery->step_count == 0) {
        return;
    }
    event = &delivery->steps[0].exception;
    if (event->source == SIM_SOURCE_INTERRUPT) {
        note_vectors_of_firmware(autopsy, event->vector);
    }
    if (event->source == SIM_SOURCE_SOFTWARE && event->vector >= BIOS_VIDEO &&
        event->vector <= BIOS_CLOCK && (autopsy->input->cpu->cr0 & CR0_PE) != 0) {
        autopsy_note(&autopsy->postmortem->notes,
                     "If this was to call the BIOS: that works in real mode only.");
    }
}

void autopsy_note_suspects(struct autopsy *autopsy)
{
    autopsy_note_path(autopsy);
    if (autopsy->input->result->stop != SIM_STOP_FAULT) {
        note_stuck(autopsy);
        return;
    }
    note_undelivered(autopsy);
    note_error_code_left(autopsy);
    autopsy_note_instruction(autopsy);
    note_repetition(autopsy);
}
