/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The state a new machine is in: what a boot loader would have left, typed from
 * the manual. One PML4 entry maps 512 GiB onto themselves with 1 GiB pages; the
 * first GiB is split into 2 MiB pages, the first of them into 4 KiB pages, so
 * that page 0 and the page below the stack can be absent.
 */
#include "sim/machine/machine_internal.h"

#include <string.h>

#define ENTRY_TABLE UINT64_C(0x003) /* P, R/W. [SDM 3A] table 4-15 */
#define ENTRY_PAGE  UINT64_C(0x003) /* P, R/W. [SDM 3A] table 4-20 */
#define ENTRY_LARGE UINT64_C(0x083) /* P, R/W, PS. [SDM 3A] tables 4-16, 4-18 */

enum {
    ENTRIES = 512
};

/* Null, kernel code, kernel data, user data, user code: flat, accessed. [SDM 3A] 3.4.5, 5.2.1. */
static const uint64_t boot_gdt[] = {
    0, 0x00AF9B000000FFFF, 0x00CF93000000FFFF, 0x00CFF3000000FFFF, 0x00AFFB000000FFFF,
};

static void set_entry(const struct sim_memory *memory, uint64_t table, unsigned int index,
                      uint64_t entry)
{
    memcpy(memory->bytes + table + sizeof entry * index, &entry, sizeof entry);
}

static void write_page_tables(const struct sim_memory *memory)
{
    set_entry(memory, LOW_PML4, 0, LOW_PDPT | ENTRY_TABLE);
    set_entry(memory, LOW_PDPT, 0, LOW_PD | ENTRY_TABLE);
    set_entry(memory, LOW_PD, 0, LOW_PT | ENTRY_TABLE);
    for (unsigned int i = 1; i < ENTRIES; i++) {
        set_entry(memory, LOW_PDPT, i, ((uint64_t)i << 30) | ENTRY_LARGE);
        set_entry(memory, LOW_PD, i, ((uint64_t)i << 21) | ENTRY_LARGE);
        set_entry(memory, LOW_PT, i, ((uint64_t)i << 12) | ENTRY_PAGE);
    }
    set_entry(memory, LOW_PT, LOW_STACK_GUARD >> 12, 0);
}

void machine_set_up_low_memory(const struct sim_memory *memory, struct sim_engine_boot *boot)
{
    write_page_tables(memory);
    memcpy(memory->bytes + LOW_GDT, boot_gdt, sizeof boot_gdt);
    memory->bytes[LOW_RETURN] = INSTRUCTION_HLT;
    *boot = (struct sim_engine_boot){
        .cpu =
            {
                .rsp = LOW_STACK_END,
                .rflags = 0x2,     /* bit 1 is always 1. [SDM 1] 3.4.3 */
                .cr0 = 0x80010033, /* PG, WP, NE, ET, MP, PE. [SDM 3A] 2.5 */
                .cr3 = LOW_PML4,
                .cr4 = 0x620,  /* OSXMMEXCPT, OSFXSR, PAE. [SDM 3A] 2.5 */
                .efer = 0xD01, /* NXE, LMA, LME, SCE. [SDM 3A] table 2-1 */
                .cs = SELECTOR_KERNEL_CODE,
                .ss = SELECTOR_KERNEL_DATA,
                .gdt = {LOW_GDT, sizeof boot_gdt - 1},
            },
        .user_code = SELECTOR_USER_CODE,
        .user_data = SELECTOR_USER_DATA,
        .trial_page = LOW_CODE,
    };
}
