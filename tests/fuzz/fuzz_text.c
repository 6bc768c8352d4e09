/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Verbose text of one function without hexadecimal rows: made registers, with a short list of names.
 * What is said of it must be sentences, and what is known must be inside configuration space.
 */
#include <stdlib.h>

#include "sim/pci/dump/dump_text.h"
#include "sim/pci/text/text_names.h"
#include "sim/pci/text/text_parser.h"
#include "tests/fuzz/fuzz.h"

static const char list[] = "8086  Intel Corporation\n"
                           "\t1237  440FX - 82441FX PMC [Natoma]\n"
                           "\t\t1af4 1100  Qemu virtual machine\n"
                           "1af4  Red Hat, Inc.\n"
                           "\t1041  Virtio 1.0 network device\n"
                           "C 06  Bridge\n"
                           "\t00  Host bridge\n"
                           "\t04  PCI bridge\n";

static void check_remarks(const char *remarks)
{
    while (remarks != NULL && *remarks != '\0') {
        fuzz_require(strncmp(remarks, "text:", 5) == 0, "a remark is a sentence with its place");
        remarks = strchr(remarks, '\n');
        fuzz_require(remarks != NULL, "a remark ends its line");
        remarks++;
    }
}

/* A byte that is not in a row of the function is neither known nor set. */
static void check_rows(const struct sim_dump_function *function)
{
    bool has_lines = true;

    for (unsigned int i = 0; i < SIM_CONFIG_SIZE; i++) {
        has_lines = has_lines && (function->known[i] == 0 || function->row_line[i / 16] != 0);
    }
    fuzz_require(has_lines, "a known byte has a line");
    fuzz_require(function->known_size == 64 || function->known_size == 256 ||
                     function->known_size == SIM_CONFIG_SIZE,
                 "a function has a size");
}

void fuzz_one(const uint8_t *bytes, size_t size)
{
    struct sim_dump_remarks remarks = {.count = 0};
    const struct sim_dump_cursor cursor = {.path = "text", .remarks = &remarks};
    struct sim_text_names *names = sim_text_names_read(list, sizeof list - 1);
    struct sim_dump_function function = {.line = 1};
    const char *text = (const char *)bytes;
    char *said = NULL;

    fuzz_require(names != NULL, "there is memory");
    if (sim_text_read_function(&cursor, &function, names, text, text + size)) {
        check_rows(&function);
    }
    sim_text_relate(&function, 1);
    said = sim_dump_take_remarks(&remarks, "text");
    check_remarks(said);
    free(said);
    sim_text_names_close(names);
}
