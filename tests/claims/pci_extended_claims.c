/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Claims about capabilities of the extended list that change something: those that
 * devices of fixtures/pci-dumps/machines/qemu-q35-claims.args have, and a scripted
 * function for the others. Sections are of [PCIe 6].
 */
#include "drydock/pci_acs.h"
#include "drydock/pci_cap.h"
#include "drydock/pci_extended.h"
#include "drydock/pci_latency.h"
#include "drydock/pci_npem.h"
#include "drydock/pci_power_budget.h"
#include "drydock/pci_tph.h"
#include "drydock/pci_translation.h"
#include "drydock/pci_vc.h"
#include "tests/claims/claim.h"
#include "tests/claims/pci_machine.h"
#include "tests/claims/pci_script.h"

/* The capability in hand, of the scripted function. */
#define AT PCI_SCRIPT_EXTENDED

/* ---- Of the machine ---- */

CLAIM(pci_extended_capabilities_of_the_machine_are_found_by_id)
{
    struct dd_pci_access access;
    uint16_t offset = 0;
    uint64_t serial = 0;

    CLAIM_OK(pci_machine_open_ecam(&access));
    CLAIM_OK(dd_pci_find_extended_capability(&access, pci_at(3, 0, 0), 0x0003, &offset));
    CLAIM_EQUAL(offset, 0x140);
    CLAIM_OK(dd_pci_dsn_read(&access, pci_at(3, 0, 0), offset, &serial));
    CLAIM_EQUAL(serial >> 24 & 0xFFFF, 0xFFFF); /* an EUI-64 made of a MAC address */
    CLAIM_OK(dd_pci_find_extended_capability(&access, pci_at(0, 2, 0), 0x000D, &offset));
    CLAIM_EQUAL(offset, 0x148);
    CLAIM_STATUS(dd_pci_find_extended_capability(&access, pci_at(0, 2, 0), 0x0010, &offset),
                 DD_ENOENT);
    CLAIM_STATUS(dd_pci_find_extended_capability(&access, pci_at(5, 0, 0), 0x0001, &offset),
                 DD_ENODEV);
    CLAIM_EQUAL(offset, 0x148);
}

/* 7.7.11: 00:02.0 has all services but egress control. */
CLAIM(pci_access_control_services_are_enabled_and_disabled)
{
    struct dd_pci_access access;
    struct dd_pci_acs before;
    struct dd_pci_acs acs;

    CLAIM_OK(pci_machine_open_ecam(&access));
    CLAIM_OK(dd_pci_acs_read(&access, pci_at(0, 2, 0), 0x148, &before));
    CLAIM_EQUAL(before.capability & 0x7F, 0x5F);
    CLAIM_OK(dd_pci_acs_set_services(&access, pci_at(0, 2, 0), 0x148, 0x1D));
    CLAIM_OK(dd_pci_acs_read(&access, pci_at(0, 2, 0), 0x148, &acs));
    CLAIM_OK(dd_pci_acs_set_services(&access, pci_at(0, 2, 0), 0x148, before.control & 0x1FFF));
    CLAIM_EQUAL(acs.control, 0x1D);
    CLAIM_STATUS(dd_pci_acs_set_services(&access, pci_at(0, 2, 0), 0x148, 0x20), DD_ENOTSUP);
}

/* ---- Translation ---- */

/* 10.5.1.3 */
CLAIM(pci_translations_are_cached_from_a_smallest_page_on)
{
    struct dd_pci_access access = pci_script_open_extended(0x0001000F);

    pci_script_put(AT + 0x04, 0x00000060);
    pci_script_allow(AT + 0x04, 0x801F0000);
    CLAIM_OK(dd_pci_ats_enable(&access, pci_script_address, AT, 13));
    CLAIM_EQUAL(pci_script_get(AT + 0x04), 0x80010060);
    CLAIM_STATUS(dd_pci_ats_enable(&access, pci_script_address, AT, 12), DD_EEXIST);
    CLAIM_OK(dd_pci_ats_disable(&access, pci_script_address, AT));
    CLAIM_EQUAL(pci_script_get(AT + 0x04), 0x00010060);
}

/* 10.5.2 and 7.8.9 */
CLAIM(pci_page_requests_and_address_spaces_are_enabled_in_order)
{
    struct dd_pci_access access = pci_script_open_extended(0x00010013);
    struct dd_pci_pri_setting setting = {AT, 8, &pci_script_delay};

    pci_script_put(AT + 0x04, 0x01000000);
    pci_script_put(AT + 0x08, 8);
    pci_script_allow(AT + 0x04, 0x00000003);
    pci_script_allow(AT + 0x0C, 0xFFFFFFFF);
    CLAIM_OK(dd_pci_pri_enable(&access, pci_script_address, &setting));
    CLAIM_EQUAL(pci_script_get(AT + 0x04), 0x01000001);
    CLAIM_EQUAL(pci_script_get(AT + 0x0C), 8);
    CLAIM_EQUAL(pci_script_writes(), 3);
    setting.allocation = 9;
    CLAIM_STATUS(dd_pci_pri_enable(&access, pci_script_address, &setting), DD_EARG);
    CLAIM_OK(dd_pci_pri_disable(&access, pci_script_address, AT));
    CLAIM_EQUAL(pci_script_get(AT + 0x04), 0x01000000);
    access = pci_script_open_extended(0x0001001B);
    pci_script_put(AT + 0x04, 0x00001402);
    pci_script_allow(AT + 0x04, 0x00070000);
    CLAIM_OK(dd_pci_pasid_set_control(&access, pci_script_address, AT, 0x3));
    CLAIM_EQUAL(pci_script_get(AT + 0x04), 0x00031402);
    CLAIM_STATUS(dd_pci_pasid_set_control(&access, pci_script_address, AT, 0x5), DD_ENOTSUP);
}

/* ---- Latency: 7.8.2.2, 7.8.3.3, 7.9.15.3 ---- */

CLAIM(pci_latencies_are_set_in_nanoseconds)
{
    struct dd_pci_access access = pci_script_open_extended(0x00010018);
    struct dd_pci_ltr ltr;

    pci_script_allow(AT + 0x04, 0x1FFF1FFF);
    CLAIM_OK(dd_pci_ltr_set_latencies(&access, pci_script_address, AT, 3145728, 70000));
    CLAIM_OK(dd_pci_ltr_read(&access, pci_script_address, AT, &ltr));
    CLAIM_EQUAL(ltr.max_snoop, 0x0C60);
    CLAIM_EQUAL(dd_pci_ltr_nanoseconds(ltr.max_snoop), 3145728);
    CLAIM_EQUAL(dd_pci_ltr_nanoseconds(ltr.max_no_snoop), 70656); /* 69 times 1024 */
    CLAIM_STATUS(dd_pci_ltr_set_latencies(&access, pci_script_address, AT, 0, UINT64_C(1) << 36),
                 DD_EARG);
}

CLAIM(pci_substates_of_l1_and_time_are_switched_on)
{
    struct dd_pci_access access = pci_script_open_extended(0x0001001E);

    pci_script_put(AT + 0x04, 0x0028041F);
    pci_script_put(AT + 0x08, 0x40A00400);
    pci_script_allow(AT + 0x08, 0xE3FFFF3F);
    CLAIM_OK(dd_pci_l1ss_set_substates(&access, pci_script_address, AT, 0x5));
    CLAIM_EQUAL(pci_script_get(AT + 0x08), 0x40A00405);
    CLAIM_STATUS(dd_pci_l1ss_set_substates(&access, pci_script_address, AT, 0x20), DD_EARG);
    access = pci_script_open_extended(0x0001001F);
    pci_script_put(AT + 0x04, 0x00000406);
    pci_script_allow(AT + 0x08, 0x0000FF03);
    CLAIM_OK(dd_pci_ptm_set_role(&access, pci_script_address, AT, DD_PCI_PTM_IS_ROOT, 4));
    CLAIM_EQUAL(pci_script_get(AT + 0x08), 0x00000403);
    CLAIM_OK(dd_pci_ptm_set_role(&access, pci_script_address, AT, DD_PCI_PTM_OFF, 0));
    CLAIM_EQUAL(pci_script_get(AT + 0x08), 0x00000000);
}

/* ---- Channels, tags, power, lights ---- */

/* 7.9.1.8 */
CLAIM(pci_a_channel_is_negotiated_or_given_up)
{
    struct dd_pci_access access = pci_script_open_extended(0x00010002);
    struct dd_pci_vc_setting setting = {AT, 1, 1, 0x80};
    struct dd_pci_vc vc;

    pci_script_put(AT + 0x04, 0x00000001);
    pci_script_put(AT + 0x14, 0x800000FF);
    pci_script_allow(AT + 0x14, 0x000000FE);
    pci_script_allow(AT + 0x20, 0x870E00FE);
    CLAIM_OK(dd_pci_vc_enable(&access, pci_script_address, &setting));
    CLAIM_EQUAL(pci_script_get(AT + 0x20), 0x81000080);
    CLAIM_EQUAL(pci_script_get(AT + 0x14), 0x8000007F); /* a traffic class takes one channel */
    CLAIM_OK(dd_pci_vc_read(&access, pci_script_address, AT, &vc));
    CLAIM_OK(dd_pci_vc_await(&access, pci_script_address, &vc, 1, &pci_script_delay));
    pci_script_put(AT + 0x24, 0x00020000);
    CLAIM_STATUS(dd_pci_vc_await(&access, pci_script_address, &vc, 1, &pci_script_delay),
                 DD_ETIMEOUT);
    CLAIM_OK(dd_pci_vc_disable(&access, pci_script_address, &vc, 1));
    CLAIM_EQUAL(pci_script_get(AT + 0x20), 0x01000080);
    CLAIM_EQUAL(pci_script_get(AT + 0x14), 0x800000FF);
    setting.channel = 2;
    CLAIM_STATUS(dd_pci_vc_enable(&access, pci_script_address, &setting), DD_EARG);
}

/* 7.9.13 */
CLAIM(pci_a_steering_tag_is_written_into_the_table)
{
    struct dd_pci_access access = pci_script_open_extended(0x00010017);
    struct dd_pci_tph tph;
    uint16_t tag = 0;

    pci_script_put(AT + 0x04, 0x00010203);
    pci_script_allow(AT + 0x08, 0x00000307);
    pci_script_allow(AT + 0x0C, 0xFFFFFFFF);
    CLAIM_OK(dd_pci_tph_read(&access, pci_script_address, AT, &tph));
    CLAIM_EQUAL(dd_pci_tph_entries(&tph), 2);
    CLAIM_OK(dd_pci_tph_write_tag(&access, pci_script_address, &tph, 1, 0x00A5));
    CLAIM_EQUAL(pci_script_get(AT + 0x0C), 0x00A50000);
    CLAIM_OK(dd_pci_tph_read_tag(&access, pci_script_address, &tph, 1, &tag));
    CLAIM_EQUAL(tag, 0x00A5);
    CLAIM_STATUS(dd_pci_tph_read_tag(&access, pci_script_address, &tph, 2, &tag), DD_EARG);
    CLAIM_OK(dd_pci_tph_set_mode(&access, pci_script_address, &tph,
                                 DD_PCI_TPH_MODE_INTERRUPT_VECTOR, DD_PCI_TPH_REQUESTS_ON));
    CLAIM_EQUAL(pci_script_get(AT + 0x08), 0x00000101);
}

/* 7.8.1, 7.9.12 and 7.9.19 */
CLAIM(pci_power_and_lights_of_a_slot_are_managed)
{
    struct dd_pci_access access = pci_script_open_extended(0x00010004);
    const struct dd_pci_npem_setting setting = {AT, 0x8, &pci_script_delay};
    struct dd_pci_dpa dpa;
    uint32_t budget = 0;

    pci_script_allow(AT + 0x04, 0x000000FF);
    pci_script_put(AT + 0x08, 0x000001FA);
    CLAIM_OK(dd_pci_power_budget_read(&access, pci_script_address, AT, 1, &budget));
    CLAIM_EQUAL(dd_pci_power_budget_milliwatts(budget), 25000);
    CLAIM_EQUAL(pci_script_get(AT + 0x04), 1);
    access = pci_script_open_extended(0x00010016);
    pci_script_put(AT + 0x04, 0x00000001);
    pci_script_put(AT + 0x0C, 0x00000100);
    pci_script_allow(AT + 0x0C, 0x001F0000);
    CLAIM_OK(dd_pci_dpa_read(&access, pci_script_address, AT, &dpa));
    CLAIM_OK(dd_pci_dpa_set_substate(&access, pci_script_address, &dpa, 1));
    CLAIM_EQUAL(pci_script_get(AT + 0x0C), 0x00010100);
    CLAIM_STATUS(dd_pci_dpa_set_substate(&access, pci_script_address, &dpa, 2), DD_EARG);
    access = pci_script_open_extended(0x00010029);
    pci_script_put(AT + 0x04, 0x0000000D);
    pci_script_put(AT + 0x0C, 0x00000001);
    pci_script_allow(AT + 0x08, 0x00000FFF);
    CLAIM_OK(dd_pci_npem_set_indications(&access, pci_script_address, &setting));
    CLAIM_EQUAL(pci_script_get(AT + 0x08), 0x00000009);
}
