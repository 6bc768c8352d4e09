/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of sim/pci/dump/dump.c, dump_file.c and dump_row.c: what is no dump, and how that is said. */
#include "tests/unit/dump_case.h"

#define SLOT "00:00.0 Host bridge: Intel Corporation 440FX\n"

static const struct {
    const char *text;
    const char *sentence;
} refusals[] = {
    /* no dump */
    {"", "1: no PCI function in it: not the output of lspci"},
    {"\n\nlspci: command not found\n", "1: no PCI function in it: not the output of lspci"},
    {"00:00.0 Host bridge [0600]: Intel [8086:1237]\n",
     "1: no hexadecimal rows and no verbose text for 0000:00:00.0 (lspci -x or -vv prints them)"},
    {HEADER, "1: a hexadecimal row, but no slot line before it"},
    /* IDs, class or header type lack */
    {SLOT "00: 86\n" ROW_10 ROW_20 ROW_30, "2: this row ends after 1 of its 16 bytes"},
    {SLOT "00: 86 80 29 12 07 04 00 00 02 00 00 06 00 00\n" ROW_10 ROW_20 ROW_30,
     "2: this row ends after 14 of its 16 bytes"},
    {SLOT "00: x6 80 29 12 07 04 00 00 02 00 00 06 00 00 00 00\n" ROW_10 ROW_20 ROW_30,
     "2: byte 1 of this row is not two hexadecimal digits"},
    {SLOT "00: garbage everywhere\n" ROW_10 ROW_20 ROW_30, "1: row 00 of 0000:00:00.0 is missing"},
    /* no such function */
    {"00:20.0 x\n" HEADER, "1: there is no slot 20.0: devices are 00..1f, functions 0..7"},
    {"00:00.8 x\n" HEADER, "1: there is no slot 00.8: devices are 00..1f, functions 0..7"},
    {"0001:ff:ff.f x\n" HEADER, "1: there is no slot ff.f: devices are 00..1f, functions 0..7"},
};

START_TEST(a_file_with_nothing_to_use_is_refused_with_the_first_thing_wrong)
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

    tcase_add_loop_test(text, a_file_with_nothing_to_use_is_refused_with_the_first_thing_wrong, 0,
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
