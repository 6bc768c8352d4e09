/* SPDX-License-Identifier: MIT */
/**
 * @file
 * What a Vendor ID tells about its function.
 */
#ifndef DRYDOCK_PCI_PRESENCE_H
#define DRYDOCK_PCI_PRESENCE_H

#include <stdint.h>

#include "drydock/field.h"
#include "drydock/pci_regs.h"
#include "drydock/status.h"

/** DD_OK: it is there; DD_ENODEV: nobody is; DD_ENOTREADY: it asks to be asked again later. */
static inline enum dd_status pci_presence(uint32_t id)
{
    switch (DD_GET(id, DD_PCI_ID_VENDOR)) {
    case DD_PCI_VENDOR_NONE:
        return DD_ENODEV;
    case DD_PCI_VENDOR_NOT_READY:
        return DD_ENOTREADY;
    default:
        return DD_OK;
    }
}

#endif
