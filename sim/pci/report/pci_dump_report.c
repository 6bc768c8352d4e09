/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A dump as report lines. The walk through the capability lists is written from
 * the manuals for this purpose and shares nothing with the library under test:
 * [PCI 3.0] 6.7 for the first list, [PCIe 6] 7.6 for the extended one.
 */
#include "sim/pci/report/pci_dump_report.h"

#include <stdbool.h>
#include <stdlib.h>

#include "kernel/protocol.h"

void sim_pci_print_function(FILE *file, struct sim_pci_address address, const uint8_t *bytes)
{
    (void)fprintf(file, KPROTOCOL_PCI " %s ",
                  sim_pci_address_text(address, SIM_PCI_SEGMENTS_SHOWN).text);
    for (unsigned int i = 0; i < SIM_PCI_REPORT_BYTES; i++) {
        (void)fprintf(file, "%02x", bytes[i]);
    }
    (void)fprintf(file, "\n");
}

void sim_pci_print_capability(FILE *file, struct sim_pci_address address,
                              const struct sim_pci_capability *capability)
{
    struct sim_pci_address_text name = sim_pci_address_text(address, SIM_PCI_SEGMENTS_SHOWN);

    if (capability->list == SIM_PCI_LIST_FIRST) {
        (void)fprintf(file, KPROTOCOL_CAP " %s %02x %02x\n", name.text, capability->id,
                      capability->offset);
    } else {
        (void)fprintf(file, KPROTOCOL_ECAP " %s %04x %x %03x\n", name.text, capability->id,
                      capability->version, capability->offset);
    }
}

static struct sim_pci_address address_of(const struct sim_dump_function *function)
{
    return (struct sim_pci_address){function->segment, function->bus, function->device,
                                    function->function};
}

/* Print the first list from a pointer on; whether it has a PCI Express capability. */
static bool print_first_list(FILE *file, const struct sim_dump_function *function,
                             unsigned int pointer)
{
    bool visited[256] = {false};
    bool has_express = false;

    for (unsigned int offset = pointer & 0xfc;
         offset >= 0x40 && sim_dump_knows(function, offset) && !visited[offset];
         offset = function->bytes[offset + 1] & 0xfc) {
        struct sim_pci_capability entry = {
            .list = SIM_PCI_LIST_FIRST,
            .id = function->bytes[offset],
            .offset = (uint16_t)offset,
        };

        if (entry.id == 0xff) {
            break;
        }
        visited[offset] = true;
        has_express = has_express || entry.id == 0x10;
        sim_pci_print_capability(file, address_of(function), &entry);
    }
    return has_express;
}

static void print_extended_list(FILE *file, const struct sim_dump_function *function)
{
    bool visited[SIM_CONFIG_SIZE] = {false};
    unsigned int offset = 0x100;

    while (offset >= 0x100 && sim_dump_knows(function, offset) && !visited[offset]) {
        const uint8_t *bytes = &function->bytes[offset];
        uint32_t header = bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
                          (uint32_t)bytes[3] << 24;
        struct sim_pci_capability entry = {
            .list = SIM_PCI_LIST_EXTENDED,
            .id = (uint16_t)header,
            .offset = (uint16_t)offset,
            .version = header >> 16 & 0xf,
        };

        if (header == 0 || header == UINT32_MAX) {
            break;
        }
        visited[offset] = true;
        sim_pci_print_capability(file, address_of(function), &entry);
        offset = header >> 20 & 0xffc;
    }
}

void sim_pci_print_dump_lists(FILE *file, const struct sim_dump_function *function)
{
    unsigned int type = function->bytes[0x0e] & 0x7f;
    bool has_list = (function->bytes[0x06] & 0x10) != 0;

    if (type <= 2 && has_list &&
        print_first_list(file, function, function->bytes[type == 2 ? 0x14 : 0x34])) {
        print_extended_list(file, function);
    }
}

static void print_dump(FILE *file, const struct sim_dump *dump)
{
    for (size_t i = 0; i < dump->count; i++) {
        sim_pci_print_function(file, address_of(&dump->functions[i]), dump->functions[i].bytes);
        sim_pci_print_dump_lists(file, &dump->functions[i]);
    }
    (void)fprintf(file, KPROTOCOL_END " pci %zu\n", dump->count);
}

int sim_pci_report_dump(const struct sim_dump *dump, struct sim_pci_report *report,
                        struct sim_error *error)
{
    struct sim_pci_report read = {.count = 0};
    char *text = NULL;
    size_t length = 0;
    FILE *file = open_memstream(&text, &length);
    int result;

    if (file == NULL) {
        return sim_error_set(error, "no memory for the report of %s", dump->path);
    }
    print_dump(file, dump);
    result = fclose(file) == 0 ? sim_pci_report_read(&read, text, error)
                               : sim_error_set(error, "no memory for the report of %s", dump->path);
    free(text);
    if (result != 0) {
        sim_pci_report_free(&read);
        return result;
    }
    *report = read;
    return 0;
}
