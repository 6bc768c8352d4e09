/* SPDX-License-Identifier: MIT */
/*
 * The capabilities of a few registers in words.
 */
#include "drydock/pci_af.h"
#include "drydock/pci_simple.h"
#include "../pci/pci_cap_read.h"
#include "pci_print.h"

enum dd_status dd_pci_print_subsystem(struct pci_printing *printing)
{
    struct dd_pci_subsystem subsystem;
    enum dd_status status = dd_pci_subsystem_read(printing->print->access, printing->print->address,
                                                  printing->capability.offset, &subsystem);

    if (status == DD_OK) {
        dd_text_format(&printing->line, "Subsystem: %04x:%04x", subsystem.vendor,
                       subsystem.subsystem);
        dd_pci_print_end(printing);
    }
    return status;
}

enum dd_status dd_pci_print_slot(struct pci_printing *printing)
{
    struct dd_pci_slot slot;
    enum dd_status status = dd_pci_slot_read(printing->print->access, printing->print->address,
                                             printing->capability.offset, &slot);

    if (status == DD_OK) {
        dd_text_format(&printing->line, "Slot ID: %lu slots, First%c, chassis %02x",
                       DD_GET(slot.expansion, DD_PCI_SLOT_COUNT),
                       DD_PCI_PRINT_FLAG(slot.expansion, DD_PCI_SLOT_FIRST_IN_CHASSIS),
                       slot.chassis);
        dd_pci_print_end(printing);
    }
    return status;
}

enum dd_status dd_pci_print_debug_port(struct pci_printing *printing)
{
    struct dd_pci_debug_port port;
    enum dd_status status = dd_pci_debug_port_read(
        printing->print->access, printing->print->address, printing->capability.offset, &port);

    if (status == DD_OK) {
        dd_text_format(&printing->line, "Debug port: BAR=%u offset=%04x", port.bar, port.offset);
        dd_pci_print_end(printing);
    }
    return status;
}

enum dd_status dd_pci_print_sata(struct pci_printing *printing)
{
    struct dd_pci_sata sata;
    uint8_t bar;
    uint32_t offset;
    enum dd_status status = dd_pci_sata_read(printing->print->access, printing->print->address,
                                             printing->capability.offset, &sata);

    if (status != DD_OK) {
        return status;
    }
    dd_text_format(&printing->line, "SATA HBA v%lu.%lu", DD_GET(sata.revision, DD_PCI_SATA_MAJOR),
                   DD_GET(sata.revision, DD_PCI_SATA_MINOR));
    status = dd_pci_sata_find_registers(&sata, &bar, &offset);
    if (status == DD_OK) {
        dd_text_format(&printing->line, " BAR%u Offset=%08x", bar, offset / 4);
    } else if (status == DD_ENOENT) {
        dd_text_put(&printing->line, " InCfgSpace");
    } else {
        dd_text_format(&printing->line, " BAR??%lu",
                       DD_GET(sata.location, DD_PCI_SATA_BAR_LOCATION));
    }
    dd_pci_print_end(printing);
    return DD_OK;
}

enum dd_status dd_pci_print_af(struct pci_printing *printing)
{
    struct dd_pci_af af;
    enum dd_status status = dd_pci_af_read(printing->print->access, printing->print->address,
                                           printing->capability.offset, &af);

    if (status != DD_OK) {
        return status;
    }
    dd_text_put(&printing->line, "PCI Advanced Features");
    dd_pci_print_end(printing);
    dd_text_format(&printing->line, "\t\tAFCap: TP%c FLR%c",
                   DD_PCI_PRINT_FLAG(af.capabilities, DD_PCI_AF_TRANSACTIONS_PENDING_CAPABLE),
                   DD_PCI_PRINT_FLAG(af.capabilities, DD_PCI_AF_FLR_CAPABLE));
    dd_pci_print_end(printing);
    dd_text_format(&printing->line, "\t\tAFCtrl: FLR%c",
                   DD_PCI_PRINT_FLAG(af.control, DD_PCI_AF_INITIATE_FLR));
    dd_pci_print_end(printing);
    dd_text_format(&printing->line, "\t\tAFStatus: TP%c",
                   DD_PCI_PRINT_FLAG(af.status, DD_PCI_AF_TRANSACTIONS_PENDING));
    dd_pci_print_end(printing);
    return DD_OK;
}
