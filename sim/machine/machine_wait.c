/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * HLT: virtual time passes from deadline to deadline of the devices until one of
 * them interrupts, or until it is certain that none can.
 */
#include <inttypes.h>

#include "sim/machine/machine_inject.h"
#include "sim/machine/machine_internal.h"

enum {
    WAIT_BLOCKS = 100, /* what a wait for the next deadline takes from the budget */
    MAX_WAITS = 500    /* deadlines of devices that pass in a HLT which only an NMI can end */
};

#define RFLAGS_IF UINT64_C(0x200)

/* Whether anything can end the wait of a processor that takes interrupts. */
static bool may_come(const struct sim_machine *machine)
{
    const struct sim_interrupt_source *source = &machine->interrupts;

    return source->pending == NULL || source->may_come == NULL || source->may_come(source->self) ||
           machine_inject_deadline(machine) < SIM_TIME_END;
}

/* The end of a wait that nothing ended. */
static void stop_waiting(struct sim_machine *machine, bool enabled, struct sim_result *result)
{
    const char *reason = "HLT with interrupts disabled";

    if (machine->blocks == 0) {
        *result = machine_stop(machine, SIM_STOP_BUDGET, "more than %" PRIu64 " basic blocks",
                               machine->budget);
        return;
    }
    if (enabled) {
        reason = may_come(machine) ? "HLT with no interrupt to come"
                                   : "HLT with every interrupt masked: no input of a controller "
                                     "and no timer of the local APIC is open";
    }
    *result = machine_stop(machine, SIM_STOP_HALTED, "%s", reason);
}

bool machine_wait(struct sim_machine *machine, struct sim_result *result)
{
    struct sim_exception exception;
    struct sim_registers registers;
    uint64_t waits = 0;
    bool enabled = false;

    machine_trace(machine, SIM_TRACE_HALT, 0, 0, 0);
    sim_engine_get_registers(machine->engine, &registers);
    enabled = (registers.rflags & RFLAGS_IF) != 0;
    while (machine->blocks > 0 && machine->interrupted == 0 && (enabled || waits < MAX_WAITS)) {
        uint64_t next = machine_advance_devices(machine);

        if (machine_find_interrupt(machine, &exception)) {
            sim_engine_set_interrupt_waiting(machine->engine, machine_interrupt_pending(machine));
            return machine_deliver(machine, &exception, "", result);
        }
        if (machine_inject_deadline(machine) < next) {
            next = machine_inject_deadline(machine); /* what find_interrupt met is late */
        }
        if (next >= SIM_TIME_END || (enabled && !may_come(machine))) {
            break;
        }
        sim_engine_skip_time(machine->engine, next);
        machine->blocks -= machine->blocks < WAIT_BLOCKS ? machine->blocks : WAIT_BLOCKS;
        waits++;
    }
    if (!machine_is_interrupted(machine, result)) {
        stop_waiting(machine, enabled, result);
    }
    return false;
}
