/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of sim/pci/bus/pci_config_resize.c. [PCIe 6] 7.8.6 */
#include "sim/pci/bus/pci_config.h"
#include "tests/unit/pci_case.h"

static struct pci_case pci;
static struct sim_dump_function *source;
static struct sim_pci_masks masks;
static struct sim_pci_config config;

static void put(unsigned int offset, unsigned int width, uint32_t value)
{
    for (unsigned int i = 0; i < width; i++) {
        source->bytes[offset + i] = (uint8_t)(value >> 8 * i);
    }
}

/* BAR 0 of 256 MiB, which may be 64 MiB, 256 MiB or 8 GiB; BAR 2 of 2 MiB, which may be 1 or 2. */
static void setup(void)
{
    pci_case_init(&pci);
    source = pci_case_add(&pci, AT(0, 0, 0));
    pci_case_know(source, 4096);
    put(0x10, 4, 0x0000000C);
    put(0x14, 4, 0x00000038);
    put(0x18, 4, 0xE0000000);
    put(0x100, 4, 0x00010015);
    put(0x104, 4, 0x00021400); /* bits 10, 12, 17: 2^6, 2^8 and 2^13 MiB */
    put(0x108, 4, 0x00000840); /* index 0, 2 records, 2^8 MiB */
    put(0x10C, 4, 0x00000030);
    put(0x110, 4, 0x00000102);
}

static void load(void)
{
    sim_pci_config_init(&config, &masks, source);
}

static uint32_t get(unsigned int offset)
{
    return sim_pci_config_read(&config, offset, 4);
}

static void set(unsigned int offset, uint32_t value)
{
    sim_pci_config_write(&config, offset, 4, value);
}

/* What a register pair reads after all ones. */
static uint64_t ones(unsigned int offset)
{
    set(offset, 0xFFFFFFFF);
    set(offset + 4, 0xFFFFFFFF);
    return get(offset) | (uint64_t)get(offset + 4) << 32;
}

START_TEST(the_capability_tells_the_size)
{
    load();
    ck_assert_int_eq(config.bars[0].source, SIM_PCI_BAR_KNOWN);
    ck_assert_uint_eq(config.bars[0].size, 0x10000000);
    ck_assert_uint_eq(config.bars[2].size, 0x200000);
    ck_assert_uint_eq(ones(0x10), 0xFFFFFFFFF000000C);
    set(0x18, 0xFFFFFFFF);
    ck_assert_uint_eq(get(0x18), 0xFFE00000);
}
END_TEST

START_TEST(a_size_written_counts_at_once)
{
    load();
    ck_assert_uint_eq(ones(0x10), 0xFFFFFFFFF000000C);
    set(0x108, 0x00000D00); /* 8 GiB: bits below are cleared */
    ck_assert_uint_eq(get(0x108), 0x00000D40);
    ck_assert_uint_eq(config.bars[0].size, 0x200000000);
    ck_assert_uint_eq(get(0x10), 0x0000000C);
    ck_assert_uint_eq(get(0x14), 0xFFFFFFFE);
    set(0x108, 0x00000600);
    ck_assert_uint_eq(ones(0x10), 0xFFFFFFFFFC00000C);
    set(0x110, 0x00000000);
    set(0x18, 0xFFFFFFFF);
    ck_assert_uint_eq(get(0x18), 0xFFF00000);
    ck_assert_uint_eq(config.bars[0].size, 0x4000000);
}
END_TEST

START_TEST(a_size_the_function_does_not_have_is_not_taken)
{
    load();
    set(0x108, 0x00000700);
    ck_assert_uint_eq(get(0x108), 0x00000840);
    set(0x108, 0x00003F00);
    ck_assert_uint_eq(get(0x108), 0x00000840);
    ck_assert_uint_eq(config.bars[0].size, 0x10000000);
}
END_TEST

START_TEST(sizes_above_128_tib_are_in_the_control_register)
{
    put(0x104, 4, 0);
    put(0x108, 4, 0x00011C40); /* bit 16: 2^28 MiB, chosen */
    put(0x10, 4, 0x0000000C);
    put(0x14, 4, 0);
    load();
    ck_assert_uint_eq(config.bars[0].size, UINT64_C(1) << 48);
    ck_assert_uint_eq(ones(0x10), 0xFFFF00000000000C);
}
END_TEST

START_TEST(a_reset_brings_the_size_of_the_dump_back)
{
    load();
    set(0x108, 0x00000D00);
    sim_pci_config_reset(&config, SIM_PCI_RESET_CONVENTIONAL);
    ck_assert_uint_eq(get(0x108), 0x00000840);
    ck_assert_uint_eq(config.bars[0].size, 0x10000000);
    ck_assert_uint_eq(ones(0x10), 0xFFFFFFFFF000000C);
}
END_TEST

/* Dumps in which the capability cannot be about BAR 0: a register, its contents, the size then. */
static const struct {
    unsigned int offset;
    uint32_t value;
    uint64_t text, size;
} others[] = {
    {0x10, 0x0800000C, 0, 0x1000},              /* not aligned to that size */
    {0x108, 0x00000740, 0, 0x1000},             /* not one of its sizes */
    {0x108, 0x00000846, 0, 0x1000},             /* no such register */
    {0x108, 0x00003F40, 0, 0x1000},             /* beyond 2^63 */
    {0x10, 0x0000000C, 0x20000000, 0x20000000}, /* the text says otherwise */
    {0x100, 0x00010001, 0, 0x1000},             /* another capability */
};

START_TEST(what_contradicts_the_register_is_not_used)
{
    put(others[_i].offset, 4, others[_i].value);
    source->bars[0].size = others[_i].text;
    load();
    ck_assert_uint_eq(config.bars[0].size, others[_i].size);
    set(0x108, 0x00000D00);
    ck_assert_uint_eq(config.bars[0].size, others[_i].size);
}
END_TEST

START_TEST(records_end_with_the_count_and_with_the_space)
{
    put(0x108, 4, 0x00000820); /* one */
    load();
    ck_assert_uint_eq(config.bars[2].size, 0x1000);
    set(0x110, 0xFFFFFFFF);
    ck_assert_uint_eq(get(0x110), 0x00000102);
    put(0x100, 4, 0xFF810001);
    put(0xFF8, 4, 0x00010015);
    put(0xFFC, 4, 0xFFFFFFFF);
    load();
    set(0xFFC, 0);
    ck_assert_uint_eq(get(0xFFC), 0xFFFFFFFF);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pci_resize");
    TCase *sizes = tcase_create("sizes");

    tcase_add_checked_fixture(sizes, setup, NULL);
    tcase_add_test(sizes, the_capability_tells_the_size);
    tcase_add_test(sizes, a_size_written_counts_at_once);
    tcase_add_test(sizes, a_size_the_function_does_not_have_is_not_taken);
    tcase_add_test(sizes, sizes_above_128_tib_are_in_the_control_register);
    tcase_add_test(sizes, a_reset_brings_the_size_of_the_dump_back);
    tcase_add_loop_test(sizes, what_contradicts_the_register_is_not_used, 0,
                        (int)(sizeof others / sizeof others[0]));
    tcase_add_test(sizes, records_end_with_the_count_and_with_the_space);
    suite_add_tcase(suite, sizes);
    return suite;
}
