/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/pci/pci_pm.c; registers and times: [PCI PM 1.2] 3.2 and 5.6.1. */
#include "drydock/pci_pm.h"

#include <string.h>

#include "tests/unit/fake_pci.h"
#include "tests/unit/unit.h"

static struct dd_pci_address address;
static struct fake_function *function;
static struct dd_pci_pm pm;
static uint64_t waited;

static void note_wait(void *context, uint32_t microseconds)
{
    ck_assert_ptr_eq(context, &waited);
    waited += microseconds;
}

static const struct dd_delay delay = {note_wait, &waited};

/* A function with D1, D2, PME from D0 and D3cold, 375 mA; the state, PME enable and status work. */
static void setup(void)
{
    fake_reset();
    waited = 0;
    address = fake_address(0, 3, 0);
    function = fake_add(0, 3, 0, 0x12348086);
    fake_put32(function, 0x50, 0x8FC30001);
    fake_put32(function, 0x54, 0x15008000);
    fake_allow32(function, 0x54, 0x00000103);
    function->clearable[0x55] = 0x80;
    ck_assert_int_eq(dd_pci_pm_read(&fake.access, address, 0x50, &pm), DD_OK);
    fake_forget();
}

static enum dd_status go(enum dd_pci_pm_state state)
{
    return dd_pci_pm_set_state(&fake.access, address, &pm, state, &delay);
}

START_TEST(registers_are_read_once_and_kept_as_they_are)
{
    setup();
    ck_assert_int_eq(dd_pci_pm_read(&fake.access, address, 0x50, &pm), DD_OK);
    ck_assert_uint_eq(fake.access_count, 4);
    ck_assert_uint_eq(pm.offset, 0x50);
    ck_assert_uint_eq(pm.capabilities, 0x8FC3);
    ck_assert_uint_eq(pm.control, 0x8000);
    ck_assert_uint_eq(pm.bridge_extensions, 0x00);
    ck_assert_uint_eq(pm.data, 0x15);
}
END_TEST

START_TEST(places_where_no_capability_can_be_are_refused)
{
    memset(&pm, 0x5A, sizeof pm);
    ck_assert_int_eq(dd_pci_pm_read(&fake.access, address, 0x3C, &pm), DD_EARG);
    ck_assert_int_eq(dd_pci_pm_read(&fake.access, address, 0x1000, &pm), DD_EARG);
    ck_assert_int_eq(dd_pci_pm_read(&fake.access, address, 0x52, &pm), DD_EALIGN);
    ck_assert_int_eq(dd_pci_pm_read(&fake.access, address, 0xFC, &pm), DD_EMALFORMED);
    ck_assert_uint_eq(fake.access_count, 0);
    ck_assert_uint_eq(pm.capabilities, 0x5A5A);
}
END_TEST

START_TEST(a_function_that_vanishes_while_it_is_read_is_gone)
{
    for (unsigned int i = 0; i < 4; i++) {
        fake_forget();
        fake.vanish_at = i;
        memset(&pm, 0x5A, sizeof pm);
        ck_assert_int_eq(dd_pci_pm_read(&fake.access, address, 0x50, &pm), DD_ENODEV);
        ck_assert_uint_eq(pm.control, 0x5A5A);
    }
}
END_TEST

START_TEST(currents_and_powers_are_decoded)
{
    static const unsigned int currents[] = {0, 55, 100, 160, 220, 270, 320, 375};
    static const unsigned int powers[] = {0, 2100, 210, 21};

    for (unsigned int i = 0; i < 8; i++) {
        pm.capabilities = (uint16_t)(i << 6);
        ck_assert_uint_eq(dd_pci_pm_aux_current(&pm), currents[i]);
    }
    for (unsigned int i = 0; i < 4; i++) {
        pm.control = (uint16_t)(i << 13);
        ck_assert_uint_eq(dd_pci_pm_power(&pm), powers[i]);
    }
    pm.control = 0x0008;
    ck_assert_int_eq(dd_pci_pm_context(&pm), DD_PCI_PM_CONTEXT_KEPT);
    pm.control = 0xFFF7;
    ck_assert_int_eq(dd_pci_pm_context(&pm), DD_PCI_PM_CONTEXT_LOST);
}
END_TEST

START_TEST(every_change_takes_the_time_of_the_table)
{
    static const uint32_t times[4][4] = {
        {0, 0, 200, 10000}, {0, 0, 200, 10000}, {200, 200, 0, 10000}, {10000, 10000, 10000, 0}};

    for (unsigned int from = 0; from < 4; from++) {
        for (unsigned int to = 0; to < 4; to++) {
            pm.control = (uint16_t)from;
            ck_assert_uint_eq(dd_pci_pm_transition_time(&pm, (enum dd_pci_pm_state)to),
                              times[from][to]);
        }
    }
    pm.capabilities |= 0x0010; /* Immediate Readiness on Return to D0 */
    pm.control = 3;
    ck_assert_uint_eq(dd_pci_pm_transition_time(&pm, DD_PCI_PM_D0), 0);
    pm.control = 0;
    ck_assert_uint_eq(dd_pci_pm_transition_time(&pm, DD_PCI_PM_D3HOT), 10000);
}
END_TEST

START_TEST(a_state_is_entered_by_one_write_that_leaves_everything_else)
{
    function->bytes[0x55] = 0x81;
    ck_assert_int_eq(go(DD_PCI_PM_D3HOT), DD_OK);
    ck_assert_uint_eq(fake_get32(function, 0x54), 0x15008103); /* PME Status is still 1 */
    ck_assert_uint_eq(fake_write_count(), 1);
    ck_assert_uint_eq(waited, 10000);
    fake_forget();
    ck_assert_int_eq(go(DD_PCI_PM_D0), DD_OK);
    ck_assert_uint_eq(waited, 20000);
    ck_assert_uint_eq(fake_get32(function, 0x54) & 3, 0);
    fake_forget();
    ck_assert_int_eq(go(DD_PCI_PM_D0), DD_OK);
    ck_assert_uint_eq(fake_write_count(), 0);
    ck_assert_uint_eq(waited, 20000);
}
END_TEST

START_TEST(a_higher_state_than_the_present_is_reached_through_d0_only)
{
    function->bytes[0x54] = 3;
    ck_assert_int_eq(go(DD_PCI_PM_D2), DD_EARG);
    ck_assert_int_eq(go(DD_PCI_PM_D1), DD_EARG);
    function->bytes[0x54] = 2;
    ck_assert_int_eq(go(DD_PCI_PM_D1), DD_EARG);
    ck_assert_int_eq(go((enum dd_pci_pm_state)4), DD_EARG);
    ck_assert_uint_eq(fake_write_count(), 0);
    ck_assert_int_eq(go(DD_PCI_PM_D3HOT), DD_OK);
}
END_TEST

START_TEST(states_the_function_lacks_are_not_written)
{
    pm.capabilities = 0x0003;
    ck_assert_int_eq(go(DD_PCI_PM_D1), DD_ENOTSUP);
    ck_assert_int_eq(go(DD_PCI_PM_D2), DD_ENOTSUP);
    ck_assert_uint_eq(fake.access_count, 0);
}
END_TEST

START_TEST(a_function_that_stays_in_its_state_or_goes_away_is_told)
{
    function->writable[0x54] = 0;
    ck_assert_int_eq(go(DD_PCI_PM_D3HOT), DD_ETIMEOUT);
    fake_forget();
    fake.vanish_at = 2;
    ck_assert_int_eq(go(DD_PCI_PM_D3HOT), DD_ENODEV);
    fake_forget();
    fake.vanish_at = 0;
    ck_assert_int_eq(go(DD_PCI_PM_D3HOT), DD_ENODEV);
    ck_assert_uint_eq(fake_write_count(), 0);
}
END_TEST

START_TEST(pme_is_switched_and_an_old_event_cleared)
{
    ck_assert_int_eq(dd_pci_pm_enable_pme(&fake.access, address, &pm), DD_OK);
    ck_assert_uint_eq(fake_get32(function, 0x54), 0x15000100);
    ck_assert_int_eq(dd_pci_pm_disable_pme(&fake.access, address, &pm), DD_OK);
    ck_assert_uint_eq(fake_get32(function, 0x54), 0x15000000);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pci_pm");
    TCase *cases = tcase_create("power management");

    tcase_add_checked_fixture(cases, setup, NULL);
    tcase_add_test(cases, registers_are_read_once_and_kept_as_they_are);
    tcase_add_test(cases, places_where_no_capability_can_be_are_refused);
    tcase_add_test(cases, a_function_that_vanishes_while_it_is_read_is_gone);
    tcase_add_test(cases, currents_and_powers_are_decoded);
    tcase_add_test(cases, every_change_takes_the_time_of_the_table);
    tcase_add_test(cases, a_state_is_entered_by_one_write_that_leaves_everything_else);
    tcase_add_test(cases, a_higher_state_than_the_present_is_reached_through_d0_only);
    tcase_add_test(cases, states_the_function_lacks_are_not_written);
    tcase_add_test(cases, a_function_that_stays_in_its_state_or_goes_away_is_told);
    tcase_add_test(cases, pme_is_switched_and_an_old_event_cleared);
    suite_add_tcase(suite, cases);
    return suite;
}
