/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of sim/pci/dump.c, dump_file.c and dump_row.c: what is no dump, and how that is said. */
#include "tests/unit/dump_case.h"

#define SLOT     "00:00.0 Host bridge: Intel Corporation 440FX\n"
#define ROW_1000 "1000: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n"

static const struct {
    const char *text;
    const char *sentence;
} refusals[] = {
    /* no dump */
    {"", "1: no PCI function in it: not the output of lspci"},
    {"\n\nlspci: command not found\n", "1: no PCI function in it: not the output of lspci"},
    /* rows cut short */
    {SLOT ROW_00 ROW_10 "20: 00 00 00 00 00 00 00", "4: this row ends after 7 of its 16 bytes"},
    {SLOT ROW_00 "10: 11 12\n" ROW_20 ROW_30, "3: this row ends after 2 of its 16 bytes"},
    {SLOT ROW_00 "10: 11 12\n\n13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f 20\n" ROW_20 ROW_30,
     "3: this row ends after 2 of its 16 bytes"},
    {SLOT ROW_00 "10: 11 12\n13 14 15 and text\n" ROW_20 ROW_30,
     "3: this row ends after 2 of its 16 bytes"},
    {SLOT HEADER "40: 00\n00:01.0 x\n" HEADER, "6: this row ends after 1 of its 16 bytes"},
    {SLOT ROW_00 "10:\n" ROW_20 ROW_30, "3: this row ends after 0 of its 16 bytes"},
    {SLOT ROW_00 "10: 11 pcilib: read failed\n" ROW_20 ROW_30,
     "3: this row ends after 1 of its 16 bytes"},
    {SLOT HEADER "40: ", "6: this row ends after 0 of its 16 bytes"},
    {SLOT "00: 86\n" ROW_10 ROW_20 ROW_30, "2: this row ends after 1 of its 16 bytes"},
    /* bytes that are none */
    {SLOT HEADER "40: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 0",
     "6: byte 16 of this row is not two hexadecimal digits"},
    {SLOT ROW_00 "10: 11 12 13 14 15 8g 17 18 19 1a 1b 1c 1d 1e 1f 20\n" ROW_20 ROW_30,
     "3: byte 6 of this row is not two hexadecimal digits"},
    {SLOT ROW_00 "10: 11 12 13 14 15 8 17 18 19 1a 1b 1c 1d 1e 1f 20\n" ROW_20 ROW_30,
     "3: byte 6 of this row is not two hexadecimal digits"},
    {SLOT ROW_00 "10: 11 12 13 14 15 1 6 17 18 19 1a 1b 1c 1d 1e 1f 20\n" ROW_20 ROW_30,
     "3: byte 6 of this row is not two hexadecimal digits"},
    {SLOT ROW_00 "10: 11 12 131 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f 20\n" ROW_20 ROW_30,
     "3: byte 3 of this row is not two hexadecimal digits"},
    {SLOT ROW_00 "10: zz yy xx 14\n" ROW_20 ROW_30,
     "3: byte 1 of this row is not two hexadecimal digits"},
    {SLOT "00: x6 80 29 12 07 04 00 00 02 00 00 06 00 00 00 00\n" ROW_10 ROW_20 ROW_30,
     "2: byte 1 of this row is not two hexadecimal digits"},
    {SLOT ROW_00 "10: 1\n1 12 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f 20\n" ROW_20 ROW_30,
     "3: byte 1 of this row is not two hexadecimal digits"},
    {SLOT ROW_00 "10: 11 12 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f 20 21\n" ROW_20 ROW_30,
     "3: more than 16 bytes in this row"},
    {SLOT ROW_00 "10: 11 12 13 14 15 16 17 18 19 1a 1b 1c 1d 1e\n1f 20 21\n" ROW_20 ROW_30,
     "3: more than 16 bytes in this row"},
    /* offsets */
    {SLOT ROW_00 ROW_10 "28: 00 00 00 00 00 00 00 00 00 00 00 00 f4 1a 00 11\n" ROW_30,
     "4: row 28 does not begin at a multiple of 16"},
    {SLOT HEADER ROW_1000, "6: row 1000 is past the end of configuration space"},
    {SLOT ROW_00 ROW_20 ROW_10 ROW_30,
     "4: row 10 of 0000:00:00.0 after row 20: out of order, or a slot line is missing"},
    {SLOT HEADER ROW_30,
     "6: row 30 of 0000:00:00.0 after row 30: out of order, or a slot line is missing"},
    {SLOT HEADER "\n" HEADER,
     "7: row 00 of 0000:00:00.0 after row 30: out of order, or a slot line is missing"},
    /* functions */
    {HEADER, "1: a hexadecimal row, but no slot line before it"},
    {"noise\n" HEADER SLOT HEADER, "2: a hexadecimal row, but no slot line before it"},
    {SLOT "\tControl: I/O-\n", "1: no hexadecimal rows for 0000:00:00.0 (lspci -x prints them)"},
    {SLOT HEADER "\n00:01.0 x\n\n00:02.0 x\n" HEADER,
     "7: no hexadecimal rows for 0000:00:01.0 (lspci -x prints them)"},
    {SLOT ROW_00 ROW_10 ROW_30, "1: row 20 of 0000:00:00.0 is missing"},
    {SLOT ROW_00 ROW_10 ROW_20, "1: row 30 of 0000:00:00.0 is missing"},
    {SLOT "00: garbage everywhere\n" ROW_10 ROW_20 ROW_30, "1: row 00 of 0000:00:00.0 is missing"},
    {SLOT HEADER "00:20.0 x\n" HEADER,
     "6: there is no slot 20.0: devices are 00..1f, functions 0..7"},
    {"00:00.8 x\n" HEADER, "1: there is no slot 00.8: devices are 00..1f, functions 0..7"},
    {"0001:ff:ff.f x\n" HEADER, "1: there is no slot ff.f: devices are 00..1f, functions 0..7"},
    {"00:01.0 x\n" HEADER SLOT HEADER "\n0000:00:01.0 again\n" HEADER,
     "12: 0000:00:01.0 was there before, in line 1"},
};

START_TEST(what_is_wrong_is_said_with_its_line)
{
    assert_file_refused(dump_file(refusals[_i].text, strlen(refusals[_i].text)),
                        refusals[_i].sentence);
}
END_TEST

START_TEST(nul_bytes_are_refused_wherever_they_are)
{
    static const char text[] = SLOT HEADER "\n\0";
    static const char utf16[] = "\xFF\xFE"
                                "0\0"
                                "0\0";

    assert_file_refused(dump_file(text, sizeof text - 1),
                        "7: a NUL byte: this is not text in ASCII or UTF-8");
    assert_file_refused(dump_file(utf16, sizeof utf16 - 1),
                        "1: a NUL byte: this is not text in ASCII or UTF-8");
}
END_TEST

START_TEST(files_of_more_than_64_mib_are_refused_unread)
{
    const char *path = dump_file("", 0);

    ck_assert_int_eq(truncate(path, (64 << 20) + 1), 0);
    assert_file_refused(path, " larger than 64 MiB: not an lspci dump");
    ck_assert_int_eq(truncate(path, INT64_C(1) << 40), 0);
    assert_file_refused(path, " larger than 64 MiB: not an lspci dump");
    ck_assert_int_eq(truncate(path, 64 << 20), 0);
    assert_file_refused(path, "1: a NUL byte: this is not text in ASCII or UTF-8");
}
END_TEST

START_TEST(what_is_not_a_regular_file_is_refused_without_waiting)
{
    int ends[2];
    char fifo[32];

    assert_file_refused("no-such-file.lspci", " No such file or directory");
    assert_file_refused("", " No such file or directory");
    assert_file_refused(".", " is a directory");
    assert_file_refused("/dev/zero", " is not a regular file");
    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_int_gt(snprintf(fifo, sizeof fifo, "/proc/self/fd/%d", ends[0]), 0);
    assert_file_refused(fifo, " is not a regular file");
}
END_TEST

START_TEST(a_file_that_cannot_be_read_is_refused)
{
    /* a regular file of 0 bytes, until it is read */
    assert_file_refused("/proc/self/mem", " Input/output error");
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("dump_refusal");
    TCase *text = tcase_create("text");
    TCase *files = tcase_create("files");

    tcase_add_loop_test(text, what_is_wrong_is_said_with_its_line, 0,
                        (int)(sizeof refusals / sizeof *refusals));
    suite_add_tcase(suite, text);
    tcase_add_test(files, nul_bytes_are_refused_wherever_they_are);
    tcase_add_test(files, files_of_more_than_64_mib_are_refused_unread);
    tcase_add_test(files, what_is_not_a_regular_file_is_refused_without_waiting);
    tcase_add_test(files, a_file_that_cannot_be_read_is_refused);
    tcase_set_timeout(files, 30);
    suite_add_tcase(suite, files);
    return suite;
}
