/* SPDX-License-Identifier: MIT */
/*
 * Small capabilities of the extended list in words: Device Serial Number, Downstream
 * Port Containment, TPH Requester, Multicast and Data Object Exchange.
 */
#include "drydock/pci_doe.h"
#include "drydock/pci_dpc.h"
#include "drydock/pci_extended.h"
#include "drydock/pci_tph.h"

#include "pci_print.h"

#define FLAG DD_PCI_PRINT_FLAG

/* Values of Device/Port Type. Spec: [PCIe 6] 7.5.3.2. */
#define TYPE_ENDPOINT            0x0u
#define TYPE_ROOT_PORT           0x4u
#define TYPE_UPSTREAM_PORT       0x5u
#define TYPE_DOWNSTREAM_PORT     0x6u
#define TYPE_INTEGRATED_ENDPOINT 0x9u

#define SERIAL_BYTES 8u

enum dd_status dd_pci_print_dsn(struct pci_printing *printing)
{
    uint64_t serial;
    enum dd_status status = dd_pci_dsn_read(printing->print->access, printing->print->address,
                                            printing->capability.offset, &serial);

    if (status != DD_OK) {
        return status;
    }
    dd_text_put(&printing->line, "Device Serial Number ");
    for (unsigned int i = 0; i < SERIAL_BYTES; i++) {
        dd_text_format(&printing->line, "%s%02lx", i == 0 ? "" : "-",
                       (unsigned long)(serial >> (8 * (SERIAL_BYTES - 1 - i)) & UINT8_MAX));
    }
    dd_pci_print_end(printing);
    return DD_OK;
}

/* ---- Downstream Port Containment ---- */

static void print_dpc_state(struct pci_printing *printing, const struct dd_pci_dpc *dpc)
{
    dd_text_format(&printing->line, "\t\tDpcSta:\tTrigger%c Reason:%02lx INT%c RPBusy%c ",
                   FLAG(dpc->status, DD_PCI_DPC_TRIGGER_STATUS),
                   (unsigned long)DD_GET(dpc->status, DD_PCI_DPC_TRIGGER_REASON),
                   FLAG(dpc->status, DD_PCI_DPC_INTERRUPT_STATUS),
                   FLAG(dpc->status, DD_PCI_DPC_RP_BUSY));
    dd_text_format(&printing->line, "TriggerExt:%02lx RP PIO ErrPtr:%02lx",
                   (unsigned long)DD_GET(dpc->status, DD_PCI_DPC_TRIGGER_REASON_EXTENSION),
                   (unsigned long)DD_GET(dpc->status, DD_PCI_DPC_RP_PIO_FIRST_ERROR));
    dd_pci_print_end(printing);
    dd_text_format(&printing->line, "\t\tSource:\t%04x", dpc->source);
    dd_pci_print_end(printing);
}

enum dd_status dd_pci_print_dpc(struct pci_printing *printing)
{
    struct dd_pci_dpc dpc;
    enum dd_status status = dd_pci_dpc_read(printing->print->access, printing->print->address,
                                            printing->capability.offset, &dpc);

    if (status != DD_OK) {
        return status;
    }
    dd_text_put(&printing->line, "Downstream Port Containment");
    dd_pci_print_end(printing);
    dd_text_format(&printing->line, "\t\tDpcCap:\tINT Msg #%lu, RPExt%c PoisonedTLP%c SwTrigger%c ",
                   (unsigned long)DD_GET(dpc.capability, DD_PCI_DPC_INTERRUPT_MESSAGE_NUMBER),
                   FLAG(dpc.capability, DD_PCI_DPC_RP_EXTENSIONS),
                   FLAG(dpc.capability, DD_PCI_DPC_POISONED_TLP_BLOCKING),
                   FLAG(dpc.capability, DD_PCI_DPC_SOFTWARE_TRIGGERING));
    dd_text_format(&printing->line, "RP PIO Log %lu, DL_ActiveErr%c",
                   (unsigned long)DD_GET(dpc.capability, DD_PCI_DPC_RP_PIO_LOG_SIZE),
                   FLAG(dpc.capability, DD_PCI_DPC_DL_ACTIVE_ERR_COR));
    dd_pci_print_end(printing);
    dd_text_format(&printing->line, "\t\tDpcCtl:\tTrigger:%lx Cmpl%c INT%c ErrCor%c ",
                   (unsigned long)DD_GET(dpc.control, DD_PCI_DPC_TRIGGER_ENABLE),
                   FLAG(dpc.control, DD_PCI_DPC_COMPLETION_CONTROL),
                   FLAG(dpc.control, DD_PCI_DPC_INTERRUPT_ENABLE),
                   FLAG(dpc.control, DD_PCI_DPC_ERR_COR_ENABLE));
    dd_text_format(&printing->line, "PoisonedTLP%c SwTrigger%c DL_ActiveErr%c",
                   FLAG(dpc.control, DD_PCI_DPC_POISONED_TLP_BLOCKING_ENABLE),
                   FLAG(dpc.control, DD_PCI_DPC_SOFTWARE_TRIGGER),
                   FLAG(dpc.control, DD_PCI_DPC_DL_ACTIVE_ERR_COR_ENABLE));
    dd_pci_print_end(printing);
    print_dpc_state(printing, &dpc);
    return DD_OK;
}

/* ---- TPH Requester ---- */

static void print_if(struct pci_printing *printing, uint64_t condition, const char *line)
{
    if (condition != 0) {
        dd_text_put(&printing->line, line);
        dd_pci_print_end(printing);
    }
}

enum dd_status dd_pci_print_tph(struct pci_printing *printing)
{
    static const char *const locations[] = {
        "\t\tNo steering table available",
        "\t\tSteering table in TPH capability structure",
        "\t\tSteering table in MSI-X table",
    };
    struct dd_pci_tph tph;
    enum dd_status status = dd_pci_tph_read(printing->print->access, printing->print->address,
                                            printing->capability.offset, &tph);

    if (status != DD_OK) {
        return status;
    }
    dd_text_put(&printing->line, "Transaction Processing Hints");
    dd_pci_print_end(printing);
    print_if(printing, DD_GET(tph.capability, DD_PCI_TPH_INTERRUPT_VECTOR_MODE),
             "\t\tInterrupt vector mode supported");
    print_if(printing, DD_GET(tph.capability, DD_PCI_TPH_DEVICE_SPECIFIC_MODE),
             "\t\tDevice specific mode supported");
    print_if(printing, DD_GET(tph.capability, DD_PCI_TPH_EXTENDED_REQUESTER),
             "\t\tExtended requester support");
    print_if(printing, 1,
             DD_PCI_PRINT_CHOICE(locations, DD_GET(tph.capability, DD_PCI_TPH_TABLE_LOCATION),
                                 "\t\tReserved steering table location"));
    return DD_OK;
}

/* ---- Multicast ---- */

/* A size as lspci has it: an int, which a size of 2 GB and more does not fit. */
static int size_of(uint64_t log2)
{
    uint32_t size = UINT32_C(1) << (log2 & 31);

    return size <= INT32_MAX ? (int)size : INT32_MIN;
}

static void print_multicast_control(struct pci_printing *printing,
                                    const struct dd_pci_multicast *multicast)
{
    uint64_t window = DD_GET(multicast->capability, DD_PCI_MULTICAST_WINDOW_SIZE);

    dd_text_format(&printing->line, "\t\tMcastCap: MaxGroups %lu",
                   (unsigned long)DD_GET(multicast->capability, DD_PCI_MULTICAST_MAX_GROUP) + 1);
    if (printing->express_type == TYPE_ENDPOINT ||
        printing->express_type == TYPE_INTEGRATED_ENDPOINT) {
        /* lspci leaves the end of this line out. */
        dd_text_format(&printing->line, ", WindowSz %lu (%d bytes)", (unsigned long)window,
                       size_of(window));
    } else {
        if (printing->express_type == TYPE_ROOT_PORT ||
            printing->express_type == TYPE_UPSTREAM_PORT ||
            printing->express_type == TYPE_DOWNSTREAM_PORT) {
            dd_text_format(&printing->line, ", ECRCRegen%c",
                           FLAG(multicast->capability, DD_PCI_MULTICAST_ECRC_REGENERATION));
            dd_pci_print_end(printing);
        }
    }
    dd_text_format(&printing->line, "\t\tMcastCtl: NumGroups %lu, Enable%c",
                   (unsigned long)DD_GET(multicast->control, DD_PCI_MULTICAST_NUM_GROUP) + 1,
                   FLAG(multicast->control, DD_PCI_MULTICAST_ENABLE));
    dd_pci_print_end(printing);
    dd_text_format(&printing->line, "\t\tMcastBAR: IndexPos %lu, BaseAddr %016lx",
                   (unsigned long)DD_GET(multicast->base, DD_PCI_MULTICAST_INDEX_POSITION),
                   (unsigned long)(multicast->base & ~DD_MASK(11, 0)));
    dd_pci_print_end(printing);
}

static enum dd_status print_overlay(struct pci_printing *printing)
{
    uint64_t overlay;
    uint64_t size;
    enum dd_status status = dd_pci_multicast_read_overlay(
        printing->print->access, printing->print->address, printing->capability.offset, &overlay);

    if (status != DD_OK) {
        return status;
    }
    size = DD_GET(overlay, DD_PCI_MULTICAST_OVERLAY_SIZE);
    dd_text_format(&printing->line, "\t\tMcastOverlayBAR: OverlaySize %lu ", (unsigned long)size);
    /* Below 6 there is no overlay: [PCIe 6] 7.9.11.8. */
    if (size < DD_PCI_MULTICAST_OVERLAY_31_6_LO) {
        dd_text_put(&printing->line, "(disabled)");
    } else {
        dd_text_format(&printing->line, "(%d bytes)", size_of(size));
    }
    dd_text_format(&printing->line, ", BaseAddr %016lx", (unsigned long)(overlay & ~DD_MASK(5, 0)));
    dd_pci_print_end(printing);
    return DD_OK;
}

enum dd_status dd_pci_print_multicast(struct pci_printing *printing)
{
    struct dd_pci_multicast multicast;
    enum dd_status status = dd_pci_multicast_read(printing->print->access, printing->print->address,
                                                  printing->capability.offset, &multicast);

    if (status != DD_OK) {
        return status;
    }
    dd_text_put(&printing->line, "Multicast");
    dd_pci_print_end(printing);
    print_multicast_control(printing, &multicast);
    dd_text_format(&printing->line, "\t\tMcastReceiveVec:      %016lx",
                   (unsigned long)multicast.receive);
    dd_pci_print_end(printing);
    dd_text_format(&printing->line, "\t\tMcastBlockAllVec:     %016lx",
                   (unsigned long)multicast.block_all);
    dd_pci_print_end(printing);
    dd_text_format(&printing->line, "\t\tMcastBlockUntransVec: %016lx",
                   (unsigned long)multicast.block_untranslated);
    dd_pci_print_end(printing);
    if (printing->express_type == TYPE_ENDPOINT ||
        printing->express_type == TYPE_INTEGRATED_ENDPOINT) {
        return DD_OK;
    }
    return print_overlay(printing);
}

/* ---- Data Object Exchange ---- */

enum dd_status dd_pci_print_doe(struct pci_printing *printing)
{
    struct dd_pci_doe doe;
    enum dd_status status = dd_pci_doe_read(printing->print->access, printing->print->address,
                                            printing->capability.offset, &doe);

    if (status != DD_OK) {
        return status;
    }
    dd_text_put(&printing->line, "Data Object Exchange");
    dd_pci_print_end(printing);
    dd_text_format(&printing->line, "\t\tDOECap: IntSup%c",
                   FLAG(doe.capabilities, DD_PCI_DOE_INTERRUPT_SUPPORT));
    dd_pci_print_end(printing);
    if (DD_GET(doe.capabilities, DD_PCI_DOE_INTERRUPT_SUPPORT) != 0) {
        dd_text_format(
            &printing->line, "\t\t\tInterrupt Message Number %03lx",
            (unsigned long)DD_GET(doe.capabilities, DD_PCI_DOE_INTERRUPT_MESSAGE_NUMBER));
        dd_pci_print_end(printing);
    }
    dd_text_format(&printing->line, "\t\tDOECtl: IntEn%c",
                   FLAG(doe.control, DD_PCI_DOE_INTERRUPT_ENABLE));
    dd_pci_print_end(printing);
    /* lspci shows an error where it finds Busy or Interrupt Status. */
    dd_text_format(
        &printing->line, "\t\tDOESta: Busy%c IntSta%c Error%c ObjectReady%c",
        FLAG(doe.status, DD_PCI_DOE_BUSY), FLAG(doe.status, DD_PCI_DOE_INTERRUPT_STATUS),
        (doe.status & (DD_BITS(DD_PCI_DOE_BUSY) | DD_BITS(DD_PCI_DOE_INTERRUPT_STATUS))) != 0 ? '+'
                                                                                              : '-',
        FLAG(doe.status, DD_PCI_DOE_OBJECT_READY));
    dd_pci_print_end(printing);
    return DD_OK;
}
