/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sizes in words: units of 1024, as lspci prints them. */
#include "sim/pci/dump/pci_size_text.h"

#include <inttypes.h>
#include <stdio.h>

struct sim_pci_size_text sim_pci_size_text(uint64_t size)
{
    static const char units[] = " KMGTPE";
    struct sim_pci_size_text written;
    unsigned int unit = 0;

    while (size >= 1024 && size % 1024 == 0) {
        size /= 1024;
        unit++;
    }
    (void)snprintf(written.text, sizeof written.text, "%" PRIu64 "%.*s", size, unit > 0,
                   &units[unit]);
    return written;
}
