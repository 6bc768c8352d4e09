/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses of PCI functions in lspci's spelling and order: a segment has at least four digits. */
#include "sim/pci/bus/pci_address.h"

#include <stdio.h>

struct sim_pci_address_text sim_pci_address_text(struct sim_pci_address address,
                                                 enum sim_pci_segments segments)
{
    struct sim_pci_address_text written;
    int used = 0;

    if (segments == SIM_PCI_SEGMENTS_SHOWN) {
        used = snprintf(written.text, sizeof written.text, "%04x:", address.segment);
    }
    (void)snprintf(written.text + used, sizeof written.text - (size_t)used, "%02x:%02x.%x",
                   address.bus, address.device, address.function);
    return written;
}

int sim_pci_address_compare(struct sim_pci_address left, struct sim_pci_address right)
{
    int left_place = left.bus << 8 | left.device << 3 | left.function;
    int right_place = right.bus << 8 | right.device << 3 | right.function;

    if (left.segment != right.segment) {
        return left.segment < right.segment ? -1 : 1;
    }
    return left_place - right_place;
}
