/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of sim/boot/boot_protocol.c, boot_memory.c and boot_machine.c: which protocol, and who gets which memory. */
#include <stdlib.h>
#include <string.h>

#include "tests/unit/boot_case.h"

static const struct sim_boot_request nothing;

static void setup(void)
{
    boot_case_make(SIM_WIDTH_64);
    boot_case_make_ram(0x1000000);
}

START_TEST(pvh_is_preferred_to_multiboot_and_that_to_the_64_bit_entry)
{
    boot_case_add_multiboot(0x140, 3, NULL);
    ck_assert_int_eq(boot_case_succeed(&nothing).protocol, SIM_BOOT_PVH);
    boot_case_drop_note();
    ck_assert_int_eq(boot_case_succeed(&nothing).protocol, SIM_BOOT_MULTIBOOT);
    memset(boot_file + 0x140, 0, 12);
    ck_assert_int_eq(boot_case_succeed(&nothing).protocol, SIM_BOOT_ENTRY_64);
}
END_TEST

START_TEST(a_32_bit_image_without_a_protocol_is_refused)
{
    boot_case_make(SIM_WIDTH_32);
    boot_case_drop_note();
    boot_case_refuse(&nothing, "a 32-bit image needs a PVH note or a multiboot header");
}
END_TEST

START_TEST(multiboot_2_is_refused_by_name)
{
    static const uint32_t header[] = {0xE85250D6, 0, 16, 0x17ADAF1A};

    boot_case_drop_note();
    memcpy(boot_file + 0x148, header, sizeof header);
    boot_case_refuse(&nothing, "multiboot 2 is not supported");
    boot_file[0x148 + 12] ^= 1; /* a wrong checksum: not a header */
    ck_assert_int_eq(boot_case_succeed(&nothing).protocol, SIM_BOOT_ENTRY_64);
}
END_TEST

/* The images of tests/integration/guests. */
START_TEST(real_images_get_their_protocols)
{
    static const struct {
        const char *path;
        enum sim_boot_protocol protocol;
        enum sim_width width;
    } cases[] = {
        {HELLO_MULTIBOOT32, SIM_BOOT_MULTIBOOT, SIM_WIDTH_32},
        {HELLO_MULTIBOOT64, SIM_BOOT_MULTIBOOT, SIM_WIDTH_64},
        {HELLO_ENTRY64, SIM_BOOT_ENTRY_64, SIM_WIDTH_64},
    };
    struct sim_image *image = sim_image_open(cases[_i].path, &boot_error);
    struct sim_boot_entry entry = {0};
    uint64_t symbol = 0;

    ck_assert_msg(image != NULL, "%s", boot_error.text);
    ck_assert_int_eq(sim_image_width(image), cases[_i].width);
    ck_assert_msg(sim_boot_prepare(image, &boot_memory, &nothing, &entry, &boot_error) == 0, "%s",
                  boot_error.text);
    ck_assert_int_eq(entry.protocol, cases[_i].protocol);
    ck_assert(sim_image_find_symbol(image, "entry", &symbol));
    ck_assert_uint_eq(entry.rip, symbol);
    sim_image_close(image);
}
END_TEST

/* [SDM 3A] 3.4.5, 7.2.2: base 0, limit 4 GiB, present, DPL 0. */
START_TEST(the_boot_gdt_is_flat)
{
    struct sim_boot_entry entry;

    if (_i == 1) {
        boot_case_drop_note();
    }
    entry = boot_case_succeed(&nothing);
    ck_assert_uint_eq(ram64(entry.gdt.base), 0);
    ck_assert_uint_eq(ram64(entry.gdt.base + entry.cs),
                      _i == 0 ? 0x00CF9B000000FFFF : 0x00AF9B000000FFFF);
    ck_assert_uint_eq(ram64(entry.gdt.base + entry.data), 0x00CF93000000FFFF);
    ck_assert_uint_eq(ram64(entry.gdt.base + entry.tr), 0x00008B0000000067);
    ck_assert_uint_eq(ram64(entry.gdt.base + entry.tr + 8), 0); /* 16 bytes in IA-32e mode */
    ck_assert_uint_ge(entry.gdt.limit, entry.tr + 15);
    ck_assert_uint_ge(entry.gdt.base, 0xE0000); /* reserved memory */
    ck_assert_uint_lt(entry.gdt.base + entry.gdt.limit, 0x100000);
}
END_TEST

START_TEST(the_bios_data_area_says_what_the_map_says)
{
    (void)boot_case_succeed(&nothing);
    ck_assert_uint_eq(ram32(0x400) & 0xFFFF, 0x3F8);  /* COM1 */
    ck_assert_uint_eq(ram32(0x40E) & 0xFFFF, 0x9FC0); /* segment of the extended area */
    ck_assert_uint_eq(ram32(0x413) & 0xFFFF, 639);    /* KiB */
    ck_assert_uint_eq(ram32(0x410) >> 4 & 3, 2);      /* 80 x 25, colour */
    ck_assert_uint_eq(ram32(0x44A) & 0xFFFF, 80);
    ck_assert_uint_eq(ram32(0x463) & 0xFFFF, 0x3D4);
    ck_assert_uint_eq(ram32(0x484) & 0xFF, 24);
    ck_assert_uint_eq(boot_memory.bytes[0x9FC00], 1); /* KiB of the extended area */
}
END_TEST

/* [ACPI 6.5] 5.2.5.1: on a 16-byte boundary in 0xE0000 to 0xFFFFF. */
START_TEST(the_root_pointer_is_found_by_a_search)
{
    unsigned int found = 0;

    (void)boot_case_succeed(&nothing);
    for (uint64_t at = 0xE0000; at < 0x100000; at += 16) {
        found += memcmp(boot_memory.bytes + at, "RSD PTR ", 8) == 0;
    }
    ck_assert_uint_eq(found, 1);
}
END_TEST

START_TEST(segments_belong_into_usable_ram)
{
    static const struct {
        uint32_t address, size;
        bool fits;
    } cases[] = {
        {0x500, 0x200, true},        {0x4FF, 0x200, false},     {0x9FA00, 0x200, true},
        {0x9FA00, 0x201, false},     {0x9FC00, 0x200, false},   {0xA0000, 0x200, false},
        {0xE0000, 0x200, false},     {0xFFF00, 0x200, false},   {0x100000, 0xEFF000, true},
        {0x100000, 0xEFF001, false}, {0xFFEE00, 0x200, true},   {0xFFEE01, 0x200, false},
        {0xFFF000, 0x200, false},    {0x1000000, 0x200, false}, {0xFFFFFE00, 0x200, false},
    };

    boot_case_make(_i % 2 == 0 ? SIM_WIDTH_32 : SIM_WIDTH_64);
    boot_case_move(cases[_i / 2].address, cases[_i / 2].size);
    if (cases[_i / 2].fits) {
        ck_assert_uint_eq(boot_case_succeed(&nothing).rip, cases[_i / 2].address + 0x20);
        ck_assert_mem_eq(boot_memory.bytes + cases[_i / 2].address, boot_file + 0x100, 0x100);
    } else {
        boot_case_refuse(&nothing, "is not in usable RAM (0x500 to 0x9fc00, 0x100000 to 0xfff000)");
    }
}
END_TEST

/* Two program headers that load the same bytes, again and again. */
START_TEST(segments_that_are_together_larger_than_ram_are_refused)
{
    boot_case_move(0x100000, 0x800001);
    memcpy(boot_file + 64 + 56, boot_file + 64, 56);
    boot_case_refuse(&nothing, "its segments together are larger than RAM");
}
END_TEST

START_TEST(requests_that_cannot_be_fulfilled_are_refused)
{
    static char long_text[4097];
    static uint8_t initrd[0x1000000];
    static const struct sim_acpi_ecam ecam[129];
    const struct sim_boot_request requests[] = {
        {.cmdline = long_text},
        {.initrd = initrd, .initrd_size = 1, .initrd_name = long_text},
        {.initrd = initrd, .initrd_size = sizeof initrd},
        {.initrd = initrd, .initrd_size = SIZE_MAX},
        {.ecam = ecam, .ecam_count = 129},
    };
    static const char *const parts[] = {"the command line is longer than 4095 bytes",
                                        "the name of the initrd is longer than 4095 bytes",
                                        "no room in RAM for the initrd, 16777216 bytes",
                                        "no room in RAM for the initrd", "more than 128 ECAM"};

    memset(long_text, 'x', 4096);
    boot_case_refuse(&requests[_i], parts[_i]);
    long_text[4095] = '\0';
    if (_i < 2) {
        (void)boot_case_succeed(&requests[_i]);
    }
}
END_TEST

START_TEST(ram_of_a_wrong_size_is_refused)
{
    static const uint64_t sizes[] = {0x3FF000, 0xC0001000, 0x400800};

    boot_case_free_ram();
    boot_case_make_ram(sizes[_i]);
    boot_memory.bytes[0] = 0; /* the pages that are never touched are zero */
    {
        struct sim_boot_entry entry;

        ck_assert_int_eq(boot_case_boot(&nothing, &entry), -1);
        ck_assert_ptr_nonnull(strstr(boot_error.text, "cannot be booted with 0x"));
    }
}
END_TEST

/* An image that takes all low memory, or nearly all RAM, leaves other places or none. */
START_TEST(boot_information_goes_where_the_image_leaves_room)
{
    boot_case_move(0x8000, 0x97C00);
    ck_assert_uint_eq(boot_case_succeed(&nothing).rbx, 0x100000);
    boot_case_move(0x10800, 0x1000);
    ck_assert_uint_eq(boot_case_succeed(&nothing).rbx, 0x12000);
    boot_case_move(0x9000, 0x6FFF);
    ck_assert_uint_eq(boot_case_succeed(&nothing).rbx, 0x10000);
}
END_TEST

START_TEST(the_initrd_of_pvh_goes_below_an_image_at_the_top)
{
    const struct sim_boot_request request = {.initrd = "ab", .initrd_size = 2};

    boot_case_move(0xF00001, 0xFEFFF);
    ck_assert_uint_eq(ram64(ram64(boot_case_succeed(&request).rbx + 16)), 0xEFF000);
}
END_TEST

/* Everything that was handed over is there, whole, and the image too: nothing overlaps. */
static void check_handed_over(const struct sim_boot_entry *entry,
                              const struct sim_boot_request *request, uint32_t address)
{
    bool multiboot = entry->protocol == SIM_BOOT_MULTIBOOT;
    uint64_t info = multiboot || entry->mode == SIM_ENTRY_32 ? entry->rbx : entry->rdi;
    uint64_t text = multiboot ? ram32(info + 16) : ram64(info + 24);
    uint64_t module = multiboot ? ram32(info + 24) : ram64(info + 16);
    uint64_t begin = multiboot ? ram32(module) : ram64(module);
    uint64_t map = multiboot ? ram32(info + 48) : ram64(info + 40);

    ck_assert_mem_eq(boot_memory.bytes + address, boot_file + 0x100, 0x100);
    ck_assert_mem_eq(boot_memory.bytes + begin, request->initrd, request->initrd_size);
    ck_assert_uint_eq(begin % 4096, 0);
    ck_assert_str_eq((char *)boot_memory.bytes + text + (multiboot ? 7 : 0), request->cmdline);
    ck_assert_uint_eq(multiboot ? ram64(map + 4 + 8) : ram64(map + 8), 0x9FC00);
    ck_assert_mem_eq(boot_memory.bytes + 0xE0000, "RSD PTR ", 8);
    ck_assert_mem_eq(boot_memory.bytes + boot_memory.size - 4096, "DSDT", 4);
}

/* RAM sizes, addresses, sizes of image and initrd at random: all of it is in place or refused. */
START_TEST(whatever_fits_is_handed_over_whole)
{
    static const uint64_t sizes[] = {0x400000, 0x600000, 0x4000000, 0xC0000000};
    static uint8_t initrd[0x200000];
    unsigned int seed = 1u + (unsigned int)_i;
    unsigned int booted = 0;

    memset(initrd, 0x77, sizeof initrd);
    boot_case_free_ram();
    for (unsigned int round = 0; round < 300; round++) {
        uint64_t ram = sizes[_i];
        uint32_t address = (uint32_t)rand_r(&seed) % (round % 3 == 0 ? 0xA0000 : 0x300000);
        uint32_t size = 0x100 + (uint32_t)rand_r(&seed) % (round % 2 == 0 ? 0x20000 : 0x280000);
        const struct sim_boot_request request = {
            .cmdline = "some words",
            .initrd = initrd,
            .initrd_size = (size_t)rand_r(&seed) % sizeof initrd,
        };
        struct sim_boot_entry entry;

        boot_case_make_ram(ram);
        boot_case_make(round % 4 == 0 ? SIM_WIDTH_32 : SIM_WIDTH_64);
        boot_case_move(address, size);
        if (round % 4 < 2) {
            boot_case_add_multiboot(0x140, 3, NULL);
            boot_case_drop_note();
        } else if (round % 4 == 2) {
            boot_case_drop_note();
        }
        if (boot_case_boot(&request, &entry) == 0) {
            check_handed_over(&entry, &request, address);
            booted++;
        }
        boot_case_free_ram();
    }
    boot_case_make_ram(0x1000);
    ck_assert_uint_gt(booted, 60);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("boot_protocol");
    TCase *choice = tcase_create("choice");
    TCase *memory = tcase_create("memory");

    tcase_add_checked_fixture(choice, setup, boot_case_free_ram);
    tcase_add_test(choice, pvh_is_preferred_to_multiboot_and_that_to_the_64_bit_entry);
    tcase_add_test(choice, a_32_bit_image_without_a_protocol_is_refused);
    tcase_add_test(choice, multiboot_2_is_refused_by_name);
    tcase_add_loop_test(choice, real_images_get_their_protocols, 0, 3);
    suite_add_tcase(suite, choice);

    tcase_add_checked_fixture(memory, setup, boot_case_free_ram);
    tcase_add_loop_test(memory, the_boot_gdt_is_flat, 0, 2);
    tcase_add_test(memory, the_bios_data_area_says_what_the_map_says);
    tcase_add_test(memory, the_root_pointer_is_found_by_a_search);
    tcase_add_loop_test(memory, segments_belong_into_usable_ram, 0, 30);
    tcase_add_test(memory, segments_that_are_together_larger_than_ram_are_refused);
    tcase_add_loop_test(memory, requests_that_cannot_be_fulfilled_are_refused, 0, 5);
    tcase_add_loop_test(memory, ram_of_a_wrong_size_is_refused, 0, 3);
    tcase_add_test(memory, boot_information_goes_where_the_image_leaves_room);
    tcase_add_test(memory, the_initrd_of_pvh_goes_below_an_image_at_the_top);
    tcase_add_loop_test(memory, whatever_fits_is_handed_over_whole, 0, 4);
    tcase_set_timeout(memory, 40);
    suite_add_tcase(suite, memory);
    return suite;
}
