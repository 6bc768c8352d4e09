/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Breakpoints. One of an instruction is a fault: the engine stops before the
 * instruction, unless RF is 1. Those of data and ports are traps: they are noted
 * while an instruction is stepped (machine_debug_step.c) and reported when it is
 * complete. [SDM 3B] 17.2, 17.3.
 */
#include "sim/machine/machine_debug.h"

#include "sim/machine/machine_internal.h"

enum {
    BREAKPOINTS = 4,
    VECTOR_DB = 1,
    OPCODE_STI = 0xFB
};

#define PAGE      UINT64_C(4096)
#define RFLAGS_RF (UINT64_C(1) << 16)

/* The fields of DR7 for one breakpoint. [SDM 3B] 17.2.4 */
enum condition {
    ON_EXECUTION,
    ON_WRITE,
    ON_PORT,
    ON_ACCESS,
};

struct breakpoint {
    bool enabled; /**< Ln or Gn */
    enum condition condition;
    uint64_t base; /**< multiple of length: DRn's bits below are ignored */
    uint64_t length;
};

static struct breakpoint read_breakpoint(const struct sim_system *system, unsigned int number)
{
    static const uint64_t lengths[] = {1, 2, 8, 4};
    uint64_t fields = system->dr7 >> (16 + 4 * number);
    uint64_t length = lengths[(fields >> 2) & 3];

    return (struct breakpoint){
        .enabled = ((system->dr7 >> (2 * number)) & 3) != 0,
        .condition = (enum condition)(fields & 3),
        .base = system->dr[number] & ~(length - 1),
        .length = length,
    };
}

static bool is_data(const struct breakpoint *breakpoint)
{
    return breakpoint->enabled &&
           (breakpoint->condition == ON_WRITE || breakpoint->condition == ON_ACCESS);
}

/* Of instructions only LEN = 0 is defined. */
static bool is_execution(const struct breakpoint *breakpoint)
{
    return breakpoint->enabled && breakpoint->condition == ON_EXECUTION && breakpoint->length == 1;
}

static bool overlaps(const struct breakpoint *breakpoint, uint64_t address, uint64_t size)
{
    return address - breakpoint->base < breakpoint->length || breakpoint->base - address < size;
}

int machine_debug_update(struct sim_machine *machine, struct sim_error *error)
{
    struct machine_debug *debug = &machine->debug;
    bool watched = debug->watches;
    uint64_t linear[BREAKPOINTS];
    size_t count = 0;

    debug->watches = false;
    debug->ports = false;
    for (unsigned int i = 0; i < BREAKPOINTS; i++) {
        const struct breakpoint breakpoint = read_breakpoint(&machine->system, i);

        if (is_execution(&breakpoint)) {
            linear[count++] = breakpoint.base;
        }
        debug->watches = debug->watches || (is_data(&breakpoint) && machine->tlb != NULL);
        debug->ports = debug->ports || (breakpoint.enabled && breakpoint.condition == ON_PORT);
    }
    debug->breaks = count > 0;
    if ((watched || debug->watches) &&
        sim_engine_set_watching(machine->engine, debug->watches || debug->aligns || debug->limits,
                                error) != 0) {
        return -1;
    }
    return sim_engine_set_breakpoints(machine->engine, linear, count, error);
}

bool machine_debug_watches(const struct sim_machine *machine, uint64_t page)
{
    for (unsigned int i = 0; machine->debug.watches && i < BREAKPOINTS; i++) {
        const struct breakpoint breakpoint = read_breakpoint(&machine->system, i);

        if (is_data(&breakpoint) && breakpoint.base / PAGE == page / PAGE) {
            return true;
        }
    }
    return false;
}

void machine_debug_note_access(struct sim_machine *machine, uint64_t linear, unsigned int size,
                               enum sim_access_kind kind)
{
    for (unsigned int i = 0; machine->debug.watches && i < BREAKPOINTS; i++) {
        const struct breakpoint breakpoint = read_breakpoint(&machine->system, i);

        if (is_data(&breakpoint) && overlaps(&breakpoint, linear, size) &&
            (kind == SIM_ACCESS_WRITE || breakpoint.condition == ON_ACCESS)) {
            machine->system.debug_held |= UINT64_C(1) << i;
        }
    }
}

void machine_debug_note_port(struct sim_machine *machine, uint16_t port, unsigned int width)
{
    for (unsigned int i = 0; machine->debug.stepping && i < BREAKPOINTS; i++) {
        const struct breakpoint breakpoint = read_breakpoint(&machine->system, i);

        if (machine->debug.ports_enabled && breakpoint.enabled && breakpoint.condition == ON_PORT &&
            overlaps(&breakpoint, port, width)) {
            machine->system.debug_held |= UINT64_C(1) << i;
        }
    }
}

void machine_debug_set_resume(struct sim_machine *machine)
{
    struct sim_registers registers;

    sim_engine_get_registers(machine->engine, &registers);
    registers.rflags |= RFLAGS_RF;
    sim_engine_set_registers(machine->engine, &registers);
}

bool machine_debug_trap(struct sim_machine *machine, uint64_t conditions, struct sim_result *result)
{
    const struct sim_exception trap = {.vector = VECTOR_DB};

    machine->system.dr6 |= conditions | machine->system.debug_held;
    machine->system.debug_held = 0;
    return machine_deliver(machine, &trap, "", result);
}

bool machine_debug_complete(struct sim_machine *machine, bool traps, struct sim_result *result)
{
    if (!traps && machine->system.debug_held == 0) {
        return true;
    }
    return machine_debug_trap(machine, traps ? MACHINE_DR6_BS : 0, result);
}

static uint64_t find_breakpoints(const struct sim_machine *machine, uint64_t linear)
{
    uint64_t found = 0;

    for (unsigned int i = 0; i < BREAKPOINTS; i++) {
        const struct breakpoint breakpoint = read_breakpoint(&machine->system, i);

        if (is_execution(&breakpoint) && breakpoint.base == linear) {
            found |= UINT64_C(1) << i;
        }
    }
    return found;
}

/* MOV SS and POP SS suppress it, STI does not; the engine has one shadow for both. [SDM 3A] 6.8.3 */
static bool is_after_load_of_ss(struct sim_machine *machine)
{
    struct sim_cpu mode;
    uint8_t last = 0;

    if (!sim_engine_interrupt_shadow(machine->engine)) {
        return false;
    }
    machine_get_cpu(machine, &mode);
    return !sim_machine_read_linear(machine, sim_cpu_linear_rip(&mode) - 1, &last, 1) ||
           last != OPCODE_STI;
}

bool machine_debug_precedes_fetch(struct sim_machine *machine, uint64_t *linear)
{
    struct sim_cpu mode;

    if (!machine->debug.breaks) {
        return false;
    }
    machine_get_cpu(machine, &mode);
    *linear = sim_cpu_linear_rip(&mode);
    return (mode.rflags & RFLAGS_RF) == 0 && find_breakpoints(machine, *linear) != 0 &&
           !is_after_load_of_ss(machine);
}

/* RF is pushed as it is: 0. The handler sets it, or else it is called again. [SDM 3B] 17.3.1.1 */
bool machine_handle_breakpoint(struct sim_machine *machine, uint64_t linear,
                               struct sim_result *result)
{
    const struct sim_exception fault = {.vector = VECTOR_DB};

    if (is_after_load_of_ss(machine)) {
        machine_debug_set_resume(machine);
        return true;
    }
    machine->system.dr6 |= find_breakpoints(machine, linear);
    return machine_deliver(machine, &fault, "", result);
}
