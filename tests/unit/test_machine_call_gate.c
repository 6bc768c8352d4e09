/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Call gates of protected mode inside the machine, with both MMUs, without and with paging. Tables
 * are made here; guest/gates.S has the code. Expectations: [SDM 3A] 5.8.3 to 5.8.6, figure 5-8.
 */
#include <string.h>

#include "tests/unit/machine_case.h"

#define GDT         UINT64_C(0x227000)
#define POINTER     UINT64_C(0x22C000)
#define TSS         UINT64_C(0x229000)
#define SEEN        UINT64_C(0x22F000)
#define TABLES      UINT64_C(0x280000)
#define USER_BASE   UINT64_C(0x22A000) /* of the stack at CPL 3 */
#define KERNEL_BASE UINT64_C(0x220000) /* of the stack at CPL 0 */

/* What ESP0 is, and what ESP of the caller is. */
enum {
    KERNEL_TOP = 0xB000,
    USER_TOP = 0x800,
};

static uint32_t get_word(uint64_t address)
{
    return (uint32_t)peek(address);
}

static void put_word(uint64_t address, uint64_t value)
{
    uint32_t word = (uint32_t)value;

    memcpy(sim_machine_ram(machine, address, sizeof word), &word, sizeof word);
}

/* Segments of code begin in the page of their function. */
static uint64_t page_of(const char *function)
{
    return address_of(function) & ~UINT64_C(0xFFF);
}

static uint64_t with_base(uint64_t descriptor, uint64_t base)
{
    return descriptor | (base & 0xFFFFFF) << 16 | base >> 24 << 56;
}

/* A code segment at @p code, and a gate to a function in it at @p gate. */
static void lead_to(const char *function, uint64_t code, uint64_t gate, uint64_t access)
{
    uint64_t address = address_of(function);

    poke(GDT + code, with_base(0x00CF9B000000FFFF, page_of(function)));
    poke(GDT + gate, (address & 0xFFF) | code << 16 | access << 32);
}

static void open_round(int round)
{
    if ((round & 2) == 0) {
        machine_case_open();
    } else {
        machine_case_open_engine();
    }
    machine_case_load();
    poke(GDT + 0x10, 0x00CF93000000FFFF);
    poke(GDT + 0x18, 0x00CF9B000000FFFF);
    poke(GDT + 0x20, with_base(0x0000890000000067, TSS));
    poke(GDT + 0x28, with_base(0x00CFFB000000FFFF, page_of("guest_gates_user")));
    poke(GDT + 0x30, 0x00CFF3000000FFFF);
    poke(GDT + 0x38, with_base(0x00CFF3000000FFFF, USER_BASE));
    poke(GDT + 0x40, with_base(0x00CF92000000FFFF, KERNEL_BASE));
    lead_to("guest_gate_32", 0x48, 0x58, 0xEC02);
    lead_to("guest_gate_16", 0x50, 0x60, 0xE402);
    lead_to("guest_gate_to_end", 0x70, 0x68, 0xEC00);
    poke(POINTER, 0x7F | GDT << 16);
    put_word(TSS + 4, KERNEL_TOP);
    put_word(TSS + 8, 0x40);
    for (uint64_t i = 0; i < 4; i++) { /* [SDM 3A] 4.3: pages of 4 MiB onto themselves, U/S */
        put_word(TABLES + 4 * i, i << 22 | 0x87);
    }
}

static struct sim_result run(int round)
{
    return sim_call(machine, "guest_gates", (round & 1) != 0 ? 0x80000011 : 0x11, TABLES, POINTER,
                    address_of("guest_gates_user") & 0xFFF);
}

START_TEST(gates_of_both_sizes_lead_to_level_0_and_returns_lead_back)
{
    struct sim_result result;
    char text[1024];

    open_round(_i);
    result = run(_i);
    sim_result_describe(&result, text, sizeof text);
    ck_assert_msg(result.stop == SIM_STOP_HALTED, "%s", text);
    ck_assert_uint_eq(get_word(SEEN), KERNEL_TOP - 24);
    ck_assert_uint_eq(get_word(SEEN + 4), 0x40);
    ck_assert_uint_eq(get_word(SEEN + 8), 0x2B);
    ck_assert_uint_eq(get_word(SEEN + 12), 0x11111111);
    ck_assert_uint_eq(get_word(SEEN + 16), 0x22222222);
    ck_assert_uint_eq(get_word(SEEN + 20), USER_TOP - 8);
    ck_assert_uint_eq(get_word(SEEN + 24), 0x3B);
    ck_assert_uint_eq(get_word(SEEN + 28),
                      address_of("guest_gate_32_here") - page_of("guest_gate_32"));
    ck_assert_uint_eq(get_word(SEEN + 32), USER_TOP);
    ck_assert_uint_eq(get_word(SEEN + 36), 0x3B);
    ck_assert_uint_eq(get_word(SEEN + 40), KERNEL_TOP - 12);
    ck_assert_uint_eq(get_word(SEEN + 44), 0x3333002B);
    ck_assert_uint_eq(get_word(SEEN + 48), (USER_TOP - 4) << 16 | 0x4444);
    ck_assert_uint_eq(get_word(SEEN + 52), 0x3B);
    ck_assert_uint_eq(get_word(SEEN + 64), USER_TOP);
    machine_case_close();
}
END_TEST

START_TEST(a_gate_that_is_not_for_level_3_is_refused)
{
    struct sim_result result;

    open_round(_i);
    poke(GDT + 0x58, peek(GDT + 0x58) & ~(UINT64_C(0x6000) << 32)); /* DPL 0 */
    result = run(_i);
    ck_assert_int_eq(result.stop, SIM_STOP_FAULT);
    ck_assert_uint_eq(result.fault.vector, 13);
    ck_assert_uint_eq(result.fault.error_code, 0x58);
    ck_assert_uint_eq(get_word(SEEN), 0);
    machine_case_close();
}
END_TEST

/* [SDM 3A] 5.3. DS is the caller's, and SEEN is beyond its limit. With the own MMU. */
START_TEST(limits_of_segments_hold_behind_a_gate)
{
    struct sim_result result;

    open_round(_i);
    poke(GDT + 0x30, 0x0040F3000000FFFF);
    result = run(_i);
    ck_assert_int_eq(result.stop, SIM_STOP_FAULT);
    ck_assert_uint_eq(result.fault.vector, 13);
    ck_assert_uint_eq(result.fault.error_code, 0);
    ck_assert_uint_eq(result.fault.rip, address_of("guest_gate_32"));
    ck_assert_uint_eq(get_word(SEEN), 0);
    machine_case_close();
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("machine_call_gate");
    TCase *tests = tcase_create("machine_call_gate");

    tcase_add_loop_test(tests, gates_of_both_sizes_lead_to_level_0_and_returns_lead_back, 0, 4);
    tcase_add_loop_test(tests, a_gate_that_is_not_for_level_3_is_refused, 0, 4);
    tcase_add_loop_test(tests, limits_of_segments_hold_behind_a_gate, 0, 2);
    suite_add_tcase(suite, tests);
    return suite;
}
