/* SPDX-License-Identifier: MIT */
/*
 * Which printer knows which capability. IDs: [PCI Code and ID] 2 and 3.
 */
#include "pci_print.h"

/* clang-format off */
static const struct pci_printer printers[] = {
    /* the first list */
    {false, 0x00, "Null", NULL},
    {false, 0x01, NULL, dd_pci_print_power_management},
    {false, 0x02, NULL, dd_pci_print_agp},
    {false, 0x03, NULL, dd_pci_print_vpd},
    {false, 0x04, NULL, dd_pci_print_slot},
    {false, 0x05, NULL, dd_pci_print_msi},
    {false, 0x06, "CompactPCI hot-swap <?>", NULL},
    {false, 0x07, NULL, dd_pci_print_pcix},
    {false, 0x08, NULL, dd_pci_print_ht},
    {false, 0x09, NULL, dd_pci_print_vendor},
    {false, 0x0A, NULL, dd_pci_print_debug_port},
    {false, 0x0B, "CompactPCI central resource control <?>", NULL},
    {false, 0x0C, "Hot-plug capable", NULL},
    {false, 0x0D, NULL, dd_pci_print_subsystem},
    {false, 0x0E, "AGP3 <?>", NULL},
    {false, 0x0F, "Secure device <?>", NULL},
    {false, 0x10, NULL, dd_pci_print_express},
    {false, 0x11, NULL, dd_pci_print_msix},
    {false, 0x12, NULL, dd_pci_print_sata},
    {false, 0x13, NULL, dd_pci_print_af},
    {false, 0x14, NULL, dd_pci_print_ea},
    /* the extended list */
    {true, 0x0000, "Null", NULL},
    {true, 0x0001, NULL, dd_pci_print_aer},
    {true, 0x0002, NULL, dd_pci_print_vc},
    {true, 0x0003, NULL, dd_pci_print_dsn},
    {true, 0x0004, "Power Budgeting <?>", NULL},
    {true, 0x0005, NULL, dd_pci_print_rclink},
    {true, 0x0006, "Root Complex Internal Link <?>", NULL},
    {true, 0x0007, NULL, dd_pci_print_rcec},
    {true, 0x0008, "Multi-Function Virtual Channel <?>", NULL},
    {true, 0x0009, NULL, dd_pci_print_vc},
    {true, 0x000A, "Root Complex Register Block <?>", NULL},
    {true, 0x000B, NULL, dd_pci_print_vsec},
    {true, 0x000D, NULL, dd_pci_print_acs},
    {true, 0x000E, NULL, dd_pci_print_ari},
    {true, 0x000F, NULL, dd_pci_print_ats},
    {true, 0x0010, NULL, dd_pci_print_sriov},
    {true, 0x0011, "Multi-Root I/O Virtualization <?>", NULL},
    {true, 0x0012, NULL, dd_pci_print_multicast},
    {true, 0x0013, NULL, dd_pci_print_pri},
    {true, 0x0015, NULL, dd_pci_print_rebar},
    {true, 0x0016, "Dynamic Power Allocation <?>", NULL},
    {true, 0x0017, NULL, dd_pci_print_tph},
    {true, 0x0018, NULL, dd_pci_print_ltr},
    {true, 0x001A, "Protocol Multiplexing <?>", NULL},
    {true, 0x001B, NULL, dd_pci_print_pasid},
    {true, 0x001C, "LN Requester <?>", NULL},
    {true, 0x001D, NULL, dd_pci_print_dpc},
    {true, 0x001E, NULL, dd_pci_print_l1ss},
    {true, 0x001F, NULL, dd_pci_print_ptm},
    {true, 0x0020, "PCI Express over M_PHY <?>", NULL},
    {true, 0x0021, "FRS Queueing <?>", NULL},
    {true, 0x0022, "Readiness Time Reporting <?>", NULL},
    {true, 0x0023, NULL, dd_pci_print_dvsec},
    {true, 0x0024, NULL, dd_pci_print_vf_rebar},
    {true, 0x0028, "Hierarchy ID <?>", NULL},
    {true, 0x0029, "Native PCIe Enclosure Management <?>", NULL},
    {true, 0x002E, NULL, dd_pci_print_doe},
    {true, 0x0030, NULL, dd_pci_print_ide},
    {true, 0x0019, NULL, dd_pci_print_secondary_express},
    {true, 0x0025, "Data Link Feature <?>", NULL},
    {true, 0x0026, "Physical Layer 16.0 GT/s <?>", NULL},
    {true, 0x0027, "Lane Margining at the Receiver <?>", NULL},
    {true, 0x002A, NULL, dd_pci_print_physical_32gt},
    {true, 0x002F, NULL, dd_pci_print_device3},
    {true, 0x0031, NULL, dd_pci_print_physical_64gt},
};
/* clang-format on */

const struct pci_printer *dd_pci_print_find(bool is_extended, uint16_t id)
{
    for (size_t i = 0; i < sizeof printers / sizeof printers[0]; i++) {
        if (printers[i].is_extended == is_extended && printers[i].id == id) {
            return &printers[i];
        }
    }
    return NULL;
}
