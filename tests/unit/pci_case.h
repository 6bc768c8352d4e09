/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Dumps made in memory for the tests of the PCI model.
 */
#ifndef DRYDOCK_TESTS_UNIT_PCI_CASE_H
#define DRYDOCK_TESTS_UNIT_PCI_CASE_H

#include <string.h>

#include "sim/pci/dump/dump.h"
#include "sim/pci/bus/pci_address.h"
#include "tests/unit/unit.h"

#define PCI_CASE_MAX 24

/** A dump and the memory it is in. Functions must be added in the order of their addresses. */
struct pci_case {
    struct sim_dump dump;
    struct sim_dump_function functions[PCI_CASE_MAX];
    char path[16];
};

/** An address of segment 0. */
#define AT(bus, device, function) ((struct sim_pci_address){0, (bus), (device), (function)})

static inline void pci_case_init(struct pci_case *pci)
{
    memset(pci, 0, sizeof *pci);
    memcpy(pci->path, "case", 5);
    pci->dump.path = pci->path;
    pci->dump.functions = pci->functions;
}

/** Make the first @p size bytes of a function known. */
static inline void pci_case_know(struct sim_dump_function *function, unsigned int size)
{
    function->known_size = size;
    memset(function->known, 0xff, size);
    for (unsigned int row = 0; row < size / 16; row++) {
        function->row_line[row] = function->line + 1 + row;
    }
}

/** Add a function with vendor 8086h and a header of type 0 in 64 bytes. */
static inline struct sim_dump_function *pci_case_add(struct pci_case *pci,
                                                     struct sim_pci_address address)
{
    struct sim_dump_function *function = &pci->functions[pci->dump.count];

    ck_assert_uint_lt(pci->dump.count, PCI_CASE_MAX);
    function->line = (unsigned int)(1 + 6 * pci->dump.count++);
    function->segment = address.segment;
    function->bus = address.bus;
    function->device = address.device;
    function->function = address.function;
    function->bytes[0x00] = 0x86;
    function->bytes[0x01] = 0x80;
    pci_case_know(function, 64);
    return function;
}

/** Add a bridge: header type 1, with secondary and subordinate bus number. */
static inline struct sim_dump_function *pci_case_add_bridge(struct pci_case *pci,
                                                            struct sim_pci_address address,
                                                            uint8_t secondary, uint8_t subordinate)
{
    struct sim_dump_function *function = pci_case_add(pci, address);

    function->bytes[0x0e] = 1;
    function->bytes[0x18] = address.bus;
    function->bytes[0x19] = secondary;
    function->bytes[0x1a] = subordinate;
    return function;
}

#endif
