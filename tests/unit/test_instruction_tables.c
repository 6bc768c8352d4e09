/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of sim/cpu/instruction_tables.c and of the operands in sim/cpu/instruction_operand.c. */
#include <string.h>

#include "tests/unit/instruction_case.h"
#include "tests/unit/unit.h"

/* The operand of LGDT and LIDT. */
static void store_pseudo_descriptor(uint32_t address, uint64_t base)
{
    case_ram[address] = 0xFF;
    case_ram[address + 1] = 0x0F;
    case_store(address + 2, base);
}

static void loads(enum sim_trace_table table, uint64_t base)
{
    case_passes(SIM_INSTRUCTION_EXECUTE);
    ck_assert(case_result.effect.traced);
    ck_assert_uint_eq(case_result.effect.trace_kind, SIM_TRACE_TABLE);
    ck_assert_uint_eq(case_result.effect.trace_code, table);
    ck_assert_uint_eq(case_result.effect.trace_a, base);
}

START_TEST(a_base_that_is_not_canonical_is_refused)
{
    /* [SDM 2] LGDT/LIDT: #GP(0) if the memory operand's base is not canonical. 57 bits here. */
    case_registers.rax = CASE_DATA;
    store_pseudo_descriptor(CASE_DATA, 0x0100000000000000);
    STEP("\x0F\x01\x10");
    case_faults(13, 0, "LGDT: the base 0x100000000000000 is not canonical");
    STEP("\x0F\x01\x18");
    case_faults(13, 0, "LIDT: the base 0x100000000000000 is not canonical");
    store_pseudo_descriptor(CASE_DATA, 0x8000000000000000);
    STEP("\x0F\x01\x10");
    case_faults(13, 0, "not canonical");
    store_pseudo_descriptor(CASE_DATA, 0x00FFFFFFFFFFFFFF);
    STEP("\x0F\x01\x10");
    loads(SIM_TRACE_GDT, 0x00FFFFFFFFFFFFFF);
    store_pseudo_descriptor(CASE_DATA, 0xFF00000000000000);
    STEP("\x0F\x01\x18");
    loads(SIM_TRACE_IDT, 0xFF00000000000000);
}
END_TEST

START_TEST(outside_64_bit_code_the_base_has_32_or_24_bits)
{
    case_protected_mode();
    case_registers.rax = CASE_DATA;
    store_pseudo_descriptor(CASE_DATA, 0x1122334489ABCDEF);
    STEP("\x0F\x01\x10");
    loads(SIM_TRACE_GDT, 0x89ABCDEF);
    STEP("\x66\x0F\x01\x10");
    loads(SIM_TRACE_GDT, 0xABCDEF);
}
END_TEST

START_TEST(operands_are_found_through_all_addressing_forms)
{
    /* [SDM 2] tables 2-2, 2-3; 2.2.1.6 for RIP-relative addresses. */
    store_pseudo_descriptor(CASE_DATA, 0x5A5A);
    case_registers.rsp = CASE_DATA - 8;
    case_cpu.rsp = case_registers.rsp;
    STEP("\x0F\x01\x54\x24\x08"); /* 8(%rsp) */
    loads(SIM_TRACE_GDT, 0x5A5A);
    STEP("\x0F\x01\x15\xF9\xBF\xFF\xFF"); /* -0x4007(%rip), RIP 0x8007 */
    loads(SIM_TRACE_GDT, 0x5A5A);
    STEP("\x0F\x01\x14\x25\x00\x40\x00\x00"); /* 0x4000 */
    loads(SIM_TRACE_GDT, 0x5A5A);
    case_registers.r12 = 0x1000;
    case_registers.r13 = 0xC00;
    STEP("\x43\x0F\x01\x14\xAC"); /* (%r12,%r13,4) */
    loads(SIM_TRACE_GDT, 0x5A5A);
    case_registers.r13 = CASE_DATA + 0x80;
    STEP("\x41\x0F\x01\x55\x80"); /* -0x80(%r13) */
    loads(SIM_TRACE_GDT, 0x5A5A);
    case_registers.rbp = 0x4000;
    STEP("\x0F\x01\x95\x00\x00\x00\x00"); /* 0(%rbp), 32-bit displacement */
    loads(SIM_TRACE_GDT, 0x5A5A);
    case_registers.rcx = 0x800;
    STEP("\x0F\x01\x14\xCD\x00\x00\x00\x00"); /* 0(,%rcx,8) */
    loads(SIM_TRACE_GDT, 0x5A5A);
    case_registers.rax = UINT64_C(0x100004000);
    STEP("\x67\x0F\x01\x10"); /* (%eax) */
    loads(SIM_TRACE_GDT, 0x5A5A);
    STEP("\x3E\x67\x0F\x01\x10"); /* DS has no base in 64-bit code */
    loads(SIM_TRACE_GDT, 0x5A5A);
}
END_TEST

START_TEST(an_operand_may_cross_a_page)
{
    case_registers.rax = 0x4FFB;
    store_pseudo_descriptor(0x4FFB, 0x1122334455);
    STEP("\x0F\x01\x10");
    loads(SIM_TRACE_GDT, 0x1122334455);
    case_registers.rax = 0x3FFFFFF6; /* the last 10 bytes that are mapped; no RAM is there */
    STEP("\x0F\x01\x10");
    loads(SIM_TRACE_GDT, UINT64_MAX);
}
END_TEST

START_TEST(what_cannot_be_read_is_left_to_the_engine)
{
    case_registers.rax = UINT64_C(0x40000000); /* not mapped */
    STEP("\x0F\x01\x10");
    case_passes(SIM_INSTRUCTION_EXECUTE);
    ck_assert(!case_result.effect.traced);
    case_registers.rax = CASE_DATA;
    store_pseudo_descriptor(CASE_DATA, 0x8000000000000000);
    STEP("\x65\x0F\x01\x10"); /* GS may have a base */
    case_passes(SIM_INSTRUCTION_EXECUTE);
    case_cpu.gdt.base = 0x40000000;
    case_registers.rax = 0x10;
    STEP("\x0F\x00\xD8");
    case_passes(SIM_INSTRUCTION_EXECUTE);
}
END_TEST

START_TEST(a_user_page_is_an_operand_only_as_smap_allows)
{
    /* [SDM 3A] 4.6.1: an explicit supervisor access to a user page needs RFLAGS.AC. */
    case_store(0x1000, 0x2007);
    case_store(0x2000, 0x87);
    case_cpu.cr4 |= UINT64_C(1) << 21;
    case_registers.rax = CASE_DATA;
    store_pseudo_descriptor(CASE_DATA, 0x8000000000000000);
    STEP("\x0F\x01\x10");
    case_passes(SIM_INSTRUCTION_EXECUTE);
    case_cpu.rflags |= UINT64_C(1) << 18;
    STEP("\x0F\x01\x10");
    case_faults(13, 0, "not canonical");
}
END_TEST

static void store_descriptor(uint16_t selector, uint8_t access, uint64_t base)
{
    uint64_t low =
        0x67 | (base & 0xFFFFFF) << 16 | (uint64_t)access << 40 | (base >> 24 & 0xFF) << 56;

    case_store(CASE_GDT + (selector & 0xFFF8u), low);
    case_store(CASE_GDT + (selector & 0xFFF8u) + 8, base >> 32);
}

static void lldt(uint16_t selector)
{
    case_registers.rax = selector | UINT64_C(0xDEAD0000);
    STEP("\x0F\x00\xD0");
}

static void ltr(uint16_t selector)
{
    case_registers.rax = selector | UINT64_C(0xDEAD0000);
    STEP("\x0F\x00\xD8");
}

START_TEST(ltr_takes_an_available_64_bit_tss_only)
{
    /* [SDM 2] LTR; [SDM 3A] table 3-2: type 9 is the available TSS, in IA-32e mode the only one. */
    uint8_t access = (uint8_t)(0x80 | _i); /* S and type */

    store_descriptor(0x28, access, 0xFFFF800012345678);
    ltr(0x2B);
    if (_i == 9) {
        loads(SIM_TRACE_TSS, 0xFFFF800012345678);
    } else {
        case_faults(13, 0x28, "which is not an available TSS");
    }
    lldt(0x28);
    if (_i == 2) {
        loads(SIM_TRACE_LDT, 0xFFFF800012345678);
    } else {
        case_faults(13, 0x28, "which is not an LDT");
    }
}
END_TEST

START_TEST(outside_ia32e_mode_ltr_takes_a_16_bit_tss_too)
{
    case_protected_mode();
    store_descriptor(0x28, (uint8_t)(0x80 | _i), 0x12345678);
    ltr(0x28);
    if (_i == 9 || _i == 1) {
        loads(SIM_TRACE_TSS, 0x12345678);
    } else {
        case_faults(13, 0x28, "not an available TSS");
    }
}
END_TEST

START_TEST(a_busy_tss_is_named_by_its_type)
{
    store_descriptor(0x28, 0x8B, 0x1000);
    ltr(0x28);
    case_faults(13, 0x28, "LTR: GDT[0x28] has S = 0, type 11, which is not an available TSS");
}
END_TEST

START_TEST(a_descriptor_that_is_not_present_is_np)
{
    store_descriptor(0x28, 0x09, 0x1000);
    ltr(0x28);
    case_faults(11, 0x28, "LTR: GDT[0x28] is not present");
    store_descriptor(0x28, 0x02, 0x1000);
    lldt(0x28);
    case_faults(11, 0x28, "LLDT: GDT[0x28] is not present");
}
END_TEST

START_TEST(a_null_selector_is_refused_by_ltr_only)
{
    for (uint16_t selector = 0; selector < 4; selector++) {
        ltr(selector);
        case_faults(13, 0, "is null");
        lldt(selector);
        loads(SIM_TRACE_LDT, 0);
    }
}
END_TEST

START_TEST(selectors_of_the_ldt_or_beyond_the_gdt_are_refused)
{
    ltr(0x2C);
    case_faults(13, 0x2C, "LTR: selector 0x2c names the LDT");
    lldt(0x100);
    case_faults(13, 0x100, "LLDT: selector 0x100 is beyond the GDT's limit 0xff");
    store_descriptor(0xF0, 0x89, 0x1000);
    ltr(0xF0);
    loads(SIM_TRACE_TSS, 0x1000);
    store_descriptor(0xF8, 0x89, 0x1000);
    ltr(0xFB); /* 16 bytes do not fit */
    case_faults(13, 0xF8, "beyond the GDT's limit");
    case_protected_mode();
    store_descriptor(0xF8, 0x89, 0x1000);
    ltr(0xF8); /* 8 do */
    loads(SIM_TRACE_TSS, 0x1000);
}
END_TEST

START_TEST(the_upper_half_of_a_descriptor_is_checked)
{
    /* [SDM 3A] figure 8-4: bits 12:8 of the last doubleword are 0; the base is canonical. */
    store_descriptor(0x28, 0x89, 0x1000);
    case_store(CASE_GDT + 0x30, UINT64_C(1) << (32 + _i));
    ltr(0x28);
    if (_i >= 8 && _i <= 12) {
        case_faults(13, 0x28, "bits 12:8 of the last doubleword are not 0");
    } else {
        loads(SIM_TRACE_TSS, 0x1000);
    }
    store_descriptor(0x28, 0x89, 0x8000000000001000);
    ltr(0x28);
    case_faults(13, 0x28, "LTR: the base 0x8000000000001000 in GDT[0x28] is not canonical");
}
END_TEST

START_TEST(selectors_come_from_memory_too)
{
    store_descriptor(0x28, 0x8B, 0x1000);
    case_ram[CASE_DATA] = 0x28;
    case_registers.rdi = CASE_DATA;
    STEP("\x0F\x00\x1F");
    case_faults(13, 0x28, "GDT[0x28]");
}
END_TEST

START_TEST(real_mode_has_no_ldt_and_no_tss)
{
    case_real_mode();
    ltr(0x28);
    case_faults(6, 0, "LTR: not in real or virtual-8086 mode");
    lldt(0x28);
    case_faults(6, 0, "LLDT: not in real or virtual-8086 mode");
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("instruction_tables");
    TCase *tables = tcase_create("tables");

    tcase_add_checked_fixture(tables, case_long_mode, NULL);
    tcase_add_test(tables, a_base_that_is_not_canonical_is_refused);
    tcase_add_test(tables, outside_64_bit_code_the_base_has_32_or_24_bits);
    tcase_add_test(tables, operands_are_found_through_all_addressing_forms);
    tcase_add_test(tables, an_operand_may_cross_a_page);
    tcase_add_test(tables, what_cannot_be_read_is_left_to_the_engine);
    tcase_add_test(tables, a_user_page_is_an_operand_only_as_smap_allows);
    tcase_add_loop_test(tables, ltr_takes_an_available_64_bit_tss_only, 0, 32);
    tcase_add_loop_test(tables, outside_ia32e_mode_ltr_takes_a_16_bit_tss_too, 0, 32);
    tcase_add_test(tables, a_busy_tss_is_named_by_its_type);
    tcase_add_test(tables, a_descriptor_that_is_not_present_is_np);
    tcase_add_test(tables, a_null_selector_is_refused_by_ltr_only);
    tcase_add_test(tables, selectors_of_the_ldt_or_beyond_the_gdt_are_refused);
    tcase_add_loop_test(tables, the_upper_half_of_a_descriptor_is_checked, 0, 32);
    tcase_add_test(tables, selectors_come_from_memory_too);
    tcase_add_test(tables, real_mode_has_no_ldt_and_no_tss);
    suite_add_tcase(suite, tables);
    return suite;
}
