/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Claims about PCI Express: the capability of the ports and cards of
 * fixtures/pci-dumps/machines/qemu-q35-claims.args, and a scripted endpoint for what
 * software decides about it.
 */
#include "drydock/pci_cap.h"
#include "drydock/pci_express.h"
#include "drydock/pci_express_device.h"
#include "drydock/pci_express_link.h"
#include "drydock/pci_express_slot.h"
#include "tests/claims/claim.h"
#include "tests/claims/pci_machine.h"
#include "tests/claims/pci_script.h"

/* The capability in hand, at 0x40 of the scripted function, and registers of it. */
#define AT     0x40u
#define DEVICE (AT + 0x08) /* Device Control, Device Status */
#define LINK   (AT + 0x10)

static enum dd_status read_of(const struct dd_pci_access *access, struct dd_pci_address address,
                              struct dd_pci_express *express)
{
    uint16_t offset;
    enum dd_status status = dd_pci_find_capability(access, address, 0x10, &offset);

    return status == DD_OK ? dd_pci_express_read(access, address, offset, express) : status;
}

/* ---- The machine: [PCIe 6] 7.5.3 ---- */

CLAIM(pci_express_ports_have_the_registers_of_their_kind)
{
    struct dd_pci_access access;
    struct dd_pci_express express = {.offset = 0};

    CLAIM_OK(pci_machine_open_ecam(&access));
    CLAIM_OK(read_of(&access, pci_at(0x00, 0x02, 0), &express));
    CLAIM_EQUAL(dd_pci_express_type(&express), 4);
    CLAIM_EQUAL(express.groups, 0x7F);
    CLAIM_OK(read_of(&access, pci_at(0x01, 0x00, 0), &express));
    CLAIM_EQUAL(dd_pci_express_type(&express), 5);
    CLAIM_EQUAL(express.groups & 0x0F, 0x03);
    CLAIM_OK(read_of(&access, pci_at(0x02, 0x01, 0), &express));
    CLAIM_EQUAL(dd_pci_express_type(&express), 6);
    CLAIM_EQUAL(express.groups & 0x0F, 0x07);
    CLAIM_OK(read_of(&access, pci_at(0x03, 0x00, 0), &express));
    CLAIM_EQUAL(dd_pci_express_type(&express), 0);
    CLAIM_EQUAL(express.groups & 0x0F, 0x03);
    CLAIM_STATUS(read_of(&access, pci_at(0x07, 0x01, 0), &express), DD_ENOENT);
}

CLAIM(pci_express_ports_without_a_slot_have_no_events)
{
    struct dd_pci_access access;
    struct dd_pci_express express = {.offset = 0};
    struct dd_pci_express_slot slot = {.events = 0};

    CLAIM_OK(pci_machine_open_ecam(&access));
    CLAIM_OK(read_of(&access, pci_at(0x00, 0x02, 0), &express));
    CLAIM_OK(dd_pci_express_read_slot(&access, pci_at(0x00, 0x02, 0), &express, &slot));
    CLAIM_EQUAL(slot.events & ~0x11Fu, 0);
    CLAIM_OK(read_of(&access, pci_at(0x01, 0x00, 0), &express));
    CLAIM_STATUS(dd_pci_express_read_slot(&access, pci_at(0x01, 0x00, 0), &express, &slot),
                 DD_ENOTSUP);
}

/* ---- A device ---- */

/* An endpoint of version 2 that takes 512 bytes, has FLR, the time range B, and an 8 GT/s link. */
static struct dd_pci_access open_endpoint(struct dd_pci_express *express)
{
    struct dd_pci_access access = pci_script_open();

    pci_script_put(AT, 0x00020010);
    pci_script_put(AT + 0x04, 0x10008002);
    pci_script_put(DEVICE, 0x000F2810);
    pci_script_allow(DEVICE, 0x00007FFF);
    pci_script_clear(DEVICE, 0x000F0000);
    pci_script_put(AT + 0x0C, 0x0003AC83);
    pci_script_put(LINK, 0x10430043);
    pci_script_allow(LINK, 0x000001FB);
    pci_script_put(AT + 0x24, 0x00000002);
    pci_script_allow(AT + 0x28, 0x0000FFFF);
    if (dd_pci_express_read(&access, pci_script_address, AT, express) != DD_OK) {
        access.size = 0; /* every later call fails */
    }
    return access;
}

CLAIM(pci_express_sizes_of_packets_are_set_within_what_the_function_takes)
{
    struct dd_pci_express express;
    struct dd_pci_access access = open_endpoint(&express);

    CLAIM_EQUAL(dd_pci_express_payload_supported(&express), 512);
    CLAIM_EQUAL(dd_pci_express_payload(&express), 128);
    CLAIM_EQUAL(dd_pci_express_read_request(&express), 512);
    CLAIM_OK(dd_pci_express_set_payload(&access, pci_script_address, &express, 512));
    CLAIM_EQUAL(pci_script_get(DEVICE), 0x000F2850);
    CLAIM_OK(dd_pci_express_set_read_request(&access, pci_script_address, &express, 4096));
    CLAIM_EQUAL(pci_script_get(DEVICE), 0x000F5850);
    CLAIM_STATUS(dd_pci_express_set_payload(&access, pci_script_address, &express, 1024),
                 DD_ENOTSUP);
    CLAIM_STATUS(dd_pci_express_set_payload(&access, pci_script_address, &express, 384), DD_EARG);
    CLAIM_EQUAL(pci_script_writes(), 2);
}

CLAIM(pci_express_time_limits_are_set_within_the_ranges_of_the_function)
{
    struct dd_pci_express express;
    struct dd_pci_access access = open_endpoint(&express);
    struct dd_pci_express_timeout timeout;

    CLAIM_OK(dd_pci_express_timeout_range(6, &timeout));
    CLAIM_EQUAL(timeout.shortest, 65000);
    CLAIM_EQUAL(timeout.longest, 210000);
    CLAIM_OK(dd_pci_express_set_timeout(&access, pci_script_address, &express, 6));
    CLAIM_EQUAL(pci_script_get(AT + 0x28), 0x00000006);
    CLAIM_STATUS(dd_pci_express_set_timeout(&access, pci_script_address, &express, 9), DD_ENOTSUP);
    CLAIM_STATUS(dd_pci_express_set_timeout(&access, pci_script_address, &express, 7), DD_ENOTSUP);
    CLAIM_EQUAL(pci_script_writes(), 1);
}

CLAIM(pci_express_errors_are_cleared_only_if_they_were_seen)
{
    struct dd_pci_express express;
    struct dd_pci_access access = open_endpoint(&express);

    express.device_status = 0x0009;
    CLAIM_OK(dd_pci_express_clear_errors(&access, pci_script_address, &express));
    CLAIM_EQUAL(pci_script_get(DEVICE), 0x00062810);
    CLAIM_EQUAL(pci_script_writes(), 1);
    pci_script_vanish_after(0);
    CLAIM_STATUS(dd_pci_express_clear_errors(&access, pci_script_address, &express), DD_ENODEV);
}

CLAIM(pci_express_a_function_is_reset_and_left_alone_for_100_ms)
{
    struct dd_pci_express express;
    struct dd_pci_access access = open_endpoint(&express);

    pci_script_put(0x04, 0x00100006);
    pci_script_allow(0x04, 0x00000007);
    pci_script_allow(DEVICE, 0x0000FFFF);
    CLAIM_OK(dd_pci_express_reset_function(&access, pci_script_address, &express,
                                           DD_PCI_EXPRESS_PENDING_REFUSE, &pci_script_delay));
    CLAIM_EQUAL(pci_script_get(DEVICE), 0x000FA810);
    CLAIM_EQUAL(pci_script_get(0x04), 0x00100000); /* quiet before */
    CLAIM_EQUAL(pci_script_writes(), 2);
    CLAIM_EQUAL(pci_script_waited(), 100000);
}

CLAIM(pci_express_transactions_that_do_not_end_prevent_a_reset)
{
    struct dd_pci_express express;
    struct dd_pci_access access = open_endpoint(&express);

    pci_script_put(0x04, 0x00100006);
    pci_script_allow(0x04, 0x00000007);
    pci_script_put(DEVICE, 0x00202810);
    CLAIM_STATUS(dd_pci_express_reset_function(&access, pci_script_address, &express,
                                               DD_PCI_EXPRESS_PENDING_REFUSE, &pci_script_delay),
                 DD_ETIMEOUT);
    CLAIM_EQUAL(pci_script_get(DEVICE), 0x00202810);
    CLAIM_EQUAL(pci_script_get(0x04), 0x00100006);
    CLAIM_EQUAL(pci_script_waited(), 1000000);
}

CLAIM(pci_express_a_function_that_does_not_come_back_from_a_reset_is_gone)
{
    struct dd_pci_express express;
    struct dd_pci_access access = open_endpoint(&express);

    pci_script_vanish_after(5); /* Command and its write, status, control and its write */
    CLAIM_STATUS(dd_pci_express_reset_function(&access, pci_script_address, &express,
                                               DD_PCI_EXPRESS_PENDING_REFUSE, &pci_script_delay),
                 DD_ENODEV);
    CLAIM_EQUAL(pci_script_waited(), 1100000);
}

/* ---- A link ---- */

CLAIM(pci_express_links_have_speeds_widths_and_latencies_in_numbers)
{
    struct dd_pci_express express;

    (void)open_endpoint(&express);
    CLAIM_EQUAL(dd_pci_express_speed(3), 8000);
    CLAIM_EQUAL(dd_pci_express_speed(7), 0);
    CLAIM_EQUAL(dd_pci_express_width(8), 8);
    CLAIM_EQUAL(dd_pci_express_width(3), 0);
    CLAIM_EQUAL(dd_pci_express_l0s_exit(&express), 256);
    CLAIM_EQUAL(dd_pci_express_l1_exit(&express), UINT32_MAX);
    CLAIM_EQUAL(dd_pci_express_l0s_acceptable(&express), 64);
    CLAIM_EQUAL(dd_pci_express_l1_acceptable(&express), 1000);
    CLAIM_EQUAL(dd_pci_express_speeds(&express), 0x0E);
    CLAIM_EQUAL(dd_pci_express_power_limit(75, 1), 7500);
}

CLAIM(pci_express_power_states_of_a_link_are_set_if_it_has_them)
{
    struct dd_pci_express express;
    struct dd_pci_access access = open_endpoint(&express);

    CLAIM_OK(dd_pci_express_set_aspm(&access, pci_script_address, &express,
                                     DD_PCI_EXPRESS_ASPM_L0S | DD_PCI_EXPRESS_ASPM_L1));
    CLAIM_EQUAL(pci_script_get(LINK), 0x10430043);
    CLAIM_OK(dd_pci_express_set_aspm(&access, pci_script_address, &express, 0));
    CLAIM_EQUAL(pci_script_get(LINK), 0x10430040);
    express.link_capabilities = 0x00000483;
    CLAIM_STATUS(
        dd_pci_express_set_aspm(&access, pci_script_address, &express, DD_PCI_EXPRESS_ASPM_L1),
        DD_ENOTSUP);
    CLAIM_EQUAL(pci_script_writes(), 2);
}
