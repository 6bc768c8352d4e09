/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Unit tests of sim/boot/boot_multiboot*.c and sim/boot/multiboot_header.c: offsets and bits are those of the
 * Multiboot specification 0.6.96.
 */
#include <elf.h>
#include <string.h>

#include "tests/unit/boot_case.h"

static const struct sim_boot_request nothing;

/* Where the header is in the file, and with it in memory. */
enum {
    AT = 0x140
};

/* header_addr, load_addr, load_end_addr, bss_end_addr, entry_addr; the whole file goes to 1 MiB. */
static const uint32_t whole_file[5] = {0x100140, 0x100000, 0x100480, 0x100600, 0x100170};

static void setup(void)
{
    boot_case_make(SIM_WIDTH_32);
    boot_case_drop_note();
    boot_case_make_ram(0x1000000);
}

static const char *text_at(uint64_t address)
{
    ck_assert_uint_lt(address, boot_memory.size);
    return (const char *)boot_memory.bytes + address;
}

/* 3.2, 3.3. */
START_TEST(eax_and_ebx_are_as_specified_and_the_flags_say_what_is_valid)
{
    struct sim_boot_entry entry;

    boot_case_make(_i == 0 ? SIM_WIDTH_32 : SIM_WIDTH_64);
    boot_case_drop_note();
    boot_case_add_multiboot(AT, 3, NULL);
    entry = boot_case_succeed(&nothing);
    ck_assert_int_eq(entry.protocol, SIM_BOOT_MULTIBOOT);
    ck_assert_int_eq(entry.mode, SIM_ENTRY_32);
    ck_assert_uint_eq(entry.rax, 0x2BADB002);
    ck_assert_uint_eq(entry.rbx, 0x10000);
    ck_assert_uint_eq(entry.rip, 0x200010);
    ck_assert_uint_eq(entry.stack, 0);
    ck_assert_uint_eq(ram32(0x10000), 0x265);  /* memory, cmdline, sections, map, loader name */
    ck_assert_uint_eq(ram32(0x10004), 639);    /* mem_lower, KiB */
    ck_assert_uint_eq(ram32(0x10008), 0x3BFC); /* mem_upper: 15 MiB less 4 KiB of ACPI tables */
    ck_assert_uint_eq(ram32(0x1000C), 0);      /* boot_device */
    ck_assert_str_eq(text_at(ram32(0x10010)), "kernel");
    ck_assert_uint_eq(ram32(0x10014), 0);   /* mods_count */
    ck_assert_uint_eq(ram32(0x1002C), 120); /* mmap_length */
    ck_assert_str_eq(text_at(ram32(0x10040)), "drydock");
    for (uint64_t i = 0x10044; i < 0x10074; i += 4) {
        ck_assert_uint_eq(ram32(i),
                          0); /* APM, VBE and framebuffer: flags 10, 11 and 12 are clear */
    }
}
END_TEST

/* 3.3: `size` at -4 is 20, and counts from `base_addr`. */
START_TEST(the_memory_map_has_the_size_before_each_entry)
{
    static const struct sim_acpi_ecam ecam[] = {{UINT64_C(0x8000000000), 0, 0, 0xFF}};
    const struct sim_boot_request request = {.ecam = ecam, .ecam_count = 1};
    static const struct {
        uint64_t base, length;
        uint32_t type;
    } expected[] = {
        {0, 0x9FC00, 1},         {0x9FC00, 0x400, 2},   {0xE0000, 0x20000, 2},
        {0x100000, 0xEFF000, 1}, {0xFFF000, 0x1000, 3}, {0x8000000000, 0x10000000, 2},
    };
    uint32_t map = 0;

    boot_case_add_multiboot(AT, 3, NULL);
    (void)boot_case_succeed(&request);
    ck_assert_uint_eq(ram32(0x1002C), 144);
    map = ram32(0x10030);
    for (unsigned int i = 0; i < 6; i++) {
        ck_assert_uint_eq(ram32(map + 24 * i), 20);
        ck_assert_uint_eq(ram64(map + 24 * i + 4), expected[i].base);
        ck_assert_uint_eq(ram64(map + 24 * i + 12), expected[i].length);
        ck_assert_uint_eq(ram32(map + 24 * i + 20), expected[i].type);
    }
}
END_TEST

/* 3.3: mod_start, mod_end (the byte after it), string, reserved. */
START_TEST(a_module_is_on_a_page_boundary_behind_the_image)
{
    static uint8_t initrd[0x1003];
    const struct sim_boot_request request = {.cmdline = "a b",
                                             .initrd = initrd,
                                             .initrd_size = sizeof initrd,
                                             .initrd_name = "modules/disk"};
    uint32_t module = 0;

    memset(initrd, 0xA5, sizeof initrd);
    boot_case_add_multiboot(AT, 3, NULL);
    (void)boot_case_succeed(&request);
    ck_assert_uint_eq(ram32(0x10000), 0x26D);
    ck_assert_str_eq(text_at(ram32(0x10010)), "kernel a b");
    ck_assert_uint_eq(ram32(0x10014), 1);
    module = ram32(0x10018);
    ck_assert_uint_eq(ram32(module), 0x201000);
    ck_assert_uint_eq(ram32(module + 4), 0x202003);
    ck_assert_str_eq(text_at(ram32(module + 8)), "modules/disk");
    ck_assert_uint_eq(ram32(module + 12), 0);
    ck_assert_mem_eq(boot_memory.bytes + 0x201000, initrd, sizeof initrd);
    ck_assert_uint_eq(boot_memory.bytes[0x202003], 0);
}
END_TEST

/* 3.3, flag 5: num, size, addr, shndx; sections that are not loaded have addresses in the copy. */
START_TEST(the_sections_of_elf32_are_in_memory)
{
    const Elf32_Shdr *headers = NULL;
    const Elf32_Sym *symbols = NULL;

    boot_case_add_multiboot(AT, 3, NULL);
    (void)boot_case_succeed(&nothing);
    ck_assert_uint_eq(ram32(0x1001C), 5);
    ck_assert_uint_eq(ram32(0x10020), 40);
    ck_assert_uint_eq(ram32(0x10024), 0x201000);
    ck_assert_uint_eq(ram32(0x10028), 4);
    headers = (const void *)(boot_memory.bytes + 0x201000);
    ck_assert_uint_eq(headers[1].sh_addr, 0x200000);
    symbols = (const void *)text_at(headers[2].sh_addr);
    ck_assert_uint_eq(symbols[1].st_value, 0x200010);
    ck_assert_str_eq(text_at(headers[3].sh_addr + symbols[1].st_name), "start");
    ck_assert_str_eq(text_at(headers[4].sh_addr + headers[4].sh_name), ".shstrtab");
}
END_TEST

START_TEST(the_sections_of_elf64_are_in_memory)
{
    const Elf64_Shdr *headers = NULL;
    const Elf64_Sym *symbols = NULL;

    boot_case_make(SIM_WIDTH_64);
    boot_case_drop_note();
    boot_case_add_multiboot(AT, 3, NULL);
    (void)boot_case_succeed(&nothing);
    ck_assert_uint_eq(ram32(0x1001C), 5);
    ck_assert_uint_eq(ram32(0x10020), 64);
    headers = (const void *)text_at(ram32(0x10024));
    ck_assert_uint_eq(headers[1].sh_addr, 0x200000);
    symbols = (const void *)text_at(headers[2].sh_addr);
    ck_assert_uint_eq(symbols[1].st_value, 0x200010);
    ck_assert_str_eq(text_at(headers[3].sh_addr + symbols[1].st_name), "start");
    ck_assert_str_eq(text_at(headers[4].sh_addr + headers[4].sh_name), ".shstrtab");
}
END_TEST

START_TEST(sections_that_are_not_in_the_file_are_not_handed_on)
{
    Elf32_Shdr *headers = (void *)(boot_file + BOOT_CASE_SECTIONS);

    boot_case_add_multiboot(AT, 3, NULL);
    if (_i == 0) {
        headers[3].sh_size = 0x201; /* one byte too many */
    } else if (_i == 1) {
        headers[4].sh_offset = 0xFFFFFFFF;
    } else {
        for (unsigned int i = 2; i < 5; i++) {
            headers[i].sh_offset = 0; /* together larger than the file */
            headers[i].sh_size = 0x300;
        }
    }
    (void)boot_case_succeed(&nothing);
    ck_assert_uint_eq(ram32(0x10000), 0x245);
    ck_assert_uint_eq(ram32(0x1001C), 0);
    ck_assert_uint_eq(ram32(0x10024), 0);
}
END_TEST

/* 110 headers of 40 bytes need more than a page: with one page left there is no room for them. */
START_TEST(sections_without_room_are_not_handed_on)
{
    static _Alignas(16) uint8_t file[BOOT_CASE_SIZE + 110 * 40];
    Elf32_Ehdr *header = (void *)file;
    struct sim_boot_entry entry;
    struct sim_image *image = NULL;

    boot_case_add_multiboot(AT, 3, NULL);
    boot_case_move(0x100000, _i == 0 ? 0xEFE000 : 0xEFD000);
    memcpy(file, boot_file, BOOT_CASE_SIZE);
    memcpy(file + BOOT_CASE_SIZE, boot_file + BOOT_CASE_SECTIONS, sizeof(Elf32_Shdr) * 5);
    header->e_shoff = BOOT_CASE_SIZE;
    header->e_shnum = 110;
    image = sim_image_open_bytes("many", file, sizeof file, &boot_error);
    ck_assert_msg(image != NULL, "%s", boot_error.text);
    ck_assert_int_eq(sim_boot_prepare(image, &boot_memory, &nothing, &entry, &boot_error), 0);
    ck_assert_uint_eq(ram32(0x1001C), _i == 0 ? 0 : 110);
    ck_assert_mem_eq(boot_memory.bytes + 0xFFF000, "DSDT", 4);
    sim_image_close(image);
}
END_TEST

/* 3.1.3. The bytes before the header are loaded too, and zeros follow up to bss_end_addr. */
START_TEST(address_fields_load_bytes_of_the_file)
{
    const bool flat = _i == 1;
    struct sim_boot_entry entry;

    memset(boot_memory.bytes + 0x100000, 0xEE, 0x1000);
    if (flat) {
        memset(boot_file, 0x90, 0x40);
    }
    boot_case_add_multiboot(AT, 0x10003, whole_file);
    entry = boot_case_succeed(&nothing);
    ck_assert_int_eq(entry.protocol, SIM_BOOT_MULTIBOOT);
    ck_assert_uint_eq(entry.rip, 0x100170);
    ck_assert_mem_eq(boot_memory.bytes + 0x100000, boot_file, 0x480);
    ck_assert_uint_eq(boot_memory.bytes[0x100480], 0);
    ck_assert_uint_eq(boot_memory.bytes[0x1005FF], 0);
    ck_assert_uint_eq(boot_memory.bytes[0x100600], 0xEE);
    ck_assert_uint_eq(boot_memory.bytes[0x200001], 0); /* not by the ELF headers */
    ck_assert_uint_eq(ram32(0x10000), 0x245);          /* no sections */
}
END_TEST

/* 3.1.3: load_end_addr 0 means the rest of the file, bss_end_addr 0 that there is no bss. */
START_TEST(zero_address_fields_stand_for_the_whole_file)
{
    const uint32_t fields[5] = {0x300000, 0x2FFFF0, 0, 0, 0x300000};

    memset(boot_memory.bytes + 0x2FF000, 0xEE, 0x2000);
    boot_case_add_multiboot(AT, 0x10000, fields);
    ck_assert_uint_eq(boot_case_succeed(&nothing).rip, 0x300000);
    ck_assert_uint_eq(boot_memory.bytes[0x2FFFEF], 0xEE);
    ck_assert_mem_eq(boot_memory.bytes + 0x2FFFF0, boot_file + AT - 0x10, 0x480 - AT + 0x10);
    ck_assert_uint_eq(boot_memory.bytes[0x2FFFF0 + 0x480 - AT + 0x10], 0xEE);
}
END_TEST

START_TEST(address_fields_that_do_not_fit_are_refused)
{
    static const struct {
        unsigned int field;
        uint32_t value;
        const char *text;
    } cases[] = {
        {0, 0x0FFFFF, "load_addr 0x100000 is not in the file"}, /* header below load_addr */
        {0, 0x100141, "load_addr 0x100000 is not in the file"}, /* begins before the file */
        {0, 0xFFFFFFFF, "is not in the file"},
        {1, 0, "is not in the file"},
        {2, 0x100481, "load_end_addr 0x100481 is not in the file"},
        {2, 0x0FFFFF, "load_end_addr 0xfffff is not in the file"},
        {2, 0xFFFFFFFF, "load_end_addr 0xffffffff is not in the file"},
        {3, 0x10047F, "bss_end_addr 0x10047f is below the end of the data, 0x100480"},
        {3, 1, "bss_end_addr 0x1 is below"},
        {3, 0xFFF001, "is not in usable RAM"},
        {3, 0xFFFFFFFF, "is not in usable RAM"},
        {4, 0x0FFFFF, "entry point 0xfffff is in no segment"},
        {4, 0x100600, "entry point 0x100600 is in no segment"},
        {4, 0, "entry point 0x0 is in no segment"},
    };
    uint32_t fields[5];

    memcpy(fields, whole_file, sizeof fields);
    fields[cases[_i].field] = cases[_i].value;
    boot_case_add_multiboot(AT, 0x10003, fields);
    boot_case_refuse(&nothing, cases[_i].text);
    memset(boot_file, 0, 4); /* the same for a flat file */
    boot_case_refuse(&nothing, cases[_i].text);
}
END_TEST

/* 3.1.2: unknown bits of 0 to 15 must be refused, those of 16 to 31 may be ignored. */
START_TEST(required_features_are_known_or_the_image_is_refused)
{
    uint32_t flags = (uint32_t)1 << _i;

    boot_case_add_multiboot(AT, flags, whole_file);
    if (_i >= 3 && _i <= 15) {
        boot_case_refuse(&nothing, "requires unknown features, flags 0x");
    } else {
        ck_assert_int_eq(boot_case_succeed(&nothing).protocol, SIM_BOOT_MULTIBOOT);
        ck_assert_uint_eq(ram32(0x10000) & 0x1800, 0); /* no video mode */
    }
}
END_TEST

/* 3.1: a multiple of 4, contained in the first 8192 bytes. */
START_TEST(the_header_is_found_where_it_may_be)
{
    static uint8_t file[0x3000];
    const uint32_t header[8] = {0x1BADB002, 0x10000, 0xE4514FFE, 0x100000,
                                0x100000,   0,       0,          0x100000};
    static const struct {
        size_t offset;
        bool found;
    } cases[] = {{0, true},     {4, true},    {2, false},    {8180, true},
                 {8184, false}, {8176, true}, {8188, false}, {1, false}};
    struct sim_image *image = NULL;

    memcpy(file + cases[_i].offset, header, sizeof header);
    image = sim_image_open_bytes("flat", file, sizeof file, &boot_error);
    ck_assert_int_eq(image != NULL, cases[_i].found);
    sim_image_close(image);
    file[cases[_i].offset + 8] ^= 1; /* the sum of the first three words has to be 0 */
    ck_assert_ptr_null(sim_image_open_bytes("flat", file, sizeof file, &boot_error));
    ck_assert_str_eq(boot_error.text,
                     "flat: not an ELF file, and no multiboot header says where it belongs");
}
END_TEST

START_TEST(a_header_cut_off_by_the_end_of_the_file_is_refused)
{
    const uint32_t header[8] = {0x1BADB002, 0x10000, 0xE4514FFE, 0, 0, 0, 0, 0};

    for (size_t size = 1; size < 32; size++) {
        ck_assert_ptr_null(sim_image_open_bytes("flat", header, size, &boot_error));
    }
    ck_assert_str_eq(boot_error.text, "flat: the multiboot header ends beyond the file");
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("boot_multiboot");
    TCase *info = tcase_create("information");
    TCase *header = tcase_create("header");

    tcase_add_checked_fixture(info, setup, boot_case_free_ram);
    tcase_add_loop_test(info, eax_and_ebx_are_as_specified_and_the_flags_say_what_is_valid, 0, 2);
    tcase_add_test(info, the_memory_map_has_the_size_before_each_entry);
    tcase_add_test(info, a_module_is_on_a_page_boundary_behind_the_image);
    tcase_add_test(info, the_sections_of_elf32_are_in_memory);
    tcase_add_test(info, the_sections_of_elf64_are_in_memory);
    tcase_add_loop_test(info, sections_that_are_not_in_the_file_are_not_handed_on, 0, 3);
    tcase_add_loop_test(info, sections_without_room_are_not_handed_on, 0, 2);
    suite_add_tcase(suite, info);

    tcase_add_checked_fixture(header, setup, boot_case_free_ram);
    tcase_add_loop_test(header, address_fields_load_bytes_of_the_file, 0, 2);
    tcase_add_test(header, zero_address_fields_stand_for_the_whole_file);
    tcase_add_loop_test(header, address_fields_that_do_not_fit_are_refused, 0, 14);
    tcase_add_loop_test(header, required_features_are_known_or_the_image_is_refused, 0, 32);
    tcase_add_loop_test(header, the_header_is_found_where_it_may_be, 0, 8);
    tcase_add_test(header, a_header_cut_off_by_the_end_of_the_file_is_refused);
    suite_add_tcase(suite, header);
    return suite;
}
