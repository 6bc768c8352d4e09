/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Believing a device that says where in the memory of a BAR it has something.
 */
#ifndef DRYDOCK_PCI_BAR_PART_H
#define DRYDOCK_PCI_BAR_PART_H

#include "drydock/attributes.h"
#include "drydock/pci_bar.h"
#include "drydock/status.h"

/**
 * Take a part that can be.
 *
 * @retval DD_OK          *part is as found
 * @retval DD_EMALFORMED  no BAR has this number, or the part is empty or would leave the BAR's
 *                        4 GByte; *part untouched
 */
DD_MUST_CHECK static inline enum dd_status pci_bar_part_take(const struct dd_pci_bar_part *found,
                                                             struct dd_pci_bar_part *part)
{
    if (found->bar >= DD_PCI_BAR_ROM || found->bytes == 0 ||
        found->bytes - 1 > UINT32_MAX - found->offset) {
        return DD_EMALFORMED;
    }
    *part = *found;
    return DD_OK;
}

#endif
