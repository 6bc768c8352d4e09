/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What interrupts the processor of a board or a PC: the 8259 pair, the 8254, the
 * local APIC and an I/O APIC, at the places a PC has them and wired as there.
 */
#ifndef DRYDOCK_SIM_CONTROLLERS_H
#define DRYDOCK_SIM_CONTROLLERS_H

#include <stdbool.h>

#include "sim/devices/io_apic.h"
#include "sim/devices/local_apic.h"
#include "sim/devices/pic8259.h"
#include "sim/devices/pit8254.h"
#include "sim/machine/machine.h"
#include "sim/util/attributes.h"
#include "sim/util/error.h"

struct sim_controllers {
    struct sim_pic8259 pic;
    struct sim_pit8254 pit; /**< its interrupt line is the owner's to connect */
    struct sim_local_apic local_apic;
    struct sim_io_apic io_apic;
};

/**
 * Make them, as after reset, and connect them to each other and to the processor of a machine.
 *
 * @param controllers  outlives the machine; must stay where it is
 * @param reset        what an INIT does; all zero: nothing
 */
void sim_controllers_init(struct sim_controllers *controllers, struct sim_machine *machine,
                          const struct sim_line *reset);

/**
 * Let the machine have their ports, pages and deadlines.
 *
 * @return 0, or -1 with *error set
 */
SIM_MUST_CHECK int sim_controllers_connect(struct sim_controllers *controllers,
                                           struct sim_machine *machine, struct sim_error *error);

/**
 * Drive an interrupt line of the ISA bus, which ends at both controllers: IRQ 0 at input 2 of the
 * I/O APIC, all others at the input of their number.
 */
void sim_controllers_set_irq(struct sim_controllers *controllers, unsigned int irq, bool level);

#endif
