/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * A processor as plain data that an input can change field by field, and 64 KiB
 * of RAM with page tables, descriptor tables and a TSS.
 */
#ifndef DRYDOCK_TESTS_FUZZ_PROCESSOR_H
#define DRYDOCK_TESTS_FUZZ_PROCESSOR_H

#include "sim/cpu/cpu.h"
#include "sim/machine/machine.h"
#include "sim/cpu/system.h"
#include "sim/cpu/task_switch.h"
#include "tests/fuzz/fuzz.h"

enum {
    PROCESSOR_RAM = 0x10000
};

struct processor {
    struct sim_cpu cpu;
    struct sim_task task;
    struct sim_registers registers; /**< rip, rsp and rflags follow cpu */
    struct sim_system system;
    struct sim_clock clock;
    struct sim_memory memory;
};

/** One of three processors that work: in real mode, protected mode or 64-bit mode. */
void processor_set_up(struct processor *processor, unsigned int mode);

/** Change one field of the processor or one word of RAM, as the input says. */
void processor_change(struct processor *processor, struct fuzz_input *input);

/** An address that often means something. */
uint64_t processor_take_address(struct fuzz_input *input);

#endif
