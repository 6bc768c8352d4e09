/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The post-mortem for programs. Numbers of 64 bits are strings: JSON's have only 53. */
#include <inttypes.h>
#include <stdio.h>

#include "sim/report/postmortem.h"
#include "sim/util/text.h"

static json_t *hex(uint64_t value)
{
    return json_sprintf("0x%" PRIx64, value);
}

static json_t *place_json(const struct sim_postmortem_place *place)
{
    return json_pack("{s:o, s:s, s:s}", "address", hex(place->address), "symbol", place->symbol,
                     "source", place->source);
}

static json_t *notes_json(const struct sim_postmortem_notes *notes)
{
    json_t *list = json_array();

    for (size_t i = 0; i < notes->count; i++) {
        (void)json_array_append_new(list, json_string(notes->text[i]));
    }
    return list;
}

static json_t *walk_json(const struct sim_walk_explanation *walk)
{
    json_t *entries = json_array();

    for (size_t i = 0; i < walk->count; i++) {
        (void)json_array_append_new(entries, json_pack("{s:s, s:b}", "text", walk->lines[i].text,
                                                       "decided", walk->lines[i].decided ? 1 : 0));
    }
    return json_pack("{s:s, s:o, s:s}", "title", walk->title, "entries", entries, "verdict",
                     walk->verdict);
}

static json_t *fault_json(const struct sim_postmortem *postmortem)
{
    json_t *fault =
        json_pack("{s:s, s:s}", "name", postmortem->fault_name, "text", postmortem->fault_text);

    if (postmortem->has_error_code) {
        (void)json_object_set_new(fault, "error_code", hex(postmortem->error_code));
    }
    if (postmortem->has_address) {
        (void)json_object_set_new(fault, "address", hex(postmortem->address));
    }
    return fault;
}

static json_t *delivery_json(const struct sim_postmortem *postmortem)
{
    json_t *list = json_array();

    for (size_t i = 0; i < postmortem->step_count; i++) {
        const struct sim_postmortem_step *step = &postmortem->steps[i];
        json_t *one = json_pack("{s:s, s:s, s:o}", "name", step->name, "text", step->text, "notes",
                                notes_json(&step->notes));

        if (step->has_walk) {
            (void)json_object_set_new(one, "walk", walk_json(&step->walk));
        }
        (void)json_array_append_new(list, one);
    }
    return list;
}

static json_t *code_json(const struct sim_postmortem *postmortem)
{
    json_t *list = json_array();

    for (size_t i = 0; i < postmortem->listing.count; i++) {
        const struct sim_disassembly_line *line = &postmortem->listing.lines[i];
        char bytes[2 * SIM_DISASSEMBLY_BYTES + 1] = "";

        for (unsigned int k = 0; k < line->size; k++) {
            sim_text_append(bytes, sizeof bytes, "%02x", line->bytes[k]);
        }
        (void)json_array_append_new(
            list, json_pack("{s:o, s:s, s:s, s:s, s:b}", "address", hex(line->address), "bytes",
                            bytes, "text", line->text, "target", postmortem->target[i], "current",
                            i == postmortem->listing.marked ? 1 : 0));
    }
    return list;
}

static json_t *table_json(const struct sim_table *table)
{
    return json_pack("{s:o, s:o}", "base", hex(table->base), "limit", hex(table->limit));
}

static void add_debug(json_t *object, const struct sim_postmortem *postmortem)
{
    static const char *const names[] = {"dr0", "dr1", "dr2", "dr3"};

    for (unsigned int i = 0; i < 4; i++) {
        (void)json_object_set_new(object, names[i], hex(postmortem->dr[i]));
    }
    (void)json_object_set_new(object, "dr6", hex(postmortem->dr6));
    (void)json_object_set_new(object, "dr7", hex(postmortem->dr7));
}

static json_t *registers_json(const struct sim_postmortem *postmortem)
{
    const struct sim_registers *general = &postmortem->registers;
    const struct sim_cpu *cpu = &postmortem->cpu;
    const struct {
        const char *name;
        uint64_t value;
    } list[] = {
        {"rax", general->rax}, {"rbx", general->rbx}, {"rcx", general->rcx},
        {"rdx", general->rdx}, {"rsi", general->rsi}, {"rdi", general->rdi},
        {"rbp", general->rbp}, {"rsp", general->rsp}, {"r8", general->r8},
        {"r9", general->r9},   {"r10", general->r10}, {"r11", general->r11},
        {"r12", general->r12}, {"r13", general->r13}, {"r14", general->r14},
        {"r15", general->r15}, {"rip", general->rip}, {"rflags", general->rflags},
        {"cs", cpu->cs},       {"ss", cpu->ss},       {"tr", cpu->tr},
        {"ldtr", cpu->ldtr},   {"cr0", cpu->cr0},     {"cr2", cpu->cr2},
        {"cr3", cpu->cr3},     {"cr4", cpu->cr4},     {"efer", cpu->efer},
        {"pkru", cpu->pkru},
    };
    json_t *object = json_object();

    for (size_t i = 0; i < sizeof list / sizeof list[0]; i++) {
        (void)json_object_set_new(object, list[i].name, hex(list[i].value));
    }
    (void)json_object_set_new(object, "gdt", table_json(&cpu->gdt));
    (void)json_object_set_new(object, "idt", table_json(&cpu->idt));
    (void)json_object_set_new(object, "ldt", table_json(&cpu->ldt));
    (void)json_object_set_new(object, "tss", table_json(&cpu->tss));
    if (postmortem->has_bases) {
        (void)json_object_set_new(object, "fs_base", hex(postmortem->bases.fs));
        (void)json_object_set_new(object, "gs_base", hex(postmortem->bases.gs));
        (void)json_object_set_new(object, "kernel_gs_base", hex(postmortem->bases.kernel_gs));
    }
    if (postmortem->has_debug) {
        add_debug(object, postmortem);
    }
    return object;
}

static json_t *backtrace_json(const struct sim_postmortem *postmortem)
{
    static const char *const found_by[] = {"rip", "cfi", "frame pointer", "stack top"};
    json_t *frames = json_array();

    for (size_t i = 0; i < postmortem->frame_count; i++) {
        json_t *frame = place_json(&postmortem->frames[i]);

        (void)json_object_set_new(frame, "found_by",
                                  json_string(found_by[postmortem->frame_source[i]]));
        (void)json_array_append_new(frames, frame);
    }
    return json_pack("{s:o, s:b}", "frames", frames, "cut", postmortem->frames_cut ? 1 : 0);
}

static json_t *findings_json(const struct sim_postmortem *postmortem)
{
    json_t *list = json_array();

    for (size_t i = 0; i < postmortem->finding_count; i++) {
        const struct sim_finding *finding = &postmortem->findings[i];

        (void)json_array_append_new(
            list, json_pack("{s:s, s:s, s:I, s:o}", "kind", sim_finding_kind_name(finding->kind),
                            "text", finding->text, "count", (json_int_t)finding->count, "at",
                            place_json(&postmortem->finding_at[i])));
    }
    return json_pack("{s:I, s:I, s:o}", "count", (json_int_t)postmortem->findings_in_all,
                     "unneeded_flushes", (json_int_t)postmortem->unneeded_flushes, "list", list);
}

static json_t *events_json(const struct sim_postmortem *postmortem)
{
    json_t *list = json_array();

    for (size_t i = 0; i < postmortem->event_count; i++) {
        char text[160];

        sim_trace_describe(&postmortem->events[i], text, sizeof text);
        (void)json_array_append_new(list, json_pack("{s:s, s:o}", "text", text, "at",
                                                    place_json(&postmortem->event_at[i])));
    }
    return json_pack("{s:I, s:o}", "count", (json_int_t)postmortem->events_in_all, "list", list);
}

static const char *stop_name(enum sim_stop stop)
{
    switch (stop) {
    case SIM_STOP_RETURNED:
        return "returned";
    case SIM_STOP_HALTED:
        return "halted";
    case SIM_STOP_FAULT:
        return "fault";
    case SIM_STOP_EXITED:
        return "exited";
    case SIM_STOP_BUDGET:
        return "budget";
    case SIM_STOP_ENGINE:
        break;
    }
    return "engine";
}

json_t *sim_postmortem_json(const struct sim_postmortem *postmortem)
{
    json_t *object = json_pack("{s:s, s:s, s:s, s:o, s:o}", "title", postmortem->title, "stop",
                               stop_name(postmortem->stop), "reason", postmortem->reason, "notes",
                               notes_json(&postmortem->notes), "at", place_json(&postmortem->at));

    if (postmortem->stop == SIM_STOP_FAULT) {
        (void)json_object_set_new(object, "fault", fault_json(postmortem));
    }
    if (postmortem->has_walk) {
        (void)json_object_set_new(object, "walk", walk_json(&postmortem->walk));
    }
    (void)json_object_set_new(object, "delivery", delivery_json(postmortem));
    (void)json_object_set_new(object, "code", code_json(postmortem));
    (void)json_object_set_new(object, "registers", registers_json(postmortem));
    (void)json_object_set_new(object, "backtrace", backtrace_json(postmortem));
    (void)json_object_set_new(object, "findings", findings_json(postmortem));
    (void)json_object_set_new(object, "events", events_json(postmortem));
    return object;
}

int sim_postmortem_print_json(FILE *file, const struct sim_postmortem *postmortem)
{
    json_t *object = sim_postmortem_json(postmortem);
    int result = object == NULL ? -1 : json_dumpf(object, file, JSON_INDENT(2));

    json_decref(object);
    return result == 0 && fputc('\n', file) == '\n' ? 0 : -1;
}
