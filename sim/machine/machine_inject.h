/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * How the files of the machine ask whether something is to go wrong now. All
 * functions are cheap without a list of faults.
 */
#ifndef DRYDOCK_SIM_MACHINE_INJECT_H
#define DRYDOCK_SIM_MACHINE_INJECT_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/machine/bus.h"
#include "sim/machine/device.h"
#include "sim/machine/inject.h"

/** What is known about one fault so far. */
struct machine_fault {
    uint64_t seen; /**< calls, interrupts or accesses */
    uint64_t due;  /**< when a delayed interrupt comes; valid while `held` */
    bool happened;
    bool wanted; /**< it is to happen between the next two basic blocks */
    bool held;   /**< an interrupt: dropped or delayed at this moment */
    bool ripe;   /**< a delayed interrupt waits for the processor */
};

/** What a snapshot copies. */
struct machine_injection_state {
    uint64_t list;       /**< which list it belongs to; 0: none */
    uint32_t irq_levels; /**< as in struct sim_machine */
    struct machine_fault faults[SIM_INJECT_MAX];
};

/** A list of faults at work. */
struct machine_injector {
    struct sim_injection injection;
    uint64_t place[SIM_INJECT_MAX]; /**< FAIL: linear address. FLIP: physical. DEAD: the region's */
    uint64_t caller[SIM_INJECT_MAX];       /**< linear address of the function of `call` */
    struct sim_line lines[SIM_INJECT_MAX]; /**< DELAY_IRQ: where the line ends, once it was seen */
    struct machine_injection_state state;
};

/** Deal with SIM_ENGINE_REACHED. */
void machine_handle_reached(struct sim_machine *machine);

/** Between two basic blocks: do what is due or wanted. */
void machine_inject_advance(struct sim_machine *machine);

/** When something is due next; SIM_NEVER: nothing is, or what is waits for the guest. */
uint64_t machine_inject_deadline(const struct sim_machine *machine);

/** An event was added to the trace. */
void machine_inject_note_event(struct sim_machine *machine);

/** The processor has acknowledged this interrupt. Whether it does not get it now. */
bool machine_inject_takes(struct sim_machine *machine, unsigned int vector);

/** Whether a delayed interrupt waits for the processor. */
bool machine_inject_pending(const struct sim_machine *machine);

/** Its vector; it waits no more. Only while one does. */
unsigned int machine_inject_acknowledge(struct sim_machine *machine);

/** A device is about to be accessed. Whether it is dead. */
bool machine_inject_silences(struct sim_machine *machine, const struct sim_region *region);

/** Copy the counts for a snapshot, and bring them back. */
void machine_inject_save(const struct sim_machine *machine, struct machine_injection_state *state);
void machine_inject_restore(struct sim_machine *machine,
                            const struct machine_injection_state *state);

/** Fault @p index happens now: note it and record the event. */
void machine_inject_happens(struct sim_machine *machine, size_t index, uint64_t a, uint64_t b);

#endif
