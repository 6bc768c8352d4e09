/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Claims about the world: what other claims learn from its accesses is true,
 * and the kernel's own pages have the rights it says.
 */
#include "drydock/arch/insn.h"
#include "drydock/idt.h"
#include "tests/claims/claim.h"
#include "tests/claims/linear.h"
#include "tests/claims/world.h"

static uint64_t variable;

static void code(void)
{
}

CLAIM(world_accesses_without_a_fault_do_what_they_say)
{
    dd_vaddr address = dd_vaddr_from((uint64_t)&variable);
    struct world_access access;

    CLAIM_SKIP_IF(!world_runs_on_processor(), "variables of the host are not in the machine");
    access = world_store64(address, 0xFEDCBA9876543210);
    CLAIM_EQUAL(access.vector, WORLD_NO_FAULT);
    CLAIM_EQUAL(access.value, 0);
    CLAIM_EQUAL(variable, 0xFEDCBA9876543210);
    access = world_load64(address);
    CLAIM_EQUAL(access.vector, WORLD_NO_FAULT);
    CLAIM_EQUAL(access.value, 0xFEDCBA9876543210);
    access = world_execute(dd_vaddr_from((uint64_t)code));
    CLAIM_EQUAL(access.vector, WORLD_NO_FAULT);
}

/* [SDM 3A] 4.7: bit 1 of the error code is W/R, bit 4 I/D; bit 0 is clear for a page not present. */
CLAIM(world_accesses_to_unmapped_pages_report_the_page_fault)
{
    dd_vaddr address = dd_vaddr_from(world_spare_region().raw + 0x12345678);
    struct world_access access = world_load64(address);

    CLAIM_EQUAL(access.vector, 14);
    CLAIM_EQUAL(access.error_code, 0x00);
    CLAIM_EQUAL(access.address, address.raw);
    CLAIM_EQUAL(access.value, 0);
    access = world_store64(address, 1);
    CLAIM_EQUAL(access.vector, 14);
    CLAIM_EQUAL(access.error_code, 0x02);
    CLAIM_EQUAL(access.address, address.raw);
    access = world_execute(address);
    CLAIM_EQUAL(access.vector, 14);
    CLAIM_EQUAL(access.error_code, 0x10);
    CLAIM_EQUAL(access.address, address.raw);
}

/* [SDM 1] 3.3.7.1; CR2 is not part of a general protection fault. */
CLAIM(world_accesses_to_non_canonical_addresses_report_a_general_protection_fault)
{
    dd_vaddr address = first_of_the_hole();
    struct world_access access = world_load64(address);

    CLAIM_EQUAL(access.vector, 13);
    CLAIM_EQUAL(access.error_code, 0);
    CLAIM_EQUAL(access.address, 0);
    access = world_store64(address, 1);
    CLAIM_EQUAL(access.vector, 13);
    access = world_execute(address);
    CLAIM_EQUAL(access.vector, 13);
}

/* [SDM 3A] 4.6.1, 4.7: a write that a present entry denies, even to the supervisor: CR0.WP. */
CLAIM(world_code_cannot_be_overwritten)
{
    uint64_t address = (uint64_t)code;
    struct world_access access;

    CLAIM_SKIP_IF(!world_runs_on_processor(), "code of the host is not in the machine");
    access = world_store64(dd_vaddr_from(address), 0);
    CLAIM_EQUAL(access.vector, 14);
    CLAIM_EQUAL(access.error_code, 0x03);
    CLAIM_EQUAL(access.address, address);
}

/* [SDM 3A] 4.6.1, 4.7: a fetch that XD denies. The byte there is a RET. */
CLAIM(world_data_cannot_be_executed)
{
    uint64_t address = (uint64_t)&variable;
    struct world_access access;

    CLAIM_SKIP_IF(!world_runs_on_processor(), "variables of the host are not in the machine");
    variable = 0xC3;
    access = world_execute(dd_vaddr_from(address));
    CLAIM_EQUAL(access.vector, 14);
    CLAIM_EQUAL(access.error_code, 0x11);
    CLAIM_EQUAL(access.address, address);
}

/* [SDM 3A] figure 6-8: IST is in bits 34:32 of a gate. 6.15: a double fault may come from a bad stack. */
CLAIM(world_double_faults_are_handled_on_a_stack_of_their_own)
{
    struct dd_table_register table;
    const struct dd_idt *idt;

    CLAIM_SKIP_IF(!world_runs_on_processor(), "the host handles no exceptions");
    dd_sidt(&table);
    idt = (const struct dd_idt *)table.base.raw;
    CLAIM_TRUE((idt->gates[8].low >> 32 & 0x7) != 0);
}
