/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Things go wrong in the machine when they shall, once, and nothing else does. */
#include <inttypes.h>
#include <stdio.h>

#include "sim/boot/image.h"
#include "sim/machine/snapshot.h"
#include "tests/unit/inject_case.h"

/* Counts RCX down from 0x10000: 0x20000 instructions. */
#define COUNT_DOWN 0xB9, 0x00, 0x00, 0x01, 0x00, 0xFF, 0xC9, 0x75, 0xFC

/* Physical address of a variable of the guest, which is loaded where it is linked. */
static uint64_t variable(const char *name)
{
    struct sim_error error;
    struct sim_image *image = sim_image_open(UNIT_GUEST, &error);
    uint64_t linear = 0;
    uint64_t physical = 0;

    ck_assert_msg(image != NULL, "%s", error.text);
    ck_assert_int_eq(sim_image_find_object(image, name, &linear), SIM_IMAGE_ONE);
    ck_assert(sim_image_physical(image, linear, &physical));
    ck_assert_uint_eq(linear, physical);
    sim_image_close(image);
    return physical;
}

static uint64_t call(const char *function, uint64_t argument)
{
    struct sim_result result = sim_call(machine, function, argument);

    ck_assert_int_eq(result.stop, SIM_STOP_RETURNED);
    return result.value;
}

START_TEST(the_nth_call_returns_the_value_and_does_nothing)
{
    inject("fail guest_step 3 return 100");
    ck_assert_uint_eq(call("guest_sum", 10), 109);
    ck_assert_uint_eq(peek(variable("guest_steps")), 9);
    check_fault_event(SIM_INJECT_FAIL, address_of("guest_step"), 100);
    check_outcome(0, true, 10);
    ck_assert_uint_eq(call("guest_sum", 10), 10);
}
END_TEST

START_TEST(each_line_counts_for_itself)
{
    inject("fail guest_step 10 return -1\nfail guest_step 1 return 0x100000000\n"
           "fail guest_step 5 return 0");
    ck_assert_uint_eq(call("guest_sum", 10), 0x100000000 + 7 - 1);
    ck_assert_uint_eq(peek(variable("guest_steps")), 7);
}
END_TEST

START_TEST(a_function_that_begins_with_a_system_instruction_is_counted_once_a_call)
{
    inject("fail guest_set_cr3 2 return 50\nfail guest_set_cr0 3 return 500");
    ck_assert_uint_eq(call("guest_system", 3), 1 + 1 + 50 + 1 + 1 + 500);
    ck_assert_uint_eq(peek(variable("guest_steps")), 4);
    check_outcome(0, true, 3);
    check_outcome(1, true, 3);
}
END_TEST

START_TEST(a_system_instruction_that_the_machine_executes_is_counted_every_time)
{
    inject("fail guest_set_cr3 3 return 50");
    ck_assert_uint_eq(call("guest_reload", 5), 54);
    check_outcome(0, true, 5);
}
END_TEST

START_TEST(a_function_called_directly_fails_too)
{
    inject("fail guest_step 2 return 7");
    ck_assert_uint_eq(call("guest_step", 0), 1);
    ck_assert_uint_eq(call("guest_step", 0), 7);
    ck_assert_uint_eq(call("guest_step", 0), 1);
}
END_TEST

START_TEST(a_function_can_be_an_address)
{
    char script[64];

    (void)snprintf(script, sizeof script, "fail 0x%" PRIx64 " 2 return 7",
                   address_of("guest_step"));
    inject(script);
    ck_assert_uint_eq(call("guest_sum", 10), 16);
}
END_TEST

/* LVT timer at 0x320, divided by 1, periodic. [SDM 3A] 10.5.4 */
START_TEST(calls_are_counted_once_though_interrupts_come_between)
{
    on_event(0x40, EVENT_APIC_EOI, 0);
    set_interrupt_flag(1);
    inject("fail guest_step 200000 return 0");
    write_apic(0x3E0, 0xB);
    write_apic(0x320, 0x20040);
    write_apic(0x380, 37);
    ck_assert_uint_eq(call("guest_sum", 20000), 20000);
    ck_assert_uint_ge(event_count(), 100);
    check_outcome(0, false, 20000);
}
END_TEST

START_TEST(a_call_whose_return_address_cannot_be_read_goes_on)
{
    /* movq $0x8000000000, %rsp; movl $guest_step, %eax; jmp *%rax */
    uint64_t step = address_of("guest_step");
    struct sim_registers registers = {.rax = step, .rbx = UNMAPPED};
    uint64_t before = peek(variable("guest_steps"));

    inject("fail guest_step 1 return 0");
    /* movq %rbx, %rsp; jmp *%rax: RET cannot be delivered, there is no stack */
    ck_assert_int_eq(EXECUTE(&registers, 0x48, 0x89, 0xDC, 0xFF, 0xE0).stop, SIM_STOP_FAULT);
    ck_assert_uint_eq(peek(variable("guest_steps")), before + 1);
}
END_TEST

START_TEST(a_bit_of_a_variable_flips_when_a_call_begins)
{
    inject("flip guest_steps bit 4 call guest_step 5");
    ck_assert_uint_eq(call("guest_sum", 10), 10);
    ck_assert_uint_eq(peek(variable("guest_steps")), 10 + 16);
    check_fault_event(SIM_INJECT_FLIP, variable("guest_steps"), 4);
    check_outcome(0, true, 10);
}
END_TEST

START_TEST(code_that_has_run_can_be_flipped)
{
    ck_assert_uint_eq(call("guest_sum", 10), 10);
    inject("flip guest_step+9 bit 1 call guest_step 5"); /* movl $1, %eax becomes movl $3, %eax */
    ck_assert_uint_eq(call("guest_sum", 10), 4 + 6 * 3);
}
END_TEST

START_TEST(a_bit_above_7_is_in_a_later_byte)
{
    inject("flip 0x300000 bit 63 at 0\nflip 0x300000 bit 8 at 0");
    ck_assert_uint_eq(peek(0x300000), 0);
    EXECUTE(NULL, 0x90);
    ck_assert_uint_eq(peek(0x300000), 0x8000000000000100);
}
END_TEST

START_TEST(a_bit_flips_at_a_time)
{
    uint64_t now = 0;
    struct sim_trace_event event = {0};
    char script[64];

    EXECUTE(NULL, 0x90);
    now = sim_machine_clock(machine)->now;
    (void)snprintf(script, sizeof script, "flip 0x300000 bit 0 at %" PRIu64, now + 50000);
    inject(script);
    for (unsigned int i = 0; i < 200; i++) {
        EXECUTE(NULL, 0x90);
    }
    ck_assert_uint_eq(peek(0x300000), 0);
    EXECUTE(NULL, COUNT_DOWN);
    EXECUTE(NULL, COUNT_DOWN);
    ck_assert_uint_eq(peek(0x300000), 1);
    ck_assert_uint_eq(find_faults(SIM_INJECT_FLIP, &event), 1);
    ck_assert_uint_ge(event.time, now + 50000);
    ck_assert_uint_le(event.time, now + 50010);
}
END_TEST

START_TEST(a_halted_processor_does_not_hold_up_time)
{
    char script[64];

    stop_ticks();
    (void)snprintf(script, sizeof script, "flip 0x300000 bit 0 at %" PRIu64,
                   sim_machine_clock(machine)->now + 1000000);
    inject(script);
    ck_assert_int_eq(EXECUTE(NULL, 0xF4, 0x90).stop, SIM_STOP_HALTED);
    ck_assert_uint_eq(peek(0x300000), 1);
}
END_TEST

START_TEST(a_bit_flips_after_an_event)
{
    char script[64];

    (void)snprintf(script, sizeof script, "flip 0x300000 bit 0 event %" PRIu64,
                   sim_machine_trace(machine)->count + 3);
    inject(script);
    out8(0x80, 1);
    out8(0x80, 2);
    EXECUTE(NULL, 0x90);
    ck_assert_uint_eq(peek(0x300000), 0);
    out8(0x80, 3);
    EXECUTE(NULL, 0x90); /* the next basic block */
    ck_assert_uint_eq(peek(0x300000), 1);
    check_outcome(0, true, 0);
}
END_TEST

/* [SDM 3A] 4.10.2.1: a translation may be used until it is invalidated. */
START_TEST(a_flip_in_a_page_table_is_seen_after_the_tlb_was_flushed)
{
    struct sim_registers registers = {.rdx = UNMAPPED};

    poke(0x300000, 0xAAAA);
    poke(0x304000, 0xBBBB);
    map_unmapped(0x300003);
    EXECUTE(&registers, 0x48, 0x8B, 0x02); /* movq (%rdx), %rax */
    ck_assert_uint_eq(registers.rax, 0xAAAA);
    inject("flip 0x202000 bit 14 at 0");
    EXECUTE(&registers, 0x48, 0x8B, 0x02);
    ck_assert_uint_eq(peek(0x202000) & ~UINT64_C(0x20), 0x304003);
    ck_assert_uint_eq(registers.rax, 0xAAAA);
    EXECUTE(&registers, 0x0F, 0x01, 0x3A, 0x48, 0x8B, 0x02); /* invlpg (%rdx) */
    ck_assert_uint_eq(registers.rax, 0xBBBB);
}
END_TEST

START_TEST(a_dead_device_reads_all_ones_and_loses_writes)
{
    uint8_t second = in8(0xA1);

    inject("dead \"8259 (first)\" 4");
    out8(0x21, 0x5A);
    ck_assert_uint_eq(in8(0x21), 0x5A);
    out8(0x21, 0xA5);
    ck_assert_uint_eq(in8(0x21), 0xFF);
    out8(0x21, 0x00);
    ck_assert_uint_eq(in8(0x21), 0xFF);
    out8(0xA1, (uint8_t)(second ^ 0x10u)); /* the second one lives */
    ck_assert_uint_eq(in8(0xA1), second ^ 0x10);
    check_fault_event(SIM_INJECT_DEAD, 0x20, 0);
    check_outcome(0, true, 6);
    inject("");
    ck_assert_uint_eq(in8(0x21), 0xA5);
}
END_TEST

START_TEST(a_dead_memory_mapped_device_reads_all_ones)
{
    struct sim_registers registers = {.rdx = 0xFEE00030};

    inject("dead \"local APIC\" 2");
    EXECUTE(&registers, 0x8B, 0x02); /* movl (%rdx), %eax */
    ck_assert_uint_ne(registers.rax, 0xFFFFFFFF);
    EXECUTE(&registers, 0x8B, 0x02);
    ck_assert_uint_eq(registers.rax, 0xFFFFFFFF);
    check_fault_event(SIM_INJECT_DEAD, 0xFEE00000, 0);
}
END_TEST

START_TEST(two_lines_about_one_device_both_count)
{
    out8(0x21, 0x5A);
    inject("dead \"8259 (first)\" 1\ndead \"8259 (first)\" 2");
    ck_assert_uint_eq(in8(0x21), 0xFF);
    ck_assert_uint_eq(in8(0x21), 0xFF);
    check_outcome(0, true, 2);
    check_outcome(1, true, 2);
}
END_TEST

START_TEST(a_snapshot_keeps_the_counts)
{
    struct sim_error error;
    struct sim_snapshot *snapshot = NULL;

    inject("fail guest_step 15 return 100\nflip guest_steps bit 9 call guest_step 12");
    ck_assert_uint_eq(call("guest_sum", 10), 10);
    snapshot = sim_machine_snapshot(machine, &error);
    ck_assert_ptr_nonnull(snapshot);
    for (int i = 0; i < 3; i++) {
        ck_assert_uint_eq(call("guest_sum", 10), 109);
        ck_assert_uint_eq(peek(variable("guest_steps")), 19 + 512);
        ck_assert_int_eq(sim_machine_restore(machine, snapshot, &error), 0);
        check_outcome(0, false, 10);
    }
    sim_snapshot_free(snapshot);
}
END_TEST

START_TEST(a_list_that_is_younger_than_the_snapshot_begins_again)
{
    struct sim_error error;
    struct sim_snapshot *snapshot = NULL;

    inject("fail guest_step 5 return 7");
    ck_assert_uint_eq(call("guest_sum", 3), 3);
    snapshot = sim_machine_snapshot(machine, &error);
    ck_assert_ptr_nonnull(snapshot);
    for (uint64_t n = 1; n <= 10; n++) {
        char script[64];

        (void)snprintf(script, sizeof script, "fail guest_step %" PRIu64 " return 100", n);
        inject(script);
        ck_assert_uint_eq(call("guest_sum", 10), 109);
        ck_assert_int_eq(sim_machine_restore(machine, snapshot, &error), 0);
        check_outcome(0, false, 0);
        ck_assert_uint_eq(call("guest_sum", n), n - 1 + 100);
        ck_assert_int_eq(sim_machine_restore(machine, snapshot, &error), 0);
    }
    sim_snapshot_free(snapshot);
}
END_TEST

START_TEST(a_new_list_replaces_the_old_one)
{
    struct sim_error error;

    inject("fail guest_step 1 return 100");
    inject("fail guest_step 2 return 1000");
    ck_assert_uint_eq(call("guest_sum", 3), 1002);
    ck_assert_int_eq(sim_machine_inject(machine, NULL, &error), 0);
    ck_assert_uint_eq(call("guest_sum", 3), 3);
    check_outcome(0, false, 0);
    check_outcome(SIM_INJECT_MAX, false, 0);
}
END_TEST

static const struct {
    const char *script, *sentence;
} unknown[] = {
    {"\nfail nobody 1 return 0", "plan:2: no function nobody in the image"},
    {"fail guest_steps 1 return 0", "plan:1: no function guest_steps in the image"},
    {"flip nobody bit 0 at 1", "plan:1: no symbol nobody in the image"},
    {"flip guest_steps+0x10000000 bit 0 at 1",
     "plan:1: guest_steps+0x10000000 is not in the image"},
    {"flip 0x1000000 bit 0 at 1", "plan:1: 0x1000000 is not in RAM, which ends at 0x1000000"},
    {"flip 0xFFFFFF bit 8 at 1", "plan:1: 0xffffff is not in RAM, which ends at 0x1000000"},
    {"flip 0xFFFFFFFFFFFFFFFF bit 63 at 1",
     "plan:1: 0xffffffffffffffff is not in RAM, which ends at 0x1000000"},
    {"flip 0x1000 bit 0 call nobody 1", "plan:1: no function nobody in the image"},
    {"fail guest_twice 1 return 0",
     "plan:1: several functions are named guest_twice: give the address instead"},
    {"flip guest_twice bit 0 at 0",
     "plan:1: several symbols are named guest_twice: give the physical address instead"},
    {"vanish 00:1f.0 3", "plan:1: no PCI function 0000:00:1f.0"},
    {"msi 00:1f.0 0 at 3", "plan:1: no PCI function 0000:00:1f.0"},
};

START_TEST(a_name_that_is_not_there_is_refused_and_nothing_changes)
{
    struct sim_injection injection = {.count = 0};
    struct sim_error error = {""};

    inject("fail guest_step 2 return 7");
    ck_assert_int_eq(sim_injection_parse(&injection, "plan", unknown[_i].script,
                                         strlen(unknown[_i].script), &error),
                     0);
    ck_assert_int_eq(sim_machine_inject(machine, &injection, &error), -1);
    ck_assert_str_eq(error.text, unknown[_i].sentence);
    ck_assert_uint_eq(call("guest_sum", 3), 9);
}
END_TEST

START_TEST(an_unknown_device_is_answered_with_a_list)
{
    struct sim_injection injection = {.count = 1};
    struct sim_error error = {""};

    injection.faults[0] = (struct sim_inject){.kind = SIM_INJECT_DEAD, .name = "modem", .count = 1};
    ck_assert_int_eq(sim_machine_inject(machine, &injection, &error), -1);
    ck_assert_ptr_eq(strstr(error.text, "fault 1: no device \"modem\"; there are \"8259 (first)\""),
                     error.text);
    ck_assert_ptr_nonnull(strstr(error.text, "\"local APIC\""));
}
END_TEST

START_TEST(the_last_byte_of_ram_can_be_flipped)
{
    inject("flip 0xFFFFFF bit 7 at 0\nflip 0xFFFFF8 bit 0 at 0");
    EXECUTE(NULL, 0x90);
    ck_assert_uint_eq(peek(0xFFFFF8), 0x8000000000000001);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("machine_inject");
    TCase *calls = tcase_create("calls");
    TCase *bits = tcase_create("bits");
    TCase *devices = tcase_create("devices");
    TCase *lists = tcase_create("lists");

    tcase_add_checked_fixture(calls, event_case_open, event_case_close);
    tcase_add_test(calls, the_nth_call_returns_the_value_and_does_nothing);
    tcase_add_test(calls, each_line_counts_for_itself);
    tcase_add_test(calls, a_function_that_begins_with_a_system_instruction_is_counted_once_a_call);
    tcase_add_test(calls, a_system_instruction_that_the_machine_executes_is_counted_every_time);
    tcase_add_test(calls, a_function_called_directly_fails_too);
    tcase_add_test(calls, a_function_can_be_an_address);
    tcase_add_test(calls, calls_are_counted_once_though_interrupts_come_between);
    tcase_add_test(calls, a_call_whose_return_address_cannot_be_read_goes_on);
    suite_add_tcase(suite, calls);

    tcase_add_checked_fixture(bits, event_case_open, event_case_close);
    tcase_add_test(bits, a_bit_of_a_variable_flips_when_a_call_begins);
    tcase_add_test(bits, code_that_has_run_can_be_flipped);
    tcase_add_test(bits, a_bit_above_7_is_in_a_later_byte);
    tcase_add_test(bits, a_bit_flips_at_a_time);
    tcase_add_test(bits, a_halted_processor_does_not_hold_up_time);
    tcase_add_test(bits, a_bit_flips_after_an_event);
    tcase_add_test(bits, a_flip_in_a_page_table_is_seen_after_the_tlb_was_flushed);
    tcase_add_test(bits, the_last_byte_of_ram_can_be_flipped);
    suite_add_tcase(suite, bits);

    tcase_add_checked_fixture(devices, event_case_open, event_case_close);
    tcase_add_test(devices, a_dead_device_reads_all_ones_and_loses_writes);
    tcase_add_test(devices, a_dead_memory_mapped_device_reads_all_ones);
    tcase_add_test(devices, two_lines_about_one_device_both_count);
    suite_add_tcase(suite, devices);

    tcase_add_checked_fixture(lists, event_case_open, event_case_close);
    tcase_add_test(lists, a_snapshot_keeps_the_counts);
    tcase_add_test(lists, a_list_that_is_younger_than_the_snapshot_begins_again);
    tcase_add_test(lists, a_new_list_replaces_the_old_one);
    tcase_add_loop_test(lists, a_name_that_is_not_there_is_refused_and_nothing_changes, 0,
                        (int)(sizeof unknown / sizeof unknown[0]));
    tcase_add_test(lists, an_unknown_device_is_answered_with_a_list);
    suite_add_tcase(suite, lists);
    return suite;
}
