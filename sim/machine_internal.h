/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What the files of the machine share: its parts and its low memory.
 */
#ifndef DRYDOCK_SIM_MACHINE_INTERNAL_H
#define DRYDOCK_SIM_MACHINE_INTERNAL_H

#include "sim/bus.h"
#include "sim/cpu.h"
#include "sim/engine.h"
#include "sim/image.h"
#include "sim/machine.h"

/** Physical addresses of what the machine keeps below SIM_MACHINE_LOW_END. */
enum machine_low_memory {
    LOW_PML4 = 0x1000,
    LOW_PDPT = 0x2000,
    LOW_PD = 0x3000, /**< the first GiB, so that single pages of it can be left out */
    LOW_PT = 0x4000, /**< the first 2 MiB */
    LOW_GDT = 0x5000,
    LOW_RETURN = 0x6000,      /**< a HLT: calls return to it */
    LOW_CODE = 0x7000,        /**< sim_machine_execute */
    LOW_SCRATCH = 0x8000,     /**< operands */
    LOW_STACK_GUARD = 0xF000, /**< not mapped */
    LOW_STACK_END = 0x80000,
};

/** Selectors of the boot GDT. */
enum machine_selector {
    SELECTOR_KERNEL_CODE = 0x08,
    SELECTOR_KERNEL_DATA = 0x10,
    SELECTOR_USER_DATA = 0x1B,
    SELECTOR_USER_CODE = 0x23,
};

enum {
    INSTRUCTION_HLT = 0xF4
};

struct sim_machine {
    struct sim_memory memory;
    struct sim_engine *engine;
    struct sim_bus ports;
    struct sim_bus devices; /**< memory-mapped */
    struct sim_image *image;
    uint64_t budget;
    uint16_t kernel_cs, kernel_ss; /**< of the last call that started at CPL 0 */
    bool running;
    uint64_t exit_value;
};

/** Write the boot tables into low memory and describe the state that uses them. */
void machine_set_up_low_memory(const struct sim_memory *memory, struct sim_engine_boot *boot);

#endif
