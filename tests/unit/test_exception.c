/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/descriptors/exception.c. */
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
    ck_assert_int_eq(dd_exception_is_defined((uint64_t)_i),
                     _i != 9 && strncmp(exceptions[_i].name, "reserved", 8) != 0);
}
END_TEST

static const uint64_t beyond[] = {32, 255, 256, 0x100000008, UINT64_MAX};

START_TEST(vectors_above_31_are_no_exceptions)
{
    ck_assert_str_eq(dd_exception_name(beyond[_i]), "not an exception");
    ck_assert(!dd_exception_has_error_code(beyond[_i]));
    ck_assert(!dd_exception_is_defined(beyond[_i]));
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("exception");
    TCase *names = tcase_create("names");

    tcase_add_loop_test(names, every_vector_has_the_manuals_name_and_error_code, 0, 32);
    tcase_add_loop_test(names, vectors_above_31_are_no_exceptions, 0, 5);
    suite_add_tcase(suite, names);

    return suite;
}
