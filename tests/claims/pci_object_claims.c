/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Claims about exchanging data objects with a function, and about capabilities of the
 * extended list that only say something. Sections are of [PCIe 6].
 */
#include "drydock/pci_cxl.h"
#include "drydock/pci_doe.h"
#include "drydock/pci_extended.h"
#include "drydock/pci_hierarchy.h"
#include "drydock/pci_ide.h"
#include "drydock/pci_npem.h"
#include "drydock/pci_print.h"
#include "drydock/pci_protocol.h"
#include "drydock/pci_root_complex.h"
#include "drydock/pci_tph.h"
#include "drydock/pci_vendor_specific.h"
#include "tests/claims/claim.h"
#include "tests/claims/pci_mailbox.h"
#include "tests/claims/pci_script.h"

#define AT 0x200u

static const struct dd_pci_address mailbox_address = {.bus = 0};

/* ---- Data Object Exchange: 6.30 ---- */

CLAIM(pci_a_data_object_is_exchanged_for_another)
{
    static const uint32_t question[] = {0x12345678, 0x00000000};
    const struct dd_pci_access access = pci_mailbox_open();
    const struct dd_pci_doe_mailbox mailbox = {PCI_MAILBOX_AT, &pci_mailbox_delay};
    const struct dd_pci_doe_request request = {0x1E98, 0x02, question, 2};
    uint32_t answer[4] = {0};
    struct dd_pci_doe_response response = {answer, 4, 0};

    pci_mailbox.busy_for = 2;
    CLAIM_OK(dd_pci_doe_exchange(&access, mailbox_address, &mailbox, &request, &response));
    CLAIM_EQUAL(response.dwords, 2);
    CLAIM_EQUAL(answer[0], 0xEDCBA987);
    CLAIM_EQUAL(answer[1], 0xFFFFFFFF);
    CLAIM_EQUAL(pci_mailbox.answer_taken, 4);
    CLAIM_EQUAL(pci_mailbox.aborts, 0);
}

CLAIM(pci_a_mailbox_that_says_nothing_is_given_up)
{
    const struct dd_pci_access access = pci_mailbox_open();
    const struct dd_pci_doe_mailbox mailbox = {PCI_MAILBOX_AT, &pci_mailbox_delay};
    struct dd_pci_doe_protocol protocol = {.vendor = 7};

    pci_mailbox.busy_for = UINT32_MAX;
    CLAIM_STATUS(dd_pci_doe_discover(&access, mailbox_address, &mailbox, 0, &protocol),
                 DD_ETIMEOUT);
    CLAIM_EQUAL(protocol.vendor, 7);
    CLAIM_EQUAL(pci_mailbox.aborts, 1);
    CLAIM_TRUE(pci_mailbox.waited <= 1100000);
    pci_mailbox.busy_for = 0;
    CLAIM_OK(dd_pci_doe_discover(&access, mailbox_address, &mailbox, 1, &protocol));
    CLAIM_EQUAL(protocol.vendor, 0x8086);
    CLAIM_EQUAL(protocol.type, 0x42);
}

CLAIM(pci_an_answer_that_lies_about_its_length_is_bounded)
{
    static const uint32_t question[] = {1};
    const struct dd_pci_access access = pci_mailbox_open();
    const struct dd_pci_doe_mailbox mailbox = {PCI_MAILBOX_AT, &pci_mailbox_delay};
    const struct dd_pci_doe_request request = {0x8086, 0x42, question, 1};
    uint32_t answer[2] = {0};
    struct dd_pci_doe_response response = {answer, 2, 99};

    pci_mailbox.answer_length = 5;
    CLAIM_STATUS(dd_pci_doe_exchange(&access, mailbox_address, &mailbox, &request, &response),
                 DD_EFULL);
    pci_mailbox.answer_length = 4;
    CLAIM_STATUS(dd_pci_doe_exchange(&access, mailbox_address, &mailbox, &request, &response),
                 DD_EMALFORMED);
    CLAIM_EQUAL(response.dwords, 99);
    CLAIM_EQUAL(pci_mailbox.aborts, 2);
}

/* ---- What only says something ---- */

/* 7.8.8, 7.9.10 and 7.9.8 */
CLAIM(pci_a_root_complex_says_what_belongs_together)
{
    struct dd_pci_access access = pci_script_open();
    struct dd_pci_ari ari;
    struct dd_pci_rcec rcec;
    struct dd_pci_rclink rclink;
    struct dd_pci_rclink_entry entry;
    struct dd_pci_address target = {.bus = 1};
    uint64_t base = 0;

    pci_script_put(AT + 4, 0x00000300);
    CLAIM_OK(dd_pci_ari_read(&access, pci_script_address, AT, &ari));
    CLAIM_EQUAL(DD_GET(ari.capability, DD_PCI_ARI_NEXT_FUNCTION), 3);
    pci_script_put(AT, 0x00020007);
    pci_script_put(AT + 4, 0x00000004);
    pci_script_put(AT + 8, 0x00202000);
    CLAIM_OK(dd_pci_rcec_read(&access, pci_script_address, AT, &rcec));
    CLAIM_OK(dd_pci_rcec_has(&rcec, pci_script_address, (struct dd_pci_address){.device = 2}));
    CLAIM_OK(dd_pci_rcec_has(&rcec, pci_script_address, (struct dd_pci_address){.bus = 0x20}));
    CLAIM_STATUS(dd_pci_rcec_has(&rcec, pci_script_address, (struct dd_pci_address){.bus = 0x21}),
                 DD_ENOENT);
    pci_script_put(AT + 4, 0x00000100);
    pci_script_put(AT + 0x10, 0x00000003);
    pci_script_put(AT + 0x18, 0xE1234000);
    CLAIM_OK(dd_pci_rclink_read(&access, pci_script_address, AT, &rclink));
    CLAIM_OK(dd_pci_rclink_read_entry(&access, pci_script_address, &rclink, 0, &entry));
    CLAIM_OK(dd_pci_rclink_target(&entry, &target, &base));
    CLAIM_EQUAL(target.bus, 0x12);
    CLAIM_EQUAL(base, 0xE0000000);
}

/* [CXL 3.0] 8.1.3 and 7.9.26 */
CLAIM(pci_memory_and_encryption_of_a_device_are_decoded)
{
    struct dd_pci_access access = pci_script_open();
    struct dd_pci_cxl_device device;
    struct dd_pci_ide ide;
    struct dd_pci_ide_selective selective;
    uint16_t offset = 0;

    pci_script_put(0x40, 0x00020010);
    pci_script_put(0x100, 0x20010023);
    pci_script_put(0x104, 0x01008086);
    pci_script_put(AT, 0x00010023);
    pci_script_put(AT + 4, 0x03811E98);
    pci_script_put(AT + 0x18, 0x00000002);
    pci_script_put(AT + 0x1C, 0x10000003);
    CLAIM_OK(dd_pci_find_dvsec(&access, pci_script_address, 0x1E98, 0, &offset));
    CLAIM_EQUAL(offset, AT);
    CLAIM_OK(dd_pci_cxl_read_device(&access, pci_script_address, AT, &device));
    CLAIM_EQUAL(dd_pci_cxl_range_size(&device.ranges[0]), 0x210000000);
    pci_script_put(AT + 4, 0x00010003);
    pci_script_put(AT + 0x14, 0x00000001);
    pci_script_put(AT + 0x38, 0x2A000001);
    CLAIM_OK(dd_pci_ide_read(&access, pci_script_address, AT, &ide));
    CLAIM_EQUAL(ide.selective_streams, 2);
    CLAIM_OK(dd_pci_ide_read_selective(&access, pci_script_address, &ide, 1, &selective));
    CLAIM_EQUAL(selective.offset, AT + 0x34);
    CLAIM_EQUAL(DD_GET(selective.control, DD_PCI_IDE_STREAM_ID), 0x2A);
    CLAIM_STATUS(dd_pci_ide_read_selective(&access, pci_script_address, &ide, 2, &selective),
                 DD_ENOENT);
}

/* 7.9.11 and 7.9.16 */
CLAIM(pci_groups_and_readiness_times_are_decoded)
{
    struct dd_pci_access access = pci_script_open();
    struct dd_pci_multicast multicast;
    struct dd_pci_readiness readiness;

    pci_script_put(AT + 0x04, 0x80070C1F);
    pci_script_put(AT + 0x08, 0xC000000C);
    pci_script_put(AT + 0x0C, 0x00000001);
    pci_script_put(AT + 0x14, 0x80000000);
    CLAIM_OK(dd_pci_multicast_read(&access, pci_script_address, AT, &multicast));
    CLAIM_EQUAL(multicast.base, 0x1C000000C);
    CLAIM_EQUAL(multicast.receive, 0x8000000000000000);
    pci_script_put(AT + 0x04, 0x80000801);
    CLAIM_OK(dd_pci_readiness_read(&access, pci_script_address, AT, &readiness));
    CLAIM_EQUAL(dd_pci_readiness_nanoseconds(
                    (unsigned int)DD_GET(readiness.times_1, DD_PCI_READINESS_RESET)),
                1048576);
}

/* 7.9.17 */
CLAIM(pci_a_function_knows_its_hierarchy)
{
    struct dd_pci_access access = pci_script_open();
    struct dd_pci_hierarchy hierarchy;

    pci_script_put(AT, 0x00010028);
    pci_script_put(AT + 0x04, 0x80000108); /* valid, told by 01:01.0 */
    pci_script_put(AT + 0x08, 0xBEEF0002);
    pci_script_put(AT + 0x0C, 0x00001122);
    pci_script_put(AT + 0x1C, 0x99AABBCC);
    CLAIM_OK(dd_pci_hierarchy_read(&access, pci_script_address, AT, &hierarchy));
    CLAIM_EQUAL(DD_GET(hierarchy.status, DD_PCI_HIERARCHY_VALID), 1);
    CLAIM_EQUAL(DD_GET(hierarchy.status, DD_PCI_HIERARCHY_WRITEABLE), 0);
    CLAIM_EQUAL(DD_GET(hierarchy.status, DD_PCI_HIERARCHY_REQUESTER), 0x0108);
    CLAIM_EQUAL(DD_GET(hierarchy.data, DD_PCI_HIERARCHY_ID), 0xBEEF);
    CLAIM_EQUAL(DD_GET(hierarchy.data, DD_PCI_HIERARCHY_AUTHORITY), 0x02);
    CLAIM_EQUAL(hierarchy.guid[0], 0x00001122);
    CLAIM_EQUAL(hierarchy.guid[4], 0x99AABBCC);
    CLAIM_STATUS(dd_pci_hierarchy_read(&access, pci_script_address, 0xFE4, &hierarchy),
                 DD_EMALFORMED);
    CLAIM_EQUAL(pci_script_writes(), 0);
}

/* Of revision 5.0 G.5 and 7.9.14, and of revision 3.1 */
CLAIM(pci_protocols_beside_pci_express_are_decoded)
{
    struct dd_pci_access access = pci_script_open();
    struct dd_pci_pmux pmux;
    struct dd_pci_ln_requester ln_requester;
    struct dd_pci_mpcie mpcie;
    uint32_t protocol = 0;

    pci_script_put(AT + 0x04, 0x80010C02); /* read as PMUX: two protocols, at 8 and 16 GT/s */
    pci_script_put(AT + 0x08, 0x00000201); /* channel 0 has the first, channel 1 the second */
    pci_script_put(AT + 0x0C, 0x0C0C8100);
    pci_script_put(AT + 0x14, 0x44332211);
    pci_script_put(AT + 0x18, 0x40000013);
    CLAIM_OK(dd_pci_pmux_read(&access, pci_script_address, AT, &pmux));
    CLAIM_EQUAL(DD_GET(pmux.control, DD_PCI_PMUX_CHANNEL_1), 2);
    CLAIM_EQUAL(DD_GET(pmux.status, DD_PCI_PMUX_SPEED_1), 1);
    CLAIM_OK(dd_pci_pmux_read_protocol(&access, pci_script_address, &pmux, 2, &protocol));
    CLAIM_EQUAL(DD_GET(protocol, DD_PCI_PMUX_AUTHORITY_ID), 0x4433);
    CLAIM_STATUS(dd_pci_pmux_read_protocol(&access, pci_script_address, &pmux, 0, &protocol),
                 DD_EARG);
    CLAIM_STATUS(dd_pci_pmux_read_protocol(&access, pci_script_address, &pmux, 3, &protocol),
                 DD_EARG);
    CLAIM_OK(dd_pci_mpcie_read(&access, pci_script_address, AT, &mpcie));
    CLAIM_EQUAL(DD_GET(mpcie.status, DD_PCI_MPCIE_RX_WIDTH), 12);
    CLAIM_EQUAL(DD_GET(mpcie.phy_data, DD_PCI_MPCIE_PHY_ABORT), 1);
    CLAIM_EQUAL(mpcie.phy_address, 0x44332211);
    pci_script_put(AT + 0x04, 0x12011303);
    CLAIM_OK(dd_pci_ln_requester_read(&access, pci_script_address, AT, &ln_requester));
    CLAIM_EQUAL(DD_GET(ln_requester.capability, DD_PCI_LN_REQUESTER_REGISTRATION_MAX), 0x13);
    CLAIM_EQUAL(DD_GET(ln_requester.control, DD_PCI_LN_REQUESTER_REGISTRATION_LIMIT), 0x12);
    CLAIM_EQUAL(DD_GET(ln_requester.control, DD_PCI_LN_REQUESTER_ENABLE), 1);
}

/* ---- In words ---- */

#define LINES 16

static const char *const expected_lines[LINES] = {
    "\tCapabilities: [200 v1] Single Root I/O Virtualization (SR-IOV)",
    "\t\tIOVCap:\tMigration- 10BitTagReq- Interrupt Message Number: 000",
    "\t\tIOVCtl:\tEnable+ Migration- Interrupt- MSE+ ARIHierarchy+ 10BitTagReq-",
    "\t\tIOVSta:\tMigration-",
    "\t\tInitial VFs: 8, Total VFs: 16, Number of VFs: 7, Function Dependency Link: 01",
    "\t\tVF offset: 384, stride: 2, Device ID: 1520",
    "\t\tSupported Page Size: 00000553, System Page Size: 00000001",
    "\t\tRegion 0: Memory at 00000004df800000 (64-bit, prefetchable)",
    "\t\tVF Migration: offset: 00000000, BIR: 0",
};

/* How many of the lines were as expected, from the SR-IOV capability on. */
struct progress {
    unsigned int right;
    bool begun;
};

static bool is_same(const char *one, const char *other)
{
    while (*one != '\0' && *one == *other) {
        one++;
        other++;
    }
    return *one == *other;
}

static void compare(void *context, const char *line)
{
    struct progress *progress = context;
    const char *expected = progress->right < LINES ? expected_lines[progress->right] : 0;

    if (expected != 0 && is_same(line, expected)) {
        progress->begun = true;
        progress->right++;
    } else if (progress->begun) {
        progress->right = LINES + 1;
    }
}

CLAIM(pci_virtual_functions_are_described_as_lspci_does)
{
    struct dd_pci_access access = pci_script_open();
    struct progress progress = {0};
    const struct dd_pci_print print = {
        .access = &access, .address = pci_script_address, .emit = compare, .context = &progress};

    pci_script_put(0x40, 0x00020010);
    pci_script_put(0x100, 0x20010000);
    pci_script_put(AT, 0x00010010);
    pci_script_put(AT + 0x08, 0x00000019);
    pci_script_put(AT + 0x0C, 0x00100008);
    pci_script_put(AT + 0x10, 0x00010007);
    pci_script_put(AT + 0x14, 0x00020180);
    pci_script_put(AT + 0x18, 0x15200000);
    pci_script_put(AT + 0x1C, 0x00000553);
    pci_script_put(AT + 0x20, 0x00000001);
    pci_script_put(AT + 0x24, 0xDF80000C);
    pci_script_put(AT + 0x28, 0x00000004);
    CLAIM_OK(dd_pci_print_capabilities(&print));
    CLAIM_EQUAL(progress.right, 9);
}
