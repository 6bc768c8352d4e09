/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Claims about capabilities of links: the extended ones of PCI Express, and those of PCI-X and
 * HyperTransport, which no device of the claims' machine has.
 */
#include "drydock/pci_express_extended.h"
#include "drydock/pci_ht.h"
#include "drydock/pci_pcix.h"
#include "drydock/pci_print.h"
#include "drydock/text.h"
#include "tests/claims/claim.h"
#include "tests/claims/pci_script.h"

#define FIRST    0x40u
#define EXTENDED 0x100u

/* Bytes that count, so that each register can be told by what it holds. */
static struct dd_pci_access open_counting(unsigned int at)
{
    struct dd_pci_access access = pci_script_open();

    for (uint32_t i = 0; i < 0x60; i += 4) {
        pci_script_put(at + i, 0x03020100 + 0x04040404 * (i / 4));
    }
    return access;
}

/* ---- Lanes: [PCIe 6] 7.7.3 to 7.7.10 ---- */

CLAIM(pci_lanes_are_read_as_many_as_the_link_has)
{
    struct dd_pci_access access = open_counting(EXTENDED);
    struct dd_pci_secondary_express secondary;
    struct dd_pci_physical_16gt physical;
    struct dd_pci_lane_margining margining;

    CLAIM_OK(dd_pci_secondary_express_read(&access, pci_script_address, EXTENDED, 4, &secondary));
    CLAIM_EQUAL(secondary.lane_errors, 0x0B0A0908);
    CLAIM_EQUAL(secondary.equalization[3], 0x1312);
    CLAIM_EQUAL(secondary.equalization[4], 0);
    CLAIM_OK(dd_pci_physical_16gt_read(&access, pci_script_address, EXTENDED, 32, &physical));
    CLAIM_EQUAL(physical.local_parity, 0x13121110);
    CLAIM_EQUAL(physical.equalization[31], 0x3F);
    CLAIM_OK(dd_pci_lane_margining_read(&access, pci_script_address, EXTENDED, 2, &margining));
    CLAIM_EQUAL(margining.margins[1].control, 0x0D0C);
    CLAIM_EQUAL(margining.margins[1].status, 0x0F0E);
    CLAIM_STATUS(dd_pci_physical_16gt_read(&access, pci_script_address, EXTENDED, 33, &physical),
                 DD_EARG);
    CLAIM_STATUS(dd_pci_physical_16gt_read(&access, pci_script_address, 0xFF0, 16, &physical),
                 DD_EMALFORMED);
}

CLAIM(pci_fast_links_have_registers_for_each_speed)
{
    struct dd_pci_access access = open_counting(EXTENDED);
    struct dd_pci_physical_32gt physical_32gt;
    struct dd_pci_physical_64gt physical_64gt;

    CLAIM_OK(dd_pci_physical_32gt_read(&access, pci_script_address, EXTENDED, 1, &physical_32gt));
    CLAIM_EQUAL(physical_32gt.status, 0x0F0E0D0C);
    CLAIM_EQUAL(physical_32gt.transmitted[1], 0x1F1E1D1C);
    CLAIM_EQUAL(physical_32gt.equalization[0], 0x20);
    CLAIM_OK(dd_pci_physical_64gt_read(&access, pci_script_address, EXTENDED, 1, &physical_64gt));
    CLAIM_EQUAL(physical_64gt.status, 0x0F0E0D0C);
    CLAIM_EQUAL(physical_64gt.equalization[0], 0x10);
    pci_script_vanish_after(2);
    CLAIM_STATUS(
        dd_pci_physical_64gt_read(&access, pci_script_address, EXTENDED, 1, &physical_64gt),
        DD_ENODEV);
}

CLAIM(pci_features_of_a_link_and_its_devices_are_decoded)
{
    struct dd_pci_access access = open_counting(EXTENDED);
    struct dd_pci_data_link_feature feature;
    struct dd_pci_alternate_protocol protocol;
    struct dd_pci_device3 device3;

    CLAIM_OK(dd_pci_data_link_feature_read(&access, pci_script_address, EXTENDED, &feature));
    CLAIM_EQUAL(feature.status, 0x0B0A0908);
    CLAIM_OK(dd_pci_device3_read(&access, pci_script_address, EXTENDED, &device3));
    CLAIM_EQUAL(device3.control, 0x0B0A0908);
    CLAIM_OK(dd_pci_alternate_protocol_read(&access, pci_script_address, EXTENDED, &protocol));
    CLAIM_EQUAL(protocol.selective_enable, 0x17161514);
    pci_script_put(EXTENDED + 4, 0x00000003);
    CLAIM_OK(dd_pci_alternate_protocol_read(&access, pci_script_address, EXTENDED, &protocol));
    CLAIM_EQUAL(protocol.selective_enable, 0);
    CLAIM_EQUAL(protocol.data[1], 0x13121110);
}

/* ---- PCI-X: [PCI-X 2.0] 7.2, 8.6.2 ---- */

CLAIM(pci_x_functions_and_bridges_have_registers_of_their_own)
{
    struct dd_pci_access access = open_counting(FIRST);
    struct dd_pci_pcix pcix;
    struct dd_pci_pcix_bridge bridge;

    pci_script_put(FIRST, 0x00550007); /* version 0 */
    CLAIM_OK(dd_pci_pcix_read(&access, pci_script_address, FIRST, &pcix));
    CLAIM_EQUAL(pcix.command, 0x0055);
    CLAIM_EQUAL(pcix.status, 0x07060504);
    CLAIM_EQUAL(pcix.ecc.control, 0);
    pci_script_put(FIRST, 0x10550007);
    CLAIM_OK(dd_pci_pcix_read_bridge(&access, pci_script_address, FIRST, &bridge));
    CLAIM_EQUAL(bridge.downstream, 0x0F0E0D0C);
    CLAIM_EQUAL(bridge.ecc.attribute, 0x1F1E1D1C);
}

CLAIM(pci_x_reads_are_as_long_as_the_function_was_designed_for)
{
    struct dd_pci_access access = pci_script_open();
    struct dd_pci_pcix pcix;

    pci_script_put(FIRST, 0x00720007);
    pci_script_put(FIRST + 4, 0x00400000); /* 2048 */
    pci_script_allow(FIRST, 0x007F0000);
    CLAIM_OK(dd_pci_pcix_read(&access, pci_script_address, FIRST, &pcix));
    CLAIM_EQUAL(dd_pci_pcix_outstanding(7), 32);
    CLAIM_OK(dd_pci_pcix_set_read_size(&access, pci_script_address, &pcix, 2048));
    CLAIM_EQUAL(pci_script_get(FIRST), 0x007A0007);
    CLAIM_STATUS(dd_pci_pcix_set_read_size(&access, pci_script_address, &pcix, 4096), DD_ENOTSUP);
    CLAIM_STATUS(dd_pci_pcix_set_read_size(&access, pci_script_address, &pcix, 100), DD_EARG);
    CLAIM_EQUAL(pci_script_writes(), 1);
}

/* ---- HyperTransport: [HT 3.10] 7 ---- */

CLAIM(pci_hypertransport_interfaces_have_one_link_or_two)
{
    struct dd_pci_access access = open_counting(FIRST);
    struct dd_pci_ht_interface interface;

    pci_script_put(FIRST, 0x00000008);
    CLAIM_OK(dd_pci_ht_read_interface(&access, pci_script_address, FIRST, &interface));
    CLAIM_EQUAL(interface.type, 0x00);
    CLAIM_EQUAL(interface.link_count, 2);
    CLAIM_EQUAL(interface.links[1].frequencies, 0x1312);
    CLAIM_EQUAL(interface.bus, 0x1A);
    pci_script_put(FIRST, 0x20000008);
    CLAIM_OK(dd_pci_ht_read_interface(&access, pci_script_address, FIRST, &interface));
    CLAIM_EQUAL(interface.type, 0x04);
    CLAIM_EQUAL(interface.link_count, 1);
    CLAIM_EQUAL(interface.links[0].frequencies, 0x0B0A);
    pci_script_put(FIRST, 0x88000008);
    CLAIM_STATUS(dd_pci_ht_read_interface(&access, pci_script_address, FIRST, &interface),
                 DD_ENOTSUP);
    CLAIM_EQUAL(dd_pci_ht_frequency(6), 1000);
    CLAIM_EQUAL(dd_pci_ht_width(1), 16);
}

CLAIM(pci_hypertransport_maps_messages_where_it_is_told)
{
    struct dd_pci_access access = pci_script_open();
    struct dd_pci_ht_msi_mapping mapping;

    pci_script_put(FIRST, 0xA8000008);
    pci_script_put(FIRST + 4, 0xFEE00000);
    pci_script_put(FIRST + 8, 0x00000001);
    pci_script_allow(FIRST, 0x00010000);
    CLAIM_OK(dd_pci_ht_read_msi_mapping(&access, pci_script_address, FIRST, &mapping));
    CLAIM_EQUAL(mapping.base, 0x1FEE00000);
    CLAIM_OK(dd_pci_ht_enable_msi_mapping(&access, pci_script_address, &mapping));
    CLAIM_EQUAL(pci_script_get(FIRST), 0xA8010008);
    CLAIM_OK(dd_pci_ht_disable_msi_mapping(&access, pci_script_address, &mapping));
    CLAIM_EQUAL(pci_script_get(FIRST), 0xA8000008);
}

/* ---- In words ---- */

static void note_line(void *context, const char *line)
{
    dd_text_format(context, "%s|", line);
}

/* What lspci prints of it. */
CLAIM(pci_links_are_described_as_lspci_does)
{
    static char buffer[1024];
    struct dd_text text;
    struct dd_pci_access access = pci_script_open();
    const struct dd_pci_print request = {
        .access = &access, .address = pci_script_address, .emit = note_line, .context = &text};

    dd_text_init(&text, buffer, sizeof buffer);
    pci_script_put(0x44, 0x10008000);
    pci_script_put(0x50, 0xA8030008);
    pci_script_put(0x100, 0x00010019);
    pci_script_put(0x108, 0x00000021);
    pci_script_put(0x40, 0x00915010); /* an integrated endpoint, then a mapping of HyperTransport */
    CLAIM_OK(dd_pci_print_capabilities(&request));
    CLAIM_TEXT(buffer, "\tCapabilities: [40] Express (v1) Root Complex Integrated Endpoint, MSI 00|"
                       "\t\tDevCap:\tMaxPayload 128 bytes, PhantFunc 0|"
                       "\t\t\tExtTag- RBE+ FLReset+|"
                       "\t\tDevCtl:\tCorrErr- NonFatalErr- FatalErr- UnsupReq-|"
                       "\t\t\tRlxdOrd- ExtTag- PhantFunc- AuxPwr- NoSnoop- FLReset-|"
                       "\t\t\tMaxPayload 128 bytes, MaxReadReq 128 bytes|"
                       "\t\tDevSta:\tCorrErr- NonFatalErr- FatalErr- UnsupReq- AuxPwr- TransPend-|"
                       "\tCapabilities: [50] HyperTransport: MSI Mapping Enable+ Fixed+|"
                       "\tCapabilities: [100 v1] Secondary PCI Express|"
                       "\t\tLnkCtl3: LnkEquIntrruptEn- PerformEqu-|"
                       "\t\tLaneErrStat: LaneErr at lane: 0 5|");
}
