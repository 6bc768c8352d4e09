/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/pci_sriov*.c and pci_rebar.c; registers: [PCIe 6] 9.3.3, 7.8.6 and 7.8.7. */
#include "drydock/pci_sriov.h"

#include <string.h>

#include "drydock/pci_rebar.h"
#include "tests/unit/extended_case.h"

static struct dd_pci_sriov sriov;
static struct dd_pci_bar bars[DD_PCI_VF_BARS];

/* A PF with eight VFs, the first 0x80 away, one after two; pages of 4 KiB, 8 KiB and 64 KiB. */
static void setup(void)
{
    begin(0x00010010);
    put(0x04, 0x00A00002);
    allow(0x08, 0x0000007F);
    clearable(0x08, 0x00010000);
    put(0x0C, 0x00100008);
    allow(0x10, 0x0000FFFF);
    put(0x10, 0x00050000);
    put(0x14, 0x00020080);
    put(0x18, 0x10ED0000);
    put(0x1C, 0x00000553);
    put(0x20, 0x00000001);
    allow(0x20, 0xFFFFFFFF);
    put(0x24, 0xDF80000C);
    put(0x30, 0xDFA0000C);
    put(0x3C, 0x00003003);
}

static enum dd_status read(void)
{
    return dd_pci_sriov_read(&fake.access, address, AT, &sriov);
}

START_TEST(every_register_is_read_from_its_place)
{
    put(0x08, 0x00010019);
    put(0x10, 0x00050007);
    ck_assert_int_eq(read(), DD_OK);
    ck_assert_uint_eq(fake.access_count, 19);
    ck_assert_uint_eq(sriov.capabilities, 0x00A00002);
    ck_assert_uint_eq(sriov.control, 0x0019);
    ck_assert_uint_eq(sriov.status, 0x0001);
    ck_assert_uint_eq(sriov.initial_vfs, 8);
    ck_assert_uint_eq(sriov.total_vfs, 16);
    ck_assert_uint_eq(sriov.num_vfs, 7);
    ck_assert_uint_eq(sriov.dependency_link, 5);
    ck_assert_uint_eq(sriov.first_vf_offset, 0x80);
    ck_assert_uint_eq(sriov.vf_stride, 2);
    ck_assert_uint_eq(sriov.vf_device, 0x10ED);
    ck_assert_uint_eq(sriov.supported_page_sizes, 0x553);
    ck_assert_uint_eq(sriov.system_page_size, 1);
    ck_assert_uint_eq(sriov.vf_bar[0], 0xDF80000C);
    ck_assert_uint_eq(sriov.vf_bar[3], 0xDFA0000C);
    ck_assert_uint_eq(sriov.migration_state, 0x00003003);
}
END_TEST

/* [PCIe 6] table 9-4: Routing ID of the PF + First VF Offset + index * VF Stride */
static const struct {
    unsigned int index;
    enum dd_status status;
    uint16_t num, first, stride;
    uint8_t bus, device, function; /* of the PF */
    uint8_t vf_bus, vf_device, vf_function;
} vfs[] = {
    {0, DD_OK, 8, 0x80, 2, 3, 0, 0, 3, 16, 0},
    {1, DD_OK, 8, 0x80, 2, 3, 0, 1, 3, 16, 3},
    {7, DD_OK, 8, 0x80, 2, 3, 0, 0, 3, 17, 6},
    {0, DD_OK, 2, 0x01, 1, 3, 31, 7, 4, 0, 0},
    {1, DD_OK, 2, 0x180, 1, 3, 0, 0, 4, 16, 1},
    {8, DD_EARG, 8, 0x80, 2, 3, 0, 0, 0, 0, 0},
    {0, DD_EARG, 0, 0x80, 2, 3, 0, 0, 0, 0, 0},
    {0, DD_EMALFORMED, 8, 0x00, 2, 3, 0, 0, 0, 0, 0},
    {1, DD_EMALFORMED, 8, 0x80, 0, 3, 0, 0, 0, 0, 0},
    {0, DD_OK, 1, 0x80, 0, 3, 0, 0, 3, 16, 0},
    {0, DD_OK, 8, 0x07, 1, 255, 31, 0, 255, 31, 7},
    {1, DD_EMALFORMED, 8, 0x07, 1, 255, 31, 0, 0, 0, 0},
    {0xFFFE, DD_EMALFORMED, 0xFFFF, 0xFFFF, 0xFFFF, 255, 31, 7, 0, 0, 0},
};

START_TEST(a_vf_is_as_far_from_its_pf_as_the_registers_say)
{
    const struct dd_pci_address pf = {7, vfs[_i].bus, vfs[_i].device, vfs[_i].function};
    struct dd_pci_address vf = {.segment = 99};

    sriov = (struct dd_pci_sriov){
        .num_vfs = vfs[_i].num, .first_vf_offset = vfs[_i].first, .vf_stride = vfs[_i].stride};
    ck_assert_int_eq(dd_pci_sriov_vf_address(&sriov, pf, vfs[_i].index, &vf), vfs[_i].status);
    ck_assert_uint_eq(vf.segment, vfs[_i].status == DD_OK ? 7 : 99);
    ck_assert_uint_eq(vf.bus, vfs[_i].vf_bus);
    ck_assert_uint_eq(vf.device, vfs[_i].vf_device);
    ck_assert_uint_eq(vf.function, vfs[_i].vf_function);
}
END_TEST

/* ---- Appearing and disappearing ---- */

static enum dd_status enable(uint16_t num_vfs, uint64_t page_size)
{
    const struct dd_pci_sriov_setting setting = {AT, num_vfs, page_size, &delay};

    return dd_pci_sriov_enable(&fake.access, address, &setting);
}

static void expect_writes(const struct fake_access *expected, unsigned int count)
{
    unsigned int writes = 0;

    for (unsigned int i = 0; i < fake.access_count; i++) {
        if (!fake.log[i].is_write) {
            continue;
        }
        ck_assert_uint_lt(writes, count);
        ck_assert_uint_eq(fake.log[i].offset, expected[writes].offset);
        ck_assert_uint_eq(fake.log[i].width, expected[writes].width);
        ck_assert_uint_eq(fake.log[i].value, expected[writes].value);
        writes++;
    }
    ck_assert_uint_eq(writes, count);
}

START_TEST(vfs_are_enabled_in_the_order_of_the_manual)
{
    static const struct fake_access expected[] = {
        {.offset = 0x210, .width = DD_PCI_WIDTH_16, .value = 6},
        {.offset = 0x220, .width = DD_PCI_WIDTH_32, .value = 0x10},
        {.offset = 0x208, .width = DD_PCI_WIDTH_16, .value = 0x0019},
    };

    put(0x08, 0x00010010); /* ARI Capable Hierarchy, and a status that has to stay */
    ck_assert_int_eq(enable(6, 0x10000), DD_OK);
    expect_writes(expected, 3);
    ck_assert_uint_eq(get(0x08), 0x00010019);
    ck_assert_uint_eq(waited, 100000);
}
END_TEST

START_TEST(vfs_that_cannot_be_are_not_enabled)
{
    ck_assert_int_eq(enable(0, 4096), DD_EARG);
    ck_assert_int_eq(enable(9, 4096), DD_EARG); /* above InitialVFs */
    ck_assert_int_eq(enable(8, 4095), DD_EARG);
    ck_assert_int_eq(enable(8, 2048), DD_EARG);
    ck_assert_int_eq(enable(8, 0x4000), DD_ENOTSUP);
    put(0x08, 0x00000001);
    ck_assert_int_eq(enable(8, 4096), DD_EEXIST);
    ck_assert_uint_eq(fake_write_count(), 0);
    ck_assert_uint_eq(waited, 0);
}
END_TEST

START_TEST(impossible_addresses_undo_the_number_of_vfs)
{
    static const struct fake_access expected[] = {
        {.offset = 0x210, .width = DD_PCI_WIDTH_16, .value = 8},
        {.offset = 0x210, .width = DD_PCI_WIDTH_16, .value = 0},
    };

    put(0x14, 0x00020000);
    ck_assert_int_eq(enable(8, 4096), DD_EMALFORMED);
    expect_writes(expected, 2);
    ck_assert_uint_eq(get(0x08), 0);
}
END_TEST

START_TEST(a_pf_that_vanishes_while_vfs_are_enabled_is_gone)
{
    unsigned int accesses;

    ck_assert_int_eq(enable(6, 4096), DD_OK);
    accesses = fake.access_count;
    for (unsigned int i = 0; i + 1 < accesses; i++) {
        setup();
        fake.vanish_at = i;
        ck_assert_int_eq(enable(6, 4096), DD_ENODEV);
    }
}
END_TEST

START_TEST(vfs_take_a_second_to_disappear)
{
    put(0x08, 0x00010019);
    put(0x10, 0x00050006);
    ck_assert_int_eq(dd_pci_sriov_disable(&fake.access, address, AT, &delay), DD_OK);
    ck_assert_uint_eq(get(0x08), 0x00010010);
    ck_assert_uint_eq(get(0x10), 0x00050000);
    ck_assert_uint_eq(waited, 1000000);
}
END_TEST

/* ---- VF BARs: [PCIe 6] 9.3.3.13 and 9.3.3.14 ---- */

static enum dd_status set_page_size(uint64_t page_size)
{
    return dd_pci_sriov_set_page_size(&fake.access, address, AT, page_size);
}

START_TEST(the_page_size_is_one_the_pf_supports)
{
    static const struct fake_access expected[] = {
        {.offset = 0x220, .width = DD_PCI_WIDTH_32, .value = 0x10},
    };

    ck_assert_int_eq(set_page_size(4095), DD_EARG);
    ck_assert_int_eq(set_page_size(0), DD_EARG);
    ck_assert_int_eq(set_page_size(0x4000), DD_ENOTSUP);
    ck_assert_uint_eq(fake_write_count(), 0);
    ck_assert_int_eq(set_page_size(0x10000), DD_OK);
    expect_writes(expected, 1);
    ck_assert_uint_eq(get(0x20), 0x10);
    put(0x08, 0x00000001);
    ck_assert_int_eq(set_page_size(4096), DD_EEXIST);
    ck_assert_uint_eq(get(0x20), 0x10);
}
END_TEST

START_TEST(a_page_size_that_is_not_kept_is_put_back)
{
    unsigned int accesses;

    put(0x20, 0x00000001);
    allow(0x20, 0x0000000F);
    ck_assert_int_eq(set_page_size(0x10000), DD_EMALFORMED);
    ck_assert_uint_eq(get(0x20), 1);
    setup();
    ck_assert_int_eq(set_page_size(0x10000), DD_OK);
    accesses = fake.access_count;
    for (unsigned int i = 0; i < accesses; i++) {
        setup();
        fake.vanish_at = i;
        ck_assert_int_eq(set_page_size(0x10000), DD_ENODEV);
    }
}
END_TEST

START_TEST(vf_bars_are_sized_and_restored)
{
    allow(0x24, 0xFFFF0000);
    allow(0x28, 0xFFFFFFFF);
    put(0x28, 0x00000004);
    put(0x2C, 0xFE000000);
    allow(0x2C, 0xFFFFC000);
    allow(0x30, 0xFFFFC000);
    allow(0x34, 0xFFFFFFFF);
    put(0x08, 0x00000018); /* memory decoding of VFs is on */
    ck_assert_int_eq(dd_pci_sriov_size_bars(&fake.access, address, AT, bars), DD_OK);
    ck_assert_int_eq(bars[0].status, DD_OK);
    ck_assert_int_eq(bars[0].kind, DD_PCI_BAR_KIND_MEMORY64);
    ck_assert(bars[0].prefetchable);
    ck_assert_uint_eq(bars[0].base, 0x4DF800000);
    ck_assert_uint_eq(bars[0].size, 0x10000);
    ck_assert_uint_eq(bars[0].highest, 0xFFFFFFFFFFFFFFFF);
    ck_assert_int_eq(bars[1].status, DD_ENOENT);
    ck_assert_int_eq(bars[2].status, DD_OK);
    ck_assert_int_eq(bars[2].kind, DD_PCI_BAR_KIND_MEMORY32);
    ck_assert(!bars[2].prefetchable);
    ck_assert_uint_eq(bars[2].size, 0x4000);
    ck_assert_uint_eq(bars[2].highest, 0xFFFFFFFF);
    ck_assert_int_eq(bars[3].status, DD_OK);
    ck_assert_int_eq(bars[5].status, DD_ENOENT);
    ck_assert_uint_eq(get(0x24), 0xDF80000C);
    ck_assert_uint_eq(get(0x28), 0x00000004);
    ck_assert_uint_eq(get(0x2C), 0xFE000000);
    ck_assert_uint_eq(get(0x08), 0x00000018);
    ck_assert_uint_eq(fake.log[19].offset, 0x208); /* decoding is off before the first ones */
    ck_assert_uint_eq(fake.log[19].value, 0x0010);
}
END_TEST

START_TEST(malformed_vf_bars_are_refused_one_by_one)
{
    put(0x24, 0x0000E001); /* I/O */
    put(0x28, 0xFE000006); /* reserved type */
    put(0x2C, 0xFE000000); /* cannot be written */
    put(0x30, 0);
    put(0x38, 0xFE000004); /* no room for the upper half */
    ck_assert_int_eq(dd_pci_sriov_size_bars(&fake.access, address, AT, bars), DD_OK);
    ck_assert_int_eq(bars[0].status, DD_EMALFORMED);
    ck_assert_int_eq(bars[1].status, DD_EMALFORMED);
    ck_assert_int_eq(bars[2].status, DD_EMALFORMED);
    ck_assert_int_eq(bars[3].status, DD_ENOENT);
    ck_assert_int_eq(bars[4].status, DD_ENOENT);
    ck_assert_int_eq(bars[5].status, DD_EMALFORMED);
}
END_TEST

START_TEST(vf_bars_in_use_or_gone_are_not_sized)
{
    unsigned int accesses;

    put(0x08, 0x00000000);
    ck_assert_int_eq(dd_pci_sriov_size_bars(&fake.access, address, AT, bars), DD_OK);
    accesses = fake.access_count;
    fake_forget();
    put(0x08, 0x00000001);
    memset(bars, 0x5A, sizeof bars);
    ck_assert_int_eq(dd_pci_sriov_size_bars(&fake.access, address, AT, bars), DD_EEXIST);
    ck_assert_uint_eq(fake_write_count(), 0);
    put(0x08, 0x00000000);
    for (unsigned int i = 0; i < accesses; i++) {
        fake_forget();
        fake.vanish_at = i;
        ck_assert_int_eq(dd_pci_sriov_size_bars(&fake.access, address, AT, bars), DD_ENODEV);
        ck_assert_int_eq((int)bars[0].status, 0x5A5A5A5A);
    }
}
END_TEST

/* ---- Resizable BAR: [PCIe 6] 7.8.6 ---- */

static struct dd_pci_rebar rebar;

/* Two entries: BAR 0 with 256 MB, 8 GB and 1 PB, now 256 MB; BAR 2 with 2 MB. */
static void setup_rebar(void)
{
    begin(0x00010015);
    put(0x04, 0x00021000);
    put(0x08, 0x00040840);
    put(0x0C, 0x00000020);
    put(0x10, 0x00000102);
    allow(0x08, 0x00003F00);
    allow(0x10, 0x00003F00);
}

static enum dd_status read_rebar(void)
{
    return dd_pci_rebar_read(&fake.access, address, AT, &rebar);
}

START_TEST(sizes_are_a_set_and_one_of_them)
{
    ck_assert_int_eq(read_rebar(), DD_OK);
    ck_assert_uint_eq(rebar.count, 2);
    ck_assert_uint_eq(dd_pci_rebar_sizes(&rebar.entries[0]),
                      UINT64_C(0x10000000) | UINT64_C(0x200000000) | UINT64_C(0x4000000000000));
    ck_assert_uint_eq(dd_pci_rebar_size(&rebar.entries[0]), 0x10000000);
    ck_assert_uint_eq(dd_pci_rebar_sizes(&rebar.entries[1]), 0x200000);
    ck_assert_uint_eq(dd_pci_rebar_size(&rebar.entries[1]), 0x200000);
    rebar.entries[0].capability = 0xFFFFFFFF;
    rebar.entries[0].control = 0xFFFF2B00;
    ck_assert_uint_eq(dd_pci_rebar_sizes(&rebar.entries[0]), 0xFFFFFFFFFFF00000);
    ck_assert_uint_eq(dd_pci_rebar_size(&rebar.entries[0]), 0x8000000000000000);
    rebar.entries[0].control = 0x00002C00;
    ck_assert_uint_eq(dd_pci_rebar_size(&rebar.entries[0]), 0);
}
END_TEST

START_TEST(an_impossible_number_of_entries_is_malformed)
{
    put(0x08, 0x00000000);
    ck_assert_int_eq(read_rebar(), DD_EMALFORMED);
    put(0x08, 0x000000E0);
    ck_assert_int_eq(read_rebar(), DD_EMALFORMED);
    put(0x08, 0x000000C0);
    ck_assert_int_eq(read_rebar(), DD_OK);
    fake_put32(function, 0xFD8, 0x000000C0);
    ck_assert_int_eq(dd_pci_rebar_read(&fake.access, address, 0xFD0, &rebar), DD_EMALFORMED);
    fake_put32(function, 0xFD8, 0x000000A0);
    ck_assert_int_eq(dd_pci_rebar_read(&fake.access, address, 0xFD0, &rebar), DD_OK);
}
END_TEST

START_TEST(a_size_is_set_if_it_is_in_the_set_and_decoding_is_off)
{
    ck_assert_int_eq(read_rebar(), DD_OK);
    ck_assert_int_eq(dd_pci_rebar_set_size(&fake.access, address, &rebar, 0, 0x200000000), DD_OK);
    ck_assert_uint_eq(get(0x08), 0x00040D40);
    ck_assert_int_eq(dd_pci_rebar_set_size(&fake.access, address, &rebar, 0, 0x100000), DD_ENOTSUP);
    ck_assert_int_eq(dd_pci_rebar_set_size(&fake.access, address, &rebar, 0, 0x210000000),
                     DD_ENOTSUP);
    ck_assert_int_eq(dd_pci_rebar_set_size(&fake.access, address, &rebar, 0, 0), DD_ENOTSUP);
    ck_assert_int_eq(dd_pci_rebar_set_size(&fake.access, address, &rebar, 2, 0x200000), DD_EARG);
    function->bytes[0x04] = 0x02;
    ck_assert_int_eq(dd_pci_rebar_set_size(&fake.access, address, &rebar, 0, 0x10000000),
                     DD_EEXIST);
    ck_assert_uint_eq(get(0x08), 0x00040D40);
    put(0x00, 0x00010024); /* of VFs: Command says nothing about them */
    ck_assert_int_eq(dd_pci_rebar_set_size(&fake.access, address, &rebar, 1, 0x200000), DD_OK);
    ck_assert_uint_eq(get(0x10), 0x00000102);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pci_sriov");
    TCase *functions = tcase_create("functions");
    TCase *sizes = tcase_create("sizes");

    tcase_add_checked_fixture(functions, setup, NULL);
    tcase_add_test(functions, every_register_is_read_from_its_place);
    tcase_add_loop_test(functions, a_vf_is_as_far_from_its_pf_as_the_registers_say, 0,
                        (int)(sizeof vfs / sizeof vfs[0]));
    tcase_add_test(functions, vfs_are_enabled_in_the_order_of_the_manual);
    tcase_add_test(functions, vfs_that_cannot_be_are_not_enabled);
    tcase_add_test(functions, impossible_addresses_undo_the_number_of_vfs);
    tcase_add_test(functions, a_pf_that_vanishes_while_vfs_are_enabled_is_gone);
    tcase_add_test(functions, vfs_take_a_second_to_disappear);
    tcase_add_test(functions, the_page_size_is_one_the_pf_supports);
    tcase_add_test(functions, a_page_size_that_is_not_kept_is_put_back);
    tcase_add_test(functions, vf_bars_are_sized_and_restored);
    tcase_add_test(functions, malformed_vf_bars_are_refused_one_by_one);
    tcase_add_test(functions, vf_bars_in_use_or_gone_are_not_sized);
    suite_add_tcase(suite, functions);
    tcase_add_checked_fixture(sizes, setup_rebar, NULL);
    tcase_add_test(sizes, sizes_are_a_set_and_one_of_them);
    tcase_add_test(sizes, an_impossible_number_of_entries_is_malformed);
    tcase_add_test(sizes, a_size_is_set_if_it_is_in_the_set_and_decoding_is_off);
    suite_add_tcase(suite, sizes);
    return suite;
}
