/* SPDX-License-Identifier: MIT */
/*
 * The Power Management capability in words.
 */
#include "drydock/pci_pm.h"
#include "pci_print.h"

/* Bits of DD_PCI_PM_PME_SUPPORT. Spec: [PCI PM 1.2] 3.2.3. */
#define PME_FROM(pm, state) \
    ((DD_GET((pm)->capabilities, DD_PCI_PM_PME_SUPPORT) >> (state)&1) != 0 ? '+' : '-')

static void print_flags(struct pci_printing *printing, const struct dd_pci_pm *pm)
{
    dd_text_format(&printing->line, "\t\tFlags: PMEClk%c DSI%c D1%c D2%c AuxCurrent=%umA ",
                   DD_PCI_PRINT_FLAG(pm->capabilities, DD_PCI_PM_PME_CLOCK),
                   DD_PCI_PRINT_FLAG(pm->capabilities, DD_PCI_PM_DEVICE_SPECIFIC_INITIALIZATION),
                   DD_PCI_PRINT_FLAG(pm->capabilities, DD_PCI_PM_D1),
                   DD_PCI_PRINT_FLAG(pm->capabilities, DD_PCI_PM_D2), dd_pci_pm_aux_current(pm));
    dd_text_format(&printing->line, "PME(D0%c,D1%c,D2%c,D3hot%c,D3cold%c)", PME_FROM(pm, 0),
                   PME_FROM(pm, 1), PME_FROM(pm, 2), PME_FROM(pm, 3), PME_FROM(pm, 4));
    dd_pci_print_end(printing);
}

enum dd_status dd_pci_print_power_management(struct pci_printing *printing)
{
    struct dd_pci_pm pm;
    enum dd_status status = dd_pci_pm_read(printing->print->access, printing->print->address,
                                           printing->capability.offset, &pm);

    if (status != DD_OK) {
        return status;
    }
    dd_text_format(&printing->line, "Power Management version %lu",
                   DD_GET(pm.capabilities, DD_PCI_PM_VERSION));
    dd_pci_print_end(printing);
    print_flags(printing, &pm);
    dd_text_format(
        &printing->line, "\t\tStatus: D%lu NoSoftRst%c PME-Enable%c DSel=%lu DScale=%lu PME%c",
        DD_GET(pm.control, DD_PCI_PM_POWER_STATE),
        DD_PCI_PRINT_FLAG(pm.control, DD_PCI_PM_NO_SOFT_RESET),
        DD_PCI_PRINT_FLAG(pm.control, DD_PCI_PM_PME_ENABLE),
        DD_GET(pm.control, DD_PCI_PM_DATA_SELECT), DD_GET(pm.control, DD_PCI_PM_DATA_SCALE),
        DD_PCI_PRINT_FLAG(pm.control, DD_PCI_PM_PME_STATUS));
    dd_pci_print_end(printing);
    if (pm.bridge_extensions != 0) {
        dd_text_format(
            &printing->line, "\t\tBridge: PM%c B3%c",
            DD_PCI_PRINT_FLAG(pm.bridge_extensions, DD_PCI_PM_BUS_POWER_CLOCK_CONTROL),
            DD_PCI_PRINT_FLAG(pm.bridge_extensions, DD_PCI_PM_B2_B3_SUPPORT) == '+' ? '-' : '+');
        dd_pci_print_end(printing);
    }
    return DD_OK;
}
