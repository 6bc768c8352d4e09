/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * PCI functions in the whole machine: their messages interrupt the processor, they vanish when they
 * shall, and a snapshot keeps their registers. [PCI 3.0] 6.8; [SDM 3A] 10.11; [PCI-PCI 1.2] 3.2.5.3.
 */
#include <inttypes.h>
#include <stdio.h>

#include "sim/machine/snapshot.h"
#include "tests/unit/inject_case.h"
#include "tests/unit/pci_case.h"
#include "tests/unit/pci_guest_case.h"

#define STI_NOP_CLI 0xFB, 0x90, 0x90, 0xFA
#define COUNT_DOWN  0xB9, 0x00, 0x00, 0x01, 0x00, 0xFF, 0xC9, 0x75, 0xFC

static struct pci_case pci;
static struct sim_pci_topology topology;

/* 64-bit MSI with 4 messages and masks at 50h. */
static void add_msi(struct sim_dump_function *function)
{
    pci_case_know(function, 256);
    function->bytes[0x06] = 0x10;
    function->bytes[0x34] = 0x50;
    function->bytes[0x50] = 0x05;
    function->bytes[0x52] = 0x84;
    function->bytes[0x53] = 0x01;
}

/* A bridge at 00:01.0 with 01:00.0 behind it; 00:03.0. */
static void setup(void)
{
    struct sim_error error = {""};

    pci_case_init(&pci);
    pci_case_add_bridge(&pci, AT(0, 1, 0), 1, 1);
    add_msi(pci_case_add(&pci, AT(0, 3, 0)));
    add_msi(pci_case_add(&pci, AT(1, 0, 0)));
    ck_assert_int_eq(sim_pci_topology_init(&topology, &pci.dump, &error), 0);
    event_case_open_with(&topology, SIM_MMU_OWN);
}

static void teardown(void)
{
    event_case_close();
    sim_pci_topology_free(&topology);
}

#define BRIDGE 0x00000800u
#define DEVICE 0x00001800u
#define BEHIND 0x00010000u

static void enable_msi(uint32_t place, uint32_t vector)
{
    config_write(place, 0x54, 0xFEE00000);
    config_write(place, 0x58, 0);
    config_write(place, 0x5C, vector);
    config_write(place, 0x50, 0x00210000); /* enabled, 4 messages */
    config_write(place, 0x04, 0x00000006);
}

START_TEST(a_message_reaches_the_guests_handler)
{
    enable_msi(DEVICE, 0x60);
    ck_assert(sim_pci_host_raise(&pc.pci, AT(0, 3, 0), 2));
    EXECUTE(NULL, STI_NOP_CLI);
    check_only_event(0x62, -1, CODE + 2);
    ck_assert(!sim_pci_host_raise(&pc.pci, AT(0, 3, 0), 4));
    ck_assert(!sim_pci_host_raise(&pc.pci, AT(0, 4, 0), 0));
}
END_TEST

START_TEST(unmasking_sends_what_is_pending)
{
    enable_msi(DEVICE, 0x60);
    config_write(DEVICE, 0x60, 0xF);
    ck_assert(!sim_pci_host_raise(&pc.pci, AT(0, 3, 0), 1));
    EXECUTE(NULL, STI_NOP_CLI);
    ck_assert_uint_eq(event_count(), 0);
    ck_assert_uint_eq(config_read(DEVICE, 0x64), 0x2);
    config_write(DEVICE, 0x60, 0x0);
    ck_assert_uint_eq(config_read(DEVICE, 0x64), 0);
    EXECUTE(NULL, STI_NOP_CLI);
    check_only_event(0x61, -1, CODE + 2);
}
END_TEST

START_TEST(bridges_pass_messages_on_only_as_bus_masters)
{
    enable_msi(BEHIND, 0x70);
    ck_assert(!sim_pci_host_raise(&pc.pci, AT(1, 0, 0), 0));
    config_write(BRIDGE, 0x04, 0x00000004);
    ck_assert(sim_pci_host_raise(&pc.pci, AT(1, 0, 0), 0));
    EXECUTE(NULL, STI_NOP_CLI);
    check_only_event(0x70, -1, CODE + 2);
}
END_TEST

START_TEST(a_script_raises_messages_at_a_time_and_at_a_call)
{
    struct sim_trace_event event = {0};
    char script[128];
    uint64_t due = 0;

    enable_msi(DEVICE, 0x60);
    due = sim_machine_clock(machine)->now + 20000;
    (void)snprintf(script, sizeof script,
                   "msi 0000:00:03.0 1 at %" PRIu64 "\nmsi 00:03.0 3 call guest_step 2", due);
    inject(script);
    on_event(0x61, EVENT_APIC_EOI, 0);
    EXECUTE(NULL, 0xFB, COUNT_DOWN, 0xFA);
    check_only_event(0x61, -1, event_at(0).rip);
    check_fault_event(SIM_INJECT_MSI, 0x18, 1);
    (void)find_faults(SIM_INJECT_MSI, &event);
    ck_assert_uint_ge(event.time, due);
    ck_assert_uint_le(event.time, due + 10);
    (void)sim_call(machine, "guest_step", 0);
    EXECUTE(NULL, STI_NOP_CLI);
    ck_assert_uint_eq(event_count(), 0);
    (void)sim_call(machine, "guest_step", 0);
    EXECUTE(NULL, STI_NOP_CLI);
    check_only_event(0x63, -1, CODE + 2);
}
END_TEST

START_TEST(a_message_that_cannot_be_sent_is_traced_as_such)
{
    inject("msi 00:03.0 0 at 0");
    EXECUTE(NULL, STI_NOP_CLI);
    check_fault_event(SIM_INJECT_MSI, 0x18, 0x10000);
    check_outcome(0, true, 0);
}
END_TEST

START_TEST(a_function_vanishes_after_so_many_accesses)
{
    config_write(DEVICE, 0x3C, 0x0B);
    inject("vanish 0000:00:03.0 3");
    ck_assert_uint_eq(config_read(DEVICE, 0x00), 0x00008086);
    config_write(DEVICE, 0x3C, 0x0C);
    ck_assert_uint_eq(config_read(DEVICE, 0x3C), 0x0C);
    config_write(DEVICE, 0x3C, 0x0D);
    check_fault_event(SIM_INJECT_VANISH, 0x18, 0);
    ck_assert_uint_eq(config_read(DEVICE, 0x00), 0xFFFFFFFF);
    ck_assert_uint_eq(config_read(DEVICE, 0x3C), 0xFFFFFFFF);
    ck_assert_uint_eq(config_read(BRIDGE, 0x00), 0x00008086);
    inject("");
    ck_assert_uint_eq(config_read(DEVICE, 0x00), 0xFFFFFFFF);
}
END_TEST

START_TEST(a_function_vanishes_from_ecam_too)
{
    struct sim_registers registers = {.rdx = 0xB0018000};

    inject("vanish 0000:00:03.0 1");
    EXECUTE(&registers, 0x8B, 0x02); /* movl (%rdx), %eax */
    ck_assert_uint_eq(registers.rax, 0x00008086);
    EXECUTE(&registers, 0x8B, 0x02);
    ck_assert_uint_eq(registers.rax, 0xFFFFFFFF);
    ck_assert_uint_eq(config_read(DEVICE, 0x00), 0xFFFFFFFF);
}
END_TEST

START_TEST(a_bridge_takes_what_is_behind_it_along)
{
    enable_msi(BEHIND, 0x70);
    config_write(BRIDGE, 0x04, 0x00000004);
    inject("vanish 0000:00:01.0 1");
    ck_assert_uint_eq(config_read(BRIDGE, 0x00), 0x00008086);
    ck_assert_uint_eq(config_read(BEHIND, 0x00), 0x00008086);
    ck_assert_uint_eq(config_read(BRIDGE, 0x00), 0xFFFFFFFF);
    ck_assert_uint_eq(config_read(BEHIND, 0x00), 0xFFFFFFFF);
    ck_assert(!sim_pci_host_raise(&pc.pci, AT(1, 0, 0), 0));
}
END_TEST

START_TEST(a_function_is_named_as_in_the_dump_however_the_guest_numbers_buses)
{
    inject("vanish 0000:01:00.0 1");
    config_write(BRIDGE, 0x18, 0x00050500);
    ck_assert_uint_eq(config_read(0x00050000, 0x00), 0x00008086);
    ck_assert_uint_eq(config_read(0x00050000, 0x00), 0xFFFFFFFF);
}
END_TEST

START_TEST(a_snapshot_brings_back_registers_numbers_and_functions)
{
    struct sim_error error;
    struct sim_snapshot *snapshot = NULL;

    config_write(DEVICE, 0x3C, 0x0B);
    inject("vanish 0000:00:03.0 2");
    ck_assert_uint_eq(config_read(DEVICE, 0x3C), 0x0B);
    snapshot = sim_machine_snapshot(machine, &error);
    ck_assert_ptr_nonnull(snapshot);
    for (int i = 0; i < 3; i++) {
        config_write(DEVICE, 0x3C, 0x0C);
        ck_assert_uint_eq(config_read(DEVICE, 0x3C), 0xFFFFFFFF);
        config_write(BRIDGE, 0x18, 0x00050500);
        ck_assert_uint_eq(config_read(BEHIND, 0x00), 0xFFFFFFFF);
        ck_assert_int_eq(sim_machine_restore(machine, snapshot, &error), 0);
        ck_assert_uint_eq(in8(0xCFC), 0x0B); /* the address register too */
        ck_assert_uint_eq(config_read(BEHIND, 0x00), 0x00008086);
        ck_assert_uint_eq(config_read(DEVICE, 0x3C), 0xFFFFFFFF);
        ck_assert_int_eq(sim_machine_restore(machine, snapshot, &error), 0);
    }
    sim_snapshot_free(snapshot);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("machine_pci");
    TCase *messages = tcase_create("messages");
    TCase *vanishing = tcase_create("vanishing");

    tcase_add_checked_fixture(messages, setup, teardown);
    tcase_add_test(messages, a_message_reaches_the_guests_handler);
    tcase_add_test(messages, unmasking_sends_what_is_pending);
    tcase_add_test(messages, bridges_pass_messages_on_only_as_bus_masters);
    tcase_add_test(messages, a_script_raises_messages_at_a_time_and_at_a_call);
    tcase_add_test(messages, a_message_that_cannot_be_sent_is_traced_as_such);
    suite_add_tcase(suite, messages);

    tcase_add_checked_fixture(vanishing, setup, teardown);
    tcase_add_test(vanishing, a_function_vanishes_after_so_many_accesses);
    tcase_add_test(vanishing, a_function_vanishes_from_ecam_too);
    tcase_add_test(vanishing, a_bridge_takes_what_is_behind_it_along);
    tcase_add_test(vanishing, a_function_is_named_as_in_the_dump_however_the_guest_numbers_buses);
    tcase_add_test(vanishing, a_snapshot_brings_back_registers_numbers_and_functions);
    suite_add_tcase(suite, vanishing);
    return suite;
}
