/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of sim/pci/bus/pci_config.c: what software can write, and how base addresses tell their size. */
#include "sim/pci/bus/pci_config.h"
#include "tests/unit/pci_case.h"

static struct pci_case pci;
static struct sim_dump_function *source;
static struct sim_pci_masks masks_of;
static struct sim_pci_config config;

static void setup(void)
{
    pci_case_init(&pci);
    source = pci_case_add(&pci, AT(0, 0, 0));
}

/* Four bytes of the header, little endian. */
static void put32(unsigned int offset, uint32_t value)
{
    for (unsigned int i = 0; i < 4; i++) {
        source->bytes[offset + i] = (uint8_t)(value >> 8 * i);
    }
}

/* Write ones and read back. */
static uint32_t ones(unsigned int offset)
{
    sim_pci_config_write(&config, offset, 4, 0xffffffff);
    return sim_pci_config_read(&config, offset, 4);
}

/* What a register of a header type reads after all ones were written to a header of zeros. */
static const struct {
    uint8_t type;
    unsigned int offset;
    uint32_t reads;
} masks[] = {
    {0, 0x00, 0x00008086}, /* IDs: read-only. [PCI 3.0] 6.2.1 */
    {0, 0x04, 0x0000077f}, /* Command: bit 7 and 15:11 reserved. 6.2.2 */
    {0, 0x08, 0x00000000}, /* revision, class */
    {0, 0x0c, 0x4000ffff}, /* cache line size, latency timer; BIST start. 6.2.4 */
    {0, 0x10, 0x00000000}, /* no base address */
    {0, 0x28, 0x00000000}, /* CardBus CIS pointer */
    {0, 0x2c, 0x00000000}, /* subsystem */
    {0, 0x30, 0x00000000}, /* no ROM */
    {0, 0x34, 0x00000000}, /* capabilities pointer */
    {0, 0x3c, 0x000000ff}, /* interrupt line; pin, Min_Gnt, Max_Lat read-only */
    {1, 0x18, 0xffffffff}, /* bus numbers, secondary latency timer. [PCI-PCI 1.2] 3.2.5 */
    {1, 0x1c, 0x0000f0f0}, /* I/O base and limit; secondary status */
    {1, 0x20, 0xfff0fff0}, /* memory base and limit */
    {1, 0x24, 0xfff0fff0}, /* prefetchable base and limit */
    {1, 0x28, 0xffffffff}, /* upper halves */
    {1, 0x2c, 0xffffffff}, {1, 0x30, 0xffffffff}, {1, 0x34, 0x00000000},
    {1, 0x38, 0x00000000}, {1, 0x3c, 0x0bff00ff}, /* bridge control without its RW1C bit 10. 3.2.5.18 */
    {2, 0x14, 0x00000000},                        /* capabilities pointer; secondary status */
    {2, 0x18, 0xffffffff},                        /* bus numbers, latency timer */
    {2, 0x1c, 0xfffff000},                        /* memory base 0 */
    {2, 0x28, 0xfffff000},                        /* memory limit 1 */
    {2, 0x2c, 0xfffffffc},                        /* I/O base 0 */
    {2, 0x38, 0xfffffffc},                        /* I/O limit 1 */
    {2, 0x3c, 0x07ef00ff},                        /* CardBus bridge control: bit 4 reserved */
    {3, 0x10, 0x00000000}, /* an unknown layout has only the common registers */
};

START_TEST(ones_written_stay_only_in_writable_bits)
{
    source->bytes[0x0e] = masks[_i].type;
    sim_pci_config_init(&config, &masks_of, source);
    ck_assert_uint_eq(ones(masks[_i].offset), masks[_i].reads);
}
END_TEST

START_TEST(zeros_written_clear_only_writable_bits)
{
    put32(0x04, 0xffffffff);
    sim_pci_config_init(&config, &masks_of, source);
    sim_pci_config_write(&config, 0x04, 4, 0);
    ck_assert_uint_eq(sim_pci_config_read(&config, 0x04, 4), 0xfffff880);
}
END_TEST

START_TEST(status_bits_are_cleared_by_ones_and_kept_by_zeros)
{
    put32(0x04, 0xf9b00007);
    sim_pci_config_init(&config, &masks_of, source);
    sim_pci_config_write(&config, 0x06, 2, 0x0000);
    ck_assert_uint_eq(sim_pci_config_read(&config, 0x04, 4), 0xf9b00007);
    sim_pci_config_write(&config, 0x06, 2, 0x2100);
    ck_assert_uint_eq(sim_pci_config_read(&config, 0x04, 4), 0xd8b00007);
    sim_pci_config_write(&config, 0x06, 2, 0xffff);
    ck_assert_uint_eq(sim_pci_config_read(&config, 0x06, 2), 0x00b0);
}
END_TEST

START_TEST(secondary_status_is_at_1e_in_type_1_and_at_16_in_type_2)
{
    source->bytes[0x0e] = 1;
    source->bytes[0x1f] = 0xff;
    source->bytes[0x17] = 0xff;
    sim_pci_config_init(&config, &masks_of, source);
    sim_pci_config_write(&config, 0x1f, 1, 0xff);
    ck_assert_uint_eq(sim_pci_config_read(&config, 0x1f, 1), 0x06);
    source->bytes[0x0e] = 2;
    sim_pci_config_init(&config, &masks_of, source);
    sim_pci_config_write(&config, 0x17, 1, 0xff);
    ck_assert_uint_eq(sim_pci_config_read(&config, 0x17, 1), 0x06);
}
END_TEST

START_TEST(narrow_writes_touch_only_their_bytes)
{
    sim_pci_config_init(&config, &masks_of, source);
    sim_pci_config_write(&config, 0x05, 1, 0xff);
    ck_assert_uint_eq(sim_pci_config_read(&config, 0x04, 4), 0x00000700);
    sim_pci_config_write(&config, 0x3b, 2, 0xffff);
    ck_assert_uint_eq(sim_pci_config_read(&config, 0x3c, 4), 0x000000ff);
}
END_TEST

/* A base address register: what it holds, what the text says, what it becomes. */
static const struct {
    uint32_t low, high;
    uint64_t text;
    uint64_t size;
    enum sim_pci_bar_source source;
    uint32_t ones_low, ones_high;
} bars[] = {
    /* Known sizes: the low bits stay zero. [PCI 3.0] 6.2.5.1 */
    {0xfebf0000, 0, 0x10000, 0x10000, SIM_PCI_BAR_KNOWN, 0xffff0000, 0},
    {0xfebf0008, 0, 0x10, 0x10, SIM_PCI_BAR_KNOWN, 0xfffffff8, 0},
    {0x0000e001, 0, 0x20, 0x20, SIM_PCI_BAR_KNOWN, 0xffffffe1, 0},
    {0x0000e001, 0, 0x4, 0x4, SIM_PCI_BAR_KNOWN, 0xfffffffd, 0},
    {0x0000000c, 0x38, 0x100000000, 0x100000000, SIM_PCI_BAR_KNOWN, 0x0000000c, 0xffffffff},
    {0xf000000c, 0x00, 0x4000, 0x4000, SIM_PCI_BAR_KNOWN, 0xffffc00c, 0xffffffff},
    {0x00000000, 0, 0x1000, 0x1000, SIM_PCI_BAR_KNOWN, 0xfffff000, 0},
    {0x80000000, 0, 0x80000000, 0x80000000, SIM_PCI_BAR_KNOWN, 0x80000000, 0},
    /* No text: at most the alignment of the address. */
    {0xfebf0000, 0, 0, 0x1000, SIM_PCI_BAR_ASSUMED, 0xfffff000, 0},
    {0xfebf0400, 0, 0, 0x400, SIM_PCI_BAR_ASSUMED, 0xfffffc00, 0},
    {0x0000e001, 0, 0, 0x100, SIM_PCI_BAR_ASSUMED, 0xffffff01, 0},
    {0x0000e021, 0, 0, 0x20, SIM_PCI_BAR_ASSUMED, 0xffffffe1, 0},
    {0x00000004, 1, 0, 0x1000, SIM_PCI_BAR_ASSUMED, 0xfffff004, 0xffffffff},
    {0x00000001, 0, 0, 0x100, SIM_PCI_BAR_ASSUMED, 0xffffff01, 0},
    /* Text that cannot be about this register. */
    {0xfebf0000, 0, 0x20000, 0x1000, SIM_PCI_BAR_ASSUMED, 0xfffff000, 0},
    {0xfebf0000, 0, 0x3000, 0x1000, SIM_PCI_BAR_ASSUMED, 0xfffff000, 0},
    {0xfebf0000, 0, 0x8, 0x1000, SIM_PCI_BAR_ASSUMED, 0xfffff000, 0},
    {0x000050c9, 0, 0x1, 0x8, SIM_PCI_BAR_ASSUMED, 0xfffffff9, 0},
    {0x00000000, 0, 0x100000000, 0, SIM_PCI_BAR_ABSENT, 0, 0},
    {0x00000000, 0, 0x8, 0, SIM_PCI_BAR_ABSENT, 0, 0},
    /* Not implemented, and reserved types. */
    {0x00000000, 0, 0, 0, SIM_PCI_BAR_ABSENT, 0, 0},
    {0xfebf0006, 0, 0x1000, 0, SIM_PCI_BAR_ABSENT, 0xfebf0006, 0},
    {0x000c0002, 0, 0x1000, 0, SIM_PCI_BAR_ABSENT, 0x000c0002, 0},
};

START_TEST(base_address_register_takes_ones_above_its_size)
{
    put32(0x10, bars[_i].low);
    put32(0x14, bars[_i].high);
    source->bars[0].size = bars[_i].text;
    sim_pci_config_init(&config, &masks_of, source);
    ck_assert_uint_eq(config.bars[0].size, bars[_i].size);
    ck_assert_int_eq(config.bars[0].source, bars[_i].source);
    ck_assert_uint_eq(ones(0x10), bars[_i].ones_low);
    ck_assert_uint_eq(ones(0x14), bars[_i].ones_high);
}
END_TEST

START_TEST(upper_half_of_a_pair_is_no_register_of_its_own)
{
    put32(0x10, 0xf0000004);
    put32(0x14, 0x00000001);
    put32(0x18, 0x0000e001);
    source->bars[2].size = 0x10;
    sim_pci_config_init(&config, &masks_of, source);
    ck_assert_int_eq(config.bars[1].source, SIM_PCI_BAR_ABSENT);
    ck_assert_int_eq(config.bars[2].source, SIM_PCI_BAR_KNOWN);
    ck_assert_uint_eq(ones(0x18), 0xfffffff1);
}
END_TEST

START_TEST(pair_in_the_last_register_has_no_bits)
{
    put32(0x24, 0xf0000004);
    sim_pci_config_init(&config, &masks_of, source);
    ck_assert_int_eq(config.bars[5].source, SIM_PCI_BAR_ABSENT);
    ck_assert_uint_eq(ones(0x24), 0xf0000004);
}
END_TEST

START_TEST(bridge_has_two_base_addresses_and_its_rom_at_38)
{
    source->bytes[0x0e] = 1;
    put32(0x10, 0xf0000000);
    put32(0x14, 0xf0000004);
    put32(0x38, 0xfff80000);
    source->bars[0].size = 0x100;
    source->bars[6].size = 0x10000;
    sim_pci_config_init(&config, &masks_of, source);
    ck_assert_uint_eq(ones(0x10), 0xffffff00);
    ck_assert_uint_eq(ones(0x14), 0xf0000004);
    ck_assert_uint_eq(ones(0x38), 0xffff0001);
    ck_assert_int_eq(config.bars[6].source, SIM_PCI_BAR_KNOWN);
}
END_TEST

START_TEST(rom_keeps_its_enable_bit_and_assumes_2_kib)
{
    put32(0x30, 0xfeb00000);
    sim_pci_config_init(&config, &masks_of, source);
    ck_assert_uint_eq(config.bars[6].size, 0x800); /* [PCI 3.0] 6.2.5.2 */
    ck_assert_uint_eq(ones(0x30), 0xfffff801);
    source->bars[6].size = 0x40000;
    sim_pci_config_init(&config, &masks_of, source);
    ck_assert_uint_eq(ones(0x30), 0xfffc0001);
}
END_TEST

/* MSI-X with so many messages, a table and pending bits there, and the size BAR 2 gets. */
static const struct {
    uint32_t bar2, control, table, pending, text;
    uint64_t size;
} tables[] = {
    {0xfe000000, 0x0000, 0x00000002, 0x00000802, 0, 0x1000},
    {0xfe000000, 0x0000, 0x00002002, 0x00003002, 0, 0x4000},
    {0xfe000000, 0x0000, 0x00003002, 0x00002002, 0, 0x4000},
    {0xfe000000, 0x0000, 0x00001ff2, 0x00000002, 0, 0x2000},
    {0xfe000000, 0x07ff, 0x00000002, 0x00000001, 0, 0x8000}, /* 2048 entries */
    {0xfe000000, 0x07ff, 0x00000001, 0x00000f02, 0, 0x1000}, /* 256 bytes of pending bits */
    {0xfe000000, 0x07ff, 0x00000001, 0x00000f0a, 0, 0x2000},
    {0xfe001000, 0x0000, 0x00002002, 0x00003002, 0, 0x1000},      /* not aligned to that */
    {0xfe000000, 0x0000, 0x00002002, 0x00003002, 0x2000, 0x2000}, /* the text knows */
    {0x0000e001, 0x0000, 0x00002002, 0x00003002, 0, 0x100},       /* I/O */
    {0x00000008, 0x0000, 0xfffffffa, 0x00000002, 0, 0x1000},      /* that cannot be */
};

START_TEST(a_base_address_is_assumed_to_hold_the_table_of_msix)
{
    pci_case_know(source, 256);
    put32(0x04, 0x00100000);
    put32(0x34, 0x40);
    put32(0x40, tables[_i].control << 16 | 0x0011);
    put32(0x44, tables[_i].table);
    put32(0x48, tables[_i].pending);
    put32(0x18, tables[_i].bar2);
    source->bars[2].size = tables[_i].text;
    sim_pci_config_init(&config, &masks_of, source);
    ck_assert_uint_eq(config.bars[2].size, tables[_i].size);
}
END_TEST

START_TEST(cardbus_bridge_has_one_base_address)
{
    source->bytes[0x0e] = 2;
    put32(0x10, 0xf4800000);
    source->bars[0].size = 0x1000;
    source->bars[1].size = 0x1000;
    source->bars[6].size = 0x1000;
    sim_pci_config_init(&config, &masks_of, source);
    ck_assert_uint_eq(ones(0x10), 0xfffff000);
    ck_assert_int_eq(config.bars[1].source, SIM_PCI_BAR_ABSENT);
    ck_assert_int_eq(config.bars[6].source, SIM_PCI_BAR_ABSENT);
}
END_TEST

START_TEST(bytes_the_dump_does_not_have_read_zero_below_100_and_ones_above)
{
    sim_pci_config_init(&config, &masks_of, source);
    ck_assert_uint_eq(sim_pci_config_read(&config, 0x40, 4), 0);
    ck_assert_uint_eq(sim_pci_config_read(&config, 0xfc, 4), 0);
    ck_assert_uint_eq(sim_pci_config_read(&config, 0x100, 4), 0xffffffff);
    ck_assert_uint_eq(sim_pci_config_read(&config, 0xfe, 4), 0xffff0000);
    ck_assert_uint_eq(sim_pci_config_read(&config, 0xfff, 1), 0xff);
    pci_case_know(source, 0x100);
    sim_pci_config_init(&config, &masks_of, source);
    ck_assert_uint_eq(sim_pci_config_read(&config, 0x100, 4), 0xffffffff);
    pci_case_know(source, 0x110);
    source->bytes[0x10f] = 0x77;
    sim_pci_config_init(&config, &masks_of, source);
    ck_assert_uint_eq(sim_pci_config_read(&config, 0x10c, 4), 0x77000000);
    ck_assert_uint_eq(sim_pci_config_read(&config, 0x110, 4), 0);
    ck_assert_uint_eq(sim_pci_config_read(&config, 0xffc, 4), 0);
}
END_TEST

START_TEST(capabilities_are_read_only)
{
    pci_case_know(source, 256);
    source->bytes[0x40] = 0x05;
    sim_pci_config_init(&config, &masks_of, source);
    ck_assert_uint_eq(ones(0x40), 0x00000005);
    sim_pci_config_write(&config, 0xffe, 4, 0xffffffff);
}
END_TEST

/* What reads of registers of one extended capability at 0x100 after ones were written. */
static const struct {
    uint8_t type; /* of a PCI Express port, at 0x40 */
    uint32_t header, first;
    unsigned int offset;
    uint32_t reads;
} extended[] = {
    /* Hierarchy ID of an endpoint is read-only, of a port it is sent on. [PCIe 6] 7.9.17.2 */
    {0x02, 0x00010028, 0x80000108, 0x104, 0x80000108},
    {0x02, 0x00010028, 0x80000108, 0x108, 0x00000000},
    {0x42, 0x00010028, 0x90000000, 0x104, 0x90000000},
    {0x42, 0x00010028, 0x90000000, 0x108, 0xffff00ff},
    {0x62, 0x00010028, 0x90000000, 0x10c, 0x0000ffff},
    {0x62, 0x00010028, 0x90000000, 0x11c, 0xffffffff},
    {0x02, 0x00010028, 0x20000000, 0x104, 0xb0000000}, /* of a virtual function it may be set */
    {0x92, 0x00010028, 0x10000000, 0x104, 0x90000000},
    /* NOP flits: as far as the port sends some. [PCIe 6.3] 7.8.14.3, 7.8.14.4 */
    {0x42, 0x00010037, 0x00000000, 0x108, 0x00000000},
    {0x42, 0x00010037, 0x00000001, 0x108, 0xffff3dfd},
    {0x42, 0x00010037, 0x00000002, 0x108, 0xffff0002},
    {0x42, 0x00010037, 0x00000003, 0x10c, 0xffff3dfe},
    {0x42, 0x00010037, 0x00000002, 0x10c, 0x00000000},
    {0x42, 0x00010037, 0x00000003, 0x110, 0x00000000},
    /* LN Requester, channels of PMUX, M-PHY. [PCIe 5] 7.9.14, G.5.3 */
    {0x02, 0x0001001c, 0x00001303, 0x104, 0x1f031303},
    {0x42, 0x0001001a, 0x00000c02, 0x108, 0x3f3f3f3f},
    {0x42, 0x0001001a, 0x00000c02, 0x10c, 0x00000000},
    {0x42, 0x00010020, 0x0f0f8001, 0x108, 0x00000003},
};

START_TEST(capabilities_of_the_extended_list_keep_what_they_may)
{
    pci_case_know(source, 4096);
    source->bytes[0x06] = 0x10;
    source->bytes[0x34] = 0x40;
    source->bytes[0x40] = 0x10;
    source->bytes[0x42] = extended[_i].type;
    put32(0x100, extended[_i].header);
    put32(0x104, extended[_i].first);
    sim_pci_config_init(&config, &masks_of, source);
    ck_assert_uint_eq(ones(extended[_i].offset), extended[_i].reads);
}
END_TEST

/* [PCIe 6.3] 7.8.14.3: the rate is 3, the first stream FFh. */
START_TEST(nop_flits_have_settings_after_power_on)
{
    pci_case_know(source, 4096);
    put32(0x100, 0x00010037);
    put32(0x104, 0x00000003);
    sim_pci_config_init(&config, &masks_of, source);
    ck_assert_mem_eq(&masks_of.initial[0x108], "\x00\x0c\x00\xff", 4);
}
END_TEST

/* [PCIe 6] 7.7.8.2: bit 0 is Valid, and cleared by a 1; bit 13 says that there are more. */
START_TEST(entries_of_the_log_of_flits_follow_each_other)
{
    pci_case_know(source, 4096);
    put32(0x100, 0x00010032);
    sim_pci_config_init(&config, &masks_of, source);
    ck_assert(sim_pci_config_log_flit(&config, 0x0000a109, 0x00000001));
    ck_assert_uint_eq(sim_pci_config_read(&config, 0x104, 4), 0x00008109);
    ck_assert(sim_pci_config_log_flit(&config, 0x00000208, 0x00000002));
    ck_assert(sim_pci_config_log_flit(&config, 0x00000308, 0x00000003));
    ck_assert_uint_eq(sim_pci_config_read(&config, 0x104, 4), 0x0000a109);
    sim_pci_config_write(&config, 0x104, 4, 0x00000000);
    ck_assert_uint_eq(sim_pci_config_read(&config, 0x104, 4), 0x0000a109);
    sim_pci_config_write(&config, 0x104, 4, 0x00000001);
    ck_assert_uint_eq(sim_pci_config_read(&config, 0x104, 4), 0x00002209);
    ck_assert_uint_eq(sim_pci_config_read(&config, 0x108, 4), 0x00000002);
    sim_pci_config_write(&config, 0x104, 1, 0x01);
    ck_assert_uint_eq(sim_pci_config_read(&config, 0x104, 4), 0x00000309);
    sim_pci_config_write(&config, 0x104, 1, 0x01);
    ck_assert_uint_eq(sim_pci_config_read(&config, 0x104, 4), 0x00000308);
}
END_TEST

START_TEST(a_full_log_of_flits_takes_no_more)
{
    pci_case_know(source, 4096);
    sim_pci_config_init(&config, &masks_of, source);
    ck_assert(!sim_pci_config_log_flit(&config, 0, 0)); /* there is none */
    put32(0x100, 0x00010032);
    sim_pci_config_init(&config, &masks_of, source);
    for (unsigned int i = 0; i < 17; i++) {
        ck_assert(sim_pci_config_log_flit(&config, i << 8, i));
    }
    ck_assert(!sim_pci_config_log_flit(&config, 0x1700, 0));
    for (unsigned int i = 0; i < 17; i++) {
        ck_assert_uint_eq(sim_pci_config_read(&config, 0x108, 4), i);
        sim_pci_config_write(&config, 0x104, 4, 1);
    }
    ck_assert_uint_eq(sim_pci_config_read(&config, 0x104, 4), 0x00001000);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pci_config");
    TCase *writes = tcase_create("writes");
    TCase *sizes = tcase_create("sizes");
    TCase *beyond = tcase_create("beyond the header");

    tcase_add_checked_fixture(writes, setup, NULL);
    tcase_add_loop_test(writes, ones_written_stay_only_in_writable_bits, 0,
                        (int)(sizeof masks / sizeof *masks));
    tcase_add_test(writes, zeros_written_clear_only_writable_bits);
    tcase_add_test(writes, status_bits_are_cleared_by_ones_and_kept_by_zeros);
    tcase_add_test(writes, secondary_status_is_at_1e_in_type_1_and_at_16_in_type_2);
    tcase_add_test(writes, narrow_writes_touch_only_their_bytes);
    suite_add_tcase(suite, writes);

    tcase_add_checked_fixture(sizes, setup, NULL);
    tcase_add_loop_test(sizes, base_address_register_takes_ones_above_its_size, 0,
                        (int)(sizeof bars / sizeof *bars));
    tcase_add_test(sizes, upper_half_of_a_pair_is_no_register_of_its_own);
    tcase_add_test(sizes, pair_in_the_last_register_has_no_bits);
    tcase_add_test(sizes, bridge_has_two_base_addresses_and_its_rom_at_38);
    tcase_add_test(sizes, rom_keeps_its_enable_bit_and_assumes_2_kib);
    tcase_add_loop_test(sizes, a_base_address_is_assumed_to_hold_the_table_of_msix, 0,
                        (int)(sizeof tables / sizeof *tables));
    tcase_add_test(sizes, cardbus_bridge_has_one_base_address);
    suite_add_tcase(suite, sizes);

    tcase_add_checked_fixture(beyond, setup, NULL);
    tcase_add_test(beyond, bytes_the_dump_does_not_have_read_zero_below_100_and_ones_above);
    tcase_add_test(beyond, capabilities_are_read_only);
    tcase_add_test(beyond, nop_flits_have_settings_after_power_on);
    tcase_add_test(beyond, entries_of_the_log_of_flits_follow_each_other);
    tcase_add_test(beyond, a_full_log_of_flits_takes_no_more);
    tcase_add_loop_test(beyond, capabilities_of_the_extended_list_keep_what_they_may, 0,
                        (int)(sizeof extended / sizeof *extended));
    suite_add_tcase(suite, beyond);
    return suite;
}
