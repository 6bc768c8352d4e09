/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reserved bits of every format of a paging-structure entry, one by one. */
#include "tests/unit/mmu_walk_case.h"

/* Reserved bits of each format: with MAXPHYADDR 40, 36 and the width given; EFER.NXE = 1. */
static const struct {
    enum sim_paging_mode mode;
    unsigned int level;
    unsigned int other;
    bool is_page;
    uint64_t width_40, width_36, width_other;
    uint64_t without_nxe; /* reserved in addition if EFER.NXE = 0 */
} formats[] = {
    /* table 4-4, a PDE that maps 4 MiB; 4-5, a PDE that names a table; 4-6, a PTE */
    {SIM_PAGING_32_BIT, 2, 32, true, 0x200000, 0x3E0000, 0x3FE000, 0},
    {SIM_PAGING_32_BIT, 2, 52, true, 0x200000, 0x3E0000, 0x200000, 0},
    {SIM_PAGING_32_BIT, 2, 32, false, 0, 0, 0, 0},
    {SIM_PAGING_32_BIT, 1, 32, true, 0, 0, 0, 0},
    /* table 4-8: bits 2:1, 8:5 and 63:M */
    {SIM_PAGING_PAE, 3, 52, false, 0xFFFFFF00000001E6, 0xFFFFFFF0000001E6, 0xFFF00000000001E6, 0},
    /* table 4-9, a PDE that maps 2 MiB: 20:13 and 62:M */
    {SIM_PAGING_PAE, 2, 52, true, 0x7FFFFF00001FE000, 0x7FFFFFF0001FE000, 0x7FF00000001FE000,
     0x8000000000000000},
    /* tables 4-10 and 4-11 */
    {SIM_PAGING_PAE, 2, 52, false, 0x7FFFFF0000000000, 0x7FFFFFF000000000, 0x7FF0000000000000,
     0x8000000000000000},
    {SIM_PAGING_PAE, 1, 52, true, 0x7FFFFF0000000000, 0x7FFFFFF000000000, 0x7FF0000000000000,
     0x8000000000000000},
    /* table 4-14, a PML5E, and 4-15, a PML4E: bit 7 and 51:M */
    {SIM_PAGING_5_LEVEL, 5, 52, false, 0x000FFF0000000080, 0x000FFFF000000080, 0x80,
     0x8000000000000000},
    {SIM_PAGING_5_LEVEL, 4, 52, false, 0x000FFF0000000080, 0x000FFFF000000080, 0x80,
     0x8000000000000000},
    {SIM_PAGING_4_LEVEL, 4, 52, false, 0x000FFF0000000080, 0x000FFFF000000080, 0x80,
     0x8000000000000000},
    /* table 4-16, a PDPTE that maps 1 GiB: 29:13; table 4-17, one that names a directory */
    {SIM_PAGING_4_LEVEL, 3, 52, true, 0x000FFF003FFFE000, 0x000FFFF03FFFE000, 0x3FFFE000,
     0x8000000000000000},
    {SIM_PAGING_5_LEVEL, 3, 52, true, 0x000FFF003FFFE000, 0x000FFFF03FFFE000, 0x3FFFE000,
     0x8000000000000000},
    {SIM_PAGING_4_LEVEL, 3, 52, false, 0x000FFF0000000000, 0x000FFFF000000000, 0,
     0x8000000000000000},
    /* table 4-18, a PDE that maps 2 MiB: 20:13; 4-19, one that names a table; 4-20, a PTE */
    {SIM_PAGING_4_LEVEL, 2, 52, true, 0x000FFF00001FE000, 0x000FFFF0001FE000, 0x1FE000,
     0x8000000000000000},
    {SIM_PAGING_5_LEVEL, 2, 52, true, 0x000FFF00001FE000, 0x000FFFF0001FE000, 0x1FE000,
     0x8000000000000000},
    {SIM_PAGING_4_LEVEL, 2, 52, false, 0x000FFF0000000000, 0x000FFFF000000000, 0,
     0x8000000000000000},
    {SIM_PAGING_4_LEVEL, 1, 52, true, 0x000FFF0000000000, 0x000FFFF000000000, 0,
     0x8000000000000000},
    {SIM_PAGING_5_LEVEL, 1, 52, true, 0x000FFF0000000000, 0x000FFFF000000000, 0,
     0x8000000000000000},
};

enum {
    FORMATS = sizeof formats / sizeof formats[0]
};

/* Whether bit 7 of this format says what the entry is, and cannot be tried. */
static bool bit_is_structure(unsigned int format, unsigned int bit)
{
    unsigned int level = formats[format].level;
    bool has_ps = level == 2 || (level == 3 && formats[format].mode != SIM_PAGING_PAE);

    return bit == 0 || (bit == 7 && has_ps);
}

static void try_bit(unsigned int format, unsigned int bit, uint64_t reserved)
{
    enum sim_paging_mode mode = formats[format].mode;
    unsigned int level = formats[format].level;
    unsigned int width = cpu.physical_bits;
    uint64_t efer = cpu.efer;
    struct sim_walk walk;

    walk_case_build(mode, formats[format].is_page ? level : 1);
    cpu.physical_bits = width;
    cpu.efer = efer;
    walk_case_set_bits(mode, level, UINT64_C(1) << bit);
    walk = walk_case_walk(SIM_ACCESS_READ, SIM_MODE_SUPERVISOR);
    if ((reserved >> bit & 1) == 0) {
        ck_assert_msg(walk.cause != SIM_CAUSE_RESERVED, "format %u bit %u width %u", format, bit,
                      width);
        return;
    }
    ck_assert_msg(walk.cause == SIM_CAUSE_RESERVED, "format %u bit %u width %u", format, bit,
                  width);
    ck_assert_int_eq(walk.outcome, SIM_WALK_PAGE_FAULT);
    ck_assert_uint_eq(walk.error_code, 0x9);
    ck_assert_uint_eq(walk.cause_level, level);
    ck_assert_uint_eq(walk.bad_bits, UINT64_C(1) << bit);
    walk_case_clear_bits(mode, level, 1); /* not present: nothing is reserved */
    walk = walk_case_walk(SIM_ACCESS_WRITE, SIM_MODE_USER);
    ck_assert_int_eq(walk.cause, SIM_CAUSE_NOT_PRESENT);
    ck_assert_uint_eq(walk.error_code, 0x6);
    ck_assert_uint_eq(walk.cause_level, level);
    ck_assert_uint_eq(walk.bad_bits, 0);
}

static void try_bits(unsigned int format, unsigned int width, bool nxe, uint64_t reserved)
{
    unsigned int bits = formats[format].mode == SIM_PAGING_32_BIT ? 32 : 64;

    for (unsigned int bit = 0; bit < bits; bit++) {
        if (!bit_is_structure(format, bit)) {
            walk_case_build(formats[format].mode, 1);
            cpu.physical_bits = width;
            cpu.efer = nxe ? cpu.efer : cpu.efer & ~UINT64_C(0x800);
            try_bit(format, bit, reserved);
        }
    }
}

START_TEST(reserved_bits_are_those_of_the_manuals_tables)
{
    unsigned int format = (unsigned int)_i;

    try_bits(format, 40, true, formats[format].width_40);
    try_bits(format, 36, true, formats[format].width_36);
    try_bits(format, formats[format].other, true, formats[format].width_other);
    try_bits(format, 40, false, formats[format].width_40 | formats[format].without_nxe);
}
END_TEST

START_TEST(all_bad_bits_of_an_entry_are_reported)
{
    walk_case_build(SIM_PAGING_4_LEVEL, 2);
    walk_case_set_bits(SIM_PAGING_4_LEVEL, 2, 0x0008000000002000);
    ck_assert_uint_eq(walk_case_walk(SIM_ACCESS_READ, SIM_MODE_USER).bad_bits, 0x0008000000002000);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("mmu_walk_reserved");
    TCase *tcase = tcase_create("reserved");

    tcase_add_loop_test(tcase, reserved_bits_are_those_of_the_manuals_tables, 0, FORMATS);
    tcase_add_test(tcase, all_bad_bits_of_an_entry_are_reported);
    suite_add_tcase(suite, tcase);
    return suite;
}
