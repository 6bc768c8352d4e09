/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * A set of descriptor tables of a claim's own, in frames, to load instead of
 * the world's for a moment.
 */
#ifndef DRYDOCK_TESTS_TABLES_H
#define DRYDOCK_TESTS_TABLES_H

#include <stdint.h>

#include "drydock/addr.h"
#include "drydock/gdt.h"
#include "drydock/idt.h"
#include "drydock/insn_types.h"
#include "drydock/status.h"
#include "drydock/tss.h"

/* Selectors in the tables' GDT: data before code, which kernels rarely have, so that a load shows. */
#define TABLES_DATA 0x08
#define TABLES_CODE 0x10
#define TABLES_TASK 0x18

struct tables_segments {
    uint64_t entries[8];
    struct dd_gdt gdt; /**< null, kernel data, kernel code, the task-state segment */
    struct dd_tss tss;
};

/** What a processor holds and tables_restore puts back. */
struct tables_registers {
    struct dd_table_register gdt;
    struct dd_table_register idt;
    uint16_t code;
    uint16_t data;
    uint16_t task;
};

struct tables {
    struct tables_segments *segments;
    struct dd_idt *idt; /**< the library's entry code for exceptions; #BP on the stack IST1 */
    uint8_t *stack;     /**< IST1 to IST4 of the task-state segment: 4096 bytes */
    struct tables_registers world;
    dd_paddr frames[3]; /**< of these three */
};

/** Make tables, nothing loaded. On failure there is nothing to free. */
enum dd_status tables_make(struct tables *tables);

/** Load all of them: GDT, segment registers, task register, IDT. */
void tables_load(struct tables *tables);

/** Note what the processor holds. */
void tables_save(struct tables_registers *world);

/** Load what was noted again. */
void tables_put_back(const struct tables_registers *world);

/** Load the world's again. Between the two a claim must not end. */
void tables_restore(const struct tables *tables);

/** Give the frames back; after tables_restore. */
void tables_free(const struct tables *tables);

#endif
