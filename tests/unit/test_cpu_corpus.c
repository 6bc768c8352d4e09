/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unit tests of hal/src/processor/cpu*.c over recorded processors: fixtures/cpuid, see the README there. */
#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drydock/cpu.h"
#include "tests/unit/unit.h"

#define FOLDER "fixtures/cpuid"

enum {
    RECORDS_MAX = 64,
    ROWS_MAX = 128,
    LINE = 512
};

struct row {
    uint32_t leaf, subleaf;
    struct dd_cpuid value;
};

/* One processor: what it answers. */
struct record {
    struct row rows[ROWS_MAX];
    unsigned int count;
    struct dd_cpuid beyond;
};

static char names[RECORDS_MAX][64];
static int record_count;

static int compare(const void *a, const void *b)
{
    return strcmp(a, b);
}

static void find_records(void)
{
    DIR *folder = opendir(FOLDER);

    if (folder == NULL) {
        return;
    }
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        const char *dot = strrchr(entry->d_name, '.');

        if (dot != NULL && strcmp(dot, ".cpuid") == 0 && record_count < RECORDS_MAX) {
            (void)snprintf(names[record_count++], sizeof names[0], "%.*s",
                           (int)(dot - entry->d_name), entry->d_name);
        }
    }
    (void)closedir(folder);
    qsort(names, (size_t)record_count, sizeof names[0], compare);
}

static FILE *open_part(const char *name, const char *extension)
{
    char path[256];
    FILE *file = NULL;

    (void)snprintf(path, sizeof path, FOLDER "/%s.%s", name, extension);
    file = fopen(path, "r");
    ck_assert_msg(file != NULL, "%s is missing", path);
    return file;
}

/* Whether there is another line that is no comment; without its end. */
static bool next_line(FILE *file, char *line)
{
    while (fgets(line, LINE, file) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        if (line[0] != '#' && line[0] != '\0') {
            return true;
        }
    }
    return false;
}

static void read_record(const char *name, struct record *record)
{
    FILE *file = open_part(name, "cpuid");
    char line[LINE];

    memset(record, 0, sizeof *record);
    while (next_line(file, line)) {
        struct row row = {0};
        bool is_beyond = strncmp(line, "beyond: ", 8) == 0;
        const char *numbers = strchr(line, ':');

        ck_assert_msg(numbers != NULL &&
                          sscanf(numbers, ": %8" SCNx32 " %8" SCNx32 " %8" SCNx32 " %8" SCNx32,
                                 &row.value.eax, &row.value.ebx, &row.value.ecx,
                                 &row.value.edx) == 4,
                      "%s: %s", name, line);
        if (is_beyond) {
            record->beyond = row.value;
            continue;
        }
        ck_assert_int_eq(sscanf(line, "%8" SCNx32 ".%8" SCNx32, &row.leaf, &row.subleaf), 2);
        ck_assert_uint_lt(record->count, ROWS_MAX);
        record->rows[record->count++] = row;
    }
    (void)fclose(file);
}

static const struct row *find(const struct record *record, uint32_t leaf, uint32_t subleaf)
{
    for (unsigned int i = 0; i < record->count; i++) {
        if (record->rows[i].leaf == leaf && record->rows[i].subleaf == subleaf) {
            return &record->rows[i];
        }
    }
    return NULL;
}

/* As the processor would: what is above the last leaf of its range gets the answer for that. */
static struct dd_cpuid answer(const void *context, uint32_t leaf, uint32_t subleaf)
{
    const struct record *record = context;
    const struct row *row = find(record, leaf, subleaf);
    const struct row *last = find(record, leaf & 0x80000000, 0);

    if (row != NULL) {
        return row->value;
    }
    return last == NULL || leaf > last->value.eax ? record->beyond : (struct dd_cpuid){0};
}

static void check_features(const struct dd_cpu *cpu, const char *name, char *list, bool expected)
{
    for (char *word = strtok(list, " "); word != NULL; word = strtok(NULL, " ")) {
        int feature = 0;

        while (feature < DD_CPU_FEATURE_COUNT &&
               strcmp(dd_cpu_feature_name((enum dd_cpu_feature)feature), word) != 0) {
            feature++;
        }
        ck_assert_msg(feature < DD_CPU_FEATURE_COUNT, "%s: no feature is called %s", name, word);
        ck_assert_msg(dd_cpu_has(cpu, (enum dd_cpu_feature)feature) == expected, "%s: %s is %s",
                      name, word, expected ? "missing" : "there");
    }
}

static void check_vendor(const struct dd_cpu *cpu, const char *text)
{
    char line[64] = "";

    (void)snprintf(line, sizeof line, "%s %s", cpu->vendor == DD_CPU_VENDOR_INTEL ? "intel" : "amd",
                   cpu->vendor_text);
    ck_assert(cpu->vendor == DD_CPU_VENDOR_INTEL || cpu->vendor == DD_CPU_VENDOR_AMD);
    ck_assert_str_eq(text, line);
}

/* Numbers of a line against actual ones; what the line leaves out is not compared. */
static void check_numbers(const char *name, const char *line, const uint64_t *actual, size_t count)
{
    const char *at = strchr(line, ' ');

    for (size_t i = 0; i < count && at != NULL; i++) {
        ck_assert_msg(strtoull(at, NULL, 10) == actual[i], "%s: %s: number %zu is %" PRIu64, name,
                      line, i + 1, actual[i]);
        at = strchr(at + 1, ' ');
    }
    ck_assert_msg(at == NULL, "%s: %s: too many numbers", name, line);
}

static bool check_number_line(const struct dd_cpu *cpu, const char *name, const char *line)
{
    const struct dd_cpu_topology *t = &cpu->topology;
    const struct {
        const char *word;
        uint64_t actual[6];
        size_t count;
    } lines[] = {
        {"signature ", {cpu->family, cpu->model, cpu->stepping}, 3},
        {"widths ", {cpu->physical_bits, cpu->linear_bits}, 2},
        {"line ", {cpu->line_size}, 1},
        {"tsc ", {cpu->tsc_hz, cpu->crystal_hz}, 2},
        {"xsave ",
         {cpu->xsave.xcr0, cpu->xsave.size, cpu->xsave.size_max, cpu->xsave.size_compact,
          cpu->xsave.xss},
         5},
        {"topology ",
         {t->apic_id, t->thread_bits, t->package_shift, t->thread_id, t->core_id, t->package_id},
         6},
        {"svm ", {cpu->nasid, cpu->invlpgb_count_max}, 2},
        {"encryption ", {cpu->encryption_bit, cpu->encryption_lost}, 2},
    };

    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        if (strncmp(line, lines[i].word, strlen(lines[i].word)) == 0) {
            check_numbers(name, line, lines[i].actual, lines[i].count);
            return true;
        }
    }
    return false;
}

/* What follows the line's first word, if that is the one; NULL otherwise. */
static char *after_word(char *line, const char *word)
{
    size_t length = strlen(word);

    if (strncmp(line, word, length) != 0) {
        return NULL;
    }
    return line[length] == ' ' ? line + length + 1 : line + length;
}

static void check_text(const char *actual, const char *expected)
{
    ck_assert_msg(expected == NULL || strcmp(actual, expected) == 0, "\"%s\" is not \"%s\"", actual,
                  expected);
}

static bool check_text_line(const struct dd_cpu *cpu, char *line)
{
    const char *vendor = after_word(line, "vendor");
    const char *brand = after_word(line, "brand");
    const char *hypervisor = after_word(line, "hypervisor");

    if (vendor != NULL) {
        check_vendor(cpu, vendor);
    }
    check_text(cpu->brand, brand);
    check_text(cpu->hypervisor_text, hypervisor);
    return vendor != NULL || brand != NULL || hypervisor != NULL;
}

static bool check_feature_line(const struct dd_cpu *cpu, const char *name, char *line)
{
    char *present = after_word(line, "has");
    char *absent = after_word(line, "lacks");

    if (present != NULL) {
        check_features(cpu, name, present, true);
    } else if (absent != NULL) {
        check_features(cpu, name, absent, false);
    }
    return present != NULL || absent != NULL;
}

static void check_line(const struct dd_cpu *cpu, const char *name, char *line)
{
    ck_assert_msg(check_text_line(cpu, line) || check_feature_line(cpu, name, line) ||
                      check_number_line(cpu, name, line),
                  "%s: what is this? %s", name, line);
}

START_TEST(a_recorded_processor_is_what_its_vendor_says)
{
    static struct record record;
    struct dd_cpu cpu;
    FILE *file = open_part(names[_i], "expect");
    char line[LINE];
    unsigned int lines = 0;

    read_record(names[_i], &record);
    dd_cpu_read_from(&cpu, answer, &record);
    while (next_line(file, line)) {
        check_line(&cpu, names[_i], line);
        lines++;
    }
    (void)fclose(file);
    ck_assert_uint_ge(lines, 7);
}
END_TEST

START_TEST(at_least_ten_processors_are_recorded)
{
    ck_assert_int_ge(record_count, 10);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("cpu_corpus");
    TCase *corpus = tcase_create("corpus");

    find_records();
    tcase_add_loop_test(corpus, a_recorded_processor_is_what_its_vendor_says, 0, record_count);
    tcase_add_test(corpus, at_least_ten_processors_are_recorded);
    suite_add_tcase(suite, corpus);
    return suite;
}
