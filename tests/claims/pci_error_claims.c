/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Claims about errors that functions and ports report, and about ports that contain them.
 * Sections are of [PCIe 6].
 */
#include "drydock/pci_aer.h"
#include "drydock/pci_dpc.h"
#include "tests/claims/claim.h"
#include "tests/claims/pci_machine.h"
#include "tests/claims/pci_script.h"

/* The capability in hand, of the scripted function. */
#define AT PCI_SCRIPT_EXTENDED

CLAIM(pci_the_root_port_has_no_errors_to_tell)
{
    struct dd_pci_access access;
    struct dd_pci_aer aer;
    struct dd_pci_aer_root root;

    CLAIM_OK(pci_machine_open_ecam(&access));
    CLAIM_OK(dd_pci_aer_read(&access, pci_at(0, 2, 0), 0x100, &aer));
    CLAIM_EQUAL(aer.uncorrectable_severity & 0x00062030, 0x00062030);
    CLAIM_EQUAL(dd_pci_aer_first_error(&aer), 0);
    CLAIM_OK(dd_pci_aer_read_root(&access, pci_at(0, 2, 0), 0x100, &root));
    CLAIM_EQUAL(root.status & 0x7F, 0);
    CLAIM_OK(dd_pci_aer_clear(&access, pci_at(0, 2, 0), &aer));
}

/* 7.8.4.9 */
CLAIM(pci_a_root_port_reports_what_it_is_told_to)
{
    struct dd_pci_access access;
    struct dd_pci_aer_root before;
    struct dd_pci_aer_root root;

    CLAIM_OK(pci_machine_open_ecam(&access));
    CLAIM_OK(dd_pci_aer_read_root(&access, pci_at(0, 2, 1), 0x100, &before));
    CLAIM_OK(dd_pci_aer_set_reports(&access, pci_at(0, 2, 1), 0x100, 0x5));
    CLAIM_OK(dd_pci_aer_read_root(&access, pci_at(0, 2, 1), 0x100, &root));
    CLAIM_OK(dd_pci_aer_set_reports(&access, pci_at(0, 2, 1), 0x100, before.command & 7));
    CLAIM_EQUAL(root.command, 0x5);
    CLAIM_STATUS(dd_pci_aer_set_reports(&access, pci_at(0, 2, 1), 0x100, 0x8), DD_EARG);
}

/* 7.8.4.2: an error that comes between reading and clearing is not lost. */
CLAIM(pci_errors_are_cleared_only_if_they_were_seen)
{
    struct dd_pci_access access = pci_script_open_extended(0x00020001);
    struct dd_pci_aer aer;

    pci_script_put(AT + 0x04, 0x00004000);
    pci_script_put(AT + 0x10, 0x00000040);
    pci_script_put(AT + 0x18, 0x0000000E);
    pci_script_put(AT + 0x1C, 0x40000001);
    pci_script_clear(AT + 0x04, 0xFFFFF030);
    pci_script_clear(AT + 0x10, 0x0000F1C1);
    CLAIM_OK(dd_pci_aer_read(&access, pci_script_address, AT, &aer));
    CLAIM_EQUAL(dd_pci_aer_first_error(&aer), 0x00004000);
    CLAIM_EQUAL(aer.header_log[0], 0x40000001);
    pci_script_put(AT + 0x04, 0x00044000);
    pci_script_put(AT + 0x10, 0x00000041);
    CLAIM_OK(dd_pci_aer_clear(&access, pci_script_address, &aer));
    CLAIM_EQUAL(pci_script_get(AT + 0x04), 0x00040000);
    CLAIM_EQUAL(pci_script_get(AT + 0x10), 0x00000001);
}

/* 7.9.14.4 */
CLAIM(pci_a_contained_port_is_released_when_it_is_idle)
{
    struct dd_pci_access access = pci_script_open_extended(0x0001001D);
    struct dd_pci_dpc dpc;
    struct dd_pci_dpc_pio pio;

    pci_script_put(AT + 0x04, 0x00000420);
    pci_script_put(AT + 0x08, 0x0105000B); /* non-fatal message from 01:00.5 */
    pci_script_put(AT + 0x0C, 0x00070001);
    pci_script_put(AT + 0x20, 0x00000001);
    pci_script_clear(AT + 0x08, 0x00002009);
    pci_script_clear(AT + 0x0C, 0x00070707);
    pci_script_allow(AT + 0x04, 0x01BF0000);
    CLAIM_OK(dd_pci_dpc_read(&access, pci_script_address, AT, &dpc));
    CLAIM_EQUAL(dpc.source, 0x0105);
    CLAIM_OK(dd_pci_dpc_read_pio(&access, pci_script_address, &dpc, &pio));
    CLAIM_EQUAL(pio.header_log[0], 1);
    CLAIM_OK(dd_pci_dpc_clear_pio(&access, pci_script_address, &pio));
    CLAIM_EQUAL(pci_script_get(AT + 0x0C), 0);
    CLAIM_OK(dd_pci_dpc_set_trigger(&access, pci_script_address, AT, DD_PCI_DPC_TRIGGER_NON_FATAL));
    CLAIM_EQUAL(pci_script_get(AT + 0x04), 0x00020420);
    pci_script_put(0x40, 0x00420010);
    pci_script_put(0x50, 0x20000000); /* the link is active */
    CLAIM_STATUS(dd_pci_dpc_release(&access, pci_script_address, AT, &pci_script_delay),
                 DD_ETIMEOUT);
    CLAIM_EQUAL(pci_script_get(AT + 0x08), 0x0105000B);
    pci_script_put(0x50, 0x00000000);
    CLAIM_OK(dd_pci_dpc_release(&access, pci_script_address, AT, &pci_script_delay));
    CLAIM_EQUAL(pci_script_get(AT + 0x08), 0x01050002);
    pci_script_put(AT + 0x08, 0x01050011);
    CLAIM_STATUS(dd_pci_dpc_release(&access, pci_script_address, AT, &pci_script_delay),
                 DD_ETIMEOUT);
    CLAIM_EQUAL(pci_script_get(AT + 0x08), 0x01050011);
    CLAIM_EQUAL(pci_script_waited(), 2000000);
}
