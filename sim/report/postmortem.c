/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Gathering. Everything is copied: the machine may go on, be reset or be freed
 * before somebody prints. The guest's tables are used to read its code and its
 * stack, with the same walker that judges its accesses.
 */
#include "sim/report/postmortem.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "sim/report/postmortem_internal.h"

/* CR4.SMAP. [SDM 3A] 2.5. */
#define CR4_SMAP (UINT64_C(1) << 21)

enum {
    CODE_BEFORE = 4096, /* bytes of a function that are disassembled to reach the instruction */
    CODE_AFTER = 64,
};

void autopsy_clean(char *text)
{
    for (; *text != '\0'; text++) {
        if (*text < ' ' || *text > '~') {
            *text = '?';
        }
    }
}

void autopsy_note(struct sim_postmortem_notes *notes, const char *format, ...)
{
    va_list arguments;

    if (notes->count < SIM_POSTMORTEM_NOTES) {
        va_start(arguments, format);
        (void)vsnprintf(notes->text[notes->count], sizeof notes->text[0], format, arguments);
        va_end(arguments);
        autopsy_clean(notes->text[notes->count]);
        notes->count++;
    }
}

/* "function+0x12", where the function is the one of @p inside and the distance is to @p address. */
static void name_function(struct sim_image *image, uint64_t inside, uint64_t address,
                          struct sim_postmortem_place *place)
{
    uint64_t start = 0;
    uint64_t end = 0;
    char name[96];

    if (!sim_image_function_at(image, inside, &start, &end)) {
        return;
    }
    sim_image_name_address(image, start, name, sizeof name);
    if (address == start) {
        (void)snprintf(place->symbol, sizeof place->symbol, "%s", name);
    } else {
        (void)snprintf(place->symbol, sizeof place->symbol, "%s+0x%" PRIx64, name, address - start);
    }
    autopsy_clean(place->symbol);
}

void autopsy_name(const struct autopsy *autopsy, uint64_t address, enum sim_frame_source how,
                  struct sim_postmortem_place *place)
{
    struct sim_image *image = autopsy->input->image;
    uint64_t inside = how == SIM_FRAME_INNERMOST ? address : address - 1;

    *place = (struct sim_postmortem_place){.address = address};
    if (image != NULL) {
        name_function(image, inside, address, place);
        sim_image_find_line(image, inside, place->source, sizeof place->source);
        autopsy_clean(place->source);
    }
}

size_t autopsy_read_code(const struct autopsy *autopsy, uint64_t from, uint8_t *to, size_t size)
{
    size_t done = 0;

    while (done < size) {
        size_t in_page = 4096 - (size_t)((from + done) & 4095);
        size_t part = size - done < in_page ? size - done : in_page;

        if (!sim_mmu_peek(&autopsy->mmu, from + done, to + done, part)) {
            break;
        }
        done += part;
    }
    return done;
}

static void disassemble(struct autopsy *autopsy)
{
    struct sim_postmortem *postmortem = autopsy->postmortem;
    uint64_t rip = postmortem->at.address;
    uint64_t start = rip;
    uint64_t end = rip + CODE_AFTER;
    uint64_t after = CODE_AFTER;

    if (autopsy->input->image != NULL &&
        sim_image_function_at(autopsy->input->image, rip, &start, &end) && end - rip < CODE_AFTER) {
        after = end - rip; /* what follows is another function */
    }
    if (rip - start > CODE_BEFORE) {
        start = rip;
    }
    autopsy->code = (struct sim_code){
        .address = start, .bytes = autopsy->bytes, .width = autopsy->input->cpu->code};
    autopsy->code.size =
        autopsy_read_code(autopsy, start, autopsy->bytes, (size_t)(rip - start + after));
    sim_disassemble_around(&autopsy->code, rip, &postmortem->listing);
    for (size_t i = 0; i < postmortem->listing.count; i++) {
        const struct sim_disassembly_line *line = &postmortem->listing.lines[i];
        struct sim_postmortem_place place = {.address = 0};

        if (line->has_target) {
            autopsy_name(autopsy, line->target, SIM_FRAME_INNERMOST, &place);
        }
        memcpy(postmortem->target[i], place.symbol, sizeof postmortem->target[i]);
    }
}

static bool read_stack(void *context, uint64_t linear, void *buffer, size_t size)
{
    const struct autopsy *autopsy = context;

    return sim_mmu_peek(&autopsy->mmu, linear, buffer, size);
}

static void trace_back(struct autopsy *autopsy)
{
    struct sim_postmortem *postmortem = autopsy->postmortem;
    struct sim_stack_reader reader = {read_stack, autopsy};
    struct sim_registers registers = *autopsy->input->registers;
    struct sim_backtrace backtrace;

    registers.rip = sim_cpu_linear_rip(autopsy->input->cpu);
    sim_backtrace_collect(&registers, autopsy->input->cpu->code, autopsy->input->image, &reader,
                          &backtrace);
    postmortem->frame_count = backtrace.count;
    postmortem->frames_cut = backtrace.cut;
    for (size_t i = 0; i < backtrace.count; i++) {
        const struct sim_frame *frame = &backtrace.frames[i];

        postmortem->frame_source[i] = frame->source;
        autopsy_name(autopsy, frame->pc, frame->exact ? SIM_FRAME_INNERMOST : SIM_FRAME_CFI,
                     &postmortem->frames[i]);
    }
}

static void copy_findings(struct autopsy *autopsy)
{
    struct sim_postmortem *postmortem = autopsy->postmortem;
    const struct sim_findings *findings = autopsy->input->findings;
    size_t first = 0;

    if (findings == NULL) {
        return;
    }
    if (findings->count > SIM_POSTMORTEM_FINDINGS) {
        first = findings->count - SIM_POSTMORTEM_FINDINGS;
    }
    postmortem->findings_in_all = findings->count + findings->lost;
    postmortem->finding_count = findings->count - first;
    for (size_t i = 0; i < postmortem->finding_count; i++) {
        struct sim_finding *finding = &postmortem->findings[i];

        *finding = findings->list[first + i];
        autopsy_clean(finding->text);
        autopsy_name(autopsy, finding->rip, SIM_FRAME_INNERMOST, &postmortem->finding_at[i]);
    }
}

static void copy_events(struct autopsy *autopsy)
{
    struct sim_postmortem *postmortem = autopsy->postmortem;
    const struct sim_trace *trace = autopsy->input->trace;

    if (trace == NULL) {
        return;
    }
    postmortem->events_in_all = trace->count;
    postmortem->event_count =
        trace->count < SIM_TRACE_KEPT ? (size_t)trace->count : (size_t)SIM_TRACE_KEPT;
    for (size_t i = 0; i < postmortem->event_count; i++) {
        uint64_t number = trace->count - postmortem->event_count + i;

        postmortem->events[i] = trace->last[number % SIM_TRACE_KEPT];
        autopsy_name(autopsy, postmortem->events[i].rip, SIM_FRAME_INNERMOST,
                     &postmortem->event_at[i]);
    }
}

static void copy_state(struct autopsy *autopsy)
{
    struct sim_postmortem *postmortem = autopsy->postmortem;
    const struct sim_system *system = autopsy->input->system;

    postmortem->cpu = *autopsy->input->cpu;
    postmortem->registers = *autopsy->input->registers;
    if (autopsy->input->bases != NULL) {
        postmortem->has_bases = true;
        postmortem->bases = *autopsy->input->bases;
    }
    if (system != NULL) {
        postmortem->has_debug = true;
        memcpy(postmortem->dr, system->dr, sizeof postmortem->dr);
        postmortem->dr6 = system->dr6;
        postmortem->dr7 = system->dr7;
    }
}

void sim_postmortem_collect(struct sim_postmortem *postmortem,
                            const struct sim_postmortem_input *input)
{
    struct autopsy autopsy = {.postmortem = postmortem, .input = input, .reader = *input->cpu};

    autopsy.reader.cr4 &= ~CR4_SMAP;
    autopsy.mmu = (struct sim_mmu){&autopsy.reader, input->memory};
    memset(postmortem, 0, sizeof *postmortem);
    autopsy_name(&autopsy, input->result->fault.rip, SIM_FRAME_INNERMOST, &postmortem->at);
    copy_state(&autopsy);
    disassemble(&autopsy);
    autopsy_explain_stop(&autopsy);
    if (input->result->stop == SIM_STOP_FAULT) {
        autopsy_explain_fault(&autopsy);
        autopsy_explain_delivery(&autopsy);
        autopsy_entitle_fault(&autopsy);
    } else {
        autopsy_note_suspects(&autopsy);
    }
    trace_back(&autopsy);
    copy_findings(&autopsy);
    postmortem->unneeded_flushes = input->unneeded_flushes;
    copy_events(&autopsy);
}
