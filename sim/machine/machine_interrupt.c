/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Events between instructions: devices whose time has come, interrupts, NMIs, and
 * the delivery of all of them.
 */
#include "sim/machine/machine_debug.h"
#include "sim/machine/machine_inject.h"
#include "sim/machine/machine_internal.h"

#include <inttypes.h>
#include <stdio.h>

enum {
    VECTOR_DB = 1,
    VECTOR_NMI = 2,
    VECTOR_PF = 14,
    MAX_NESTED = 10000,  /* deliveries without a return from any of them */
    MAX_REPEATS = 10000, /* of the same fault */
    DELIVERY_BLOCKS = 16 /* what a delivery takes from the budget of basic blocks */
};

#define RFLAGS_IF UINT64_C(0x200)
#define DR7_GD    (UINT64_C(1) << 13)

/* The fault that ends a run, with the exception that could not be delivered. */
static void report_undelivered(struct sim_machine *machine, const struct sim_cpu *cpu,
                               const struct sim_exception *exception, const char *reason,
                               struct sim_result *result)
{
    *result = machine_stop(machine, SIM_STOP_FAULT, "%s", reason);
    result->fault.vector = exception->vector;
    result->fault.has_error_code = exception->has_error_code;
    result->fault.error_code = exception->error_code;
    result->fault.cr2 = cpu->cr2;
}

static enum sim_trace_kind trace_kind(const struct sim_exception *exception)
{
    switch (exception->source) {
    case SIM_SOURCE_INTERRUPT:
        return SIM_TRACE_INTERRUPT;
    case SIM_SOURCE_NMI:
        return SIM_TRACE_NMI;
    default:
        return SIM_TRACE_EXCEPTION;
    }
}

/*
 * Counts how often the same fault comes up with no other in between, since its handler returned to
 * the instruction. A handler that has executed the instruction itself returns behind it.
 */
static void count_repeats(struct sim_machine *machine, const struct sim_cpu *cpu,
                          const struct sim_exception *exception)
{
    const struct machine_fault_site site = {cpu->rip, cpu->cr2, exception->vector};
    const struct machine_fault_site *last = &machine->last_site;

    if (exception->source != SIM_SOURCE_EXCEPTION) {
        return;
    }
    if (site.rip == last->rip && site.cr2 == last->cr2 && site.vector == last->vector &&
        site.rip == machine->returned_to) {
        machine->repeats++;
        return;
    }
    machine->last_site = site;
    machine->repeats = 1;
}

/* Runs that do nothing but fault come to an end. */
static bool may_deliver(struct sim_machine *machine, struct sim_result *result, unsigned int vector)
{
    machine->blocks -= machine->blocks < DELIVERY_BLOCKS ? machine->blocks : DELIVERY_BLOCKS;
    machine->nested++;
    if (machine->nested > MAX_NESTED) {
        *result = machine_stop(machine, SIM_STOP_BUDGET,
                               "more than %d exceptions without a return from one; the last was %s",
                               MAX_NESTED, sim_vector_name(vector));
        return false;
    }
    if (machine->repeats > MAX_REPEATS) {
        *result = machine_stop(machine, SIM_STOP_BUDGET,
                               "the same %s more than %d times in a row: its handler does not help",
                               sim_vector_name(vector), MAX_REPEATS);
        return false;
    }
    return true;
}

static bool enter_handler(struct sim_machine *machine, const struct sim_cpu *cpu,
                          const struct sim_task *task, struct sim_result *result)
{
    struct sim_error error;

    machine->segments_changed = machine->segments_changed || cpu->code != SIM_WIDTH_64;
    if (sim_engine_set_cpu(machine->engine, cpu, &error) != 0) {
        *result = machine_stop(machine, SIM_STOP_ENGINE, "%s", error.text);
        return false;
    }
    if (!sim_cpu_in_long_mode(cpu) && !task->switched) {
        sim_engine_set_code_and_stack(machine->engine, task);
    }
    return true;
}

bool machine_deliver(struct sim_machine *machine, const struct sim_exception *exception,
                     const char *cause, struct sim_result *result)
{
    struct sim_delivery_reason *reason = &machine->last_delivery;
    struct sim_task task = {.switched = false};
    struct sim_cpu before;
    struct sim_cpu cpu;

    machine_get_cpu(machine, &cpu);
    before = cpu;
    if (!sim_cpu_in_long_mode(&cpu)) {
        sim_engine_get_task(machine->engine, &task);
    }
    machine_trace(machine, trace_kind(exception), exception->vector, exception->error_code,
                  cpu.cr2);
    (void)snprintf(machine->last_cause, sizeof machine->last_cause, "%s", cause);
    count_repeats(machine, &cpu, exception);
    if (!may_deliver(machine, result, exception->vector)) {
        return false;
    }
    *reason = (struct sim_delivery_reason){.step_count = 0};
    if (!sim_deliver(&machine->memory, &cpu, &task, *exception, reason)) {
        report_undelivered(machine, &cpu, exception, reason->text, result);
        return false;
    }
    if ((task.switched && !machine_enter_task(machine, &before, &cpu, &task, result)) ||
        !enter_handler(machine, &cpu, &task, result)) {
        return false;
    }
    if (exception->vector == VECTOR_DB && exception->source != SIM_SOURCE_SOFTWARE) {
        machine->system.dr7 &= ~DR7_GD; /* [SDM 3B] 17.2.4 */
    }
    return machine->system.debug_held == 0 || machine_debug_trap(machine, 0, result);
}

bool machine_deliver_page_fault(struct sim_machine *machine, uint32_t error_code, uint64_t linear,
                                const char *cause, struct sim_result *result)
{
    const struct sim_exception exception = {
        .vector = VECTOR_PF,
        .error_code = error_code,
        .has_error_code = true,
    };

    sim_engine_set_cr2(machine->engine, linear);
    return machine_deliver(machine, &exception, cause, result);
}

/* Lets every device come up to now, and tells the engine when one is due next. */
uint64_t machine_advance_devices(struct sim_machine *machine)
{
    uint64_t next = SIM_NEVER;

    machine->clock.now = sim_engine_time(machine->engine);
    machine_inject_advance(machine);
    for (size_t i = 0; i < machine->device_count; i++) {
        const struct sim_device *device = &machine->device_list[i];

        if (device->deadline == NULL) {
            continue;
        }
        if (device->deadline(device->self) <= machine->clock.now) {
            device->advance(device->self);
        }
        if (device->deadline(device->self) < next) {
            next = device->deadline(device->self);
        }
    }
    if (machine_inject_deadline(machine) < next) {
        next = machine_inject_deadline(machine);
    }
    sim_engine_set_deadline(machine->engine, next);
    return next;
}

bool machine_interrupt_pending(const struct sim_machine *machine)
{
    return machine->interrupts.pending != NULL &&
           (machine->interrupts.pending(machine->interrupts.self) ||
            machine_inject_pending(machine));
}

/* Takes the vector of an interrupt that is pending. Whether the processor gets it. */
static bool acknowledge(struct sim_machine *machine, unsigned int *vector)
{
    const struct sim_interrupt_source *source = &machine->interrupts;

    if (machine_inject_pending(machine)) {
        *vector = machine_inject_acknowledge(machine);
        return true;
    }
    *vector = source->acknowledge(source->self);
    return !machine_inject_takes(machine, *vector);
}

static bool is_nmi_pending(const struct sim_machine *machine)
{
    return machine->interrupts.pending != NULL && !machine->system.nmi_blocked &&
           machine->interrupts.nmi_pending(machine->interrupts.self);
}

/* Finds what interrupts the processor now. NMIs come first. [SDM 3A] table 6-2. */
bool machine_find_interrupt(struct sim_machine *machine, struct sim_exception *exception)
{
    const struct sim_interrupt_source *source = &machine->interrupts;
    struct sim_registers registers;

    if (source->pending == NULL) {
        return false;
    }
    if (is_nmi_pending(machine)) {
        (void)source->take_nmi(source->self);
        machine->system.nmi_blocked = true;
        *exception = (struct sim_exception){.vector = VECTOR_NMI, .source = SIM_SOURCE_NMI};
        return true;
    }
    sim_engine_get_registers(machine->engine, &registers);
    *exception = (struct sim_exception){.source = SIM_SOURCE_INTERRUPT};
    while ((registers.rflags & RFLAGS_IF) != 0 && machine_interrupt_pending(machine)) {
        if (acknowledge(machine, &exception->vector)) {
            return true;
        }
    }
    return false;
}

bool machine_look(void *context)
{
    struct sim_machine *machine = context;

    (void)machine_advance_devices(machine);
    sim_engine_set_interrupt_waiting(machine->engine, machine_interrupt_pending(machine));
    return is_nmi_pending(machine) || sim_engine_checks_alignment(machine->engine);
}

bool machine_is_interrupted(struct sim_machine *machine, struct sim_result *result)
{
    if (machine->interrupted == 0) {
        return false;
    }
    machine->interrupted = 0;
    *result = machine_stop(machine, SIM_STOP_BUDGET, "interrupted from outside");
    return true;
}

bool machine_attend(struct sim_machine *machine, const struct sim_engine_event *event,
                    struct sim_result *result)
{
    struct sim_exception exception;
    bool goes_on = true;

    if (machine_is_interrupted(machine, result)) {
        return false;
    }
    (void)machine_advance_devices(machine);
    if (sim_engine_interrupt_shadow(machine->engine)) {
        sim_engine_request_attention(machine->engine);
    } else if (machine_find_interrupt(machine, &exception)) {
        machine_settle_resume_flag(machine, event);
        goes_on = machine_deliver(machine, &exception, "", result);
    }
    sim_engine_set_interrupt_waiting(machine->engine, machine_interrupt_pending(machine));
    return goes_on;
}

int sim_machine_add_device(struct sim_machine *machine, const struct sim_device *device,
                           struct sim_error *error)
{
    if (machine->device_count == SIM_MACHINE_MAX_DEVICES) {
        return sim_error_set(error, "%s: the machine has %u devices already", device->name,
                             SIM_MACHINE_MAX_DEVICES);
    }
    machine->device_list[machine->device_count++] = *device;
    return 0;
}

const struct sim_clock *sim_machine_clock(const struct sim_machine *machine)
{
    return &machine->clock;
}

const uint64_t *sim_machine_tsc_offset(const struct sim_machine *machine)
{
    return &machine->system.tsc_offset;
}

const struct sim_memory *sim_machine_memory(const struct sim_machine *machine)
{
    return &machine->memory;
}

void sim_machine_complain(struct sim_machine *machine, const char *text)
{
    sim_finding_add(&machine->findings, SIM_FINDING_DEVICE, sim_engine_rip(machine->engine), "%s",
                    text);
}

void sim_machine_set_interrupts(struct sim_machine *machine,
                                const struct sim_interrupt_source *source)
{
    machine->interrupts = *source;
}

void sim_machine_set_apic(struct sim_machine *machine, const struct sim_apic_registers *registers)
{
    machine->system.apic = *registers;
}
