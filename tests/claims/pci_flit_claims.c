/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Claims about capabilities of links in Flit Mode, which no device of the claims' machine has.
 * Sections are of [PCIe 6].
 */
#include "drydock/pci_flit.h"
#include "tests/claims/claim.h"
#include "tests/claims/pci_script.h"

#define AT 0x100u

static struct dd_pci_access open_counting(void)
{
    struct dd_pci_access access = pci_script_open();

    for (uint32_t i = 4; i < 0x40; i += 4) {
        pci_script_put(AT + i, 0x03020100 + 0x04040404 * (i / 4));
    }
    return access;
}

/* ---- Logging: 7.7.8 ---- */

CLAIM(pci_flits_with_errors_are_taken_out_of_their_log)
{
    struct dd_pci_access access = open_counting();
    struct dd_pci_flit_error errors[2] = {{0, 0}, {0x00000321, 0}};
    struct dd_pci_flit_log log;

    pci_script_put(AT + 4, 0x00008109);
    pci_script_put(AT + 8, 0x00440000);
    pci_script_clear(AT + 4, 0x00000001);
    CLAIM_OK(dd_pci_flit_log_read(&access, pci_script_address, AT, &log));
    CLAIM_EQUAL(log.oldest.log_1, 0x00008109);
    CLAIM_EQUAL(log.counter_status, 0x0F0E);
    CLAIM_EQUAL(log.flits, 0x17161514);
    CLAIM_EQUAL(log.corrected[0], 0x1D1C);
    CLAIM_EQUAL(log.corrected[15], 0x3B3A);
    CLAIM_EQUAL(pci_script_writes(), 0);
    CLAIM_OK(dd_pci_flit_log_take(&access, pci_script_address, AT, &errors[0]));
    CLAIM_EQUAL(errors[0].log_2, 0x00440000);
    CLAIM_EQUAL(dd_pci_flit_error_kind(&errors[0]), DD_PCI_FLIT_UNCORRECTABLE);
    CLAIM_EQUAL(dd_pci_flit_width(DD_GET(errors[0].log_1, DD_PCI_FLIT_LOG_WIDTH)), 16);
    CLAIM_EQUAL(dd_pci_flit_errors_after(errors, 2), 0x0F);
    CLAIM_EQUAL(pci_script_get(AT + 4), 0x00008108);
    CLAIM_STATUS(dd_pci_flit_log_take(&access, pci_script_address, AT, &errors[1]), DD_ENOENT);
    CLAIM_EQUAL(errors[1].log_1, 0x00000321);
    CLAIM_EQUAL(pci_script_writes(), 1);
}

/* ---- Performance: 7.8.12 ---- */

CLAIM(pci_answers_to_flits_are_timed)
{
    struct dd_pci_access access = open_counting();
    struct dd_pci_flit_performance performance;

    pci_script_put(AT + 4, 0x00000800);  /* two registers of the LTSSM */
    pci_script_put(AT + 8, 0x00050103);  /* L1.0 and L1.2; the sum of 4 flits */
    pci_script_put(AT + 12, 0x00006412); /* 100 units */
    CLAIM_OK(dd_pci_flit_performance_read(&access, pci_script_address, AT, &performance));
    CLAIM_EQUAL(performance.ltssm_count, 2);
    CLAIM_EQUAL(performance.ltssm[1], 0x17161514);
    CLAIM_EQUAL(performance.ltssm[2], 0);
    CLAIM_EQUAL(dd_pci_flit_latency(&performance), 200);
    CLAIM_EQUAL(dd_pci_flit_ltssm_event(&performance, 1), 4);
    CLAIM_EQUAL(dd_pci_flit_ltssm_time(&performance, 1), 361792);
    pci_script_put(AT + 4, 0x00001800);
    CLAIM_STATUS(dd_pci_flit_performance_read(&access, pci_script_address, AT, &performance),
                 DD_EMALFORMED);
    CLAIM_STATUS(dd_pci_flit_performance_read(&access, pci_script_address, 0xFF4, &performance),
                 DD_EMALFORMED);
}

/* ---- Injection: 7.8.13 ---- */

CLAIM(pci_errors_put_into_flits_are_followed)
{
    struct dd_pci_access access = open_counting();
    struct dd_pci_flit_injection injection;

    CLAIM_OK(dd_pci_flit_injection_read(&access, pci_script_address, AT, &injection));
    CLAIM_EQUAL(injection.control[1], 0x0F0E0D0C);
    CLAIM_EQUAL(injection.ordered_set_control[0], 0x17161514);
    CLAIM_EQUAL(injection.ordered_set_tx_status, 0x1F1E1D1C);
    CLAIM_EQUAL(injection.ordered_set_rx_status, 0x23222120);
    CLAIM_EQUAL(dd_pci_flit_injection_progress(injection.ordered_set_tx_status,
                                               DD_PCI_FLIT_INJECTION_IN_SKP_LO),
                DD_PCI_FLIT_NOT_STARTED);
    CLAIM_EQUAL(dd_pci_flit_injection_progress(injection.ordered_set_tx_status,
                                               DD_PCI_FLIT_INJECTION_IN_TS2_LO),
                DD_PCI_FLIT_STARTED);
    CLAIM_EQUAL(dd_pci_flit_injection_progress(injection.ordered_set_rx_status,
                                               DD_PCI_FLIT_INJECTION_IN_EQUALIZATION_2_LO),
                DD_PCI_FLIT_FAILED);
    pci_script_vanish_after(7);
    CLAIM_STATUS(dd_pci_flit_injection_read(&access, pci_script_address, AT, &injection),
                 DD_ENODEV);
}

/* ---- NOP flits: 7.8.14 of revision 6.3 ---- */

CLAIM(pci_flits_without_payload_are_controlled)
{
    struct dd_pci_access access = open_counting();
    struct dd_pci_nop_flit nop_flit;

    CLAIM_OK(dd_pci_nop_flit_read(&access, pci_script_address, AT, &nop_flit));
    CLAIM_EQUAL(nop_flit.capabilities, 0x07060504);
    CLAIM_EQUAL(DD_GET(nop_flit.control[0], DD_PCI_NOP_FLIT_FIRST_STREAM), 0x0B);
    CLAIM_EQUAL(DD_GET(nop_flit.control[0], DD_PCI_NOP_FLIT_STREAMS), 0x0A);
    CLAIM_EQUAL(DD_GET(nop_flit.control[0], DD_PCI_NOP_FLIT_RATE), 2);
    CLAIM_EQUAL(DD_GET(nop_flit.control[0], DD_PCI_NOP_FLIT_OPCODES_ENABLE), 0x42);
    CLAIM_EQUAL(DD_GET(nop_flit.control[1], DD_PCI_NOP_FLIT_VENDOR), 0x0F0E);
    CLAIM_EQUAL(nop_flit.status, 0x13121110);
    CLAIM_STATUS(dd_pci_nop_flit_read(&access, pci_script_address, 0xFF0, &nop_flit),
                 DD_EMALFORMED);
}
