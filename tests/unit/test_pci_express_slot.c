/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/pci/pci_express_slot.c. Bits: [PCIe 6] 7.5.3.9 to 7.5.3.11. */
#include "drydock/pci_express_slot.h"

#include "tests/unit/express_case.h"

#define SLOT_CONTROL 0x58 /* the capability is at 0x40 */
#define SLOT_STATUS  0x5A

static unsigned int complete_after; /* waits from a command to its completion; 0: at once */

/* A command ends some time after the write. */
static void complete(uint16_t offset, uint32_t value)
{
    (void)value;
    if (offset == SLOT_CONTROL && complete_after == 0) {
        *express_bytes(0x1A) |= 0x10;
    }
}

static void complete_late(void)
{
    if (waited.calls == complete_after) {
        *express_bytes(0x1A) |= 0x10;
    }
}

/* A root port with a slot that has everything, tells completion, and reports Link Active. */
static void setup(void)
{
    express_begin(0x0142);
    express_put32(0x0C, 0x00100000);
    express_put16(0x12, 0x2000);
    express_put32(0x14, 0x0002007F);
    express_put16(0x18, 0x27C0);
    express_put16(0x1A, 0x0040);
    express_allow16(0x18, 0x7FFF);
    express_clear16(0x1A, 0x011F);
    express_read();
    complete_after = 0;
    waited.meanwhile = complete_late;
    express_hook(complete);
}

static enum dd_status look(struct dd_pci_express_slot *slot)
{
    return dd_pci_express_read_slot(&fake.access, address, &express, slot);
}

/* The value the only write to Slot Control had. */
static uint32_t control_written(void)
{
    const struct fake_access *write = NULL;

    for (unsigned int i = 0; i < fake.access_count; i++) {
        const struct fake_access *here = &fake.log[i];

        if (here->is_write && here->offset == SLOT_CONTROL) {
            ck_assert_msg(write == NULL && here->width == 2, "written twice, or not in 16 bits");
            write = here;
        }
    }
    ck_assert_ptr_nonnull(write);
    return write->value;
}

/* ---- Looking ---- */

static const struct {
    uint16_t status;
    unsigned int events;
    bool is_occupied, is_latch_open, is_interlocked;
} states[] = {
    {0x0000, 0x000, false, false, false}, {0x0001, 0x001, false, false, false},
    {0x0002, 0x002, false, false, false}, {0x0004, 0x004, false, false, false},
    {0x0008, 0x008, false, false, false}, {0x0010, 0x010, false, false, false},
    {0x0020, 0x000, false, true, false},  {0x0040, 0x000, true, false, false},
    {0x0080, 0x000, false, false, true},  {0x0100, 0x100, false, false, false},
    {0xFE00, 0x000, false, false, false}, {0x0148, 0x108, true, false, false},
    {0xFFFF, 0x11F, true, true, true},
};

START_TEST(a_look_tells_events_and_state_and_clears_nothing)
{
    struct dd_pci_express_slot slot;

    express_put16(0x1A, states[_i].status);
    ck_assert_int_eq(look(&slot), DD_OK);
    ck_assert_uint_eq(slot.events, states[_i].events);
    ck_assert(slot.is_occupied == states[_i].is_occupied);
    ck_assert(slot.is_latch_open == states[_i].is_latch_open);
    ck_assert(slot.is_interlocked == states[_i].is_interlocked);
    ck_assert(slot.is_link_active);
    ck_assert_uint_eq(fake_write_count(), 0);
}
END_TEST

START_TEST(what_the_slot_has_no_sensor_for_is_not_reported)
{
    struct dd_pci_express_slot slot;

    express.link_capabilities = 0;
    express.slot_capabilities &= ~0x04u;
    express_put16(0x1A, 0x0060);
    ck_assert_int_eq(look(&slot), DD_OK);
    ck_assert(slot.is_occupied);
    ck_assert(!slot.is_latch_open);
    ck_assert(!slot.is_link_active);
    ck_assert_uint_eq(fake.access_count, 1);
}
END_TEST

START_TEST(a_link_that_is_down_is_not_active)
{
    struct dd_pci_express_slot slot;

    express_put16(0x12, 0xDFFF);
    ck_assert_int_eq(look(&slot), DD_OK);
    ck_assert(!slot.is_link_active);
}
END_TEST

START_TEST(a_port_that_is_gone_is_no_full_slot)
{
    struct dd_pci_express_slot slot = {.events = 77};

    fake.vanish_at = (uint32_t)_i;
    ck_assert_int_eq(look(&slot), DD_ENODEV);
    ck_assert_uint_eq(slot.events, 77);
}
END_TEST

START_TEST(a_port_without_a_slot_has_nothing_to_do_with_one)
{
    struct dd_pci_express_slot slot;

    express_put16(0x02, 0x0042);
    express_read();
    ck_assert_int_eq(look(&slot), DD_ENOTSUP);
    ck_assert_int_eq(dd_pci_express_clear_events(&fake.access, address, &express, 1), DD_ENOTSUP);
    ck_assert_int_eq(dd_pci_express_set_events(&fake.access, address, &express, 1, &delay),
                     DD_ENOTSUP);
    ck_assert_int_eq(dd_pci_express_command_slot(&fake.access, address, &express,
                                                 DD_PCI_EXPRESS_COMMAND_POWER_ON, &delay),
                     DD_ENOTSUP);
    ck_assert_uint_eq(fake.access_count, 0);
}
END_TEST

/* ---- Events ---- */

START_TEST(only_what_was_seen_is_cleared)
{
    struct dd_pci_express_slot slot;

    express_put16(0x1A, 0x0048);
    ck_assert_int_eq(look(&slot), DD_OK);
    express_put16(0x1A, 0x014B); /* meanwhile: button, power fault, link */
    ck_assert_int_eq(dd_pci_express_clear_events(&fake.access, address, &express, slot.events),
                     DD_OK);
    ck_assert_uint_eq(express_get16(0x1A), 0x0143);
    ck_assert_uint_eq(fake_write_count(), 1);
    ck_assert_uint_eq(fake.log[fake.access_count - 1].offset, SLOT_STATUS);
    ck_assert_uint_eq(fake.log[fake.access_count - 1].width, 2);
    ck_assert_uint_eq(fake.log[fake.access_count - 1].value, 0x0008);
}
END_TEST

START_TEST(nothing_to_clear_is_not_written)
{
    ck_assert_int_eq(dd_pci_express_clear_events(&fake.access, address, &express, 0), DD_OK);
    ck_assert_int_eq(dd_pci_express_clear_events(&fake.access, address, &express, 0x20), DD_EARG);
    ck_assert_int_eq(dd_pci_express_clear_events(&fake.access, address, &express, 0x10001),
                     DD_EARG);
    ck_assert_uint_eq(fake_write_count(), 0);
}
END_TEST

START_TEST(events_of_a_port_that_is_gone_are_not_cleared)
{
    fake.vanish_at = 0;
    ck_assert_int_eq(dd_pci_express_clear_events(&fake.access, address, &express, 8), DD_ENODEV);
    ck_assert_uint_eq(fake_write_count(), 0);
}
END_TEST

/* Enables are at 0..4, 5 for the interrupt, 12 for the link. */
static const struct {
    unsigned int events;
    uint16_t control;
} enables[] = {
    {0x000, 0x27C0 & ~0x103F}, {0x001, 0x27E1}, {0x002, 0x27E2}, {0x004, 0x27E4},
    {0x008, 0x27E8},           {0x010, 0x27F0}, {0x100, 0x37E0}, {0x11F, 0x37FF},
};

START_TEST(events_are_enabled_with_the_interrupt)
{
    ck_assert_int_eq(
        dd_pci_express_set_events(&fake.access, address, &express, enables[_i].events, &delay),
        DD_OK);
    ck_assert_uint_eq(control_written(), enables[_i].control);
}
END_TEST

START_TEST(events_that_do_not_exist_or_do_not_interrupt_are_refused)
{
    ck_assert_int_eq(dd_pci_express_set_events(&fake.access, address, &express, 0x200, &delay),
                     DD_EARG);
    express.slot_capabilities &= ~0x40u;
    ck_assert_int_eq(dd_pci_express_set_events(&fake.access, address, &express, 0x001, &delay),
                     DD_ENOTSUP);
    ck_assert_uint_eq(fake.access_count, 0);
}
END_TEST

/* ---- Commands ---- */

static const struct {
    enum dd_pci_express_command command;
    uint32_t needs;
    uint16_t before;
    uint16_t control;
} commands[] = {
    {DD_PCI_EXPRESS_COMMAND_POWER_ON, 0x02, 0x27C0, 0x23C0},
    {DD_PCI_EXPRESS_COMMAND_POWER_OFF, 0x02, 0x23C0, 0x27C0},
    {DD_PCI_EXPRESS_COMMAND_ATTENTION_ON, 0x08, 0x27C0, 0x2740},
    {DD_PCI_EXPRESS_COMMAND_ATTENTION_BLINK, 0x08, 0x2740, 0x2780},
    {DD_PCI_EXPRESS_COMMAND_ATTENTION_OFF, 0x08, 0x2780, 0x27C0},
    {DD_PCI_EXPRESS_COMMAND_POWER_INDICATOR_ON, 0x10, 0x27C0, 0x25C0},
    {DD_PCI_EXPRESS_COMMAND_POWER_INDICATOR_BLINK, 0x10, 0x25C0, 0x26C0},
    {DD_PCI_EXPRESS_COMMAND_POWER_INDICATOR_OFF, 0x10, 0x26C0, 0x27C0},
    {DD_PCI_EXPRESS_COMMAND_INTERLOCK_TOGGLE, 0x20000, 0x27C0, 0x2FC0},
};

static enum dd_status command(enum dd_pci_express_command what)
{
    return dd_pci_express_command_slot(&fake.access, address, &express, what, &delay);
}

START_TEST(a_command_changes_its_own_bits)
{
    express_put16(0x18, commands[_i].before);
    ck_assert_int_eq(command(commands[_i].command), DD_OK);
    ck_assert_uint_eq(control_written(), commands[_i].control);
}
END_TEST

START_TEST(a_slot_without_the_thing_is_not_told)
{
    express.slot_capabilities = ~commands[_i].needs;
    ck_assert_int_eq(command(commands[_i].command), DD_ENOTSUP);
    ck_assert_uint_eq(fake.access_count, 0);
}
END_TEST

START_TEST(commands_that_do_not_exist_are_refused)
{
    ck_assert_int_eq(command((enum dd_pci_express_command)9), DD_EARG);
    ck_assert_int_eq(command((enum dd_pci_express_command) - 1), DD_EARG);
    ck_assert_uint_eq(fake.access_count, 0);
}
END_TEST

START_TEST(completion_is_waited_for_and_cleared_and_nothing_else_is)
{
    complete_after = 12;
    express_put16(0x1A, 0x014B);
    ck_assert_int_eq(command(DD_PCI_EXPRESS_COMMAND_POWER_ON), DD_OK);
    ck_assert_uint_eq(waited.microseconds, 12000);
    ck_assert_uint_eq(express_get16(0x1A), 0x014B);
}
END_TEST

START_TEST(completion_of_an_earlier_command_is_not_taken_for_this_one)
{
    complete_after = 5;
    express_put16(0x1A, 0x0050);
    ck_assert_int_eq(command(DD_PCI_EXPRESS_COMMAND_POWER_ON), DD_OK);
    ck_assert_uint_eq(waited.microseconds, 5000);
}
END_TEST

START_TEST(a_command_that_is_not_completed_is_given_up)
{
    complete_after = UINT32_MAX;
    ck_assert_int_eq(command(DD_PCI_EXPRESS_COMMAND_POWER_OFF), DD_ETIMEOUT);
    ck_assert_uint_eq(waited.microseconds, 1000000);
}
END_TEST

/* [PCIe 6] 7.5.3.9: No Command Completed Support, or no hot-plug at all. */
START_TEST(a_slot_that_does_not_tell_completion_is_not_waited_for)
{
    static const uint32_t capabilities[] = {0x0006007F, 0x0002003F};

    complete_after = UINT32_MAX;
    express.slot_capabilities = capabilities[_i];
    ck_assert_int_eq(command(DD_PCI_EXPRESS_COMMAND_POWER_ON), DD_OK);
    ck_assert_uint_eq(waited.calls, 0);
    ck_assert_uint_eq(fake_write_count(), 1);
}
END_TEST

START_TEST(a_port_that_vanishes_during_a_command_is_gone)
{
    complete_after = UINT32_MAX;
    fake.vanish_at = (uint32_t)_i;
    ck_assert_int_eq(command(DD_PCI_EXPRESS_COMMAND_POWER_ON), DD_ENODEV);
}
END_TEST

#define COUNT(array) ((int)(sizeof(array) / sizeof(array)[0]))

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pci_express_slot");
    TCase *looking = tcase_create("looking");
    TCase *telling = tcase_create("telling");

    tcase_add_checked_fixture(looking, setup, NULL);
    tcase_add_loop_test(looking, a_look_tells_events_and_state_and_clears_nothing, 0,
                        COUNT(states));
    tcase_add_test(looking, what_the_slot_has_no_sensor_for_is_not_reported);
    tcase_add_test(looking, a_link_that_is_down_is_not_active);
    tcase_add_loop_test(looking, a_port_that_is_gone_is_no_full_slot, 0, 2);
    tcase_add_test(looking, a_port_without_a_slot_has_nothing_to_do_with_one);
    tcase_add_test(looking, only_what_was_seen_is_cleared);
    tcase_add_test(looking, nothing_to_clear_is_not_written);
    tcase_add_test(looking, events_of_a_port_that_is_gone_are_not_cleared);
    suite_add_tcase(suite, looking);

    tcase_add_checked_fixture(telling, setup, NULL);
    tcase_add_loop_test(telling, events_are_enabled_with_the_interrupt, 0, COUNT(enables));
    tcase_add_test(telling, events_that_do_not_exist_or_do_not_interrupt_are_refused);
    tcase_add_loop_test(telling, a_command_changes_its_own_bits, 0, COUNT(commands));
    tcase_add_loop_test(telling, a_slot_without_the_thing_is_not_told, 0, COUNT(commands));
    tcase_add_test(telling, commands_that_do_not_exist_are_refused);
    tcase_add_test(telling, completion_is_waited_for_and_cleared_and_nothing_else_is);
    tcase_add_test(telling, completion_of_an_earlier_command_is_not_taken_for_this_one);
    tcase_add_test(telling, a_command_that_is_not_completed_is_given_up);
    tcase_add_loop_test(telling, a_slot_that_does_not_tell_completion_is_not_waited_for, 0, 2);
    tcase_add_loop_test(telling, a_port_that_vanishes_during_a_command_is_gone, 0, 4);
    suite_add_tcase(suite, telling);
    return suite;
}
