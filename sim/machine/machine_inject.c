/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Faults at work: those that happen at a time, a call, an event or an access.
 *
 * Nothing is changed under the engine's feet. What an event of the trace sets
 * off is only noted, and done between two basic blocks; a function is made to
 * fail between two runs of the engine, which stops before its first instruction.
 * The stops stay when a list is gone, since the engine cannot take them back,
 * and then mean nothing.
 */
#include "sim/machine/machine_inject.h"

#include <string.h>

#include "sim/machine/machine_internal.h"

static uint64_t pack(struct sim_pci_address address)
{
    return (uint64_t)address.segment << 16 | (uint64_t)address.bus << 8 |
           (uint64_t)address.device << 3 | address.function;
}

void machine_inject_happens(struct sim_machine *machine, size_t index, uint64_t a, uint64_t b)
{
    struct machine_injector *injector = machine->injector;

    injector->state.faults[index].happened = true;
    injector->state.faults[index].wanted = false;
    machine_trace(machine, SIM_TRACE_FAULT, injector->injection.faults[index].kind, a, b);
}

/* To the TLB this is a write like any other: what it has kept stays. */
static void flip(struct sim_machine *machine, size_t index)
{
    const struct sim_inject *fault = &machine->injector->injection.faults[index];
    uint64_t physical = machine->injector->place[index] + fault->number / 8;

    if (machine->tlb != NULL && machine->options.audit == SIM_MACHINE_AUDITED) {
        machine_note_write(machine, physical, 1);
    }
    machine->memory.bytes[physical] ^= (uint8_t)(1u << fault->number % 8);
    sim_memory_mark_dirty(&machine->memory, physical);
    if (machine->tlb != NULL && machine->options.audit == SIM_MACHINE_AUDITED) {
        machine_settle_writes(machine);
    }
    sim_engine_forget_code(machine->engine);
    machine_inject_happens(machine, index, physical, fault->number % 8);
}

static void send_message(struct sim_machine *machine, size_t index)
{
    const struct sim_inject *fault = &machine->injector->injection.faults[index];
    bool sent = machine->pci.raise(machine->pci.self, fault->function, fault->number);

    machine_inject_happens(machine, index, pack(fault->function),
                           fault->number | (sent ? 0 : SIM_INJECT_NOT_SENT));
}

/* A flip or a message, at the moment it was asked for. */
static void act(struct sim_machine *machine, size_t index)
{
    if (machine->injector->injection.faults[index].kind == SIM_INJECT_FLIP) {
        flip(machine, index);
    } else {
        send_message(machine, index);
    }
}

static bool has_moment(const struct sim_inject *fault, enum sim_inject_when when)
{
    return (fault->kind == SIM_INJECT_FLIP || fault->kind == SIM_INJECT_MSI) && fault->when == when;
}

static size_t return_size(const struct sim_cpu *cpu)
{
    if (cpu->code == SIM_WIDTH_64) {
        return sizeof(uint64_t);
    }
    return cpu->code == SIM_WIDTH_32 ? sizeof(uint32_t) : sizeof(uint16_t);
}

/*
 * What RET would do, with the value in RAX. Whether the stack could be read: if not, the function
 * goes on and meets the same fault.
 */
static bool return_at_once(struct sim_machine *machine, uint64_t value)
{
    struct sim_registers registers;
    struct sim_cpu cpu;
    const struct sim_mmu mmu = {&cpu, &machine->memory};
    uint64_t address = 0;
    size_t size = 0;

    machine_get_cpu(machine, &cpu);
    cpu.cr4 &= ~MACHINE_CR4_GUARDS;
    size = return_size(&cpu);
    if (!sim_mmu_peek(&mmu, cpu.rsp, &address, size)) {
        return false;
    }
    sim_engine_get_registers(machine->engine, &registers);
    registers.rax = cpu.code == SIM_WIDTH_64 ? value : value & UINT32_MAX;
    registers.rip = address;
    registers.rsp += size;
    sim_engine_set_registers(machine->engine, &registers);
    return true;
}

/* Counts a call. Whether this one fails at once. */
static bool count_call(struct sim_machine *machine, size_t index, uint64_t function)
{
    struct machine_injector *injector = machine->injector;
    const struct sim_inject *fault = &injector->injection.faults[index];
    struct machine_fault *state = &injector->state.faults[index];

    if (fault->kind == SIM_INJECT_FAIL && injector->place[index] == function) {
        return ++state->seen == fault->count;
    }
    if (has_moment(fault, SIM_INJECT_AT_CALL) && injector->caller[index] == function &&
        ++state->seen == fault->moment) {
        act(machine, index);
    }
    return false;
}

void machine_handle_reached(struct sim_machine *machine)
{
    const struct machine_injector *injector = machine->injector;
    uint64_t function = sim_engine_rip(machine->engine);
    size_t count = injector == NULL ? 0 : injector->injection.count;
    size_t fails = count;

    for (size_t i = 0; i < count; i++) {
        if (count_call(machine, i, function)) {
            fails = i;
        }
    }
    if (fails < count) {
        machine_inject_happens(machine, fails, function, injector->injection.faults[fails].value);
        if (return_at_once(machine, injector->injection.faults[fails].value)) {
            return;
        }
    }
    sim_engine_leave_reached(machine->engine);
}

void machine_inject_note_event(struct sim_machine *machine)
{
    struct machine_injector *injector = machine->injector;

    if (injector == NULL) {
        return;
    }
    for (size_t i = 0; i < injector->injection.count; i++) {
        const struct sim_inject *fault = &injector->injection.faults[i];
        struct machine_fault *state = &injector->state.faults[i];

        if (has_moment(fault, SIM_INJECT_AT_EVENT) && !state->happened &&
            machine->trace.count >= fault->moment) {
            state->wanted = true;
            sim_engine_request_attention(machine->engine);
        }
    }
}

/* A delayed line gets the level it should have had; a pulse that is over comes as a pulse. */
static void release_line(struct sim_machine *machine, size_t index)
{
    struct machine_injector *injector = machine->injector;
    unsigned int irq = injector->injection.faults[index].number;

    injector->state.faults[index].held = false;
    sim_line_set(&injector->lines[index], true);
    if ((machine->irq_levels & 1u << irq) == 0) {
        sim_line_set(&injector->lines[index], false);
    }
}

static void advance(struct sim_machine *machine, size_t index)
{
    struct machine_injector *injector = machine->injector;
    const struct sim_inject *fault = &injector->injection.faults[index];
    struct machine_fault *state = &injector->state.faults[index];
    uint64_t now = machine->clock.now;

    if (!state->happened && has_moment(fault, SIM_INJECT_AT_TIME) && fault->moment <= now) {
        state->wanted = true;
    }
    if (state->wanted) {
        act(machine, index);
    } else if (fault->kind == SIM_INJECT_DELAY_IRQ && state->held && state->due <= now) {
        release_line(machine, index);
    } else if (fault->kind == SIM_INJECT_DELAY_VECTOR && state->held && state->due <= now) {
        state->ripe = true;
    }
}

void machine_inject_advance(struct sim_machine *machine)
{
    for (size_t i = 0; machine->injector != NULL && i < machine->injector->injection.count; i++) {
        advance(machine, i);
    }
}

uint64_t machine_inject_deadline(const struct sim_machine *machine)
{
    const struct machine_injector *injector = machine->injector;
    uint64_t next = SIM_NEVER;

    for (size_t i = 0; injector != NULL && i < injector->injection.count; i++) {
        const struct sim_inject *fault = &injector->injection.faults[i];
        const struct machine_fault *state = &injector->state.faults[i];
        uint64_t due = SIM_NEVER;

        if (state->wanted) {
            due = machine->clock.now;
        } else if (has_moment(fault, SIM_INJECT_AT_TIME) && !state->happened) {
            due = fault->moment;
        } else if (state->held && !state->ripe && fault->kind != SIM_INJECT_DROP_IRQ) {
            due = state->due;
        }
        next = due < next ? due : next;
    }
    return next;
}

/*
 * Counts an access. Whether the fault has begun: with the first access after @p good ones, which is
 * when it is traced with @p what.
 */
static bool count_access(struct sim_machine *machine, size_t index, uint64_t good, uint64_t what)
{
    struct machine_fault *state = &machine->injector->state.faults[index];

    if (++state->seen <= good) {
        return false;
    }
    if (!state->happened) {
        machine_inject_happens(machine, index, what, 0);
    }
    return true;
}

bool machine_inject_silences(struct sim_machine *machine, const struct sim_region *region)
{
    const struct machine_injector *injector = machine->injector;
    bool dead = false;

    for (size_t i = 0; injector != NULL && i < injector->injection.count; i++) {
        const struct sim_inject *fault = &injector->injection.faults[i];

        if (fault->kind == SIM_INJECT_DEAD && strcmp(fault->name, region->name) == 0) {
            dead = count_access(machine, i, fault->count - 1, region->base) || dead;
        }
    }
    return dead;
}

bool sim_machine_pci_answers(struct sim_machine *machine, struct sim_pci_address address)
{
    const struct machine_injector *injector = machine->injector;
    bool gone = false;

    for (size_t i = 0; injector != NULL && i < injector->injection.count; i++) {
        const struct sim_inject *fault = &injector->injection.faults[i];

        if (fault->kind == SIM_INJECT_VANISH &&
            sim_pci_address_compare(fault->function, address) == 0) {
            gone = count_access(machine, i, fault->count, pack(address)) || gone;
        }
    }
    return !gone;
}
