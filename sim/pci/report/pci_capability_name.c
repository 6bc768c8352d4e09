/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The capability IDs that the PCI-SIG has given out ("PCI Code and ID
 * Assignment Specification", parts 2 and 3), under the short names that lspci
 * and the manuals use.
 */
#include "sim/pci/report/pci_capability_name.h"

#include <stddef.h>

static const char *const first_names[] = {
    [0x00] = "null",   [0x01] = "PM",      [0x02] = "AGP",     [0x03] = "VPD",  [0x04] = "slot-ID",
    [0x05] = "MSI",    [0x06] = "hotswap", [0x07] = "PCI-X",   [0x08] = "HT",   [0x09] = "vendor",
    [0x0a] = "debug",  [0x0b] = "cPCI",    [0x0c] = "hotplug", [0x0d] = "SSID", [0x0e] = "AGP3",
    [0x0f] = "secure", [0x10] = "PCIe",    [0x11] = "MSI-X",   [0x12] = "SATA", [0x13] = "AF",
    [0x14] = "EA",     [0x15] = "FPB",
};

static const char *const extended_names[] = {
    [0x00] = "null",     [0x01] = "AER",     [0x02] = "VC",        [0x03] = "DSN",
    [0x04] = "power",    [0x05] = "RC-link", [0x06] = "RC-ctl",    [0x07] = "RCEC",
    [0x08] = "MFVC",     [0x09] = "VC",      [0x0a] = "RCRB",      [0x0b] = "VSEC",
    [0x0c] = "CAC",      [0x0d] = "ACS",     [0x0e] = "ARI",       [0x0f] = "ATS",
    [0x10] = "SR-IOV",   [0x11] = "MR-IOV",  [0x12] = "multicast", [0x13] = "PRI",
    [0x15] = "ReBAR",    [0x16] = "DPA",     [0x17] = "TPH",       [0x18] = "LTR",
    [0x19] = "sec-PCIe", [0x1a] = "PMUX",    [0x1b] = "PASID",     [0x1c] = "LNR",
    [0x1d] = "DPC",      [0x1e] = "L1-PM",   [0x1f] = "PTM",       [0x20] = "M-PCIe",
    [0x21] = "FRS",      [0x22] = "RTR",     [0x23] = "DVSEC",     [0x24] = "VF-ReBAR",
    [0x25] = "DLF",      [0x26] = "16GT/s",  [0x27] = "margining", [0x28] = "hierarchy",
    [0x29] = "NPEM",     [0x2a] = "32GT/s",  [0x2b] = "alt-proto", [0x2c] = "SFI",
    [0x2d] = "shadow",   [0x2e] = "DOE",     [0x2f] = "Dev3",      [0x30] = "IDE",
    [0x31] = "64GT/s",
};

const char *sim_pci_capability_name(enum sim_pci_list list, unsigned int id)
{
    if (list == SIM_PCI_LIST_FIRST) {
        return id < sizeof first_names / sizeof *first_names ? first_names[id] : NULL;
    }
    return id < sizeof extended_names / sizeof *extended_names ? extended_names[id] : NULL;
}

bool sim_pci_capability_is_in_dump(const struct sim_dump_function *function,
                                   const struct sim_pci_capability *capability)
{
    return capability->offset < SIM_CONFIG_SIZE && function->known[capability->offset] != 0;
}
