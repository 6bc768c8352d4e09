/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The segments of a new task. RPL of CS becomes the CPL; what a segment must be
 * for it is checked as when it is loaded by an instruction, but the exception is
 * #TS for what is not simply absent. [SDM 3A] table 7-1; 6.15, interrupt 10.
 */
#include "sim/cpu/task_switch_internal.h"

enum {
    TYPE_LDT = 0x2 /* [SDM 3A] table 3-2 */
};

static const char *const names[SIM_TASK_SEGMENTS] = {"ES", "CS", "SS", "DS", "FS", "GS"};

/* The descriptor of a selector that is not null. */
static bool read_segment(struct task_attempt *task, const char *name, uint16_t selector,
                         struct sim_segment *segment)
{
    uint64_t address = 0;
    uint64_t descriptor = 0;

    if (!sim_segment_find(task->attempt.mmu.cpu, selector, &address)) {
        return task_refuse(task, VECTOR_TS, name, selector, "is outside its descriptor table");
    }
    if (!task_read(task, address, &descriptor, sizeof descriptor, "a segment's descriptor")) {
        return false;
    }
    *segment = sim_segment_decode(address, descriptor);
    return true;
}

static bool load_ldt(struct task_attempt *task, struct sim_cpu *cpu)
{
    struct sim_segment ldt = {.attributes = 0};

    if ((cpu->ldtr & 0xFFFCu) == 0) {
        return true;
    }
    if ((cpu->ldtr & 4u) != 0) {
        return task_refuse(task, VECTOR_TS, "LDT", cpu->ldtr, "is not in the GDT");
    }
    if (!read_segment(task, "LDT", cpu->ldtr, &ldt)) {
        return false;
    }
    if ((ldt.attributes >> 8 & 0x1F) != TYPE_LDT || (ldt.attributes & SIM_SEGMENT_PRESENT) == 0) {
        return task_refuse(task, VECTOR_TS, "LDT", cpu->ldtr, "is no LDT, or not present");
    }
    cpu->ldt = (struct sim_table){ldt.base, ldt.limit};
    return true;
}

/* What is wrong with a segment in CS; NULL: nothing. */
static const char *judge_code(const struct sim_segment *segment, unsigned int rpl)
{
    unsigned int dpl = sim_segment_dpl(segment);
    bool conforming = (segment->attributes & SIM_SEGMENT_CONFORMING) != 0;

    if (!sim_segment_is_code(segment)) {
        return "is no code segment";
    }
    return (conforming ? dpl <= rpl : dpl == rpl) ? NULL : "has a DPL that its RPL does not fit";
}

static const char *judge_stack(const struct sim_segment *segment, unsigned int rpl,
                               unsigned int cpl)
{
    if (!sim_segment_is_writable_data(segment)) {
        return "is no writable data segment";
    }
    return rpl == cpl && sim_segment_dpl(segment) == cpl ? NULL : "does not have the new CPL";
}

static const char *judge_data(const struct sim_segment *segment, unsigned int rpl, unsigned int cpl)
{
    const uint32_t readable = SIM_SEGMENT_WRITABLE; /* is the same bit of a code segment */
    const uint32_t conforming = SIM_SEGMENT_CODE | SIM_SEGMENT_CONFORMING;
    unsigned int dpl = sim_segment_dpl(segment);

    if ((segment->attributes & SIM_SEGMENT_S) == 0 ||
        (sim_segment_is_code(segment) && (segment->attributes & readable) == 0)) {
        return "cannot be read";
    }
    if ((segment->attributes & conforming) == conforming) {
        return NULL;
    }
    return dpl >= cpl && dpl >= rpl ? NULL : "is too privileged for the new CPL or its RPL";
}

static const char *judge(enum sim_segment_register number, const struct sim_segment *segment,
                         unsigned int rpl, unsigned int cpl)
{
    switch (number) {
    case SIM_SEGMENT_CS:
        return judge_code(segment, rpl);
    case SIM_SEGMENT_SS:
        return judge_stack(segment, rpl, cpl);
    default:
        return judge_data(segment, rpl, cpl);
    }
}

static bool mark_accessed(struct task_attempt *task, const struct sim_segment *segment)
{
    uint8_t type = (uint8_t)((segment->attributes | SIM_SEGMENT_ACCESSED) >> 8);

    if ((segment->attributes & SIM_SEGMENT_ACCESSED) != 0) {
        return true;
    }
    if (!task_may_write(task, segment->address + 5, 1, "the Accessed bit of a segment")) {
        return false;
    }
    task_write(task, segment->address + 5, &type, 1);
    return true;
}

static bool load(struct task_attempt *task, struct sim_task *loaded,
                 enum sim_segment_register number)
{
    uint16_t selector = loaded->selectors[number];
    unsigned int cpl = loaded->selectors[SIM_SEGMENT_CS] & 3u;
    bool is_data = number != SIM_SEGMENT_CS && number != SIM_SEGMENT_SS;
    struct sim_segment segment = {.attributes = 0};
    const char *why = NULL;

    if ((selector & 0xFFFCu) == 0) {
        return is_data || task_refuse(task, VECTOR_TS, names[number], selector, "is null");
    }
    if (!read_segment(task, names[number], selector, &segment)) {
        return false;
    }
    why = judge(number, &segment, selector & 3u, cpl);
    if (why != NULL) {
        return task_refuse(task, VECTOR_TS, names[number], selector, why);
    }
    if ((segment.attributes & SIM_SEGMENT_PRESENT) == 0) {
        return task_refuse(task, number == SIM_SEGMENT_SS ? VECTOR_SS : VECTOR_NP, names[number],
                           selector, "is not present");
    }
    if (!mark_accessed(task, &segment)) {
        return false;
    }
    segment.attributes |= SIM_SEGMENT_ACCESSED;
    loaded->segments[number] = segment;
    return true;
}

static enum sim_width width_of(const struct sim_segment *segment)
{
    return (segment->attributes & SIM_SEGMENT_BIG) != 0 ? SIM_WIDTH_32 : SIM_WIDTH_16;
}

bool task_load_segments(struct task_attempt *task, struct sim_cpu *cpu, struct sim_task *loaded)
{
    static const enum sim_segment_register data[] = {SIM_SEGMENT_ES, SIM_SEGMENT_DS, SIM_SEGMENT_FS,
                                                     SIM_SEGMENT_GS};

    if (!load_ldt(task, cpu) || !load(task, loaded, SIM_SEGMENT_CS)) {
        return false;
    }
    cpu->code = width_of(&loaded->segments[SIM_SEGMENT_CS]);
    cpu->code_base = loaded->segments[SIM_SEGMENT_CS].base;
    if (!load(task, loaded, SIM_SEGMENT_SS)) {
        return false;
    }
    cpu->stack = width_of(&loaded->segments[SIM_SEGMENT_SS]);
    for (size_t i = 0; i < sizeof data / sizeof data[0]; i++) {
        if (!load(task, loaded, data[i])) {
            return false;
        }
    }
    return true;
}
