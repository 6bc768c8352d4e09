/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Which kinds of PCI Express functions are ports with a link below them.
 */
#ifndef DRYDOCK_PCI_EXPRESS_KIND_H
#define DRYDOCK_PCI_EXPRESS_KIND_H

#include <stdbool.h>

#include "drydock/pci_express.h"

/** Whether a function of this kind, enum dd_pci_express_type or another number, is above a link. */
static inline bool pci_express_is_above_link(unsigned int type)
{
    return type == DD_PCI_EXPRESS_ROOT_PORT || type == DD_PCI_EXPRESS_DOWNSTREAM_PORT ||
           type == DD_PCI_EXPRESS_FROM_PCI_BRIDGE;
}

#endif
