/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Claims about virtual functions, and about ranges of several sizes. Sections are of [PCIe 6].
 */
#include "drydock/pci_rebar.h"
#include "drydock/pci_sriov.h"
#include "tests/claims/claim.h"
#include "tests/claims/pci_script.h"

/* The capability in hand, of the scripted function. */
#define AT PCI_SCRIPT_EXTENDED

static struct dd_pci_access open_sriov(void)
{
    struct dd_pci_access access = pci_script_open_extended(0x00010010);

    pci_script_allow(AT + 0x08, 0x0000007F);
    pci_script_put(AT + 0x0C, 0x00080008);
    pci_script_allow(AT + 0x10, 0x0000FFFF);
    pci_script_put(AT + 0x14, 0x00020180);
    pci_script_put(AT + 0x1C, 0x00000553);
    pci_script_allow(AT + 0x20, 0xFFFFFFFF);
    pci_script_put(AT + 0x24, 0x0000000C);
    pci_script_allow(AT + 0x24, 0xFFFFC000);
    pci_script_allow(AT + 0x28, 0xFFFFFFFF);
    return access;
}

CLAIM(pci_virtual_functions_appear_where_the_registers_say)
{
    struct dd_pci_access access = open_sriov();
    const struct dd_pci_sriov_setting setting = {AT, 4, 0x10000, &pci_script_delay};
    struct dd_pci_sriov sriov;
    struct dd_pci_address vf = {.bus = 0};

    CLAIM_OK(dd_pci_sriov_enable(&access, pci_script_address, &setting));
    CLAIM_EQUAL(pci_script_get(AT + 0x08), 0x00000009);
    CLAIM_EQUAL(pci_script_get(AT + 0x10) & 0xFFFF, 4);
    CLAIM_EQUAL(pci_script_get(AT + 0x20), 0x10);
    CLAIM_EQUAL(pci_script_waited(), 100000);
    CLAIM_OK(dd_pci_sriov_read(&access, pci_script_address, AT, &sriov));
    CLAIM_OK(dd_pci_sriov_vf_address(&sriov, pci_script_address, 3, &vf));
    CLAIM_EQUAL(vf.bus, 1);
    CLAIM_EQUAL(vf.device, 16);
    CLAIM_EQUAL(vf.function, 6);
    CLAIM_STATUS(dd_pci_sriov_vf_address(&sriov, pci_script_address, 4, &vf), DD_EARG);
    CLAIM_STATUS(dd_pci_sriov_enable(&access, pci_script_address, &setting), DD_EEXIST);
    CLAIM_OK(dd_pci_sriov_disable(&access, pci_script_address, AT, &pci_script_delay));
    CLAIM_EQUAL(pci_script_get(AT + 0x08), 0);
    CLAIM_EQUAL(pci_script_get(AT + 0x10) & 0xFFFF, 0);
    CLAIM_EQUAL(pci_script_waited(), 1100000);
}

CLAIM(pci_virtual_functions_on_later_buses_are_counted_and_nothing_changes)
{
    struct dd_pci_access access = open_sriov();
    uint8_t count = 77;

    pci_script_put(AT + 0x10, 0x00000003);
    CLAIM_OK(dd_pci_sriov_count_buses(&access, pci_script_address, AT, &count));
    CLAIM_EQUAL(count, 1); /* the eighth is 18Eh away */
    CLAIM_EQUAL(pci_script_get(AT + 0x10), 0x00000003);
    pci_script_put(AT + 0x14, 0x00020010);
    CLAIM_OK(dd_pci_sriov_count_buses(&access, pci_script_address, AT, &count));
    CLAIM_EQUAL(count, 0);
    pci_script_put(AT + 0x14, 0x00020000);
    CLAIM_STATUS(dd_pci_sriov_count_buses(&access, pci_script_address, AT, &count), DD_EMALFORMED);
    CLAIM_EQUAL(pci_script_get(AT + 0x10), 0x00000003);
}

CLAIM(pci_virtual_functions_with_impossible_addresses_do_not_appear)
{
    struct dd_pci_access access = open_sriov();
    const struct dd_pci_sriov_setting setting = {AT, 4, 4096, &pci_script_delay};

    pci_script_put(AT + 0x14, 0x00000180); /* a stride of 0 */
    CLAIM_STATUS(dd_pci_sriov_enable(&access, pci_script_address, &setting), DD_EMALFORMED);
    CLAIM_EQUAL(pci_script_get(AT + 0x08), 0);
    CLAIM_EQUAL(pci_script_get(AT + 0x10) & 0xFFFF, 0);
    CLAIM_EQUAL(pci_script_waited(), 0);
}

CLAIM(pci_ranges_of_virtual_functions_are_sized_and_left_alone)
{
    struct dd_pci_access access = open_sriov();
    struct dd_pci_bar bars[DD_PCI_VF_BARS];

    pci_script_put(AT + 0x24, 0xDF80000C);
    pci_script_put(AT + 0x28, 0x00000004);
    CLAIM_OK(dd_pci_sriov_size_bars(&access, pci_script_address, AT, bars));
    CLAIM_OK(bars[0].status);
    CLAIM_EQUAL(bars[0].base, 0x4DF800000);
    CLAIM_EQUAL(bars[0].size, 0x4000);
    CLAIM_TRUE(bars[0].prefetchable);
    CLAIM_STATUS(bars[1].status, DD_ENOENT);
    CLAIM_STATUS(bars[2].status, DD_ENOENT);
    CLAIM_EQUAL(pci_script_get(AT + 0x24), 0xDF80000C);
    CLAIM_EQUAL(pci_script_get(AT + 0x28), 0x00000004);
}

/* 7.8.6 */
CLAIM(pci_a_range_gets_one_of_the_sizes_it_can_have)
{
    struct dd_pci_access access = pci_script_open_extended(0x00010015);
    struct dd_pci_rebar rebar;

    pci_script_put(AT + 0x04, 0x00021000);
    pci_script_put(AT + 0x08, 0x00000820);
    pci_script_allow(AT + 0x08, 0x00003F00);
    pci_script_put(0x04, 0x00100000);
    CLAIM_OK(dd_pci_rebar_read(&access, pci_script_address, AT, &rebar));
    CLAIM_EQUAL(rebar.count, 1);
    CLAIM_EQUAL(dd_pci_rebar_sizes(&rebar.entries[0]), 0x210000000);
    CLAIM_EQUAL(dd_pci_rebar_size(&rebar.entries[0]), 0x10000000);
    CLAIM_OK(dd_pci_rebar_set_size(&access, pci_script_address, &rebar, 0, 0x200000000));
    CLAIM_EQUAL(pci_script_get(AT + 0x08), 0x00000D20);
    CLAIM_STATUS(dd_pci_rebar_set_size(&access, pci_script_address, &rebar, 0, 0x400000000),
                 DD_ENOTSUP);
    pci_script_put(0x04, 0x00100002);
    CLAIM_STATUS(dd_pci_rebar_set_size(&access, pci_script_address, &rebar, 0, 0x10000000),
                 DD_EEXIST);
    CLAIM_EQUAL(pci_script_get(AT + 0x08), 0x00000D20);
}
