/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of kernel/pvh.c with a start info made here by the offsets of Xen's start_info.h. */
#include <string.h>

#include "kernel/pvh.h"
#include "tests/unit/fake_physical.h"
#include "tests/unit/unit.h"

enum {
    INFO = 0x10008,
    MAP = 0x10104,
    COMMAND_LINE = 0x10200,
    END = 0x12000,
    IMAGE_END = 0x180000,
    RAM = 1,
    RESERVED = 2
};

static struct kpvh boot;

static void store_range(unsigned int index, uint64_t base, uint64_t size, unsigned int type)
{
    fake_physical_store(MAP + 24 * index, 8, base);
    fake_physical_store(MAP + 24 * index + 8, 8, size);
    fake_physical_store(MAP + 24 * index + 16, 4, type);
}

/* As QEMU makes one for 128 MiB. */
static void make_start_info(void)
{
    fake_physical_setup();
    memset(&boot, 0x5A, sizeof boot);
    fake_physical_store(INFO, 4, 0x336ec578);
    fake_physical_store(INFO + 4, 4, 1);
    fake_physical_store(INFO + 24, 8, COMMAND_LINE);
    fake_physical_store(INFO + 32, 8, 0xF59E0);
    fake_physical_store(INFO + 40, 8, MAP);
    fake_physical_store(INFO + 48, 4, 4);
    store_range(0, 0, 0x9FC00, RAM);
    store_range(1, 0x9FC00, 0x400, RESERVED);
    store_range(2, 0x100000, 0x7EE0800, RAM);
    store_range(3, 0x7FE0800, 0x1F800, RESERVED);
    memcpy(fake_physical_at(COMMAND_LINE), "claims hold", 12);
}

static void expect_refusal(const char *word)
{
    const char *complaint = kpvh_read(INFO, IMAGE_END, &boot);

    ck_assert_ptr_nonnull(complaint);
    ck_assert_msg(strstr(complaint, word) != NULL, "\"%s\" lacks \"%s\"", complaint, word);
    ck_assert_uint_eq(boot.free_base, 0x5A5A5A5A5A5A5A5A);
    ck_assert_uint_eq((unsigned char)boot.command_line[0], 0x5A);
}

START_TEST(a_good_start_info_is_read)
{
    ck_assert_ptr_null(kpvh_read(INFO, IMAGE_END, &boot));
    ck_assert_str_eq(boot.command_line, "claims hold");
    ck_assert_uint_eq(boot.rsdp, 0xF59E0);
    ck_assert_uint_eq(boot.free_base, 0x180000);
    ck_assert_uint_eq(boot.free_end, 0x7FE0000); /* 0x7FE0800, down to a whole page */
}
END_TEST

START_TEST(no_command_line_is_an_empty_one)
{
    fake_physical_store(INFO + 24, 8, 0);
    ck_assert_ptr_null(kpvh_read(INFO, IMAGE_END, &boot));
    ck_assert_str_eq(boot.command_line, "");
}
END_TEST

START_TEST(a_command_line_may_have_255_characters_and_no_more)
{
    memset(fake_physical_at(COMMAND_LINE), 'x', 256);
    expect_refusal("command line");
    *fake_physical_at(COMMAND_LINE + 255) = '\0';
    ck_assert_ptr_null(kpvh_read(INFO, IMAGE_END, &boot));
    ck_assert_uint_eq(strlen(boot.command_line), 255);
}
END_TEST

static const uint64_t command_lines[] = {1, END, END - 3, 0xFFFFFFFFFFFFFFFF};

START_TEST(command_lines_that_leave_memory_are_refused)
{
    memset(fake_physical_at(END - 3), 'x', 3);
    fake_physical_store(INFO + 24, 8, command_lines[_i]);
    expect_refusal("command line");
}
END_TEST

START_TEST(start_infos_of_another_kind_are_refused)
{
    fake_physical_store(INFO + 4, 4, 0); /* version 0 has no memory map */
    expect_refusal("memory map");
    fake_physical_store(INFO + 4, 4, 1);
    fake_physical_store(INFO, 4, 0x336ec579);
    expect_refusal("magic");
    ck_assert_ptr_nonnull(kpvh_read(END - 55, IMAGE_END, &boot));
    ck_assert_ptr_nonnull(kpvh_read(0, IMAGE_END, &boot));
}
END_TEST

static const uint64_t range_counts[] = {0, 2, 257, 0xFFFFFFFF};

START_TEST(memory_maps_without_ram_behind_the_image_are_refused)
{
    fake_physical_store(INFO + 48, 4, range_counts[_i]);
    expect_refusal("RAM");
}
END_TEST

START_TEST(only_ram_that_holds_the_end_of_the_image_counts)
{
    store_range(2, 0x100000, 0x7EE0800, RESERVED);
    expect_refusal("RAM");
    store_range(2, 0x181000, 0x7EE0800, RAM);
    expect_refusal("RAM");
    store_range(2, 0x180000, 0x7EE0800, RAM);
    ck_assert_ptr_null(kpvh_read(INFO, IMAGE_END, &boot));
}
END_TEST

START_TEST(memory_maps_outside_memory_are_refused)
{
    fake_physical_store(INFO + 40, 8, END - 95);
    expect_refusal("RAM");
}
END_TEST

START_TEST(ram_that_ends_with_the_image_is_not_enough)
{
    store_range(2, 0x100000, 0x80FFF, RAM);
    expect_refusal("RAM");
    store_range(2, 0x100000, 0x81000, RAM);
    ck_assert_ptr_null(kpvh_read(INFO, IMAGE_END, &boot));
    ck_assert_uint_eq(boot.free_end, 0x181000);
}
END_TEST

/* A range that wraps around, and one beyond what the boot tables map. */
START_TEST(ram_counts_only_below_4_gib)
{
    store_range(2, 0x100000, 0xFFFFFFFFFFFFFFFF, RAM);
    ck_assert_ptr_null(kpvh_read(INFO, IMAGE_END, &boot));
    ck_assert_uint_eq(boot.free_end, 0x100000000);
    memset(&boot, 0x5A, sizeof boot);
    store_range(2, 0x100000000, 0x40000000, RAM);
    expect_refusal("RAM");
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pvh");
    TCase *info = tcase_create("start info");

    tcase_add_checked_fixture(info, make_start_info, fake_physical_teardown);
    tcase_add_test(info, a_good_start_info_is_read);
    tcase_add_test(info, no_command_line_is_an_empty_one);
    tcase_add_test(info, a_command_line_may_have_255_characters_and_no_more);
    tcase_add_loop_test(info, command_lines_that_leave_memory_are_refused, 0,
                        sizeof command_lines / sizeof command_lines[0]);
    tcase_add_test(info, start_infos_of_another_kind_are_refused);
    tcase_add_loop_test(info, memory_maps_without_ram_behind_the_image_are_refused, 0,
                        sizeof range_counts / sizeof range_counts[0]);
    tcase_add_test(info, only_ram_that_holds_the_end_of_the_image_counts);
    tcase_add_test(info, memory_maps_outside_memory_are_refused);
    tcase_add_test(info, ram_that_ends_with_the_image_is_not_enough);
    tcase_add_test(info, ram_counts_only_below_4_gib);
    suite_add_tcase(suite, info);
    return suite;
}
