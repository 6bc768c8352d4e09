/* SPDX-License-Identifier: MIT */
/**
 * @file
 * What one processor needs of descriptor tables, in one piece: a GDT with the
 * usual segments, a task-state segment and the names of its stacks.
 *
 * Each processor has a bundle of its own. A GDT that processors share works
 * until the second of them loads the task register: the first has marked the
 * task-state segment busy. And two processors on one task-state segment take
 * interrupts on the same stack.
 */
#ifndef DRYDOCK_CPU_TABLES_H
#define DRYDOCK_CPU_TABLES_H

#include <stdint.h>

#include "drydock/addr.h"
#include "drydock/attributes.h"
#include "drydock/gdt.h"
#include "drydock/io_map.h"
#include "drydock/status.h"
#include "drydock/tss.h"

/* Selectors of every bundle, in the order SYSCALL and SYSRET want. */
#define DD_CPU_KERNEL_CODE UINT16_C(0x08)
#define DD_CPU_KERNEL_DATA UINT16_C(0x10)
#define DD_CPU_USER_CODE32 UINT16_C(0x1B)
#define DD_CPU_USER_DATA   UINT16_C(0x23)
#define DD_CPU_USER_CODE   UINT16_C(0x2B)
#define DD_CPU_TASK        UINT16_C(0x30)

/** Entries of a bundle's GDT; the first 8 are in use, the others are the kernel's. */
#define DD_CPU_TABLES_ENTRIES 16

/** Tables of one processor, owned by the caller; they stay in place while they are loaded. */
struct dd_cpu_tables {
    uint64_t entries[DD_CPU_TABLES_ENTRIES];
    struct dd_gdt gdt; /**< of these entries; more may be added */
    struct dd_tss tss;
};

/** What tables are made of. */
struct dd_cpu_tables_config {
    dd_vaddr privilege_stack; /**< top of the stack for interrupts of privilege levels 1 to 3 */
    dd_vaddr ist[7];          /**< tops of the stacks IST1 to IST7; 0: that one is not used */
    const struct dd_io_map
        *io_map; /**< lies behind the tables, see dd_tss_set_io_map; NULL: none */
    uint8_t
        linear_width; /**< linear-address bits: 48 (or 0) with 4-level paging, 57 with 5-level */
};

/**
 * Make the tables of a processor; nothing is loaded.
 *
 * @param config  read, not kept
 * @retval DD_OK          *tables is valid
 * @retval DD_EARG        the I/O permission map lies elsewhere, or no such width; *tables untouched
 * @retval DD_ECANONICAL  the top of a stack is not canonical; *tables untouched
 * @retval DD_EMALFORMED  the I/O permission map's last byte is not FFH; *tables untouched
 *
 * Spec: [SDM 3A] 3.5.1, 8.2.3, 8.7.
 */
DD_MUST_CHECK enum dd_status dd_cpu_tables_init(struct dd_cpu_tables *tables,
                                                const struct dd_cpu_tables_config *config);

/**
 * Load the tables on this processor: GDT, CS, SS, DS, ES and the task register.
 *
 * May be called again for the same tables: the busy task-state segment can only
 * be this processor's own. Call it with interrupts off.
 *
 * Spec: [SDM 3A] 2.4.1, 2.4.4, 8.2.2.
 */
void dd_cpu_tables_load(struct dd_cpu_tables *tables);

#endif
