/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * A PC around a machine: the devices a kernel expects, wired as on a PC, to run
 * whole kernels. For tests of single functions board.h has less.
 *
 * Interrupts: 8254 on IRQ 0, keyboard on 1, first serial port on 4, clock on 8,
 * each at both the 8259 pair and the I/O APIC (IRQ 0 at input 2). The local APIC
 * is in virtual wire mode, the timer runs and the 8259 pair is open for it on vector 8, as firmware
 * leaves them.
 */
#ifndef DRYDOCK_SIM_PC_H
#define DRYDOCK_SIM_PC_H

#include <stdint.h>

#include "sim/util/attributes.h"
#include "sim/devices/acpi_pm.h"
#include "sim/devices/byte_sink.h"
#include "sim/devices/cmos.h"
#include "sim/devices/debug_console.h"
#include "sim/devices/fw_cfg.h"
#include "sim/devices/i8042.h"
#include "sim/devices/reset_port.h"
#include "sim/devices/uart16550.h"
#include "sim/devices/vga_text.h"
#include "sim/util/error.h"
#include "sim/machine/controllers.h"
#include "sim/machine/machine.h"
#include "sim/pci/bus/pci_host.h"
#include "sim/pci/bus/pci_topology.h"

/** Why a PC stopped by itself: the value of SIM_STOP_EXITED when the guest did not use the debug
 *  exit, whose values are odd. */
enum sim_pc_exit {
    SIM_PC_RESET = 0,     /**< by port 0xCF9, the keyboard controller or a PCI reset */
    SIM_PC_POWER_OFF = 2, /**< by ACPI S5 */
};

struct sim_pc {
    struct sim_machine *machine;
    struct sim_controllers controllers;
    struct sim_cmos cmos;
    struct sim_i8042 keyboard;
    struct sim_vga_text video;
    struct sim_uart16550 serial;
    struct sim_debug_console debug_console;
    struct sim_acpi_pm power;
    struct sim_reset_port reset_port;
    struct sim_fw_cfg fw_cfg;
    struct sim_pci_host pci;
};

/** What a PC is made of. */
struct sim_pc_options {
    struct sim_machine_options machine;
    struct sim_pci_topology *topology; /**< outlives the PC; its first segments get windows */
    struct sim_byte_sink serial;       /**< gets what is sent to COM1 */
    struct sim_byte_sink debug;        /**< gets what is sent to port 0xE9 */
};

/**
 * Build a PC.
 *
 * @param[out] pc  to be closed with sim_pc_close, after a failure too; must stay where it is
 * @return 0, or -1 with *error set
 */
SIM_MUST_CHECK int sim_pc_open(struct sim_pc *pc, const struct sim_pc_options *options,
                               struct sim_error *error);

/** Free everything of a PC; the struct is zeroed. */
void sim_pc_close(struct sim_pc *pc);

struct sim_boot_request;

/**
 * Load an image and prepare to run it: sim_machine_start with the windows of the host bridge.
 *
 * @param request  its windows are ignored
 */
SIM_MUST_CHECK int sim_pc_start(struct sim_pc *pc, const char *path,
                                const struct sim_boot_request *request, struct sim_error *error);

#endif
