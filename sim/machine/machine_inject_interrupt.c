/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Interrupts that are lost or late.
 *
 * By vector they are caught when the processor has acknowledged them. A lost one
 * is dismissed, so that the controller does not wait for an EOI that nobody
 * will write. A late one stays in service meanwhile: what has its priority or
 * less waits behind it, what has more comes first, and the guest's own EOI ends
 * it, as if the processor had been slow.
 *
 * By line they are caught before the controller: a request is a rising edge, and
 * the line looks low to the controller until the request is over (lost) or the
 * time has come (late).
 */
#include "sim/machine/machine_inject.h"
#include "sim/machine/machine_internal.h"

/* The request or interrupt is not for now. */
static void hold(struct sim_machine *machine, size_t index)
{
    const struct sim_inject *fault = &machine->injector->injection.faults[index];
    struct machine_fault *state = &machine->injector->state.faults[index];
    bool late = fault->kind == SIM_INJECT_DELAY_VECTOR || fault->kind == SIM_INJECT_DELAY_IRQ;
    uint64_t now = machine->clock.now;

    sim_engine_request_attention(machine->engine); /* it has a deadline now */
    state->held = fault->kind != SIM_INJECT_DROP_VECTOR;
    state->due = late && fault->value < SIM_NEVER - now ? now + fault->value : SIM_NEVER;
    machine_inject_happens(machine, index, fault->number, late ? fault->value : 0);
}

static bool counts_vector(const struct sim_inject *fault, unsigned int vector)
{
    return (fault->kind == SIM_INJECT_DROP_VECTOR || fault->kind == SIM_INJECT_DELAY_VECTOR) &&
           fault->number == vector;
}

bool machine_inject_takes(struct sim_machine *machine, unsigned int vector)
{
    struct machine_injector *injector = machine->injector;
    const struct sim_interrupt_source *source = &machine->interrupts;
    size_t taker = SIM_INJECT_MAX;

    for (size_t i = 0; injector != NULL && i < injector->injection.count; i++) {
        const struct sim_inject *fault = &injector->injection.faults[i];

        if (counts_vector(fault, vector) && ++injector->state.faults[i].seen == fault->count) {
            taker = i;
        }
    }
    if (taker == SIM_INJECT_MAX) {
        return false;
    }
    hold(machine, taker);
    if (injector->injection.faults[taker].kind == SIM_INJECT_DROP_VECTOR &&
        source->dismiss != NULL) {
        source->dismiss(source->self, vector);
    }
    return true;
}

/* Which delayed interrupt waits for the processor; SIM_INJECT_MAX: none. */
static size_t find_ripe(const struct sim_machine *machine)
{
    const struct machine_injector *injector = machine->injector;

    for (size_t i = 0; injector != NULL && i < injector->injection.count; i++) {
        if (injector->state.faults[i].ripe) {
            return i;
        }
    }
    return SIM_INJECT_MAX;
}

bool machine_inject_pending(const struct sim_machine *machine)
{
    return find_ripe(machine) != SIM_INJECT_MAX;
}

unsigned int machine_inject_acknowledge(struct sim_machine *machine)
{
    size_t index = find_ripe(machine);

    machine->injector->state.faults[index].ripe = false;
    machine->injector->state.faults[index].held = false;
    return machine->injector->injection.faults[index].number;
}

/* Follows a line that rises, falls or stays, for one fault. Whether the controller sees nothing. */
static bool hold_line(struct sim_machine *machine, size_t index, bool level, bool rises)
{
    struct machine_injector *injector = machine->injector;
    const struct sim_inject *fault = &injector->injection.faults[index];
    struct machine_fault *state = &injector->state.faults[index];

    if (rises && ++state->seen == fault->count) {
        hold(machine, index);
    }
    if (!level && fault->kind == SIM_INJECT_DROP_IRQ) {
        state->held = false;
    }
    return state->held;
}

void sim_machine_drive_irq(struct sim_machine *machine, unsigned int irq, const struct sim_line *to,
                           bool level)
{
    struct machine_injector *injector = machine->injector;
    uint32_t line = 1u << irq;
    bool rises = level && (machine->irq_levels & line) == 0;
    bool held = false;

    machine->irq_levels = level ? machine->irq_levels | line : machine->irq_levels & ~line;
    for (size_t i = 0; injector != NULL && i < injector->injection.count; i++) {
        const struct sim_inject *fault = &injector->injection.faults[i];

        if ((fault->kind == SIM_INJECT_DROP_IRQ || fault->kind == SIM_INJECT_DELAY_IRQ) &&
            fault->number == irq) {
            injector->lines[i] = *to;
            held = hold_line(machine, i, level, rises) || held;
        }
    }
    if (!held) {
        sim_line_set(to, level);
    }
}
