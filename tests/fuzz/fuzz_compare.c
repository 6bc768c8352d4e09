/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two texts that claim to be the output of lspci, with a NUL byte between them: read and compared. */
#include <stdio.h>
#include <stdlib.h>

#include "sim/pci/dump/dump_open.h"
#include "sim/pci/diff/pci_diff.h"
#include "tests/fuzz/fuzz.h"

/* Every function is in one pair, and every change says what differs. */
static void check_pairs(const struct sim_pci_diff *diff)
{
    size_t before = 0;
    size_t after = 0;

    for (size_t i = 0; i < diff->count; i++) {
        before += diff->pairs[i].before != NULL;
        after += diff->pairs[i].after != NULL;
        for (size_t k = 0; k < diff->pairs[i].count; k++) {
            const struct sim_pci_change *change = &diff->pairs[i].changes[k];

            fuzz_require(change->what[0] != '\0', "a change is of something");
            fuzz_require(strcmp(change->before, change->after) != 0, "a change changes something");
        }
    }
    fuzz_require(before == diff->before->count, "every function before has a pair");
    fuzz_require(after == diff->after->count, "every function after has a pair");
}

static size_t compare(const struct sim_dump *before, const struct sim_dump *after)
{
    struct sim_pci_diff diff;
    struct sim_error error = {""};
    size_t count = 0;

    fuzz_require(sim_pci_diff(before, after, &diff, &error) == 0, "dumps can be compared");
    check_pairs(&diff);
    count = sim_pci_diff_count(&diff);
    sim_pci_diff_free(&diff);
    return count;
}

/* A dump that was written as lspci does is the same dump. */
static void write_and_read(const struct sim_dump *dump)
{
    char *text = NULL;
    size_t length = 0;
    FILE *file = open_memstream(&text, &length);
    struct sim_dump again;
    struct sim_error error = {""};

    if (file == NULL) {
        return;
    }
    sim_dump_write(dump, file);
    fuzz_require(fclose(file) == 0, "a dump can be written");
    fuzz_require(sim_dump_read_text("again", text, length, &again, &error) == 0,
                 "what was written can be read");
    fuzz_require(again.count == dump->count && again.remarks == NULL, "it is all there");
    for (size_t i = 0; i < dump->count; i++) {
        fuzz_require(memcmp(again.functions[i].bytes, dump->functions[i].bytes, SIM_CONFIG_SIZE) ==
                         0,
                     "with the same bytes");
    }
    sim_dump_free(&again);
    free(text);
}

void fuzz_one(const uint8_t *bytes, size_t size)
{
    const uint8_t *middle = size == 0 ? NULL : memchr(bytes, 0, size);
    size_t length = middle == NULL ? size : (size_t)(middle - bytes);
    size_t skip = middle == NULL ? 0 : 1;
    struct sim_dump dumps[2];
    struct sim_error error;

    if (sim_dump_read_text("before", (const char *)bytes, length, &dumps[0], &error) != 0) {
        return;
    }
    fuzz_require(compare(&dumps[0], &dumps[0]) == 0, "a dump does not differ from itself");
    write_and_read(&dumps[0]);
    if (sim_dump_read_text("after", (const char *)bytes + length + skip, size - length - skip,
                           &dumps[1], &error) == 0) {
        (void)compare(&dumps[0], &dumps[1]);
        (void)compare(&dumps[1], &dumps[0]);
        sim_dump_free(&dumps[1]);
    }
    sim_dump_free(&dumps[0]);
}
