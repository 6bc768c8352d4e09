/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Claims about base address registers and capabilities of the devices of
 * fixtures/pci-dumps/machines/qemu-q35-claims.args. Sizes and lists are the
 * devices'; lspci shows the same in fixtures/pci-dumps/qemu-q35-claims.lspci.
 */
#include "drydock/pci.h"
#include "drydock/pci_bar.h"
#include "drydock/pci_cap.h"
#include "drydock/pci_header.h"
#include "tests/claims/claim.h"
#include "tests/claims/pci_machine.h"

/* ---- Base address registers: [PCI 3.0] 6.2.5 ---- */

/* A register as it must be; size 0: not implemented. */
struct expected_bar {
    enum dd_pci_bar_kind kind;
    bool prefetchable;
    uint64_t size;
};

static bool is_bar(const struct dd_pci_bar *bar, const struct expected_bar *expected)
{
    if (expected->size == 0) {
        return bar->status == DD_ENOENT && bar->size == 0;
    }
    return bar->status == DD_OK && bar->kind == expected->kind &&
           bar->prefetchable == expected->prefetchable && bar->size == expected->size &&
           dd_is_aligned(bar->base, bar->size);
}

/* The first register of a function that is not as expected; 7 if all are, 8 if they cannot be sized. */
static unsigned int first_wrong_bar(struct dd_pci_address address,
                                    const struct expected_bar *expected)
{
    struct dd_pci_access access;
    struct dd_pci_bar bars[DD_PCI_BARS];
    unsigned int i = 0;

    dd_pci_access_init_mechanism1(&access);
    if (dd_pci_size_bars(&access, address, bars) != DD_OK) {
        return 8;
    }
    while (i < 7 && is_bar(&bars[i], &expected[i])) {
        i++;
    }
    return i;
}

CLAIM(pci_network_card_has_three_memory_and_one_io_range)
{
    static const struct expected_bar expected[7] = {
        [0] = {DD_PCI_BAR_KIND_MEMORY32, false, 0x20000},
        [1] = {DD_PCI_BAR_KIND_MEMORY32, false, 0x20000},
        [2] = {DD_PCI_BAR_KIND_IO, false, 0x20},
        [3] = {DD_PCI_BAR_KIND_MEMORY32, false, 0x4000},
    };

    CLAIM_EQUAL(first_wrong_bar(pci_at(3, 0, 0), expected), 7);
}

CLAIM(pci_nvme_has_one_64_bit_range)
{
    static const struct expected_bar expected[7] = {
        [0] = {DD_PCI_BAR_KIND_MEMORY64, false, 0x4000},
    };

    CLAIM_EQUAL(first_wrong_bar(pci_at(4, 0, 0), expected), 7);
}

CLAIM(pci_virtio_has_a_prefetchable_64_bit_range_at_index_4)
{
    static const struct expected_bar expected[7] = {
        [0] = {DD_PCI_BAR_KIND_IO, false, 0x20},
        [1] = {DD_PCI_BAR_KIND_MEMORY32, false, 0x1000},
        [4] = {DD_PCI_BAR_KIND_MEMORY64, true, 0x4000},
    };

    CLAIM_EQUAL(first_wrong_bar(pci_at(0, 3, 0), expected), 7);
}

CLAIM(pci_display_has_a_prefetchable_range_and_an_expansion_rom)
{
    static const struct expected_bar expected[7] = {
        [0] = {DD_PCI_BAR_KIND_MEMORY32, true, 0x1000000},
        [2] = {DD_PCI_BAR_KIND_MEMORY32, false, 0x1000},
        [6] = {DD_PCI_BAR_KIND_ROM, false, 0x8000},
    };

    CLAIM_EQUAL(first_wrong_bar(pci_at(0, 5, 0), expected), 7);
}

CLAIM(pci_bridges_have_at_most_two_registers)
{
    static const struct expected_bar root_port[7] = {
        [0] = {DD_PCI_BAR_KIND_MEMORY32, false, 0x1000},
    };
    static const struct expected_bar conventional[7] = {
        [0] = {DD_PCI_BAR_KIND_MEMORY64, false, 0x100},
    };
    static const struct expected_bar none[7] = {{.size = 0}};

    CLAIM_EQUAL(first_wrong_bar(pci_at(0, 2, 0), root_port), 7);
    CLAIM_EQUAL(first_wrong_bar(pci_at(6, 1, 0), conventional), 7);
    CLAIM_EQUAL(first_wrong_bar(pci_at(1, 0, 0), none), 7);
}

CLAIM(pci_sizing_leaves_every_header_as_it_was)
{
    struct dd_pci_access access;
    struct pci_functions functions;
    struct dd_pci_bar bars[DD_PCI_BARS];
    struct dd_pci_header before;
    struct dd_pci_header after;

    CLAIM_OK(pci_machine_open_ecam(&access));
    CLAIM_OK(pci_machine_scan(&access, &functions));
    CLAIM_EQUAL(functions.count, PCI_MACHINE_FUNCTIONS);
    /* The first is the host bridge, which is left alone. */
    for (unsigned int i = 1; i < PCI_MACHINE_FUNCTIONS; i++) {
        struct dd_pci_address address = functions.list[i].address;

        CLAIM_OK(dd_pci_read_header(&access, address, &before));
        CLAIM_OK(dd_pci_size_bars(&access, address, bars));
        CLAIM_OK(dd_pci_read_header(&access, address, &after));
        for (unsigned int dword = 0; dword < 16; dword++) {
            CLAIM_EQUAL(after.dwords[dword], before.dwords[dword]);
        }
    }
}

CLAIM(pci_sizing_an_absent_function_changes_nothing)
{
    struct dd_pci_access access;
    struct dd_pci_bar bars[DD_PCI_BARS] = {{.size = 0x1234}};

    dd_pci_access_init_mechanism1(&access);
    CLAIM_STATUS(dd_pci_size_bars(&access, pci_at(5, 0, 0), bars), DD_ENODEV);
    CLAIM_EQUAL(bars[0].size, 0x1234);
}

/* ---- Capabilities: [PCI 3.0] 6.7, [PCIe 6] 7.6 ---- */

/* Whether the list is these entries in this order. */
static bool is_list(const struct pci_capabilities *actual, const struct dd_pci_capability *expected,
                    unsigned int count)
{
    if (actual->count != count) {
        return false;
    }
    for (unsigned int i = 0; i < count; i++) {
        if (actual->list[i].id != expected[i].id || actual->list[i].offset != expected[i].offset ||
            actual->list[i].version != expected[i].version) {
            return false;
        }
    }
    return true;
}

CLAIM(pci_network_card_has_four_capabilities_and_two_extended_ones)
{
    static const struct dd_pci_capability first[] = {
        {0x01, 0xC8, 0}, {0x05, 0xD0, 0}, {0x10, 0xE0, 0}, {0x11, 0xA0, 0}};
    static const struct dd_pci_capability extended[] = {{0x0001, 0x100, 2}, {0x0003, 0x140, 1}};
    struct dd_pci_access access;
    struct pci_capabilities found;
    struct dd_pci_capability_visitor visitor = pci_collect_capabilities(&found);

    CLAIM_OK(pci_machine_open_ecam(&access));
    CLAIM_OK(dd_pci_walk_capabilities(&access, pci_at(3, 0, 0), &visitor));
    CLAIM_TRUE(is_list(&found, first, 4));
    visitor = pci_collect_capabilities(&found);
    CLAIM_OK(dd_pci_walk_extended_capabilities(&access, pci_at(3, 0, 0), &visitor));
    CLAIM_TRUE(is_list(&found, extended, 2));
}

CLAIM(pci_root_port_has_three_capabilities_and_two_extended_ones)
{
    static const struct dd_pci_capability first[] = {
        {0x10, 0x54, 0}, {0x11, 0x48, 0}, {0x0D, 0x40, 0}};
    static const struct dd_pci_capability extended[] = {{0x0001, 0x100, 2}, {0x000D, 0x148, 1}};
    struct dd_pci_access access;
    struct pci_capabilities found;
    struct dd_pci_capability_visitor visitor = pci_collect_capabilities(&found);

    CLAIM_OK(pci_machine_open_ecam(&access));
    CLAIM_OK(dd_pci_walk_capabilities(&access, pci_at(0, 2, 0), &visitor));
    CLAIM_TRUE(is_list(&found, first, 3));
    visitor = pci_collect_capabilities(&found);
    CLAIM_OK(dd_pci_walk_extended_capabilities(&access, pci_at(0, 2, 0), &visitor));
    CLAIM_TRUE(is_list(&found, extended, 2));
}

/* nvme: PCI Express with nothing at 0x100. rtl8139: conventional and without a list. */
CLAIM(pci_lists_may_be_empty)
{
    struct dd_pci_access access;
    struct pci_capabilities found;
    struct dd_pci_capability_visitor visitor = pci_collect_capabilities(&found);

    CLAIM_OK(pci_machine_open_ecam(&access));
    CLAIM_OK(dd_pci_walk_extended_capabilities(&access, pci_at(4, 0, 0), &visitor));
    CLAIM_OK(dd_pci_walk_extended_capabilities(&access, pci_at(7, 1, 0), &visitor));
    CLAIM_OK(dd_pci_walk_capabilities(&access, pci_at(7, 1, 0), &visitor));
    CLAIM_EQUAL(found.count, 0);
    CLAIM_OK(dd_pci_walk_capabilities(&access, pci_at(4, 0, 0), &visitor));
    CLAIM_EQUAL(found.count, 3);
}

CLAIM(pci_a_capability_is_found_by_its_id)
{
    struct dd_pci_access access;
    uint16_t offset = 0x1234;

    dd_pci_access_init_mechanism1(&access);
    CLAIM_OK(dd_pci_find_capability(&access, pci_at(0, 0x1F, 2), 0x05, &offset));
    CLAIM_EQUAL(offset, 0x80);
    CLAIM_OK(dd_pci_find_capability(&access, pci_at(6, 1, 0), 0x0C, &offset));
    CLAIM_EQUAL(offset, 0x40);
    CLAIM_STATUS(dd_pci_find_capability(&access, pci_at(6, 1, 0), 0x10, &offset), DD_ENOENT);
    CLAIM_STATUS(dd_pci_find_capability(&access, pci_at(5, 0, 0), 0x10, &offset), DD_ENODEV);
    CLAIM_EQUAL(offset, 0x40);
}

CLAIM(pci_mechanism_1_does_not_reach_extended_capabilities)
{
    struct dd_pci_access access;
    struct pci_capabilities found;
    const struct dd_pci_capability_visitor visitor = pci_collect_capabilities(&found);

    dd_pci_access_init_mechanism1(&access);
    CLAIM_STATUS(dd_pci_walk_extended_capabilities(&access, pci_at(3, 0, 0), &visitor), DD_ENOTSUP);
    CLAIM_EQUAL(found.count, 0);
}
