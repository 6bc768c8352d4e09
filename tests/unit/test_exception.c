/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/exception.c. */
#include <string.h>

#include "drydock/exception.h"
#include "tests/unit/unit.h"

/* [SDM 3A] table 6-1; vectors 28 to 30: [AMD64 v2] 8.2. */
static const struct {
    const char *name;
    bool has_error_code;
} exceptions[] = {
    {"#DE divide error", false},
    {"#DB debug exception", false},
    {"NMI interrupt", false},
    {"#BP breakpoint", false},
    {"#OF overflow", false},
    {"#BR bound range exceeded", false},
    {"#UD invalid opcode", false},
    {"#NM device not available", false},
    {"#DF double fault", true},
    {"coprocessor segment overrun", false},
    {"#TS invalid TSS", true},
    {"#NP segment not present", true},
    {"#SS stack-segment fault", true},
    {"#GP general protection", true},
    {"#PF page fault", true},
    {"reserved vector 15", false},
    {"#MF floating-point error", false},
    {"#AC alignment check", true},
    {"#MC machine check", false},
    {"#XM SIMD floating-point exception", false},
    {"#VE virtualization exception", false},
    {"#CP control protection exception", true},
    {"reserved vector 22", false},
    {"reserved vector 23", false},
    {"reserved vector 24", false},
    {"reserved vector 25", false},
    {"reserved vector 26", false},
    {"reserved vector 27", false},
    {"#HV hypervisor injection exception", false},
    {"#VC VMM communication exception", true},
    {"#SX security exception", true},
    {"reserved vector 31", false},
};

START_TEST(every_vector_has_the_manuals_name_and_error_code)
{
    ck_assert_str_eq(dd_exception_name((uint64_t)_i), exceptions[_i].name);
    ck_assert_int_eq(dd_exception_has_error_code((uint64_t)_i), exceptions[_i].has_error_code);
}
END_TEST

static const uint64_t beyond[] = {32, 255, 256, 0x100000008, UINT64_MAX};

START_TEST(vectors_above_31_are_no_exceptions)
{
    ck_assert_str_eq(dd_exception_name(beyond[_i]), "not an exception");
    ck_assert(!dd_exception_has_error_code(beyond[_i]));
}
END_TEST

/* [SDM 3A] figure 6-8: interrupt gate 0x8E, DPL 0, IST 0. */
START_TEST(install_points_gates_0_to_31_at_the_entry_code)
{
    struct dd_idt idt;

    dd_idt_init(&idt);
    ck_assert_int_eq(dd_exception_install(&idt, 0x18), DD_OK);
    for (unsigned int i = 0; i < 32; i++) {
        uint64_t low = idt.gates[i].low;
        uint64_t entry = (low & 0xFFFF) | low >> 48 << 16 | idt.gates[i].high << 32;

        ck_assert_uint_eq(entry, dd_exception_entries[i]);
        ck_assert_uint_eq(low & 0x0000FFFFFFFF0000, 0x00008E0000180000);
    }
    for (unsigned int i = 32; i < 256; i++) {
        ck_assert_uint_eq(idt.gates[i].low | idt.gates[i].high, 0);
    }
}
END_TEST

START_TEST(install_refuses_a_null_selector_and_changes_nothing)
{
    struct dd_idt idt;
    struct dd_idt before;

    memset(&idt, 0xA5, sizeof idt);
    before = idt;
    ck_assert_int_eq(dd_exception_install(&idt, 0), DD_EARG);
    ck_assert_int_eq(dd_exception_install(&idt, 3), DD_EARG);
    ck_assert_mem_eq(&idt, &before, sizeof idt);
}
END_TEST

START_TEST(hosted_entries_are_distinct)
{
    for (int other = 0; other < _i; other++) {
        ck_assert_uint_ne(dd_exception_entries[_i], dd_exception_entries[other]);
    }
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("exception");
    TCase *names = tcase_create("names");
    TCase *install = tcase_create("install");

    tcase_add_loop_test(names, every_vector_has_the_manuals_name_and_error_code, 0, 32);
    tcase_add_loop_test(names, vectors_above_31_are_no_exceptions, 0, 5);
    suite_add_tcase(suite, names);

    tcase_add_test(install, install_points_gates_0_to_31_at_the_entry_code);
    tcase_add_test(install, install_refuses_a_null_selector_and_changes_nothing);
    tcase_add_loop_test(install, hosted_entries_are_distinct, 0, 32);
    suite_add_tcase(suite, install);
    return suite;
}
