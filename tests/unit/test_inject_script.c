/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of scripts of faults: what every line means, and what is said of every wrong one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/machine/inject.h"
#include "tests/unit/unit.h"

static struct sim_injection injection;
static struct sim_error error;

static int parse(const char *text)
{
    return sim_injection_parse(&injection, "plan", text, strlen(text), &error);
}

/* The only fault of a script of one line. */
static const struct sim_inject *fault_of(const char *text)
{
    ck_assert_msg(parse(text) == 0, "%s", error.text);
    ck_assert_uint_eq(injection.count, 1);
    return &injection.faults[0];
}

START_TEST(fail_names_function_call_and_value)
{
    const struct sim_inject *fault = fault_of("fail kframe_alloc 3 return 0x1F");

    ck_assert_int_eq(fault->kind, SIM_INJECT_FAIL);
    ck_assert_str_eq(fault->name, "kframe_alloc");
    ck_assert_uint_eq(fault->count, 3);
    ck_assert_uint_eq(fault->value, 31);
    ck_assert_uint_eq(fault->line, 1);
    ck_assert_uint_eq(fault_of("fail f 1 return -12")->value, 0xFFFFFFFFFFFFFFF4);
    ck_assert_uint_eq(fault_of("fail f 1 return 0xFFFFFFFFFFFFFFFF")->value, UINT64_MAX);
}
END_TEST

START_TEST(flip_names_place_bit_and_moment)
{
    const struct sim_inject *fault = fault_of("flip 0x200008 bit 13 at 1500");

    ck_assert_int_eq(fault->kind, SIM_INJECT_FLIP);
    ck_assert_str_eq(fault->name, "");
    ck_assert_uint_eq(fault->place, 0x200008);
    ck_assert_uint_eq(fault->number, 13);
    ck_assert_int_eq(fault->when, SIM_INJECT_AT_TIME);
    ck_assert_uint_eq(fault->moment, 1500);
    fault = fault_of("flip free_list bit 0 call kmain 2");
    ck_assert_str_eq(fault->name, "free_list");
    ck_assert_uint_eq(fault->place, 0);
    ck_assert_int_eq(fault->when, SIM_INJECT_AT_CALL);
    ck_assert_str_eq(fault->caller, "kmain");
    ck_assert_uint_eq(fault->moment, 2);
    fault = fault_of("flip idt+0x28 bit 63 event 17");
    ck_assert_str_eq(fault->name, "idt");
    ck_assert_uint_eq(fault->place, 40);
    ck_assert_uint_eq(fault->number, 63);
    ck_assert_int_eq(fault->when, SIM_INJECT_AT_EVENT);
    ck_assert_uint_eq(fault->moment, 17);
}
END_TEST

START_TEST(drop_and_delay_name_vector_or_line)
{
    const struct sim_inject *fault = fault_of("drop vector 0x20 3");

    ck_assert_int_eq(fault->kind, SIM_INJECT_DROP_VECTOR);
    ck_assert_uint_eq(fault->number, 32);
    ck_assert_uint_eq(fault->count, 3);
    fault = fault_of("drop irq 4 1");
    ck_assert_int_eq(fault->kind, SIM_INJECT_DROP_IRQ);
    ck_assert_uint_eq(fault->number, 4);
    ck_assert_uint_eq(fault->count, 1);
    fault = fault_of("delay vector 255 2 by 5000");
    ck_assert_int_eq(fault->kind, SIM_INJECT_DELAY_VECTOR);
    ck_assert_uint_eq(fault->number, 255);
    ck_assert_uint_eq(fault->count, 2);
    ck_assert_uint_eq(fault->value, 5000);
    fault = fault_of("delay irq 0 7 by 1");
    ck_assert_int_eq(fault->kind, SIM_INJECT_DELAY_IRQ);
    ck_assert_uint_eq(fault->number, 0);
    ck_assert_uint_eq(fault->count, 7);
    ck_assert_uint_eq(fault->value, 1);
}
END_TEST

START_TEST(devices_have_names_with_blanks_in_quotes)
{
    const struct sim_inject *fault = fault_of("dead \"8259 (first)\" 5");

    ck_assert_int_eq(fault->kind, SIM_INJECT_DEAD);
    ck_assert_str_eq(fault->name, "8259 (first)");
    ck_assert_uint_eq(fault->count, 5);
    ck_assert_str_eq(fault_of("dead 16550 5")->name, "16550");
    ck_assert_str_eq(fault_of("dead \"# no comment\" 5")->name, "# no comment");
}
END_TEST

START_TEST(pci_functions_are_named_as_lspci_does)
{
    const struct sim_inject *fault = fault_of("vanish 0001:fe:1f.7 0");

    ck_assert_int_eq(fault->kind, SIM_INJECT_VANISH);
    ck_assert_uint_eq(fault->function.segment, 1);
    ck_assert_uint_eq(fault->function.bus, 0xFE);
    ck_assert_uint_eq(fault->function.device, 0x1F);
    ck_assert_uint_eq(fault->function.function, 7);
    ck_assert_uint_eq(fault->count, 0);
    fault = fault_of("msi 02:03.1 4 at 100000");
    ck_assert_int_eq(fault->kind, SIM_INJECT_MSI);
    ck_assert_uint_eq(fault->function.segment, 0);
    ck_assert_uint_eq(fault->function.bus, 2);
    ck_assert_uint_eq(fault->function.device, 3);
    ck_assert_uint_eq(fault->function.function, 1);
    ck_assert_uint_eq(fault->number, 4);
    ck_assert_uint_eq(fault->moment, 100000);
    ck_assert_uint_eq(fault_of("vanish 10000:00:00.0 1")->function.segment, 0x10000);
}
END_TEST

START_TEST(blank_lines_comments_tabs_and_crlf_are_allowed)
{
    char place[64];

    ck_assert_int_eq(parse("# a plan\r\n\r\n \tfail\tf  1 return 0\t# why\r\ndrop irq 1 1#x\n\n"),
                     0);
    ck_assert_uint_eq(injection.count, 2);
    ck_assert_str_eq(injection.faults[0].name, "f");
    ck_assert_uint_eq(injection.faults[0].line, 3);
    ck_assert_uint_eq(injection.faults[1].line, 4);
    sim_injection_place(&injection, 1, place, sizeof place);
    ck_assert_str_eq(place, "plan:4");
    ck_assert_int_eq(parse(""), 0);
    ck_assert_uint_eq(injection.count, 0);
}
END_TEST

static const struct {
    const char *text, *sentence;
} wrong[] = {
    {"\n\nbreak f 1", "plan:3: \"break\" is not fail, flip, drop, delay, dead, vanish or msi"},
    {"fail", "plan:1: the function is missing at the end"},
    {"fail f", "plan:1: which call is missing at the end"},
    {"fail f x return 0", "plan:1: which call: \"x\" is not a number"},
    {"fail f 1", "plan:1: return is missing at the end"},
    {"fail f 1 returns 0", "plan:1: \"return\" is expected, not \"returns\""},
    {"fail f 1 return", "plan:1: the value to return is missing at the end"},
    {"fail f 1 return -", "plan:1: the value to return: \"-\" is not a number"},
    {"fail f 1 return 12k", "plan:1: the value to return: \"12k\" is not a number"},
    {"fail f 1 return 0x", "plan:1: the value to return: \"0x\" is not a number"},
    {"fail f 1 return 18446744073709551616",
     "plan:1: the value to return: \"18446744073709551616\" is not a number"},
    {"fail f 0 return 1", "plan:1: counting begins at 1, not 0"},
    {"fail f -1 return 1", "plan:1: which call: \"-1\" is not a number"},
    {"fail \"\" 1 return 1", "plan:1: a name is empty"},
    {"fail f 1 return 1 2", "plan:1: \"2\" is too much"},
    {"fail \"f 1 return 1", "plan:1: a \" has no partner"},
    {"a b c d e f g h i j k", "plan:1: too many words"},
    {"flip 0x1000 3 at 1", "plan:1: \"bit\" is expected, not \"3\""},
    {"flip 1x bit 3 at 1", "plan:1: the place: \"1x\" is not a number"},
    {"flip a+b bit 3 at 1", "plan:1: the offset: \"b\" is not a number"},
    {"flip a bit 64 at 1", "plan:1: bit 64: the last is 63"},
    {"flip a bit 4294967299 at 1", "plan:1: the bit: the number is too large"},
    {"flip a bit 3", "plan:1: when (at, call or event) is missing at the end"},
    {"flip a bit 3 after 1", "plan:1: \"at\", \"call\" or \"event\" is expected, not \"after\""},
    {"flip a bit 3 at", "plan:1: the time is missing at the end"},
    {"flip a bit 3 at noon", "plan:1: the time: \"noon\" is not a number"},
    {"flip a bit 3 event 0", "plan:1: counting begins at 1, not 0"},
    {"flip a bit 3 call f", "plan:1: which call is missing at the end"},
    {"flip a bit 3 call f 0", "plan:1: counting begins at 1, not 0"},
    {"flip a bit 3 call \"\" 1", "plan:1: a name is empty"},
    {"drop", "plan:1: what (vector or irq) is missing at the end"},
    {"drop line 4 1", "plan:1: \"vector\" or \"irq\" is expected, not \"line\""},
    {"drop vector 256 1", "plan:1: vector 256: the last is 255"},
    {"drop irq 16 1", "plan:1: line 16: the last is 15"},
    {"drop irq 1", "plan:1: which interrupt is missing at the end"},
    {"drop irq 1 0", "plan:1: counting begins at 1, not 0"},
    {"delay irq 1 1", "plan:1: by is missing at the end"},
    {"delay irq 1 1 for 3", "plan:1: \"by\" is expected, not \"for\""},
    {"delay vector 300 1 by 3", "plan:1: vector 300: the last is 255"},
    {"dead \"8259 (first)\"", "plan:1: which access is missing at the end"},
    {"dead \"\" 1", "plan:1: a name is empty"},
    {"dead x 0", "plan:1: counting begins at 1, not 0"},
    {"vanish 00:03 1", "plan:1: \"00:03\" is no PCI address like 0000:00:1f.2"},
    {"vanish 00:03.0.0 1", "plan:1: \"00:03.0.0\" is no PCI address like 0000:00:1f.2"},
    {"vanish 1:2:3:4.0 1", "plan:1: \"1:2:3:4.0\" is no PCI address like 0000:00:1f.2"},
    {"vanish 100:03.0 1", "plan:1: \"100:03.0\" is no PCI address like 0000:00:1f.2"},
    {"vanish 123456789:00:03.0 1",
     "plan:1: \"123456789:00:03.0\" is no PCI address like 0000:00:1f.2"},
    {"vanish 00:20.0 1", "plan:1: 0000:00:20.0 is no PCI address: devices end at 1f, functions at "
                         "7"},
    {"vanish 00:1f.8 1", "plan:1: 0000:00:1f.8 is no PCI address: devices end at 1f, functions at "
                         "7"},
    {"vanish 00:03.0", "plan:1: how many accesses is missing at the end"},
    {"msi 00:03.0", "plan:1: the message is missing at the end"},
    {"msi 00:03.0 2048 at 1", "plan:1: message 2048: the last is 2047"},
    {"msi 00:03.0 0", "plan:1: when (at, call or event) is missing at the end"},
};

START_TEST(a_wrong_line_is_named_with_the_reason_and_nothing_changes)
{
    ck_assert_int_eq(parse("drop irq 3 9"), 0);
    ck_assert_int_eq(parse(wrong[_i].text), -1);
    ck_assert_str_eq(error.text, wrong[_i].sentence);
    ck_assert_uint_eq(injection.count, 1);
    ck_assert_uint_eq(injection.faults[0].count, 9);
}
END_TEST

/* A line about a function with a name of this length. */
static void name_of(char *text, size_t size, int length)
{
    (void)snprintf(text, size, "fail f%0*d 1 return 0", length - 1, 0);
}

START_TEST(names_and_lines_have_an_end)
{
    char text[1024] = "";

    name_of(text, sizeof text, 127);
    ck_assert_uint_eq(strlen(fault_of(text)->name), 127);
    name_of(text, sizeof text, 128);
    ck_assert_int_eq(parse(text), -1);
    ck_assert_str_eq(error.text, "plan:1: the function: the name is too long");
    memset(text, '#', 511);
    text[511] = '\0';
    ck_assert_int_eq(parse(text), 0);
    memset(text, '#', 512);
    text[512] = '\0';
    ck_assert_int_eq(parse(text), -1);
    ck_assert_str_eq(error.text, "plan:1: the line is too long");
    ck_assert_int_eq(sim_injection_parse(&injection, "plan", "\n\0", 2, &error), -1);
    ck_assert_str_eq(error.text, "plan:2: a NUL byte: this is not a script");
}
END_TEST

START_TEST(a_list_has_64_faults_at_most)
{
    const char line[] = "drop irq 1 1\n";
    char text[65 * (sizeof line - 1) + 1] = "";

    for (size_t i = 0; i < 65; i++) {
        memcpy(&text[(sizeof line - 1) * i], line, sizeof line);
        ck_assert_int_eq(parse(text), i < 64 ? 0 : -1);
    }
    ck_assert_str_eq(error.text, "plan:65: more than 64 faults");
}
END_TEST

START_TEST(a_fault_made_in_the_program_is_checked_too)
{
    struct sim_inject fault = {.kind = (enum sim_inject_kind)9};
    char place[32];

    memset(&injection, 0, sizeof injection);
    ck_assert_int_eq(sim_injection_add(&injection, &fault, &error), -1);
    ck_assert_str_eq(error.text, "no such kind of fault");
    fault = (struct sim_inject){.kind = SIM_INJECT_FLIP, .when = (enum sim_inject_when)3};
    ck_assert_int_eq(sim_injection_add(&injection, &fault, &error), -1);
    fault.when = SIM_INJECT_AT_TIME;
    ck_assert_int_eq(sim_injection_add(&injection, &fault, &error), 0);
    sim_injection_place(&injection, 0, place, sizeof place);
    ck_assert_str_eq(place, "fault 1");
}
END_TEST

START_TEST(a_script_is_read_from_a_file)
{
    char path[] = "/tmp/plan.XXXXXX";
    int file = mkstemp(path);

    ck_assert_int_eq(write(file, "drop irq 4 1\nx", 14), 14);
    ck_assert_int_eq(sim_injection_read(&injection, path, &error), -1);
    ck_assert_ptr_nonnull(strstr(error.text, ":2: \"x\" is not fail"));
    ck_assert_int_eq(ftruncate(file, 13), 0);
    ck_assert_int_eq(sim_injection_read(&injection, path, &error), 0);
    ck_assert_uint_eq(injection.count, 1);
    ck_assert_str_eq(injection.script, path);
    (void)close(file);
    (void)unlink(path);
    ck_assert_int_eq(sim_injection_read(&injection, path, &error), -1);
    ck_assert_ptr_eq(strstr(error.text, path), error.text);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("inject_script");
    TCase *lines = tcase_create("lines");
    TCase *limits = tcase_create("limits");

    tcase_add_test(lines, fail_names_function_call_and_value);
    tcase_add_test(lines, flip_names_place_bit_and_moment);
    tcase_add_test(lines, drop_and_delay_name_vector_or_line);
    tcase_add_test(lines, devices_have_names_with_blanks_in_quotes);
    tcase_add_test(lines, pci_functions_are_named_as_lspci_does);
    tcase_add_test(lines, blank_lines_comments_tabs_and_crlf_are_allowed);
    tcase_add_loop_test(lines, a_wrong_line_is_named_with_the_reason_and_nothing_changes, 0,
                        (int)(sizeof wrong / sizeof wrong[0]));
    suite_add_tcase(suite, lines);
    tcase_add_test(limits, names_and_lines_have_an_end);
    tcase_add_test(limits, a_list_has_64_faults_at_most);
    tcase_add_test(limits, a_fault_made_in_the_program_is_checked_too);
    tcase_add_test(limits, a_script_is_read_from_a_file);
    suite_add_tcase(suite, limits);
    return suite;
}
