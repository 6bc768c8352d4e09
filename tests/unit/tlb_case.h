/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What the tests of the TLB share: RAM with tables typed by hand, a processor,
 * and a TLB over both. 4-level paging with CR0.WP and EFER.NXE on.
 *
 * LINEAR has the indices 1, 2, 3, 4: its PML4E is at 0x1008, PDPTE at 0x2010, PDE at 0x3018 and PTE
 * at 0x4020, which maps 0x9000 for all.
 */
#ifndef DRYDOCK_TESTS_TLB_CASE_H
#define DRYDOCK_TESTS_TLB_CASE_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/mmu/tlb.h"
#include "tests/unit/unit.h"

#define LINEAR UINT64_C(0x8080604000)
#define PML4E  UINT64_C(0x1008)
#define PDPTE  UINT64_C(0x2010)
#define PDE    UINT64_C(0x3018)
#define PTE    UINT64_C(0x4020)

enum {
    RAM_BYTES = 0x40000
};

extern uint8_t ram[RAM_BYTES];
extern struct sim_memory memory;
extern struct sim_cpu cpu;
extern struct sim_findings findings;
extern struct sim_tlb *tlb;

/** With and without audit; for tcase_add_checked_fixture. */
void tlb_case_open(void);
void tlb_case_open_with_audit(void);
void tlb_case_close(void);

/** RAM without the TLB being told. */
void set(uint64_t physical, uint64_t value);
uint64_t get(uint64_t physical);

/** The guest writes an entry; it is told before the write happens. */
void guest_write(uint64_t physical, uint64_t value, uint64_t rip);

/** sim_tlb_settle when its answer does not matter. */
void settle(void);

/** Accesses at rip 0x700, by the supervisor. */
struct sim_tlb_result translate(uint64_t linear, enum sim_access_kind kind);
struct sim_tlb_result translate_as(uint64_t linear, enum sim_access_kind kind,
                                   enum sim_access_mode mode);

/** Physical address a read gets, UINT64_MAX if it faults. */
uint64_t read_at(uint64_t linear);

/** Flushes, all at rip 0x800. */
void invlpg(uint64_t linear);
void flush(enum sim_tlb_flush_kind kind, uint16_t pcid, uint64_t linear);
void load_cr3(uint64_t value); /**< bit 63 as in the instruction: no flush */

/** There is one finding, and its text has these parts. */
void check_finding(size_t count, const char *const parts[]);
#define CHECK_FINDING(...)                                                     \
    check_finding(sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *), \
                  (const char *const[]){__VA_ARGS__})

/** Nothing was found, and at the end of the call nothing is. */
void check_clean(void);

#endif
