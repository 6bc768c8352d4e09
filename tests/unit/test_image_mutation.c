/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every byte of every header with every value, in small files of each kind: they are opened, looked
 * up in, placed and booted under the sanitizers. Refused files say why and leave RAM alone.
 */
#include <string.h>

#include "sim/boot/multiboot_header.h"
#include "tests/unit/boot_case.h"

/* Addresses at which a boot writes something. */
static const uint64_t watched[] = {0x400, 0x10000, 0x100000, 0x200000, 0xE0000, 0x3FF000};

enum {
    WATCHED = sizeof watched / sizeof watched[0],
    RAM = 0x400000
};

static unsigned int booted, refused;

static void setup(void)
{
    boot_case_make_ram(RAM);
}

static void use(const struct sim_image *image)
{
    uint64_t address = 0;
    struct sim_image_note note;
    struct sim_boot_entry entry;
    static const struct sim_boot_request request = {
        .cmdline = "x", .initrd = "y", .initrd_size = 1};

    (void)sim_image_find_symbol(image, "start", &address);
    (void)sim_image_entry(image, &address);
    (void)sim_image_find_note(image, "Xen", 18, &note);
    if (sim_boot_prepare(image, &boot_memory, &request, &entry, &boot_error) == 0) {
        ck_assert_uint_lt(entry.rip, RAM);
        booted++;
        return;
    }
    ck_assert_int_eq(strncmp(boot_error.text, "x: ", 3), 0);
    ck_assert_uint_gt(strlen(boot_error.text), 10);
    refused++;
    for (unsigned int i = 0; i < WATCHED; i++) {
        ck_assert_uint_eq(ram32(watched[i]), 0xEEEEEEEE);
    }
}

static void try_file(void)
{
    struct sim_image *image = NULL;

    for (unsigned int i = 0; i < WATCHED; i++) {
        memset(boot_memory.bytes + watched[i], 0xEE, 4);
    }
    image = sim_image_open_bytes("x", boot_file, sizeof boot_file, &boot_error);
    if (image == NULL) {
        ck_assert_int_eq(strncmp(boot_error.text, "x: ", 3), 0);
        refused++;
        return;
    }
    use(image);
    sim_image_close(image);
}

static void mutate(size_t begin, size_t end)
{
    for (size_t at = begin; at < end; at++) {
        const uint8_t original = boot_file[at];

        for (unsigned int value = 0; value < 256; value++) {
            boot_file[at] = (uint8_t)value;
            try_file();
        }
        boot_file[at] = original;
    }
}

static void check_both_endings(void)
{
    ck_assert_uint_gt(booted, 1000);
    ck_assert_uint_gt(refused, 1000);
}

static enum sim_width width_of(int index)
{
    return index == 0 ? SIM_WIDTH_32 : SIM_WIDTH_64;
}

START_TEST(elf_headers_may_have_any_byte)
{
    boot_case_make(width_of(_i));
    mutate(0, _i == 0 ? 52 + 2 * 32 : 64 + 2 * 56);
    check_both_endings();
}
END_TEST

START_TEST(the_note_may_have_any_byte)
{
    boot_case_make(width_of(_i));
    mutate(BOOT_CASE_NOTE, BOOT_CASE_NOTE + 20);
    ck_assert_uint_gt(booted, 100);
    ck_assert_uint_gt(refused, 100);
}
END_TEST

/* Sections matter only to multiboot and to symbols. */
START_TEST(section_headers_may_have_any_byte)
{
    boot_case_make(width_of(_i));
    boot_case_drop_note();
    boot_case_add_multiboot(0x140, 3, NULL);
    mutate(BOOT_CASE_SECTIONS, BOOT_CASE_SECTIONS + 5u * (_i == 0 ? 40 : 64));
    ck_assert_uint_gt(booted, 1000);
}
END_TEST

/* The address fields in an ELF32 file, an ELF64 file and a flat one. */
START_TEST(multiboot_headers_may_have_any_byte)
{
    static const uint32_t fields[5] = {0x100140, 0x100000, 0x100480, 0x100600, 0x100170};
    uint32_t checksum = 0;

    boot_case_make(width_of(_i % 2));
    boot_case_drop_note();
    if (_i == 2) {
        memset(boot_file, 0, 64);
    }
    boot_case_add_multiboot(0x140, 0x10003, fields);
    mutate(0x140, 0x140 + 32);
    check_both_endings();
    for (unsigned int flags = 0; flags < 0x20000; flags += 61) { /* with the sum that fits */
        boot_case_add_multiboot(0x140, flags, fields);
        memcpy(&checksum, boot_file + 0x148, sizeof checksum);
        ck_assert_uint_eq(checksum + flags + 0x1BADB002u, 0);
        try_file();
    }
}
END_TEST

START_TEST(every_truncation_is_survived)
{
    static const uint32_t fields[5] = {0x100140, 0x100000, 0, 0, 0x100170};

    boot_case_make(width_of(_i % 2));
    if (_i >= 2) {
        boot_case_drop_note();
        boot_case_add_multiboot(0x140, 0x10003, fields);
    }
    for (size_t size = 0; size <= sizeof boot_file; size++) {
        struct sim_image *image = sim_image_open_bytes("x", boot_file, size, &boot_error);

        memset(boot_memory.bytes, 0xEE, 0x500);
        for (unsigned int i = 0; i < WATCHED; i++) {
            memset(boot_memory.bytes + watched[i], 0xEE, 4);
        }
        if (image != NULL) {
            use(image);
            sim_image_close(image);
        }
    }
    ck_assert_uint_gt(booted, 0);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("image_mutation");
    TCase *bytes = tcase_create("bytes");

    tcase_add_checked_fixture(bytes, setup, boot_case_free_ram);
    tcase_add_loop_test(bytes, elf_headers_may_have_any_byte, 0, 2);
    tcase_add_loop_test(bytes, the_note_may_have_any_byte, 0, 2);
    tcase_add_loop_test(bytes, section_headers_may_have_any_byte, 0, 2);
    tcase_add_loop_test(bytes, multiboot_headers_may_have_any_byte, 0, 3);
    tcase_add_loop_test(bytes, every_truncation_is_survived, 0, 4);
    tcase_set_timeout(bytes, 60);
    suite_add_tcase(suite, bytes);
    return suite;
}
