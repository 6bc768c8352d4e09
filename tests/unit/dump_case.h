/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Dumps written in tests: a text becomes a file and the file is read.
 */
#ifndef DRYDOCK_TESTS_UNIT_DUMP_CASE_H
#define DRYDOCK_TESTS_UNIT_DUMP_CASE_H

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "sim/pci/dump/dump.h"
#include "tests/unit/unit.h"

/* The rows of a header: a host bridge without capabilities. */
#define ROW_00 "00: 86 80 29 12 07 04 00 00 02 00 00 06 00 00 00 00\n"
#define ROW_10 "10: 11 12 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f 20\n"
#define ROW_20 "20: 00 00 00 00 00 00 00 00 00 00 00 00 f4 1a 00 11\n"
#define ROW_30 "30: 00 00 00 00 00 00 00 00 00 00 00 00 0b 01 00 ff\n"
#define HEADER ROW_00 ROW_10 ROW_20 ROW_30

/** The name of a new file with these bytes; the file lasts as long as the test. */
static inline const char *dump_file(const char *bytes, size_t size)
{
    static char path[32];
    int file = memfd_create("dump", 0);

    ck_assert_int_ge(file, 0);
    ck_assert_int_eq(write(file, bytes, size), (ssize_t)size);
    ck_assert_int_gt(snprintf(path, sizeof path, "/proc/self/fd/%d", file), 0);
    return path;
}

/** Read a text that must be a good dump. */
static inline struct sim_dump good_dump(const char *text)
{
    struct sim_dump dump;
    struct sim_error error = {""};

    ck_assert_msg(sim_dump_read(dump_file(text, strlen(text)), &dump, &error) == 0, "%s",
                  error.text);
    return dump;
}

/** What was left out of a dump must be just this: "LINE: …\n" for each remark, without its path. */
static inline void assert_remarks(const struct sim_dump *dump, const char *wanted)
{
    char prefix[64];
    char remarks[2048] = "";
    const char *line = dump->remarks == NULL ? "" : dump->remarks;

    ck_assert_int_gt(snprintf(prefix, sizeof prefix, "%s:", dump->path), 0);
    while (*line != '\0') {
        size_t length = strcspn(line, "\n") + 1;

        ck_assert_int_eq(strncmp(line, prefix, strlen(prefix)), 0);
        ck_assert_uint_lt(strlen(remarks) + length, sizeof remarks);
        strncat(remarks, line + strlen(prefix), length - strlen(prefix));
        line += length;
    }
    ck_assert_str_eq(remarks, wanted);
}

/** A file must be refused with "PATH:" and this sentence, and the dump left alone. */
static inline void assert_file_refused(const char *path, const char *sentence)
{
    struct sim_dump dump = {.count = 77};
    struct sim_error error = {""};

    ck_assert_int_eq(sim_dump_read(path, &dump, &error), -1);
    ck_assert_ptr_null(dump.path);
    ck_assert_ptr_null(dump.functions);
    ck_assert_uint_eq(dump.count, 77);
    ck_assert_int_eq(strncmp(error.text, path, strlen(path)), 0);
    ck_assert_int_eq(error.text[strlen(path)], ':');
    ck_assert_str_eq(error.text + strlen(path) + 1, sentence);
}

#endif
