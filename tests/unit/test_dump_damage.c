/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of sim/pci/dump*.c: what is damaged is left out and said, the rest is used. */
#include <stdlib.h>

#include "tests/unit/dump_case.h"

#define SLOT     "00:00.0 Host bridge: Intel Corporation 440FX\n"
#define OTHER    "00:01.0 x\n"
#define ROW_1000 "1000: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n"

/* A damaged row 10 that is in line 3, between good ones. */
static const struct {
    const char *row;
    unsigned int known; /* bytes of it that can be used */
    const char *remarks;
} rows[] = {
    {"10: 11 12\n", 2, "3: this row ends after 2 of its 16 bytes\n"},
    {"10:\n", 0, "3: this row ends after 0 of its 16 bytes\n"},
    {"10: 11 12\n\n13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f 20\n", 2,
     "3: this row ends after 2 of its 16 bytes\n"},
    {"10: 11 12\n13 14 15 and text\n", 2, "3: this row ends after 2 of its 16 bytes\n"},
    {"10: 11 12 13\n14 15 16 17\n18 19 1a 1b 1c 1d 1e 1g\n", 7,
     "3: this row ends after 7 of its 16 bytes\n"},
    {"10: 11 12 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f 2\n", 15,
     "3: byte 16 of this row is not two hexadecimal digits\n"},
    {"10: 11 12 13 14 15 8g 17 18 19 1a 1b 1c 1d 1e 1f 20\n", 5,
     "3: byte 6 of this row is not two hexadecimal digits\n"},
    {"10: 11 12 13 14 15 8 17 18 19 1a 1b 1c 1d 1e 1f 20\n", 5,
     "3: byte 6 of this row is not two hexadecimal digits\n"},
    {"10: 11 12 13 14 15 1 6 17 18 19 1a 1b 1c 1d 1e 1f 20\n", 5,
     "3: byte 6 of this row is not two hexadecimal digits\n"},
    {"10: 11 12 131 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f 20\n", 2,
     "3: byte 3 of this row is not two hexadecimal digits\n"},
    {"10: zz yy xx 14\n", 0, "3: byte 1 of this row is not two hexadecimal digits\n"},
    {"10: 1\n1 12 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f 20\n", 0,
     "3: byte 1 of this row is not two hexadecimal digits\n"},
    {"10: 11 12 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f 20 21\n", 0,
     "3: more than 16 bytes in this row: it is left out\n"},
    {"10: 11 12 13 14 15 16 17 18 19 1a 1b 1c 1d 1e\n1f 20 21\n", 0,
     "3: more than 16 bytes in this row: it is left out\n"},
    {"10: 11 12 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f 20 |...|\n", 16,
     "3: what follows the 16 bytes of this row is left out\n"},
    {"10: 11 pcilib: read failed\n", 1,
     "3: skipped inside this row: pcilib: read failed\n"
     "3: this row ends after 1 of its 16 bytes\n"},
    {"10: 11 1pcilib: read failed\n2 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f 20\n", 16,
     "3: skipped inside this row: pcilib: read failed\n"},
};

START_TEST(of_a_damaged_row_what_stands_before_the_damage_is_used)
{
    char text[1024];
    struct sim_dump dump;

    (void)snprintf(text, sizeof text, SLOT ROW_00 "%s" ROW_20 ROW_30 OTHER HEADER, rows[_i].row);
    dump = good_dump(text);
    ck_assert_uint_eq(dump.count, 2);
    assert_remarks(&dump, rows[_i].remarks);
    for (unsigned int i = 0; i < 64; i++) {
        bool known = i < 0x10 || i >= 0x20 || i - 0x10 < rows[_i].known;

        ck_assert_int_eq(sim_dump_knows(&dump.functions[0], i), known);
        if (i - 0x10 < 0x10) {
            ck_assert_uint_eq(dump.functions[0].bytes[i], known ? 0x11 + i - 0x10 : 0);
        }
    }
    ck_assert_uint_eq(dump.functions[0].bytes[0x2D], 0x1A);
    ck_assert_uint_eq(dump.functions[0].known_size, 64);
    ck_assert_uint_eq(dump.functions[1].bytes[0x2D], 0x1A);
    sim_dump_free(&dump);
    ck_assert_ptr_null(dump.remarks);
}
END_TEST

/* Files of which some functions can be used. */
static const struct {
    const char *text;
    unsigned int functions;
    unsigned int known_size; /* of the first */
    const char *remarks;
} files[] = {
    /* the end of the file is missing */
    {SLOT HEADER OTHER ROW_00 ROW_10 "20: 00 00 00 00 00 00 00", 2, 64,
     "9: this row ends after 7 of its 16 bytes\n6: row 30 of 0000:00:01.0 is missing\n"},
    {SLOT HEADER "40: 00\n00:01.0 x\n" HEADER, 2, 65, "6: this row ends after 1 of its 16 bytes\n"},
    {SLOT HEADER OTHER "00: 86 80 2", 1, 64,
     "7: byte 3 of this row is not two hexadecimal digits\n"
     "6: row 10 of 0000:00:01.0 is missing\n6: row 20 of 0000:00:01.0 is missing\n"
     "6: row 30 of 0000:00:01.0 is missing\n"
     "6: 0000:00:01.0 is left out: its IDs, class or header type are not there\n"},
    /* offsets */
    {SLOT ROW_00 ROW_10 "28: 00 00 00 00 00 00 00 00 00 00 00 00 f4 1a 00 11\n" ROW_30, 1, 64,
     "4: row 28 does not begin at a multiple of 16\n1: row 20 of 0000:00:00.0 is missing\n"},
    {SLOT HEADER ROW_1000, 1, 64, "6: row 1000 is past the end of configuration space\n"},
    {SLOT ROW_00 ROW_20 ROW_10 ROW_30, 1, 64, ""},
    {SLOT ROW_00 ROW_10 ROW_30, 1, 64, "1: row 20 of 0000:00:00.0 is missing\n"},
    /* slot lines */
    {"noise\n" HEADER SLOT HEADER, 1, 64, "2: a hexadecimal row, but no slot line before it\n"},
    {SLOT HEADER "\n" ROW_00 ROW_10 ROW_20 ROW_30 OTHER HEADER, 2, 64,
     "7: row 00 of 0000:00:00.0 was there before, in line 2: a slot line is missing; left out up "
     "to "
     "the next\n"},
    {SLOT HEADER "00:20.0 x\n" HEADER, 1, 64,
     "6: there is no slot 20.0: devices are 00..1f, functions 0..7\n"},
    /* the same function more than once */
    {OTHER HEADER SLOT HEADER "\n0000:00:01.0 again\n" HEADER, 2, 64,
     "12: 0000:00:01.0 is left out: it is also in line 1\n"},
    {SLOT HEADER "\n00:00.0 again\n" HEADER "40: 00 01\n" OTHER HEADER, 2, 66,
     "12: this row ends after 2 of its 16 bytes\n"
     "1: 0000:00:00.0 is left out: it is also in line 7\n"},
};

START_TEST(a_damaged_file_gives_the_functions_that_are_whole)
{
    struct sim_dump dump = good_dump(files[_i].text);

    ck_assert_uint_eq(dump.count, files[_i].functions);
    ck_assert_uint_eq(dump.functions[0].known_size, files[_i].known_size);
    ck_assert_uint_eq(dump.functions[0].bytes[0x3C], 0x0B);
    assert_remarks(&dump, files[_i].remarks);
    sim_dump_free(&dump);
}
END_TEST

START_TEST(regions_after_the_rows_are_of_a_function_whose_slot_line_is_lost)
{
    struct sim_dump dump = good_dump(SLOT HEADER "\tRegion 0: Memory at 10000 [size=16K]\n" HEADER);

    ck_assert_uint_eq(dump.functions[0].bars[0].size, 0);
    sim_dump_free(&dump);
}
END_TEST

START_TEST(of_many_remarks_the_first_hundred_are_kept_and_the_others_counted)
{
    char *text = NULL;
    size_t length = 0;
    FILE *file = open_memstream(&text, &length);
    struct sim_dump dump;
    unsigned int lines = 0;

    (void)fputs(SLOT HEADER, file);
    for (unsigned int i = 0; i < 150; i++) {
        (void)fputs("\n" ROW_1000, file);
    }
    ck_assert_int_eq(fclose(file), 0);
    dump = good_dump(text);
    for (const char *at = dump.remarks; *at != '\0'; at++) {
        lines += *at == '\n';
    }
    ck_assert_uint_eq(lines, 101);
    ck_assert_ptr_nonnull(strstr(dump.remarks, ": and 50 remarks more\n"));
    sim_dump_free(&dump);
    free(text);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("dump_damage");
    TCase *damage = tcase_create("damage");

    tcase_add_loop_test(damage, of_a_damaged_row_what_stands_before_the_damage_is_used, 0,
                        (int)(sizeof rows / sizeof *rows));
    tcase_add_loop_test(damage, a_damaged_file_gives_the_functions_that_are_whole, 0,
                        (int)(sizeof files / sizeof *files));
    tcase_add_test(damage, regions_after_the_rows_are_of_a_function_whose_slot_line_is_lost);
    tcase_add_test(damage, of_many_remarks_the_first_hundred_are_kept_and_the_others_counted);
    suite_add_tcase(suite, damage);
    return suite;
}
