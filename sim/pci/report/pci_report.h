/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What somebody found on PCI buses: the guest, or libpci in a dump. Both say it
 * in the lines of kernel/protocol.h, which are read here.
 */
#ifndef DRYDOCK_SIM_PCI_REPORT_H
#define DRYDOCK_SIM_PCI_REPORT_H

#include <stddef.h>
#include <stdint.h>

#include "sim/util/attributes.h"
#include "sim/pci/dump/dump.h"
#include "sim/util/error.h"
#include "sim/pci/bus/pci_address.h"

/** Bytes of a function that are reported. Spec: [PCI 3.0] 6.1. */
#define SIM_PCI_REPORT_BYTES 64

/** Which list a capability is in. */
enum sim_pci_list {
    SIM_PCI_LIST_FIRST,    /**< below 100h */
    SIM_PCI_LIST_EXTENDED, /**< from 100h on */
};

struct sim_pci_capability {
    enum sim_pci_list list;
    uint16_t id;
    uint16_t offset;
    uint8_t version; /**< of an extended capability; else 0 */
};

struct sim_pci_found_bar {
    unsigned int index; /**< SIM_DUMP_BARS - 1: the expansion ROM */
    char kind[12];      /**< io, mem32, mem64, rom; with -pf: prefetchable */
    uint64_t base, size;
};

/** A function as it was found. */
struct sim_pci_found {
    struct sim_pci_address address;
    uint8_t bytes[SIM_PCI_REPORT_BYTES];
    struct sim_pci_capability *capabilities; /**< in the order of the lists, the first list first */
    size_t capability_count;
    struct sim_pci_found_bar bars[SIM_DUMP_BARS];
    size_t bar_count;
};

/** What the library had to say against a function. */
struct sim_pci_trouble {
    struct sim_pci_address address;
    char text[96]; /**< status and what it is about */
};

struct sim_pci_report {
    struct sim_pci_found *functions; /**< in order of their addresses, none twice */
    size_t count;
    struct sim_pci_trouble *troubles; /**< in the order they were reported */
    size_t trouble_count;
};

/**
 * Read report lines and add what they say to a report.
 *
 * @param report      zeroed before the first use; to be freed with sim_pci_report_free()
 * @param text        lines that end with "@end pci COUNT"; lines without '@' are skipped
 * @param[out] error  on failure one sentence that quotes the line: it is not as in the protocol, a
 *                    function is reported twice, the count is wrong or missing
 * @return 0 or -1; after -1 the report may hold a part
 */
SIM_MUST_CHECK int sim_pci_report_read(struct sim_pci_report *report, const char *text,
                                       struct sim_error *error);

/** Free a report; the struct is zeroed. */
void sim_pci_report_free(struct sim_pci_report *report);

/**
 * Read the address of a report line.
 *
 * @param text          the line after its tag
 * @param[out] address  untouched on failure
 * @return what follows the address, or NULL if there is none
 */
const char *sim_pci_report_address(const char *text, struct sim_pci_address *address);

/** The function found at an address, or NULL. */
const struct sim_pci_found *sim_pci_report_find(const struct sim_pci_report *report,
                                                struct sim_pci_address address);

#endif
