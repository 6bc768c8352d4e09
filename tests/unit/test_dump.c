/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of sim/pci/dump/dump.c, dump_file.c, dump_line.c, dump_plain.c and dump_row.c: what is a dump. */
#include <stdlib.h>

#include "tests/unit/dump_case.h"

#define SLOT "00:00.0 Host bridge: Intel Corporation 440FX\n"
#define ROW_40_TO_70                                        \
    "40: 40 41 42 43 44 45 46 47 48 49 4a 4b 4c 4d 4e 4f\n" \
    "50: 50 51 52 53 54 55 56 57 58 59 5a 5b 5c 5d 5e 5f\n" \
    "60: 60 61 62 63 64 65 66 67 68 69 6a 6b 6c 6d 6e 6f\n" \
    "70: 70 71 72 73 74 75 76 77 78 79 7a 7b 7c 7d 7e 7f\n"

/* Write rows of zeros from one offset up to another; returns the end of the text. */
static char *write_rows(char *text, unsigned int from, unsigned int to)
{
    for (unsigned int offset = from; offset < to; offset += 16) {
        text += sprintf(text, "%02x: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n", offset);
    }
    return text;
}

/* The dump has one function, 00:00.0 with the bytes of HEADER and nothing else. */
static void assert_is_header(struct sim_dump dump)
{
    const struct sim_dump_function *function = sim_dump_find(&dump, 0, 0, 0, 0);

    ck_assert_ptr_nonnull(function);
    ck_assert_uint_eq(dump.count, 1);
    ck_assert_uint_eq(function->known_size, 64);
    ck_assert_uint_eq(function->bytes[0x00], 0x86);
    for (unsigned int i = 0; i < 16; i++) {
        ck_assert_uint_eq(function->bytes[0x10 + i], 0x11 + i);
    }
    ck_assert_uint_eq(function->bytes[0x2D], 0x1A);
    ck_assert_uint_eq(function->bytes[0x3F], 0xFF);
    sim_dump_free(&dump);
}

START_TEST(a_function_has_its_address_its_bytes_and_the_lines_they_stand_in)
{
    struct sim_dump dump = good_dump("noise\n5e:1f.7 Class\n\tControl: I/O+\n" HEADER ROW_40_TO_70);
    const struct sim_dump_function *function = dump.functions;

    ck_assert_uint_eq(dump.count, 1);
    ck_assert_uint_eq(function->segment, 0);
    ck_assert_uint_eq(function->bus, 0x5E);
    ck_assert_uint_eq(function->device, 0x1F);
    ck_assert_uint_eq(function->function, 7);
    ck_assert_uint_eq(function->line, 2);
    for (unsigned int i = 0; i < 8; i++) {
        ck_assert_uint_eq(function->row_line[i], 4 + i);
    }
    ck_assert_uint_eq(function->row_line[8], 0);
    for (unsigned int i = 0x40; i < 0x80; i++) {
        ck_assert_uint_eq(function->bytes[i], i);
    }
    ck_assert_uint_eq(function->bytes[0x80], 0);
    ck_assert_uint_eq(function->known_size, 128);
    sim_dump_free(&dump);
    ck_assert_ptr_null(dump.path);
    ck_assert_ptr_null(dump.functions);
    ck_assert_uint_eq(dump.count, 0);
}
END_TEST

START_TEST(the_dump_remembers_its_path)
{
    const char *path = dump_file(SLOT HEADER, sizeof SLOT HEADER - 1);
    struct sim_dump dump;
    struct sim_error error;

    ck_assert_int_eq(sim_dump_read(path, &dump, &error), 0);
    ck_assert_str_eq(dump.path, path);
    ck_assert_ptr_ne(dump.path, path);
    sim_dump_free(&dump);
}
END_TEST

/* The same function in the spellings people have it in. */
static const char *const spellings[] = {
    SLOT HEADER,
    "00:00.0 x\r\n00: 86 80 29 12 07 04 00 00 02 00 00 06 00 00 00 00\r\n"
    "10: 11 12 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f 20\r\n"
    "20: 00 00 00 00 00 00 00 00 00 00 00 00 f4 1a 00 11\r\n"
    "30: 00 00 00 00 00 00 00 00 00 00 00 00 0b 01 00 ff\r\n\r\n",
    /* no newline at the end */
    SLOT ROW_00 ROW_10 ROW_20 "30: 00 00 00 00 00 00 00 00 00 00 00 00 0b 01 00 ff",
    /* trailing blanks, more blanks than one, a tab */
    SLOT ROW_00 "10:  11 12 13 14  15 16 17 18\t19 1a 1b 1c 1d 1e 1f 20 \t \n" ROW_20 ROW_30,
    /* capitals and a third digit */
    SLOT ROW_00 "010: 11 12 13 14 15 16 17 18 19 1A 1B 1C 1D 1E 1F 20\n" ROW_20 ROW_30,
    /* a UTF-8 byte order mark */
    "\xEF\xBB\xBF" SLOT HEADER,
    /* an empty line after every line */
    SLOT "\n" ROW_00 "\n" ROW_10 "\n" ROW_20 "\n" ROW_30 "\n",
    /* without and with text after the slot */
    "00:00.0\n" HEADER,
    "00:00.0\tHost bridge\n" HEADER,
    "0000:00:00.0 Host bridge\n" HEADER,
    /* rows that a mailer wrapped, once and twice */
    SLOT ROW_00 "10: 11 12 13 14 15 16 17 18 19 1a\n1b 1c 1d 1e 1f 20\n" ROW_20 ROW_30,
    SLOT ROW_00 "10: 11 12\n  13 14 15 16\r\n17 18 19 1a 1b 1c 1d 1e 1f 20\n" ROW_20 ROW_30,
    SLOT ROW_00 ROW_10 ROW_20 "30:\n00 00 00 00 00 00 00 00 00 00 00 00 0b 01 00 ff\n",
    /* quoted in a mail, by one and by two */
    "> " SLOT "> " ROW_00 "> 10: 11 12 13 14 15 16 17 18 19 1a\n> 1b 1c 1d 1e 1f 20\n"
    "> " ROW_20 ">" ROW_30,
    "I wrote:\n> > " SLOT ">> " ROW_00 "> >" ROW_10 "> > " ROW_20 "> > " ROW_30 ">\n>",
    /* indented as a whole, by blanks, no-break spaces or a tab; not quoted, as HTML */
    "I have:\n\n    " SLOT "    " ROW_00 "    " ROW_10 "    " ROW_20 "    " ROW_30
    "\nThat is all.\n",
    "\xC2\xA0 \t" SLOT "\xC2\xA0 \t" ROW_00 "\t  " ROW_10 "  \xC2\xA0" ROW_20 " " ROW_30,
    "00:00.0\xC2\xA0Host bridge\n00:\xC2\xA0"
    "86 80 29 12 07 04 00 00 02 00 00 06 00 00 00\xC2\xA0"
    "00\n" ROW_10 ROW_20 ROW_30,
    "&gt; " SLOT "&gt; " ROW_00 "&gt; " ROW_10 "&gt;" ROW_20 "&gt; " ROW_30,
    /* messages in between, inside a row, inside a byte, two at once, after the last byte */
    "pcilib: cannot open /proc/bus/pci\nlspci: Unable to load libkmod resources\n" SLOT HEADER,
    SLOT ROW_00 "10: 11 12 13 14 15 16 17 18 19 1a pcilib: read failed: No such device\n"
                "1b 1c 1d 1e 1f 20\n" ROW_20 ROW_30,
    SLOT ROW_00 "10: 11 1pcilib: sysfs_read_vpd: read failed: Connection timed out\n"
                "2 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f 20\n" ROW_20 ROW_30,
    SLOT ROW_00 "10: 11 12 13lspci: one\npcilib: two\n"
                " 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f 20\n" ROW_20 ROW_30,
    SLOT ROW_00 "10: 11 12 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f 20pcilib: late\n\n" ROW_20 ROW_30,
    /* a shell's prompt and more */
    "# lspci -x\n$ ff: no row\nlspci -v | less\n" SLOT HEADER "# exit\n",
    /* text that begins like a row, before and after the rows */
    SLOT "02: something\n00: be something\nab: cd, the rest of it\nf0:\n" HEADER "80: something\n",
    SLOT "00: 8086 2912 0407\n10: at 8% of\n" HEADER,
    SLOT "00000000: 86 80 29 12\n00000: 86 80 29 12\n0: 86 80 29 12\n00:86 80 29 12\n" HEADER,
    SLOT "\t00: 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 10\n" HEADER,
    /* text that begins like a slot */
    "000:00:1f.0 x\n" SLOT HEADER,
    "000000000:00:1f.0 x\n00:1f.0x\n00:1f.00 x\n00:1f: x\n00-1f.0 x\n0:1f.0 x\n00:1f:0 x\n" SLOT
        HEADER,
    "\t00:1f.0 x\n 00:1e.0 x\n" SLOT HEADER,
};

START_TEST(a_dump_may_be_spelt_in_many_ways)
{
    assert_is_header(good_dump(spellings[_i]));
}
END_TEST

START_TEST(lines_may_be_of_any_length)
{
    size_t length = 1u << 20;
    char *text = malloc(length + 1000);
    char *end = stpcpy(text, SLOT "\tKernel modules: ");

    ck_assert_ptr_nonnull(text);
    memset(end, 'x', length);
    (void)stpcpy(end + length, "\n" HEADER);
    assert_is_header(good_dump(text));
    free(text);
}
END_TEST

static const struct {
    const char *slot;
    uint32_t segment;
} segments[] = {
    {"0001:02:03.4 x\n" HEADER, 1},
    {"10000:02:03.4 x\n" HEADER, 0x10000},
    {"abcdef:02:03.4 x\n" HEADER, 0xABCDEF},
    {"FFFFFFFF:02:03.4 x\n" HEADER, 0xFFFFFFFF},
};

START_TEST(a_segment_has_4_to_8_digits)
{
    struct sim_dump dump = good_dump(segments[_i].slot);

    ck_assert_uint_eq(dump.functions[0].segment, segments[_i].segment);
    ck_assert_ptr_eq(sim_dump_find(&dump, segments[_i].segment, 2, 3, 4), dump.functions);
    sim_dump_free(&dump);
}
END_TEST

START_TEST(functions_are_sorted_and_found_by_address)
{
    static const unsigned int lines[] = {31, 11, 16, 1, 26, 21, 6};
    struct sim_dump dump = good_dump(
        "0000:02:00.0 x\n" HEADER "10000:00:00.0 x\n" HEADER "00:1f.3 x\n" HEADER
        "01:00.0 x\n" HEADER "0001:00:00.0 x\n" HEADER "ff:1f.7 x\n" HEADER "00:00.0 x\n" HEADER);

    ck_assert_uint_eq(dump.count, 7);
    for (size_t i = 0; i < 7; i++) {
        ck_assert_uint_eq(dump.functions[i].line, lines[i]);
    }
    ck_assert_uint_eq(sim_dump_find(&dump, 0, 0, 0x1F, 3)->line, 11);
    ck_assert_uint_eq(sim_dump_find(&dump, 0x10000, 0, 0, 0)->line, 6);
    ck_assert_uint_eq(sim_dump_find(&dump, 0, 0xFF, 0x1F, 7)->line, 26);
    ck_assert_ptr_null(sim_dump_find(&dump, 0, 0, 0x1F, 2));
    ck_assert_ptr_null(sim_dump_find(&dump, 2, 0, 0, 0));
    sim_dump_free(&dump);
}
END_TEST

START_TEST(dumps_of_64_256_and_4096_bytes_may_be_mixed)
{
    static char text[32768];
    static const unsigned int sizes[] = {64, 256, 4096};
    char *end = text;
    struct sim_dump dump;

    for (unsigned int i = 0; i < 3; i++) {
        end += sprintf(end, "00:%02x.0 x\n", i);
        end = write_rows(end, 0, sizes[i]);
    }
    dump = good_dump(text);
    for (unsigned int i = 0; i < 3; i++) {
        ck_assert_uint_eq(dump.functions[i].known_size, sizes[i]);
        for (unsigned int offset = 0; offset < 5000; offset++) {
            ck_assert_int_eq(sim_dump_knows(&dump.functions[i], offset), offset < sizes[i]);
        }
    }
    ck_assert(!sim_dump_knows(&dump.functions[2], 0xFFFFFFFF));
    ck_assert_uint_eq(dump.functions[2].row_line[255], 1 + 4 + 1 + 16 + 1 + 256);
    sim_dump_free(&dump);
}
END_TEST

START_TEST(rows_after_the_header_may_be_missing_and_are_not_known)
{
    struct sim_dump dump =
        good_dump(SLOT HEADER "ff0: 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 10\n");
    const struct sim_dump_function *function = dump.functions;

    ck_assert_uint_eq(function->known_size, 4096);
    ck_assert(sim_dump_knows(function, 0x3F));
    ck_assert(!sim_dump_knows(function, 0x40));
    ck_assert(!sim_dump_knows(function, 0xFEF));
    ck_assert(sim_dump_knows(function, 0xFF0));
    ck_assert_uint_eq(function->bytes[0xFFF], 0x10);
    ck_assert_uint_eq(function->row_line[4], 0);
    ck_assert_uint_eq(function->row_line[255], 6);
    sim_dump_free(&dump);
}
END_TEST

START_TEST(thousands_of_functions_are_read)
{
    size_t count = 16384;
    char *text = malloc(count * (sizeof HEADER + 32));
    char *end = text;
    struct sim_dump dump;

    ck_assert_ptr_nonnull(text);
    for (size_t i = count; i-- > 0;) {
        end += sprintf(end, "%02zx:%02zx.%zx x\n" HEADER, i >> 8, i >> 3 & 0x1F, i & 7);
    }
    dump = good_dump(text);
    ck_assert_uint_eq(dump.count, 16384);
    ck_assert_uint_eq(dump.functions[16383].bus, 0x3F);
    ck_assert_uint_eq(dump.functions[16383].line, 1);
    sim_dump_free(&dump);
    (void)sprintf(end, "ff:00.0 x\n" HEADER);
    dump = good_dump(text);
    ck_assert_uint_eq(dump.count, 16384);
    assert_remarks(&dump, "81921: more than 16384 functions\n");
    sim_dump_free(&dump);
    free(text);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("dump");
    TCase *functions = tcase_create("functions");
    TCase *spelling = tcase_create("spelling");

    tcase_add_test(functions, a_function_has_its_address_its_bytes_and_the_lines_they_stand_in);
    tcase_add_test(functions, the_dump_remembers_its_path);
    tcase_add_loop_test(functions, a_segment_has_4_to_8_digits, 0, 4);
    tcase_add_test(functions, functions_are_sorted_and_found_by_address);
    tcase_add_test(functions, dumps_of_64_256_and_4096_bytes_may_be_mixed);
    tcase_add_test(functions, rows_after_the_header_may_be_missing_and_are_not_known);
    tcase_add_test(functions, thousands_of_functions_are_read);
    tcase_set_timeout(functions, 30);
    suite_add_tcase(suite, functions);
    tcase_add_loop_test(spelling, a_dump_may_be_spelt_in_many_ways, 0,
                        (int)(sizeof spellings / sizeof *spellings));
    tcase_add_test(spelling, lines_may_be_of_any_length);
    suite_add_tcase(suite, spelling);
    return suite;
}
