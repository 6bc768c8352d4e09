/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Unit tests of sim/pci/bus/pci_slot.c and pci_host_event.c: a port notices what comes and goes in
 * its slot. [PCIe 6] 6.7.3, 7.5.3.8 to 7.5.3.11
 */
#include "sim/pci/bus/pci_slot.h"

#include "sim/pci/bus/pci_host.h"
#include "tests/unit/pci_case.h"

#define PORT       AT(0, 1, 0)
#define CARD       AT(1, 0, 0)
#define SECOND     AT(1, 0, 1)
#define SLOT_CAN   0x54u /* Slot Capabilities */
#define SLOT_STATE 0x58u /* Slot Control, and above it Slot Status */

static struct pci_case pci;
static struct sim_pci_topology topology;
static struct sim_pci_host host;
static struct sim_dump_function *port;
static unsigned int count;
static unsigned int vector;

static bool deliver(void *sink, const struct sim_apic_message *message)
{
    (void)sink;
    vector = message->vector;
    count++;
    return true;
}

static void put(unsigned int offset, unsigned int width, uint32_t value)
{
    for (unsigned int i = 0; i < width; i++) {
        port->bytes[offset + i] = (uint8_t)(value >> 8 * i);
    }
}

/*
 * A root port whose slot has a card with two functions, and which reports the state of its link. Its
 * hot-plug interrupt is message 1 of 2 by MSI, vector 41h. It does not note that commands are completed.
 */
static void setup(void)
{
    count = 0;
    pci_case_init(&pci);
    port = pci_case_add_bridge(&pci, PORT, 1, 1);
    pci_case_know(port, 256);
    put(0x04, 4, 0x00100007);
    put(0x34, 1, 0x40);
    put(0x40, 4, 0x03428010);
    put(0x4C, 4, 0x00100000);
    put(0x50, 4, 0x20000000);
    put(SLOT_CAN, 4, 0x00040060);
    put(0x58, 4, 0x00400000);
    put(0x80, 4, 0x00930005);
    put(0x84, 4, 0xFEE00000);
    put(0x8C, 2, 0x0040);
    pci_case_add(&pci, CARD);
    pci_case_add(&pci, SECOND);
}

static void load(void)
{
    struct sim_error error = {""};

    ck_assert_int_eq(sim_pci_topology_init(&topology, &pci.dump, &error), 0);
    sim_pci_host_init(&host, &topology, 0, 1);
    host.messages = (struct sim_pci_messages){topology.memory, {deliver, NULL}};
}

static void teardown(void)
{
    sim_pci_topology_free(&topology);
}

static uint32_t get(struct sim_pci_address address, unsigned int offset)
{
    struct sim_region window = sim_pci_host_window(&host, 0);

    return window.read(window.device,
                       (uint64_t)address.bus << 20 | (uint64_t)address.device << 15 |
                           (uint64_t)address.function << 12 | offset,
                       4);
}

static void set(unsigned int offset, unsigned int width, uint32_t value)
{
    struct sim_region window = sim_pci_host_window(&host, 0);

    window.write(window.device, 1 << 15 | offset, width, value);
}

static void take_out_all(void)
{
    ck_assert(sim_pci_host_take_out(&host, CARD));
    ck_assert(sim_pci_host_take_out(&host, SECOND));
}

START_TEST(a_slot_is_empty_when_the_last_function_has_gone)
{
    load();
    ck_assert(sim_pci_host_take_out(&host, CARD));
    ck_assert_uint_eq(get(PORT, SLOT_STATE), 0x00400000);
    ck_assert(sim_pci_host_take_out(&host, SECOND));
    ck_assert_uint_eq(get(PORT, SLOT_STATE), 0x01080000);
    ck_assert_uint_eq(get(PORT, 0x50), 0x00000000);
    ck_assert_uint_eq(get(CARD, 0x00), 0xFFFFFFFF);
    ck_assert(sim_pci_host_put_back(&host, CARD));
    ck_assert_uint_eq(get(PORT, SLOT_STATE), 0x01480000);
    ck_assert_uint_eq(get(PORT, 0x50), 0x20000000);
    ck_assert_uint_eq(get(CARD, 0x00), 0x00008086);
    ck_assert_uint_eq(get(SECOND, 0x00), 0xFFFFFFFF);
}
END_TEST

START_TEST(events_stay_until_ones_are_written)
{
    load();
    take_out_all();
    set(SLOT_STATE + 2, 2, 0x0008);
    ck_assert_uint_eq(get(PORT, SLOT_STATE), 0x01000000);
    set(SLOT_STATE + 2, 2, 0x0140); /* Presence Detect State is read-only */
    ck_assert_uint_eq(get(PORT, SLOT_STATE), 0x00000000);
}
END_TEST

START_TEST(an_enabled_event_interrupts_once)
{
    load();
    set(SLOT_STATE, 2, 0x0028);
    take_out_all();
    ck_assert_uint_eq(count, 1);
    ck_assert_uint_eq(vector, 0x41);
    ck_assert(sim_pci_host_put_back(&host, CARD)); /* the port asks already */
    ck_assert_uint_eq(count, 1);
    set(SLOT_STATE + 2, 2, 0x0108);
    ck_assert(sim_pci_host_take_out(&host, CARD));
    ck_assert_uint_eq(count, 2);
}
END_TEST

START_TEST(the_link_has_an_event_of_its_own)
{
    load();
    set(SLOT_STATE, 2, 0x1020);
    take_out_all();
    ck_assert_uint_eq(count, 1);
}
END_TEST

START_TEST(an_event_that_has_happened_interrupts_when_it_is_enabled)
{
    load();
    take_out_all();
    ck_assert_uint_eq(count, 0);
    set(SLOT_STATE, 2, 0x0008);
    ck_assert_uint_eq(count, 0);
    set(SLOT_STATE, 2, 0x0028);
    ck_assert_uint_eq(count, 1);
    set(SLOT_STATE, 2, 0x0028);
    ck_assert_uint_eq(count, 1);
}
END_TEST

START_TEST(a_command_is_completed_at_once)
{
    put(SLOT_CAN, 4, 0x00000060);
    load();
    set(SLOT_STATE, 2, 0x0000);
    ck_assert_uint_eq(get(PORT, SLOT_STATE), 0x00500000);
    set(SLOT_STATE + 2, 2, 0x0010);
    ck_assert_uint_eq(get(PORT, SLOT_STATE), 0x00400000);
    set(SLOT_STATE + 1, 1, 0x04);
    ck_assert_uint_eq(get(PORT, SLOT_STATE), 0x00500400);
    set(SLOT_STATE, 4, 0x00100000); /* cleared, and a command */
    ck_assert_uint_eq(get(PORT, SLOT_STATE), 0x00500000);
    ck_assert_uint_eq(count, 0);
}
END_TEST

START_TEST(a_completed_command_interrupts_if_that_is_enabled)
{
    put(SLOT_CAN, 4, 0x00000060);
    load();
    set(SLOT_STATE, 2, 0x0030);
    ck_assert_uint_eq(count, 1);
    set(SLOT_STATE, 2, 0x0030); /* the port asks already */
    ck_assert_uint_eq(count, 1);
    set(SLOT_STATE + 2, 2, 0x0010);
    set(SLOT_STATE, 2, 0x0030);
    ck_assert_uint_eq(count, 2);
}
END_TEST

START_TEST(a_slot_that_is_not_for_hot_plug_completes_nothing)
{
    put(SLOT_CAN, 4, 0x00000020);
    load();
    set(SLOT_STATE, 2, 0x0030);
    ck_assert_uint_eq(get(PORT, SLOT_STATE), 0x00400030);
    ck_assert_uint_eq(count, 0);
}
END_TEST

START_TEST(without_msi_or_bus_master_nothing_is_sent)
{
    load();
    set(SLOT_STATE, 2, 0x0028);
    set(0x04, 2, 0x0003);
    take_out_all();
    ck_assert_uint_eq(count, 0);
    ck_assert_uint_eq(get(PORT, SLOT_STATE), 0x01080028);
}
END_TEST

START_TEST(a_port_without_a_slot_notices_nothing)
{
    put(0x42, 2, 0x0042);
    load();
    take_out_all();
    ck_assert_uint_eq(get(PORT, SLOT_STATE), 0x00400000);
    ck_assert_uint_eq(get(PORT, 0x50), 0x20000000);
}
END_TEST

START_TEST(a_port_that_does_not_report_its_link_has_no_event_of_it)
{
    put(0x4C, 4, 0);
    load();
    take_out_all();
    ck_assert_uint_eq(get(PORT, SLOT_STATE), 0x00080000);
    ck_assert_uint_eq(get(PORT, 0x50), 0x20000000);
}
END_TEST

START_TEST(a_function_comes_back_as_after_power_on)
{
    const struct sim_pci_place place = {CARD, 0, 0x10};

    load();
    sim_pci_topology_write(&topology, CARD, 0x3C, 1, 5);
    ck_assert(sim_pci_memory_write(topology.memory, place, 4, 0x1234));
    ck_assert(sim_pci_host_take_out(&host, CARD));
    ck_assert(sim_pci_host_put_back(&host, CARD));
    ck_assert_uint_eq(get(CARD, 0x3C), 0);
    ck_assert_uint_eq(sim_pci_memory_read(topology.memory, place, 4), 0);
}
END_TEST

START_TEST(what_is_not_there_is_neither_taken_out_nor_put_back)
{
    load();
    ck_assert(!sim_pci_host_put_back(&host, CARD));
    ck_assert(!sim_pci_host_take_out(&host, AT(1, 1, 0)));
    ck_assert(sim_pci_host_take_out(&host, CARD));
    ck_assert(!sim_pci_host_take_out(&host, CARD));
    ck_assert(!sim_pci_host_put_back(&host, AT(1, 1, 0)));
}
END_TEST

START_TEST(faults_take_out_and_put_back)
{
    struct sim_pci_faults faults = {.count = 0};
    struct sim_error error = {""};

    load();
    ck_assert_int_eq(sim_pci_faults_parse(&faults, "gone 01:00.0 1", &error), 0);
    ck_assert_int_eq(sim_pci_faults_parse(&faults, "gone 01:00.1 0", &error), 0);
    ck_assert_int_eq(sim_pci_faults_parse(&faults, "back 01:00.0 2", &error), 0);
    ck_assert_int_eq(sim_pci_faults_apply(&topology, &faults, &error), 0);
    set(SLOT_STATE, 2, 0x0028);
    ck_assert_uint_eq(get(SECOND, 0x00), 0xFFFFFFFF);
    ck_assert_uint_eq(get(CARD, 0x00), 0x00008086);
    ck_assert_uint_eq(count, 0);
    ck_assert_uint_eq(get(CARD, 0x00), 0xFFFFFFFF); /* now it is gone */
    ck_assert_uint_eq(count, 1);
    ck_assert_uint_eq(get(CARD, 0x00), 0xFFFFFFFF);
    ck_assert_uint_eq(get(CARD, 0x00), 0xFFFFFFFF);
    ck_assert_uint_eq(get(PORT, SLOT_STATE), 0x01080028);
    ck_assert_uint_eq(get(CARD, 0x00), 0x00008086); /* and back, for good */
    ck_assert_uint_eq(get(CARD, 0x00), 0x00008086);
    ck_assert_uint_eq(get(PORT, SLOT_STATE), 0x01480028);
    ck_assert_uint_eq(get(SECOND, 0x00), 0xFFFFFFFF);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pci_slot");
    TCase *slot = tcase_create("slot");

    tcase_add_checked_fixture(slot, setup, teardown);
    tcase_add_test(slot, a_slot_is_empty_when_the_last_function_has_gone);
    tcase_add_test(slot, events_stay_until_ones_are_written);
    tcase_add_test(slot, an_enabled_event_interrupts_once);
    tcase_add_test(slot, the_link_has_an_event_of_its_own);
    tcase_add_test(slot, an_event_that_has_happened_interrupts_when_it_is_enabled);
    tcase_add_test(slot, a_command_is_completed_at_once);
    tcase_add_test(slot, a_completed_command_interrupts_if_that_is_enabled);
    tcase_add_test(slot, a_slot_that_is_not_for_hot_plug_completes_nothing);
    tcase_add_test(slot, without_msi_or_bus_master_nothing_is_sent);
    tcase_add_test(slot, a_port_without_a_slot_notices_nothing);
    tcase_add_test(slot, a_port_that_does_not_report_its_link_has_no_event_of_it);
    tcase_add_test(slot, a_function_comes_back_as_after_power_on);
    tcase_add_test(slot, what_is_not_there_is_neither_taken_out_nor_put_back);
    tcase_add_test(slot, faults_take_out_and_put_back);
    suite_add_tcase(suite, slot);
    return suite;
}
