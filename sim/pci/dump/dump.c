/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A dump: read from a file or from memory, and asked. How it is read: dump_reader.c. */
#include "sim/pci/dump/dump.h"

#include <stdlib.h>

#include "sim/pci/dump/dump_text.h"
#include "sim/pci/text/text_parser.h"

/* Read a plain text. */
static int read_text(const char *name, const char *text, size_t size, struct sim_dump *dump,
                     struct sim_error *error)
{
    struct sim_dump_cursor cursor = sim_dump_first_line(name, text, size);
    struct sim_dump_remarks remarks = {.count = 0};
    struct sim_dump_reading reading;

    cursor.remarks = &remarks;
    if (sim_dump_check_text(name, text, size, error) != 0 ||
        sim_dump_read_functions(&cursor, &reading, error) != 0) {
        free(sim_dump_take_remarks(&remarks, name));
        return -1;
    }
    if (sim_dump_give_away(&reading, dump, error) != 0) {
        return -1;
    }
    sim_text_relate(dump->functions, dump->count);
    return 0;
}

int sim_dump_read_text(const char *name, const char *text, size_t size, struct sim_dump *dump,
                       struct sim_error *error)
{
    size_t length = 0;
    char *plain = sim_dump_plain(text, size, &length);
    int status = plain == NULL ? sim_error_set(error, "%s: out of memory", name)
                               : read_text(name, plain, length, dump, error);

    free(plain);
    return status;
}

int sim_dump_read(const char *path, struct sim_dump *dump, struct sim_error *error)
{
    char *text = NULL;
    size_t size = 0;
    int status = sim_dump_load(path, &text, &size, error);

    if (status == 0) {
        status = sim_dump_read_text(path, text, size, dump, error);
        free(text);
    }
    return status;
}

void sim_dump_free(struct sim_dump *dump)
{
    free(dump->path);
    free(dump->functions);
    free(dump->remarks);
    *dump = (struct sim_dump){.count = 0};
}

bool sim_dump_knows(const struct sim_dump_function *function, unsigned int offset)
{
    return offset < SIM_CONFIG_SIZE && function->known[offset] == 0xFF;
}

enum sim_pci_segments sim_dump_segments(const struct sim_dump *dump)
{
    bool first_only = dump->functions[dump->count - 1].segment == 0;

    return first_only ? SIM_PCI_SEGMENTS_HIDDEN : SIM_PCI_SEGMENTS_SHOWN;
}

static int compare_address(const void *address, const void *function)
{
    return sim_pci_address_compare(*(const struct sim_pci_address *)address,
                                   sim_dump_address(function));
}

const struct sim_dump_function *sim_dump_find(const struct sim_dump *dump, uint32_t segment,
                                              uint8_t bus, uint8_t device, uint8_t function)
{
    struct sim_pci_address address = {segment, bus, device, function};

    return bsearch(&address, dump->functions, dump->count, sizeof *dump->functions,
                   compare_address);
}
