/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A delivery is a row of checks, each of which may raise an exception of its
 * own, then one write of the frame and a change of a few registers. The checks
 * come in the order of the pseudocode of INT n [SDM 2]: gate, code segment,
 * stack, entry point, push; one file for each part.
 *
 * What an exception raised by a check leads to depends on the exception being
 * delivered: benign ones are set aside and the new one is delivered; two that
 * contribute make a double fault; a double fault that fails is a shutdown.
 * That ends every chain after four attempts.
 */
#include "sim/cpu/deliver_internal.h"

#include <stdio.h>
#include <string.h>

#define RFLAGS_TF (UINT64_C(1) << 8)
#define RFLAGS_IF (UINT64_C(1) << 9)
#define RFLAGS_NT (UINT64_C(1) << 14)
#define RFLAGS_RF (UINT64_C(1) << 16)
#define RFLAGS_VM (UINT64_C(1) << 17)

/* Benign, contributory, page fault, double fault. [SDM 3A] table 6-4. */
enum severity {
    BENIGN,
    CONTRIBUTORY,
    PAGE_FAULT,
    DOUBLE_FAULT
};

static enum severity severity_of(const struct sim_exception *exception)
{
    if (exception->source != SIM_SOURCE_EXCEPTION) {
        return BENIGN; /* whatever its vector */
    }
    switch (exception->vector) {
    case VECTOR_DE:
    case VECTOR_TS:
    case VECTOR_NP:
    case VECTOR_SS:
    case VECTOR_GP:
    case VECTOR_CP:
        return CONTRIBUTORY;
    case VECTOR_PF:
    case VECTOR_VE:
        return PAGE_FAULT;
    case VECTOR_DF:
        return DOUBLE_FAULT;
    default:
        return BENIGN;
    }
}

enum deliver_next deliver_combine(const struct sim_exception *first,
                                  const struct sim_exception *second)
{
    enum severity was = severity_of(first);
    enum severity is = severity_of(second);

    if (was == BENIGN || is == BENIGN || (was == CONTRIBUTORY && is == PAGE_FAULT)) {
        return DELIVER_SECOND;
    }
    return was == DOUBLE_FAULT ? DELIVER_SHUTDOWN : DELIVER_DOUBLE_FAULT;
}

/* Outside IA-32e mode segments have bases, limits and widths. */
static void load_segments(const struct deliver_attempt *attempt, struct sim_cpu *cpu,
                          struct sim_task *task)
{
    const uint32_t big = SIM_SEGMENT_BIG;

    cpu->code = (attempt->code.attributes & big) != 0 ? SIM_WIDTH_32 : SIM_WIDTH_16;
    cpu->stack = (attempt->stack.segment.attributes & big) != 0 ? SIM_WIDTH_32 : SIM_WIDTH_16;
    cpu->code_base = attempt->code.base;
    task->segments[SIM_SEGMENT_CS] = attempt->code;
    if (attempt->stack.switched) {
        task->segments[SIM_SEGMENT_SS] = attempt->stack.segment;
    }
}

/* Makes the processor what it is at the handler's first instruction. */
static void enter_handler(const struct deliver_attempt *attempt, uint64_t top, struct sim_cpu *cpu,
                          struct sim_task *task)
{
    unsigned int type = attempt->gate.type;

    if (attempt->stack.switched) {
        cpu->ss = attempt->stack.selector;
    }
    if (sim_cpu_in_long_mode(cpu)) {
        cpu->code = SIM_WIDTH_64;
        cpu->stack = SIM_WIDTH_64;
    } else {
        load_segments(attempt, cpu, task);
    }
    cpu->cs = (uint16_t)((attempt->gate.selector & ~3u) | attempt->privilege);
    cpu->rip = attempt->gate.handler;
    cpu->rsp = top;
    cpu->rflags &= ~(RFLAGS_TF | RFLAGS_NT | RFLAGS_RF | RFLAGS_VM);
    if (type == GATE_INTERRUPT || type == GATE_INTERRUPT_16) {
        cpu->rflags &= ~RFLAGS_IF;
    }
}

/* One exception, no escalation. */
static bool try_delivery(struct deliver_attempt *attempt, struct sim_cpu *cpu,
                         struct sim_task *task)
{
    uint64_t top = 0;

    if (sim_cpu_in_real_mode(cpu)) {
        return deliver_in_real_mode(attempt, cpu);
    }
    if ((cpu->rflags & RFLAGS_VM) != 0) {
        return deliver_refuse(attempt, "interrupts in virtual-8086 mode are not simulated");
    }
    if (!deliver_find_gate(attempt)) {
        return false;
    }
    if (attempt->gate.type == GATE_TASK) {
        return deliver_switch_task(attempt, cpu, task);
    }
    if (!deliver_find_code(attempt) || !deliver_find_stack(attempt) ||
        !deliver_check_entry(attempt) || !deliver_push_frame(attempt, &top)) {
        return false;
    }
    enter_handler(attempt, top, cpu, task);
    return true;
}

/* Adds a step, and "; then TEXT" to the line of all steps. */
static void add_step(struct sim_delivery_reason *reason, const struct deliver_attempt *attempt)
{
    size_t length = strlen(reason->text);

    (void)snprintf(reason->text + length, sizeof reason->text - length, "%s%s",
                   length == 0 ? "" : "; then ", attempt->text);
    if (reason->step_count < SIM_DELIVERY_STEPS) {
        struct sim_delivery_step *step = &reason->steps[reason->step_count++];

        step->exception = *attempt->exception;
        memcpy(step->text, attempt->text, sizeof step->text);
        step->memory_failed = attempt->memory_failed;
        step->access = attempt->access;
    }
}

bool sim_deliver(const struct sim_memory *memory, struct sim_cpu *cpu, struct sim_task *task,
                 struct sim_exception exception, struct sim_delivery_reason *reason)
{
    struct sim_cpu trial = *cpu;
    struct sim_task trial_task = *task;

    trial_task.switched = false;
    reason->text[0] = '\0';
    reason->step_count = 0;
    for (;;) {
        struct deliver_attempt attempt = {.mmu = {&trial, memory}, .exception = &exception};
        enum deliver_next next = DELIVER_SHUTDOWN;

        if (try_delivery(&attempt, &trial, &trial_task)) {
            *cpu = trial;
            *task = trial_task;
            return true;
        }
        add_step(reason, &attempt);
        if (!attempt.shutdown && trial.idt.limit != 0) {
            next = deliver_combine(&exception, &attempt.obstacle);
        }
        if (next == DELIVER_SHUTDOWN) {
            return false;
        }
        if (attempt.obstacle.vector == VECTOR_PF) {
            trial.cr2 = attempt.fault_address;
        }
        if (!trial_task.switched) {
            trial.rip -= exception.length; /* the instruction is not complete */
        }
        exception = attempt.obstacle;
        if (next == DELIVER_DOUBLE_FAULT) {
            exception = (struct sim_exception){.vector = VECTOR_DF, .has_error_code = true};
        }
    }
}
