/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Vital Product Data ([PCI 3.0] I): software writes the address of 4 bytes with the flag 0, and the
 * function sets the flag when they are in the data register. With the flag 1 it is the data
 * register that is stored, and the function clears the flag. Both happen at once here. Bytes behind
 * the contents are 0, and none can be changed: what is stored is lost.
 *
 * A function of which the dump has no contents never answers: the flag stays as it was written.
 */
#include "sim/pci/bus/pci_config_internal.h"

enum {
    ADDRESS = 2,
    FLAG_BYTE = ADDRESS + 1,
    FLAG = 0x80, /* of that byte */
    DATA = 4,
    SIZE = 8
};

void pci_config_answer_vpd(struct sim_pci_config *config, unsigned int offset, unsigned int width)
{
    unsigned int vpd = config->masks->vpd;
    unsigned int at = 0;

    if (vpd == 0 || config->dump->vpd_size == 0 || offset > vpd + FLAG_BYTE ||
        offset + width <= vpd + FLAG_BYTE) {
        return;
    }
    config->value[vpd + FLAG_BYTE] ^= FLAG;
    if ((config->value[vpd + FLAG_BYTE] & FLAG) == 0) {
        return;
    }
    at = sim_pci_config_read(config, vpd + ADDRESS, 2) & 0x7FFC;
    for (unsigned int i = 0; i < 4; i++) {
        config->value[vpd + DATA + i] =
            at + i < config->dump->vpd_size ? config->dump->vpd[at + i] : 0;
    }
}

void pci_config_init_vpd(struct sim_pci_config *config, const struct sim_pci_extent *capability)
{
    if (capability->end - capability->offset >= SIZE && config->masks->vpd == 0) {
        config->masks->vpd = capability->offset;
    }
}
