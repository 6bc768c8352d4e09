/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What interrupts the processor of a board: the 8259 pair, the 8254, the local
 * APIC and an I/O APIC, at the places a PC has them.
 */
#ifndef DRYDOCK_SIM_BOARD_CONTROLLERS_H
#define DRYDOCK_SIM_BOARD_CONTROLLERS_H

#include "sim/devices/io_apic.h"
#include "sim/devices/local_apic.h"
#include "sim/devices/pic8259.h"
#include "sim/devices/pit8254.h"
#include "sim/machine/machine.h"
#include "sim/util/attributes.h"
#include "sim/util/error.h"

struct sim_board_controllers {
    struct sim_pic8259 pic;
    struct sim_pit8254 pit;
    struct sim_local_apic local_apic;
    struct sim_io_apic io_apic;
};

/**
 * Connect them to a machine and to each other.
 *
 * @param controllers  outlives the machine; must stay where it is
 * @return 0, or -1 with *error set
 */
SIM_MUST_CHECK int sim_board_controllers_connect(struct sim_board_controllers *controllers,
                                                 struct sim_machine *machine,
                                                 struct sim_error *error);

#endif
