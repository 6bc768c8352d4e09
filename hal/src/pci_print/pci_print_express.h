/* SPDX-License-Identifier: MIT */
/**
 * @file
 * What the printers of the PCI Express capability's groups share.
 */
#ifndef DRYDOCK_PCI_PRINT_EXPRESS_H
#define DRYDOCK_PCI_PRINT_EXPRESS_H

#include "drydock/pci_express.h"
#include "pci_print.h"

/** A field of a register, for %u and %x. */
#define PCI_PRINT_NUMBER(value, field) ((unsigned int)DD_GET(value, field))

/** "+" or "-" of a field of DD_PCI_EXPRESS_…, for %c. */
#define PCI_EXPRESS_FLAG(value, field) DD_PCI_PRINT_FLAG(value, DD_PCI_EXPRESS_##field)

/** Kinds of functions as bits of a set: 1 << DD_PCI_EXPRESS_ENDPOINT … */
static inline bool pci_express_is_one_of(const struct dd_pci_express *express, unsigned int types)
{
    return (types >> dd_pci_express_type(express) & 1) != 0;
}

/** The bit of one kind. */
#define PCI_EXPRESS_KIND(type) (1u << DD_PCI_EXPRESS_##type)

/** Append a power limit: "75W", "0.5W", ">600W". */
void dd_pci_print_power(struct dd_text *line, unsigned int value, unsigned int scale);

/** Speed of a code as "8GT/s", or @p otherwise. */
const char *dd_pci_print_speed(unsigned int code, const char *otherwise);

/* Groups, each the lines of its registers. */
void dd_pci_print_express_device(struct pci_printing *printing,
                                 const struct dd_pci_express *express);
void dd_pci_print_express_link(struct pci_printing *printing, const struct dd_pci_express *express);
void dd_pci_print_express_slot(struct pci_printing *printing, const struct dd_pci_express *express);
void dd_pci_print_express_root(struct pci_printing *printing, const struct dd_pci_express *express);
void dd_pci_print_express_device_2(struct pci_printing *printing,
                                   const struct dd_pci_express *express);
void dd_pci_print_express_link_2(struct pci_printing *printing,
                                 const struct dd_pci_express *express);

#endif
