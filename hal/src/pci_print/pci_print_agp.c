/* SPDX-License-Identifier: MIT */
/*
 * The AGP capability in words. A device of AGP 3 in its mode has rates four times
 * those that the same bits mean before.
 *
 * pciutils takes bit 16 of the status for what [AGP 3.0] 5.2 has in bit 17, isochronous
 * transactions; the line is to be the same as its, so bit 16 is what is printed.
 */
#include "drydock/pci_simple.h"
#include "pci_print.h"

/* 1 if the rates are those of AGP 3, else 0. */
static unsigned int is_agp_3(const struct dd_pci_agp *agp)
{
    return DD_GET(agp->revision, DD_PCI_AGP_MAJOR) >= 3 &&
           DD_GET(agp->status, DD_PCI_AGP_STATUS_MODE_3) != 0;
}

static void put_rates(struct dd_text *line, uint64_t rates, unsigned int mode_3)
{
    static const char *const names[2][3] = {{"x1", "x2", "x4"}, {"x4", "x8", "x16"}};
    const char *separator = "";

    dd_text_put(line, " Rate=");
    for (unsigned int i = 0; i < 3; i++) {
        if ((rates >> i & 1) != 0) {
            dd_text_format(line, "%s%s", separator, names[mode_3][i]);
            separator = ",";
        }
    }
    dd_text_put(line, rates == 0 ? "<none>" : "");
}

static void print_status(struct pci_printing *printing, const struct dd_pci_agp *agp)
{
    struct dd_text *line = &printing->line;
    uint32_t status = agp->status;

    dd_text_format(line, "\t\tStatus: RQ=%lu Iso%c ArqSz=%lu Cal=%lu SBA%c",
                   DD_GET(status, DD_PCI_AGP_STATUS_REQUESTS) + 1,
                   DD_PCI_PRINT_FLAG(status, DD_PCI_AGP_STATUS_RESERVED_16),
                   DD_GET(status, DD_PCI_AGP_STATUS_ASYNCHRONOUS_SIZE),
                   DD_GET(status, DD_PCI_AGP_STATUS_CALIBRATION),
                   DD_PCI_PRINT_FLAG(status, DD_PCI_AGP_STATUS_SIDE_BAND));
    dd_text_format(line, " ITACoh%c GART64%c HTrans%c 64bit%c FW%c AGP3%c",
                   DD_PCI_PRINT_FLAG(status, DD_PCI_AGP_STATUS_COHERENT),
                   DD_PCI_PRINT_FLAG(status, DD_PCI_AGP_STATUS_GART_64),
                   DD_PCI_PRINT_FLAG(status, DD_PCI_AGP_STATUS_NO_HOST_TRANSLATION),
                   DD_PCI_PRINT_FLAG(status, DD_PCI_AGP_STATUS_ABOVE_4G),
                   DD_PCI_PRINT_FLAG(status, DD_PCI_AGP_STATUS_FAST_WRITE),
                   DD_PCI_PRINT_FLAG(status, DD_PCI_AGP_STATUS_MODE_3));
    put_rates(line, DD_GET(status, DD_PCI_AGP_STATUS_RATE), is_agp_3(agp));
    dd_pci_print_end(printing);
}

static void print_command(struct pci_printing *printing, const struct dd_pci_agp *agp)
{
    struct dd_text *line = &printing->line;
    uint32_t command = agp->command;

    dd_text_format(line, "\t\tCommand: RQ=%lu ArqSz=%lu Cal=%lu SBA%c AGP%c",
                   DD_GET(command, DD_PCI_AGP_COMMAND_REQUESTS) + 1,
                   DD_GET(command, DD_PCI_AGP_COMMAND_ASYNCHRONOUS_SIZE),
                   DD_GET(command, DD_PCI_AGP_COMMAND_CALIBRATION),
                   DD_PCI_PRINT_FLAG(command, DD_PCI_AGP_COMMAND_SIDE_BAND),
                   DD_PCI_PRINT_FLAG(command, DD_PCI_AGP_COMMAND_ENABLE));
    dd_text_format(line, " GART64%c 64bit%c FW%c",
                   DD_PCI_PRINT_FLAG(command, DD_PCI_AGP_COMMAND_GART_64),
                   DD_PCI_PRINT_FLAG(command, DD_PCI_AGP_COMMAND_ABOVE_4G),
                   DD_PCI_PRINT_FLAG(command, DD_PCI_AGP_COMMAND_FAST_WRITE));
    put_rates(line, DD_GET(command, DD_PCI_AGP_COMMAND_RATE), is_agp_3(agp));
    dd_pci_print_end(printing);
}

enum dd_status dd_pci_print_agp(struct pci_printing *printing)
{
    struct dd_pci_agp agp;
    enum dd_status status = dd_pci_agp_read(printing->print->access, printing->print->address,
                                            printing->capability.offset, &agp);

    if (status != DD_OK) {
        return status;
    }
    dd_text_format(&printing->line, "AGP version %lx.%lx", DD_GET(agp.revision, DD_PCI_AGP_MAJOR),
                   DD_GET(agp.revision, DD_PCI_AGP_MINOR));
    dd_pci_print_end(printing);
    print_status(printing, &agp);
    print_command(printing, &agp);
    return DD_OK;
}
