/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Unit tests of sim/boot/boot_pvh.c: the start info byte by byte as Xen's public/arch-x86/hvm/start_info.h
 * has it, and drydock's own 64-bit entry.
 */
#include <string.h>

#include "tests/unit/boot_case.h"

static const struct sim_boot_request nothing;

static void setup(void)
{
    boot_case_make(SIM_WIDTH_64);
    boot_case_make_ram(0x1000000);
}

static void check_range(uint64_t entry, uint64_t base, uint64_t size, uint32_t type)
{
    ck_assert_uint_eq(ram64(entry), base);
    ck_assert_uint_eq(ram64(entry + 8), size);
    ck_assert_uint_eq(ram32(entry + 16), type);
    ck_assert_uint_eq(ram32(entry + 20), 0);
}

/* docs/misc/pvh: EBX holds the start info, and the note names the entry point. */
START_TEST(the_note_names_the_entry_and_ebx_the_start_info)
{
    struct sim_boot_entry entry;

    boot_case_make(_i == 0 ? SIM_WIDTH_64 : SIM_WIDTH_32);
    entry = boot_case_succeed(&nothing);
    ck_assert_int_eq(entry.protocol, SIM_BOOT_PVH);
    ck_assert_int_eq(entry.mode, SIM_ENTRY_32);
    ck_assert_uint_eq(entry.rip, 0x200020);
    ck_assert_uint_eq(entry.rax, 0);
    ck_assert_uint_eq(entry.rbx, 0x10000);
    ck_assert_uint_eq(entry.stack, 0);
    ck_assert_uint_eq(entry.cr3, 0);
    ck_assert_uint_eq(ram32(0x10000), 0x336EC578); /* magic */
    ck_assert_uint_eq(ram32(0x10004), 1);          /* version */
    ck_assert_uint_eq(ram32(0x10008), 0);          /* flags */
    ck_assert_uint_eq(ram32(0x1000C), 0);          /* nr_modules */
    ck_assert_uint_eq(ram64(0x10010), 0);          /* modlist_paddr */
    ck_assert_uint_eq(ram64(0x10018), 0);          /* cmdline_paddr */
    ck_assert_uint_eq(ram64(0x10020), 0xE0000);    /* rsdp_paddr */
    ck_assert_uint_eq(ram32(0x10030), 5);          /* memmap_entries */
    ck_assert_uint_eq(ram32(0x10034), 0);          /* reserved */
}
END_TEST

START_TEST(the_memory_map_is_that_of_a_pc)
{
    static const struct sim_acpi_ecam ecam[] = {{0xB0000000, 0, 0, 0xFF},
                                                {0xC0000000, 1, 0x10, 0x1F}};
    const struct sim_boot_request request = {.ecam = ecam, .ecam_count = 2};
    uint64_t map = 0;

    (void)boot_case_succeed(&request);
    ck_assert_uint_eq(ram32(0x10030), 7);
    map = ram64(0x10028);
    check_range(map, 0, 0x9FC00, 1);
    check_range(map + 24, 0x9FC00, 0x400, 2);
    check_range(map + 48, 0xE0000, 0x20000, 2);
    check_range(map + 72, 0x100000, 0xEFF000, 1);
    check_range(map + 96, 0xFFF000, 0x1000, 3);
    check_range(map + 120, 0xB0000000, 0x10000000, 2);
    check_range(map + 144, 0xC1000000, 0x1000000, 2); /* base is that of bus 0 */
}
END_TEST

START_TEST(the_command_line_and_a_module_are_handed_over)
{
    static uint8_t initrd[0x1801];
    const struct sim_boot_request request = {.cmdline = "console=ttyS0 quiet",
                                             .initrd = initrd,
                                             .initrd_size = sizeof initrd,
                                             .initrd_name = "root.cpio"};
    uint64_t module = 0;

    memset(initrd, 0x5A, sizeof initrd);
    (void)boot_case_succeed(&request);
    ck_assert_str_eq((const char *)boot_memory.bytes + ram64(0x10018), "console=ttyS0 quiet");
    ck_assert_uint_eq(ram32(0x1000C), 1);
    module = ram64(0x10010);
    ck_assert_uint_eq(ram64(module), 0xFFD000); /* the pages below the ACPI tables */
    ck_assert_uint_eq(ram64(module + 8), 0x1801);
    ck_assert_str_eq((const char *)boot_memory.bytes + ram64(module + 16), "root.cpio");
    ck_assert_uint_eq(ram64(module + 24), 0);
    ck_assert_mem_eq(boot_memory.bytes + 0xFFD000, initrd, sizeof initrd);
    ck_assert_uint_eq(boot_memory.bytes[0xFFD000 + 0x1801], 0);
}
END_TEST

START_TEST(a_note_of_8_bytes_is_an_address_too)
{
    boot_file[BOOT_CASE_NOTE + 4] = 8; /* n_descsz */
    boot_file[64 + 56 + 32] = 24;      /* p_filesz of the note: it ends 4 bytes later */
    ck_assert_uint_eq(boot_case_succeed(&nothing).rip, 0x200020);
    boot_file[BOOT_CASE_NOTE + 20] = 1; /* above 4 GiB */
    boot_case_free_ram();
    boot_case_make_ram(0x1000000);
    boot_case_refuse(&nothing, "PVH entry point 0x100200020 is in no segment");
}
END_TEST

START_TEST(a_note_that_is_no_address_is_refused)
{
    boot_file[BOOT_CASE_NOTE + 4] = 3;
    boot_case_refuse(&nothing, "the PVH note has 3 bytes instead of 4 or 8");
}
END_TEST

START_TEST(notes_of_others_are_passed_over)
{
    static const size_t spoiled[] = {0 /* n_namesz */, 8 /* n_type */, 12 /* name */};

    boot_file[BOOT_CASE_NOTE + spoiled[_i]] ^= 7;
    ck_assert_int_eq(boot_case_succeed(&nothing).protocol, SIM_BOOT_ENTRY_64);
}
END_TEST

START_TEST(an_entry_outside_of_the_image_is_refused)
{
    static const uint8_t low_bytes[] = {0x7F, 0x80};

    boot_file[BOOT_CASE_NOTE + 17] = 1;             /* 0x2001xx */
    boot_file[BOOT_CASE_NOTE + 16] = low_bytes[_i]; /* the segment ends before 0x200180 */
    if (_i == 0) {
        ck_assert_uint_eq(boot_case_succeed(&nothing).rip, 0x20017F);
    } else {
        boot_case_refuse(&nothing, "PVH entry point 0x200180 is in no segment");
    }
}
END_TEST

/* The contract in boot_protocol.h. */
START_TEST(the_64_bit_entry_has_tables_a_stack_and_the_start_info)
{
    struct sim_boot_entry entry;

    boot_case_drop_note();
    entry = boot_case_succeed(&nothing);
    ck_assert_int_eq(entry.protocol, SIM_BOOT_ENTRY_64);
    ck_assert_int_eq(entry.mode, SIM_ENTRY_64);
    ck_assert_uint_eq(entry.rip, 0x200010);
    ck_assert_uint_eq(entry.rbx, 0);
    ck_assert_uint_eq(ram32(entry.rdi), 0x336EC578);
    ck_assert_uint_eq(entry.stack % 16, 8);
    ck_assert_uint_lt(entry.stack, 0x9FC00);
    ck_assert_uint_eq(ram64(entry.stack), 0);
    ck_assert_uint_eq(ram64(entry.cr3) & 0xFFF, 0x003); /* P, R/W. [SDM 3A] table 4-15 */
    for (uint64_t i = 0; i < 512; i++) {
        /* a page of 1 GiB: P, R/W, PS. [SDM 3A] table 4-16 */
        ck_assert_uint_eq(ram64((ram64(entry.cr3) & ~UINT64_C(0xFFF)) + 8 * i), i << 30 | 0x83);
    }
    ck_assert_uint_eq(ram64(entry.cr3 + 8), 0);
}
END_TEST

START_TEST(the_64_bit_entry_is_a_physical_address)
{
    boot_case_drop_note();
    boot_file[0x18 + 7] = 0xFF; /* e_entry: 0xFF00000000200010 */
    boot_file[0x50 + 7] = 0xFF; /* p_vaddr of the segment */
    ck_assert_uint_eq(boot_case_succeed(&nothing).rip, 0x200010);
}
END_TEST

START_TEST(a_64_bit_entry_outside_of_the_image_is_refused)
{
    boot_case_drop_note();
    boot_file[0x18] = 0xFF;
    boot_file[0x19] = 0xFF;
    boot_case_refuse(&nothing, "the entry point is in no segment");
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("boot_pvh");
    TCase *info = tcase_create("start info");
    TCase *entry = tcase_create("64-bit entry");

    tcase_add_checked_fixture(info, setup, boot_case_free_ram);
    tcase_add_loop_test(info, the_note_names_the_entry_and_ebx_the_start_info, 0, 2);
    tcase_add_test(info, the_memory_map_is_that_of_a_pc);
    tcase_add_test(info, the_command_line_and_a_module_are_handed_over);
    tcase_add_test(info, a_note_of_8_bytes_is_an_address_too);
    tcase_add_test(info, a_note_that_is_no_address_is_refused);
    tcase_add_loop_test(info, notes_of_others_are_passed_over, 0, 3);
    tcase_add_loop_test(info, an_entry_outside_of_the_image_is_refused, 0, 2);
    suite_add_tcase(suite, info);

    tcase_add_checked_fixture(entry, setup, boot_case_free_ram);
    tcase_add_test(entry, the_64_bit_entry_has_tables_a_stack_and_the_start_info);
    tcase_add_test(entry, the_64_bit_entry_is_a_physical_address);
    tcase_add_test(entry, a_64_bit_entry_outside_of_the_image_is_refused);
    suite_add_tcase(suite, entry);
    return suite;
}
