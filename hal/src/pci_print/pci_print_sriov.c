/* SPDX-License-Identifier: MIT */
/*
 * Single Root I/O Virtualization in words.
 */
#include "drydock/pci_sriov.h"

#include "pci_print.h"

#define FLAG DD_PCI_PRINT_FLAG

static void print_control(struct pci_printing *printing, const struct dd_pci_sriov *sriov)
{
    dd_text_format(
        &printing->line, "\t\tIOVCap:\tMigration%c 10BitTagReq%c Interrupt Message Number: %03lx",
        FLAG(sriov->capabilities, DD_PCI_SRIOV_MIGRATION),
        FLAG(sriov->capabilities, DD_PCI_SRIOV_10_BIT_TAG),
        (unsigned long)DD_GET(sriov->capabilities, DD_PCI_SRIOV_MIGRATION_MESSAGE_NUMBER));
    dd_pci_print_end(printing);
    dd_text_format(&printing->line, "\t\tIOVCtl:\tEnable%c Migration%c Interrupt%c MSE%c ",
                   FLAG(sriov->control, DD_PCI_SRIOV_VF_ENABLE),
                   FLAG(sriov->control, DD_PCI_SRIOV_MIGRATION_ENABLE),
                   FLAG(sriov->control, DD_PCI_SRIOV_MIGRATION_INTERRUPT),
                   FLAG(sriov->control, DD_PCI_SRIOV_VF_MEMORY_SPACE));
    dd_text_format(&printing->line, "ARIHierarchy%c 10BitTagReq%c",
                   FLAG(sriov->control, DD_PCI_SRIOV_ARI_HIERARCHY),
                   FLAG(sriov->control, DD_PCI_SRIOV_10_BIT_TAG_ENABLE));
    dd_pci_print_end(printing);
    dd_text_format(&printing->line, "\t\tIOVSta:\tMigration%c",
                   FLAG(sriov->status, DD_PCI_SRIOV_MIGRATION_STATUS));
    dd_pci_print_end(printing);
}

static void print_functions(struct pci_printing *printing, const struct dd_pci_sriov *sriov)
{
    dd_text_format(&printing->line,
                   "\t\tInitial VFs: %u, Total VFs: %u, Number of VFs: %u, "
                   "Function Dependency Link: %02x",
                   sriov->initial_vfs, sriov->total_vfs, sriov->num_vfs, sriov->dependency_link);
    dd_pci_print_end(printing);
    dd_text_format(&printing->line, "\t\tVF offset: %u, stride: %u, Device ID: %04x",
                   sriov->first_vf_offset, sriov->vf_stride, sriov->vf_device);
    dd_pci_print_end(printing);
    dd_text_format(&printing->line, "\t\tSupported Page Size: %08x, System Page Size: %08x",
                   sriov->supported_page_sizes, sriov->system_page_size);
    dd_pci_print_end(printing);
}

/* A register of all zeros or all ones is not there; whatever is not of 32 bits counts as of 64. */
static void print_regions(struct pci_printing *printing, const struct dd_pci_sriov *sriov)
{
    for (unsigned int i = 0; i < DD_PCI_VF_BARS; i++) {
        uint32_t bar = sriov->vf_bar[i];
        uint64_t type = DD_GET(bar, DD_PCI_SRIOV_VF_BAR_TYPE);

        if (bar == 0 || bar == UINT32_MAX) {
            continue;
        }
        dd_text_format(&printing->line, "\t\tRegion %u: Memory at ", i);
        if (type == DD_PCI_BAR_TYPE_64) {
            i++;
            /* Behind the last register lies the migration state's. */
            dd_text_format(&printing->line, "%08x",
                           i < DD_PCI_VF_BARS ? sriov->vf_bar[i] : sriov->migration_state);
        }
        dd_text_format(&printing->line, "%08x (%s-bit, %sprefetchable)",
                       (uint32_t)(bar & DD_BITS(DD_PCI_SRIOV_VF_BAR_BASE)),
                       type == DD_PCI_BAR_TYPE_32 ? "32" : "64",
                       DD_GET(bar, DD_PCI_SRIOV_VF_BAR_PREFETCHABLE) != 0 ? "" : "non-");
        dd_pci_print_end(printing);
    }
}

enum dd_status dd_pci_print_sriov(struct pci_printing *printing)
{
    struct dd_pci_sriov sriov;
    enum dd_status status = dd_pci_sriov_read(printing->print->access, printing->print->address,
                                              printing->capability.offset, &sriov);

    if (status != DD_OK) {
        return status;
    }
    dd_text_put(&printing->line, "Single Root I/O Virtualization (SR-IOV)");
    dd_pci_print_end(printing);
    print_control(printing, &sriov);
    print_functions(printing, &sriov);
    print_regions(printing, &sriov);
    dd_text_format(&printing->line, "\t\tVF Migration: offset: %08x, BIR: %lx",
                   (uint32_t)(sriov.migration_state & DD_BITS(DD_PCI_SRIOV_MIGRATION_STATE_OFFSET)),
                   (unsigned long)DD_GET(sriov.migration_state, DD_PCI_SRIOV_MIGRATION_STATE_BIR));
    dd_pci_print_end(printing);
    return DD_OK;
}
