/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Claims about the capabilities of conventional PCI: those that devices of
 * fixtures/pci-dumps/machines/qemu-q35-claims.args have, and a scripted function
 * for the others.
 */
#include "drydock/pci_af.h"
#include "drydock/pci_cap.h"
#include "drydock/pci_ea.h"
#include "drydock/pci_fpb.h"
#include "drydock/pci_msi.h"
#include "drydock/pci_msix.h"
#include "drydock/pci_pm.h"
#include "drydock/pci_simple.h"
#include "tests/claims/claim.h"
#include "tests/claims/pci_machine.h"
#include "tests/claims/pci_script.h"
#include "tests/claims/world.h"

/* The capability in hand, at 0x40 of the scripted function. */
#define AT 0x40u

/* ---- Power Management: [PCI PM 1.2] 3.2, 5.6.1 ---- */

CLAIM(pci_a_power_state_is_entered_by_one_write_and_takes_its_time)
{
    struct dd_pci_access access = pci_script_open();
    struct dd_pci_pm pm;

    pci_script_put(AT, 0xC8030001);
    pci_script_put(AT + 4, 0x00008100);
    pci_script_allow(AT + 4, 0x00000103);
    pci_script_clear(AT + 4, 0x00008000);
    CLAIM_OK(dd_pci_pm_read(&access, pci_script_address, AT, &pm));
    CLAIM_OK(
        dd_pci_pm_set_state(&access, pci_script_address, &pm, DD_PCI_PM_D3HOT, &pci_script_delay));
    CLAIM_EQUAL(pci_script_get(AT + 4), 0x00008103);
    CLAIM_EQUAL(pci_script_waited(), 10000);
    CLAIM_EQUAL(pci_script_writes(), 1);
    CLAIM_OK(
        dd_pci_pm_set_state(&access, pci_script_address, &pm, DD_PCI_PM_D0, &pci_script_delay));
    CLAIM_EQUAL(pci_script_get(AT + 4), 0x00008100);
    CLAIM_EQUAL(pci_script_waited(), 20000);
}

CLAIM(pci_a_power_state_that_a_function_lacks_is_not_written)
{
    struct dd_pci_access access = pci_script_open();
    struct dd_pci_pm pm;

    pci_script_put(AT, 0x02030001); /* D1, no D2 */
    pci_script_allow(AT + 4, 0x00000003);
    CLAIM_OK(dd_pci_pm_read(&access, pci_script_address, AT, &pm));
    CLAIM_STATUS(
        dd_pci_pm_set_state(&access, pci_script_address, &pm, DD_PCI_PM_D2, &pci_script_delay),
        DD_ENOTSUP);
    CLAIM_EQUAL(pci_script_writes(), 0);
    pci_script_vanish_after(1);
    CLAIM_STATUS(
        dd_pci_pm_set_state(&access, pci_script_address, &pm, DD_PCI_PM_D1, &pci_script_delay),
        DD_ENODEV);
    CLAIM_EQUAL(pci_script_writes(), 0);
}

CLAIM(pci_power_management_events_are_switched_and_cleared)
{
    struct dd_pci_access access = pci_script_open();
    struct dd_pci_pm pm;

    pci_script_put(AT, 0x00030001);
    pci_script_put(AT + 4, 0x00008003);
    pci_script_allow(AT + 4, 0x00000103);
    pci_script_clear(AT + 4, 0x00008000);
    CLAIM_OK(dd_pci_pm_read(&access, pci_script_address, AT, &pm));
    CLAIM_OK(dd_pci_pm_enable_pme(&access, pci_script_address, &pm));
    CLAIM_EQUAL(pci_script_get(AT + 4), 0x00000103);
}

/* ---- MSI and MSI-X: [PCI 3.0] 6.8 ---- */

/* The AHCI controller has MSI at 0x80, with 64-bit addresses and no masks. */
CLAIM(pci_a_message_is_programmed_and_read_back)
{
    struct dd_pci_access access;
    const struct dd_pci_address ahci = pci_at(0, 0x1F, 2);
    const struct dd_pci_msi_message message = {UINT64_C(0x1FEE01004), 0x4141, 1};
    struct dd_pci_msi before;
    struct dd_pci_msi after;

    CLAIM_OK(pci_machine_open_ecam(&access));
    CLAIM_OK(dd_pci_msi_read(&access, ahci, 0x80, &before));
    CLAIM_EQUAL(before.control, 0x0080);
    CLAIM_OK(dd_pci_msi_program(&access, ahci, &before, &message));
    CLAIM_OK(dd_pci_msi_read(&access, ahci, 0x80, &after));
    CLAIM_EQUAL(after.address, 0xFEE01004);
    CLAIM_EQUAL(after.address_upper, 1);
    CLAIM_EQUAL(after.data, 0x4141);
    CLAIM_EQUAL(dd_pci_msi_enabled_vectors(&after), 1);
    CLAIM_OK(dd_pci_msi_enable(&access, ahci, &before));
    CLAIM_OK(dd_pci_msi_read(&access, ahci, 0x80, &after));
    CLAIM_EQUAL(after.control, 0x0081);
    CLAIM_OK(dd_pci_msi_disable(&access, ahci, &before));
}

CLAIM(pci_vectors_of_msi_are_masked_one_by_one)
{
    struct dd_pci_access access = pci_script_open();
    struct dd_pci_msi msi;
    const struct dd_pci_msi_vector vector = {&msi, 5};
    uint32_t pending;

    pci_script_put(AT, 0x01860005); /* 8 vectors, 64-bit, masks */
    pci_script_put(AT + 0x10, 0x00000001);
    pci_script_put(AT + 0x14, 0x00000020);
    pci_script_allow(AT + 0x10, 0x000000FF);
    CLAIM_OK(dd_pci_msi_read(&access, pci_script_address, AT, &msi));
    CLAIM_OK(dd_pci_msi_mask(&access, pci_script_address, &vector));
    CLAIM_EQUAL(pci_script_get(AT + 0x10), 0x00000021);
    CLAIM_OK(dd_pci_msi_read_pending(&access, pci_script_address, &msi, &pending));
    CLAIM_EQUAL(pending, 0x20);
}

/* A frame is the memory of the BAR: the table at its start, the pending bits at 0x800. */
static struct dd_pci_msix_vectors open_vectors(dd_paddr frame)
{
    uint8_t *bytes = world_frame_pointer(frame);

    for (unsigned int i = 0; i < 4096; i++) {
        bytes[i] = 0;
    }
    return (struct dd_pci_msix_vectors){dd_vaddr_from(frame.raw), dd_vaddr_from(frame.raw + 0x800),
                                        100};
}

static uint32_t word(dd_paddr frame, unsigned int at)
{
    const volatile uint32_t *words = world_frame_pointer(frame);

    return words[at / 4];
}

CLAIM(pci_a_vector_of_msix_gets_its_message_while_it_is_masked)
{
    const struct dd_pci_msix_message message = {UINT64_C(0x1FEE02000), 0x42};
    struct dd_pci_msix_vectors vectors;
    struct dd_pci_msix_entry entry;
    volatile uint32_t *words;
    dd_paddr frame;

    CLAIM_OK(world_frame_alloc(&frame));
    vectors = open_vectors(frame);
    words = world_frame_pointer(frame);
    words[(99 * 16 + 12) / 4] = 0x12340000; /* steering tag */
    CLAIM_OK(dd_pci_msix_write_entry(&vectors, 99, &message));
    CLAIM_EQUAL(word(frame, 99 * 16 + 0), 0xFEE02000);
    CLAIM_EQUAL(word(frame, 99 * 16 + 4), 1);
    CLAIM_EQUAL(word(frame, 99 * 16 + 8), 0x42);
    CLAIM_EQUAL(word(frame, 99 * 16 + 12), 0x12340001);
    CLAIM_EQUAL(word(frame, 100 * 16 + 12), 0);
    CLAIM_OK(dd_pci_msix_unmask(&vectors, 99));
    CLAIM_OK(dd_pci_msix_read_entry(&vectors, 99, &entry));
    CLAIM_EQUAL(entry.address, UINT64_C(0x1FEE02000));
    CLAIM_EQUAL(entry.control, 0x12340000);
    CLAIM_STATUS(dd_pci_msix_write_entry(&vectors, 100, &message), DD_EARG);
    CLAIM_STATUS(dd_pci_msix_mask(&vectors, 100), DD_EARG);
    CLAIM_STATUS(dd_pci_msix_read_entry(&vectors, 100, &entry), DD_EARG);
    world_frame_free(frame);
}

CLAIM(pci_pending_vectors_of_msix_are_seen)
{
    struct dd_pci_msix_vectors vectors;
    volatile uint32_t *words;
    bool is_pending;
    dd_paddr frame;

    CLAIM_OK(world_frame_alloc(&frame));
    vectors = open_vectors(frame);
    words = world_frame_pointer(frame);
    words[0x808 / 4] = 0x00000008; /* vector 67 */
    for (uint16_t i = 0; i < 100; i++) {
        CLAIM_OK(dd_pci_msix_is_pending(&vectors, i, &is_pending));
        CLAIM_TRUE(is_pending == (i == 67));
    }
    CLAIM_STATUS(dd_pci_msix_is_pending(&vectors, 100, &is_pending), DD_EARG);
    world_frame_free(frame);
}

CLAIM(pci_a_table_of_all_ones_is_gone)
{
    const struct dd_pci_msix_message message = {0xFEE00000, 0x42};
    struct dd_pci_msix_vectors vectors;
    volatile uint32_t *words;
    dd_paddr frame;

    CLAIM_OK(world_frame_alloc(&frame));
    vectors = open_vectors(frame);
    words = world_frame_pointer(frame);
    for (unsigned int i = 0; i < 4; i++) {
        words[i] = UINT32_MAX;
    }
    CLAIM_STATUS(dd_pci_msix_write_entry(&vectors, 0, &message), DD_ENODEV);
    CLAIM_EQUAL(word(frame, 8), UINT32_MAX);
    world_frame_free(frame);
}

/* The network card at 03:00.0 has five vectors, table and pending bits in BAR 3. */
CLAIM(pci_the_network_card_tells_where_its_msix_table_is)
{
    struct dd_pci_access access;
    const struct dd_pci_address card = pci_at(3, 0, 0);
    struct dd_pci_msix msix;
    struct dd_pci_bar_part table;
    struct dd_pci_bar_part pending;

    CLAIM_OK(pci_machine_open_ecam(&access));
    CLAIM_OK(dd_pci_msix_read(&access, card, 0xA0, &msix));
    CLAIM_EQUAL(dd_pci_msix_count(&msix), 5);
    CLAIM_OK(dd_pci_msix_find_table(&msix, &table));
    CLAIM_EQUAL(table.bar, 3);
    CLAIM_EQUAL(table.offset, 0);
    CLAIM_EQUAL(table.bytes, 80);
    CLAIM_OK(dd_pci_msix_find_pending(&msix, &pending));
    CLAIM_EQUAL(pending.bar, 3);
    CLAIM_EQUAL(pending.offset, 0x2000);
    CLAIM_EQUAL(pending.bytes, 8);
    CLAIM_OK(dd_pci_msix_mask_function(&access, card, &msix));
    CLAIM_OK(dd_pci_msix_read(&access, card, 0xA0, &msix));
    CLAIM_EQUAL(msix.control, 0x4004);
    CLAIM_OK(dd_pci_msix_unmask_function(&access, card, &msix));
    CLAIM_OK(dd_pci_msix_read(&access, card, 0xA0, &msix));
    CLAIM_EQUAL(msix.control, 0x0004);
}

/* ---- Advanced Features: [PCIe 6] 7.9.22 ---- */

CLAIM(pci_a_conventional_function_is_reset_when_it_is_quiet)
{
    struct dd_pci_access access = pci_script_open();
    struct dd_pci_af af;

    pci_script_put(AT, 0x03060013);
    pci_script_put(AT + 4, 0x00000000);
    pci_script_put(0x04, 0x00100007);
    pci_script_allow(0x04, 0x00000007);
    pci_script_allow(AT + 4, 0x00000001); /* a real one reads as 0 */
    CLAIM_OK(dd_pci_af_read(&access, pci_script_address, AT, &af));
    CLAIM_OK(dd_pci_af_reset_function(&access, pci_script_address, &af, &pci_script_delay));
    CLAIM_EQUAL(pci_script_get(AT + 4), 0x00000001);
    CLAIM_EQUAL(pci_script_get(0x04), 0x00100000);
    CLAIM_EQUAL(pci_script_waited(), 100000);
    pci_script_put(AT + 4, 0x00000100); /* transactions stay pending */
    pci_script_put(0x04, 0x00100007);
    CLAIM_STATUS(dd_pci_af_reset_function(&access, pci_script_address, &af, &pci_script_delay),
                 DD_ETIMEOUT);
    CLAIM_EQUAL(pci_script_get(AT + 4), 0x00000100);
    CLAIM_EQUAL(pci_script_get(0x04), 0x00100007);
}

/* ---- Enhanced Allocation: [PCIe 6] 7.8.5 ---- */

CLAIM(pci_fixed_ranges_are_read_entry_by_entry)
{
    struct dd_pci_access access = pci_script_open();
    struct dd_pci_ea ea;
    struct dd_pci_ea_entry entry;
    struct dd_pci_range range;

    pci_script_put(AT + 0x00, 0x00020014);
    pci_script_put(AT + 0x04, 0x80000002);
    pci_script_put(AT + 0x08, 0xFE000000);
    pci_script_put(AT + 0x0C, 0x00000FFC);
    pci_script_put(AT + 0x10, 0x80000013);
    pci_script_put(AT + 0x14, 0x00000002);
    pci_script_put(AT + 0x18, 0x00000FFC);
    pci_script_put(AT + 0x1C, 0x00000004);
    CLAIM_OK(dd_pci_ea_read(&access, pci_script_address, AT, &ea));
    CLAIM_OK(dd_pci_ea_next(&access, pci_script_address, &ea, &entry));
    CLAIM_OK(dd_pci_ea_range(&entry, &range));
    CLAIM_EQUAL(range.base, 0xFE000000);
    CLAIM_EQUAL(range.limit, 0xFE000FFF);
    CLAIM_OK(dd_pci_ea_next(&access, pci_script_address, &ea, &entry));
    CLAIM_OK(dd_pci_ea_range(&entry, &range));
    CLAIM_EQUAL(range.base, UINT64_C(0x400000000));
    CLAIM_EQUAL(range.limit, UINT64_C(0x400000FFF));
    CLAIM_STATUS(dd_pci_ea_next(&access, pci_script_address, &ea, &entry), DD_ENOENT);
}

CLAIM(pci_a_fixed_range_cut_short_is_malformed)
{
    struct dd_pci_access access = pci_script_open();
    struct dd_pci_ea ea;
    struct dd_pci_ea_entry entry;

    pci_script_put(AT + 0x00, 0x00010014);
    pci_script_put(AT + 0x04, 0x80000002); /* two registers, but a third is announced */
    pci_script_put(AT + 0x08, 0xFE000002);
    CLAIM_OK(dd_pci_ea_read(&access, pci_script_address, AT, &ea));
    CLAIM_STATUS(dd_pci_ea_next(&access, pci_script_address, &ea, &entry), DD_EMALFORMED);
    CLAIM_EQUAL(ea.left, 1);
}

/* ---- Capabilities that only say something ---- */

/* 00:1f.2 has SATA at 0xA8, 06:01.0 a slot number at 0x48, the root port at 00:02.0 a subsystem at 0x40. */
CLAIM(pci_small_capabilities_of_the_machine_are_decoded)
{
    struct dd_pci_access access;
    struct dd_pci_sata sata;
    struct dd_pci_slot slot;
    struct dd_pci_subsystem subsystem;
    uint8_t bar;
    uint32_t offset;

    CLAIM_OK(pci_machine_open_ecam(&access));
    CLAIM_OK(dd_pci_sata_read(&access, pci_at(0, 0x1F, 2), 0xA8, &sata));
    CLAIM_EQUAL(sata.revision, 0x10);
    CLAIM_OK(dd_pci_sata_find_registers(&sata, &bar, &offset));
    CLAIM_EQUAL(bar, 4);
    CLAIM_EQUAL(offset, 16);
    CLAIM_OK(dd_pci_slot_read(&access, pci_at(6, 1, 0), 0x48, &slot));
    CLAIM_EQUAL(slot.expansion, 0x20);
    CLAIM_EQUAL(slot.chassis, 3);
    CLAIM_OK(dd_pci_subsystem_read(&access, pci_at(0, 2, 0), 0x40, &subsystem));
    CLAIM_EQUAL(subsystem.vendor, 0x1B36);
    CLAIM_EQUAL(subsystem.subsystem, 0x0000);
}

/* The device at 00:03.0 has its structures in BAR 4; lspci shows the same. */
CLAIM(pci_the_structures_of_a_virtio_device_are_found)
{
    static const uint8_t types[] = {DD_PCI_VIRTIO_COMMON, DD_PCI_VIRTIO_ISR, DD_PCI_VIRTIO_DEVICE,
                                    DD_PCI_VIRTIO_NOTIFY};
    static const uint16_t offsets[] = {0x40, 0x50, 0x60, 0x70};
    struct dd_pci_access access;
    struct dd_pci_virtio virtio;
    struct dd_pci_bar_part place;

    CLAIM_OK(pci_machine_open_ecam(&access));
    for (unsigned int i = 0; i < 4; i++) {
        CLAIM_OK(dd_pci_virtio_read(&access, pci_at(0, 3, 0), offsets[i], &virtio));
        CLAIM_EQUAL(virtio.type, types[i]);
        CLAIM_EQUAL(virtio.bar, 4);
        CLAIM_EQUAL(virtio.offset, UINT64_C(0x1000) * i);
        CLAIM_EQUAL(virtio.size, 0x1000);
        CLAIM_EQUAL(virtio.multiplier, i == 3 ? 4 : 0);
        CLAIM_OK(dd_pci_virtio_find_structure(&virtio, &place));
        CLAIM_EQUAL(place.offset, UINT64_C(0x1000) * i);
        virtio.bar = 6;
        CLAIM_STATUS(dd_pci_virtio_find_structure(&virtio, &place), DD_EMALFORMED);
    }
}

CLAIM(pci_small_capabilities_of_older_devices_are_decoded)
{
    struct dd_pci_access access = pci_script_open();
    struct dd_pci_debug_port port;
    struct dd_pci_agp agp;
    struct dd_pci_hot_plug hot_plug;
    struct dd_pci_fpb fpb;
    uint8_t control;
    uint8_t bar;
    uint32_t offset;

    pci_script_put(AT, 0x20A0000A);
    CLAIM_OK(dd_pci_debug_port_read(&access, pci_script_address, AT, &port));
    CLAIM_EQUAL(port.bar, 1);
    CLAIM_EQUAL(port.offset, 0xA0);
    CLAIM_OK(dd_pci_debug_port_find_registers(&port, &bar, &offset));
    CLAIM_EQUAL(bar, 0);
    port.bar = 7;
    CLAIM_STATUS(dd_pci_debug_port_find_registers(&port, &bar, &offset), DD_EMALFORMED);
    pci_script_put(AT, 0x00300002);
    pci_script_put(AT + 4, 0x1F020A1B);
    CLAIM_OK(dd_pci_agp_read(&access, pci_script_address, AT, &agp));
    CLAIM_EQUAL(agp.status, 0x1F020A1B);
    pci_script_put(AT, 0x8005000C);
    CLAIM_OK(dd_pci_hot_plug_read(&access, pci_script_address, AT, &hot_plug));
    CLAIM_EQUAL(hot_plug.select, 5);
    CLAIM_EQUAL(hot_plug.pending, 0x80);
    pci_script_put(AT, 0x00810006);
    CLAIM_OK(dd_pci_compact_hot_swap_read(&access, pci_script_address, AT, &control));
    CLAIM_EQUAL(control, 0x81);
    pci_script_put(AT, 0x00000015);
    pci_script_put(AT + 4, 0x00000201);
    CLAIM_OK(dd_pci_fpb_read(&access, pci_script_address, AT, &fpb));
    CLAIM_EQUAL(dd_pci_fpb_vector_bits(&fpb, DD_PCI_FPB_VECTOR_RID), 1024);
}
