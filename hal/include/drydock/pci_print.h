/* SPDX-License-Identifier: MIT */
/**
 * @file
 * The capabilities of a function in words, in the form of `lspci -vvv`.
 */
#ifndef DRYDOCK_PCI_PRINT_H
#define DRYDOCK_PCI_PRINT_H

#include "drydock/attributes.h"
#include "drydock/delay.h"
#include "drydock/pci.h"
#include "drydock/status.h"

/** Longest line, its NUL included; what is longer is cut. */
#define DD_PCI_PRINT_LINE 512

/** What to print, and who gets the lines. */
struct dd_pci_print {
    const struct dd_pci_access *access;
    struct dd_pci_address address;
    /** Takes one line without its end; leading tabs are part of it. */
    void (*emit)(void *context, const char *line);
    void *context; /**< passed to it */
    /** How to wait for Vital Product Data, of which each dword is asked for by a write; or NULL:
        that is not read, and nothing is written. */
    const struct dd_delay *delay;
};

/**
 * Print both capability lists of a function.
 *
 * The lines are those that pciutils 3.9 prints of the same registers, and those of later versions
 * for capabilities it has no names for. Nothing is written to the function but addresses of Vital
 * Product Data. A capability that
 * runs past the end of configuration space gets "<unreadable>", a list that is bad "<chain
 * looped>" or "<chain broken>" at the entry where it turns out to be.
 *
 * @param print  the function and the receiver
 * @retval DD_OK       everything was printed; nothing, if the function has no list
 * @retval DD_EARG     as dd_pci_read8(), or emit is NULL; nothing was printed
 * @retval DD_ENODEV   no function responds, or it stopped responding: the lines before are valid
 * @retval DD_ENOTSUP  the header has none of the three known layouts; nothing was printed
 *
 * Spec: [PCI 3.0] 6.7, [PCIe 6] 7.6.3.
 */
DD_MUST_CHECK enum dd_status dd_pci_print_capabilities(const struct dd_pci_print *print);

#endif
