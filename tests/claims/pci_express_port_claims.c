/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Claims about a port of PCI Express, the link below it and its slot: a scripted one, for what
 * software decides about them.
 */
#include "drydock/pci_express.h"
#include "drydock/pci_express_link.h"
#include "drydock/pci_express_slot.h"
#include "tests/claims/claim.h"
#include "tests/claims/pci_script.h"

/* The capability in hand, at 0x40 of the scripted function, and registers of it. */
#define AT           0x40u
#define LINK         (AT + 0x10)
#define SLOT         (AT + 0x18)
#define LINK_CONTROL (AT + 0x30)

/* A root port of version 2 with a slot that has everything, and a link of 8 GT/s that is down. */
static struct dd_pci_access open_port(struct dd_pci_express *express)
{
    struct dd_pci_access access = pci_script_open();

    pci_script_put(AT, 0x01420010);
    pci_script_put(AT + 0x0C, 0x00100083);
    pci_script_allow(LINK, 0x00000FFB);
    pci_script_put(AT + 0x14, 0x0002007F);
    pci_script_put(SLOT, 0x014807C0);
    pci_script_allow(SLOT, 0x00007FFF);
    pci_script_clear(SLOT, 0x011F0000);
    pci_script_put(AT + 0x2C, 0x0000000E);
    pci_script_put(LINK_CONTROL, 0x00000063);
    pci_script_allow(LINK_CONTROL, 0x0000FFFF);
    if (dd_pci_express_read(&access, pci_script_address, AT, express) != DD_OK) {
        access.size = 0; /* every later call fails */
    }
    return access;
}

CLAIM(pci_express_a_target_speed_is_set_if_the_port_can_do_it)
{
    struct dd_pci_express express;
    struct dd_pci_access access = open_port(&express);

    CLAIM_OK(dd_pci_express_set_target_speed(&access, pci_script_address, &express, 1));
    CLAIM_EQUAL(pci_script_get(LINK_CONTROL), 0x00000061);
    CLAIM_STATUS(dd_pci_express_set_target_speed(&access, pci_script_address, &express, 4),
                 DD_ENOTSUP);
    CLAIM_STATUS(dd_pci_express_set_target_speed(&access, pci_script_address, &express, 0),
                 DD_ENOTSUP);
    CLAIM_EQUAL(pci_script_writes(), 1);
}

CLAIM(pci_express_a_link_is_trained_again_from_above)
{
    struct dd_pci_express express;
    struct dd_pci_access access = open_port(&express);

    CLAIM_OK(dd_pci_express_retrain(&access, pci_script_address, &express, &pci_script_delay));
    CLAIM_EQUAL(pci_script_get(LINK), 0x00000020);
    pci_script_put(LINK, 0x08000000);
    CLAIM_STATUS(dd_pci_express_retrain(&access, pci_script_address, &express, &pci_script_delay),
                 DD_ETIMEOUT);
    CLAIM_EQUAL(pci_script_waited(), 1000000);
    express.capabilities = 0x0002; /* an endpoint */
    CLAIM_STATUS(dd_pci_express_retrain(&access, pci_script_address, &express, &pci_script_delay),
                 DD_ENOTSUP);
    CLAIM_EQUAL(pci_script_writes(), 1);
}

/* While somebody waits the link comes up and the command is completed. */
static void proceed(void *context, uint32_t microseconds)
{
    (void)context;
    (void)microseconds;
    pci_script_put(LINK, pci_script_get(LINK) | 0x20000000);
    pci_script_put(SLOT, pci_script_get(SLOT) | 0x00100000);
}

static const struct dd_delay proceeding = {proceed, 0};

CLAIM(pci_express_a_link_that_comes_up_is_waited_for)
{
    struct dd_pci_express express;
    struct dd_pci_access access = open_port(&express);

    CLAIM_STATUS(
        dd_pci_express_await_link(&access, pci_script_address, &express, &pci_script_delay),
        DD_ETIMEOUT);
    CLAIM_EQUAL(pci_script_waited(), 1000000);
    CLAIM_OK(dd_pci_express_await_link(&access, pci_script_address, &express, &proceeding));
    CLAIM_EQUAL(pci_script_writes(), 0);
}

/* ---- A slot ---- */

CLAIM(pci_express_events_of_a_slot_are_cleared_only_if_they_were_seen)
{
    struct dd_pci_express express;
    struct dd_pci_access access = open_port(&express);
    struct dd_pci_express_slot slot;

    CLAIM_OK(dd_pci_express_read_slot(&access, pci_script_address, &express, &slot));
    CLAIM_EQUAL(slot.events, 0x108);
    CLAIM_TRUE(slot.is_occupied && !slot.is_link_active && !slot.is_latch_open);
    pci_script_put(SLOT, 0x014A07C0); /* a power fault after the look */
    CLAIM_OK(dd_pci_express_clear_events(&access, pci_script_address, &express, slot.events));
    CLAIM_EQUAL(pci_script_get(SLOT), 0x004207C0);
    CLAIM_STATUS(dd_pci_express_clear_events(&access, pci_script_address, &express, 0x40), DD_EARG);
    pci_script_vanish_after(0);
    CLAIM_STATUS(dd_pci_express_read_slot(&access, pci_script_address, &express, &slot), DD_ENODEV);
}

CLAIM(pci_express_events_of_a_slot_are_enabled_with_the_interrupt)
{
    struct dd_pci_express express;
    struct dd_pci_access access = open_port(&express);

    CLAIM_OK(dd_pci_express_set_events(&access, pci_script_address, &express, 0x109, &proceeding));
    CLAIM_EQUAL(pci_script_get(SLOT), 0x014817E9);
    CLAIM_OK(dd_pci_express_set_events(&access, pci_script_address, &express, 0, &proceeding));
    CLAIM_EQUAL(pci_script_get(SLOT), 0x014807C0);
}

CLAIM(pci_express_a_slot_is_told_one_thing_at_a_time)
{
    struct dd_pci_express express;
    struct dd_pci_access access = open_port(&express);

    CLAIM_OK(dd_pci_express_command_slot(&access, pci_script_address, &express,
                                         DD_PCI_EXPRESS_COMMAND_POWER_ON, &proceeding));
    CLAIM_EQUAL(pci_script_get(SLOT), 0x014803C0);
    CLAIM_OK(dd_pci_express_command_slot(&access, pci_script_address, &express,
                                         DD_PCI_EXPRESS_COMMAND_POWER_INDICATOR_BLINK,
                                         &proceeding));
    CLAIM_EQUAL(pci_script_get(SLOT), 0x014802C0);
    CLAIM_STATUS(dd_pci_express_command_slot(&access, pci_script_address, &express,
                                             DD_PCI_EXPRESS_COMMAND_ATTENTION_ON,
                                             &pci_script_delay),
                 DD_ETIMEOUT);
    CLAIM_EQUAL(pci_script_waited(), 1000000);
}

CLAIM(pci_express_a_slot_is_not_told_what_it_has_nothing_for)
{
    struct dd_pci_express express;
    struct dd_pci_access access = open_port(&express);

    express.slot_capabilities = 0x00000040;
    CLAIM_STATUS(dd_pci_express_command_slot(&access, pci_script_address, &express,
                                             DD_PCI_EXPRESS_COMMAND_POWER_OFF, &proceeding),
                 DD_ENOTSUP);
    CLAIM_STATUS(dd_pci_express_command_slot(&access, pci_script_address, &express,
                                             (enum dd_pci_express_command)99, &proceeding),
                 DD_EARG);
    CLAIM_EQUAL(pci_script_writes(), 0);
}
