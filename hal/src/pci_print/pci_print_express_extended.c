/* SPDX-License-Identifier: MIT */
/*
 * The extended capabilities about a link in words. pciutils 3.9 shows of most of
 * them only what they are; those it does not know have the words of later versions.
 * None of the lines is about single lanes, so no records of lanes are read.
 */
#include "drydock/pci_express_extended.h"
#include "pci_print.h"

#define NO_LANES 0u

/* lspci looks at the lower half of the register. */
#define LANES_SHOWN 16u

#define NUMBER(value, field) ((unsigned int)DD_GET(value, field))

enum dd_status dd_pci_print_secondary_express(struct pci_printing *printing)
{
    struct dd_text *line = &printing->line;
    struct dd_pci_secondary_express secondary;
    enum dd_status status =
        dd_pci_secondary_express_read(printing->print->access, printing->print->address,
                                      printing->capability.offset, NO_LANES, &secondary);

    if (status != DD_OK) {
        return status;
    }
    dd_text_put(line, "Secondary PCI Express");
    dd_pci_print_end(printing);
    dd_text_format(
        line, "\t\tLnkCtl3: LnkEquIntrruptEn%c PerformEqu%c",
        DD_PCI_PRINT_FLAG(secondary.link_control_3, DD_PCI_SECONDARY_EXPRESS_REQUEST_INTERRUPT),
        DD_PCI_PRINT_FLAG(secondary.link_control_3, DD_PCI_SECONDARY_EXPRESS_PERFORM_EQUALIZATION));
    dd_pci_print_end(printing);
    dd_text_put(line, "\t\tLaneErrStat: ");
    dd_text_put(line, (uint16_t)secondary.lane_errors != 0 ? "LaneErr at lane:" : "0");
    for (unsigned int i = 0; i < LANES_SHOWN; i++) {
        if ((secondary.lane_errors >> i & 1) != 0) {
            dd_text_format(line, " %u", i);
        }
    }
    dd_pci_print_end(printing);
    return DD_OK;
}

/* ---- Physical layer ---- */

static void print_physical_32gt_control(struct pci_printing *printing, uint32_t value)
{
    static const char *const modes[] = {"PCI Express", "Training Set Messages",
                                        "Alternate Protocol Negotiation"};
    struct dd_text *line = &printing->line;

    dd_text_format(line, "\t\tPhy32Ctl: EqualizationBypassDis%c NoEqualizationNeededDis%c",
                   DD_PCI_PRINT_FLAG(value, DD_PCI_PHYSICAL_32GT_BYPASS_DISABLE),
                   DD_PCI_PRINT_FLAG(value, DD_PCI_PHYSICAL_32GT_NO_EQUALIZATION_DISABLE));
    dd_pci_print_end(printing);
    dd_text_format(
        line, "\t\t\t  Modified TS Usage Mode: %s",
        DD_PCI_PRINT_CHOICE(modes, DD_GET(value, DD_PCI_PHYSICAL_32GT_MODE_SELECTED), "Unknown"));
    dd_pci_print_end(printing);
}

static void print_physical_32gt_status(struct pci_printing *printing, uint32_t value)
{
    static const char *const behaviors[] = {
        "Full Equalization required", "Equalization bypass to highest rate support",
        "No Equalization Needed", "Modified TS1/TS2 Ordered Sets supported"};
    struct dd_text *line = &printing->line;

    dd_text_format(line,
                   "\t\tPhy32Sta: EquComplete%c EquPhase1%c EquPhase2%c EquPhase3%c "
                   "LinkEquRequest%c",
                   DD_PCI_PRINT_FLAG(value, DD_PCI_PHYSICAL_32GT_COMPLETE),
                   DD_PCI_PRINT_FLAG(value, DD_PCI_PHYSICAL_32GT_PHASE_1),
                   DD_PCI_PRINT_FLAG(value, DD_PCI_PHYSICAL_32GT_PHASE_2),
                   DD_PCI_PRINT_FLAG(value, DD_PCI_PHYSICAL_32GT_PHASE_3),
                   DD_PCI_PRINT_FLAG(value, DD_PCI_PHYSICAL_32GT_REQUEST));
    dd_pci_print_end(printing);
    dd_text_format(line, "\t\t\t  Received Enhanced Link Behavior Control: %s",
                   behaviors[DD_GET(value, DD_PCI_PHYSICAL_32GT_ENHANCED_CONTROL)]);
    dd_pci_print_end(printing);
    dd_text_format(line,
                   "\t\t\t  ModTsRecv%c TxPrecodeOn%c TxPrecodeReq%c NoEqualizationNeededRecv%c",
                   DD_PCI_PRINT_FLAG(value, DD_PCI_PHYSICAL_32GT_MODIFIED_RECEIVED),
                   DD_PCI_PRINT_FLAG(value, DD_PCI_PHYSICAL_32GT_PRECODING_ON),
                   DD_PCI_PRINT_FLAG(value, DD_PCI_PHYSICAL_32GT_PRECODING_REQUEST),
                   DD_PCI_PRINT_FLAG(value, DD_PCI_PHYSICAL_32GT_NO_EQUALIZATION_RECEIVED));
    dd_pci_print_end(printing);
}

enum dd_status dd_pci_print_physical_32gt(struct pci_printing *printing)
{
    struct dd_text *line = &printing->line;
    struct dd_pci_physical_32gt physical;
    enum dd_status status =
        dd_pci_physical_32gt_read(printing->print->access, printing->print->address,
                                  printing->capability.offset, NO_LANES, &physical);
    uint32_t value;

    if (status != DD_OK) {
        return status;
    }
    value = physical.capabilities;
    dd_text_put(line, "Physical Layer 32.0 GT/s");
    dd_pci_print_end(printing);
    dd_text_format(line, "\t\tPhy32Cap: EqualizationBypass%c NoEqualizationNeeded%c",
                   DD_PCI_PRINT_FLAG(value, DD_PCI_PHYSICAL_32GT_BYPASS_SUPPORTED),
                   DD_PCI_PRINT_FLAG(value, DD_PCI_PHYSICAL_32GT_NO_EQUALIZATION_SUPPORTED));
    dd_pci_print_end(printing);
    dd_text_format(line, "\t\t\t  ModTsMode0%c ModTsMode1%c ModTsMode2%c",
                   DD_PCI_PRINT_FLAG(value, DD_PCI_PHYSICAL_32GT_MODE_0_SUPPORTED),
                   DD_PCI_PRINT_FLAG(value, DD_PCI_PHYSICAL_32GT_MODE_1_SUPPORTED),
                   DD_PCI_PRINT_FLAG(value, DD_PCI_PHYSICAL_32GT_MODE_2_SUPPORTED));
    dd_pci_print_end(printing);
    print_physical_32gt_control(printing, physical.control);
    print_physical_32gt_status(printing, physical.status);
    return DD_OK;
}

enum dd_status dd_pci_print_physical_64gt(struct pci_printing *printing)
{
    struct dd_text *line = &printing->line;
    struct dd_pci_physical_64gt physical;
    enum dd_status status =
        dd_pci_physical_64gt_read(printing->print->access, printing->print->address,
                                  printing->capability.offset, NO_LANES, &physical);
    uint32_t value;

    if (status != DD_OK) {
        return status;
    }
    value = physical.status;
    dd_text_put(line, "Physical Layer 64.0 GT/s");
    dd_pci_print_end(printing);
    dd_text_format(line,
                   "\t\tPhy64Sta: EquComplete%c EquPhase1%c EquPhase2%c EquPhase3%c "
                   "LinkEquRequest%c",
                   DD_PCI_PRINT_FLAG(value, DD_PCI_PHYSICAL_64GT_COMPLETE),
                   DD_PCI_PRINT_FLAG(value, DD_PCI_PHYSICAL_64GT_PHASE_1),
                   DD_PCI_PRINT_FLAG(value, DD_PCI_PHYSICAL_64GT_PHASE_2),
                   DD_PCI_PRINT_FLAG(value, DD_PCI_PHYSICAL_64GT_PHASE_3),
                   DD_PCI_PRINT_FLAG(value, DD_PCI_PHYSICAL_64GT_REQUEST));
    dd_pci_print_end(printing);
    dd_text_format(line, "\t\t\t  TxPrecodeOn%c TxPrecodeReq%c NoEqualizationNeededRecv%c",
                   DD_PCI_PRINT_FLAG(value, DD_PCI_PHYSICAL_64GT_PRECODING_ON),
                   DD_PCI_PRINT_FLAG(value, DD_PCI_PHYSICAL_64GT_PRECODING_REQUEST),
                   DD_PCI_PRINT_FLAG(value, DD_PCI_PHYSICAL_64GT_NO_EQUALIZATION_RECEIVED));
    dd_pci_print_end(printing);
    return DD_OK;
}

/* ---- Device 3 ---- */

/* Width of a code of Device 3. */
static void print_width(struct dd_text *line, unsigned int code)
{
    static const char *const widths[] = {"x1", "x2", "x4", "x8", "x16", NULL, NULL, "Dynamic"};

    if (widths[code % 8] == NULL) {
        dd_text_format(line, "Unknown (%u)", code);
    } else {
        dd_text_put(line, widths[code % 8]);
    }
}

static void print_device3_capabilities(struct pci_printing *printing, uint32_t value)
{
    static const char *const latencies[] = {"Less than 1us",
                                            "1us to less than 2us",
                                            "2us to less than 4us",
                                            "4us to less than 8us",
                                            "8us to less than 16us",
                                            "16us to less than 32us",
                                            "32us-64us",
                                            "More than 64us"};
    struct dd_text *line = &printing->line;

    dd_text_format(
        line, "\t\tDevCap3: DMWr Request Routing%c, 14-Bit Tag Completer%c, 14-Bit Tag Requester%c",
        DD_PCI_PRINT_FLAG(value, DD_PCI_DEVICE_3_DMWR_ROUTING_SUPPORTED),
        DD_PCI_PRINT_FLAG(value, DD_PCI_DEVICE_3_TAG_14_BIT_COMPLETER),
        DD_PCI_PRINT_FLAG(value, DD_PCI_DEVICE_3_TAG_14_BIT_REQUESTER));
    dd_pci_print_end(printing);
    dd_text_format(line, "\t\t\t L0p%c", DD_PCI_PRINT_FLAG(value, DD_PCI_DEVICE_3_L0P_SUPPORTED));
    if (DD_GET(value, DD_PCI_DEVICE_3_L0P_SUPPORTED) != 0) {
        dd_text_format(line, ", Port L0p Exit Latency: %s, Retimer L0p Exit Latency: %s",
                       latencies[DD_GET(value, DD_PCI_DEVICE_3_PORT_L0P_EXIT)],
                       latencies[DD_GET(value, DD_PCI_DEVICE_3_RETIMER_L0P_EXIT)]);
    }
    dd_pci_print_end(printing);
    dd_text_format(line, "\t\t\t UIO Mem RdWr Completer%c, UIO Mem RdWr Requester%c",
                   DD_PCI_PRINT_FLAG(value, DD_PCI_DEVICE_3_UIO_COMPLETER),
                   DD_PCI_PRINT_FLAG(value, DD_PCI_DEVICE_3_UIO_REQUESTER_SUPPORTED));
    dd_pci_print_end(printing);
}

static void print_device3_control(struct pci_printing *printing, uint32_t value)
{
    struct dd_text *line = &printing->line;

    dd_text_format(line,
                   "\t\tDevCtl3: DMWr Requester%c, DMWr Egress Blocking%c, 14-Bit Tag Requester%c",
                   DD_PCI_PRINT_FLAG(value, DD_PCI_DEVICE_3_DMWR_REQUESTER),
                   DD_PCI_PRINT_FLAG(value, DD_PCI_DEVICE_3_DMWR_EGRESS_BLOCKING),
                   DD_PCI_PRINT_FLAG(value, DD_PCI_DEVICE_3_TAG_14_BIT));
    dd_pci_print_end(printing);
    dd_text_format(
        line, "\t\t\t L0p%c, Target Link Width: ", DD_PCI_PRINT_FLAG(value, DD_PCI_DEVICE_3_L0P));
    print_width(line, NUMBER(value, DD_PCI_DEVICE_3_TARGET_WIDTH));
    dd_pci_print_end(printing);
    dd_text_format(line, "\t\t\t UIO Mem RdWr Requester%c, UIO Request 256B Boundary%c",
                   DD_PCI_PRINT_FLAG(value, DD_PCI_DEVICE_3_UIO_REQUESTER),
                   DD_PCI_PRINT_FLAG(~value, DD_PCI_DEVICE_3_UIO_256_BYTE_DISABLE));
    dd_pci_print_end(printing);
}

enum dd_status dd_pci_print_device3(struct pci_printing *printing)
{
    struct dd_text *line = &printing->line;
    struct dd_pci_device3 device3;
    enum dd_status status = dd_pci_device3_read(printing->print->access, printing->print->address,
                                                printing->capability.offset, &device3);

    if (status != DD_OK) {
        return status;
    }
    dd_text_put(line, "Device 3");
    dd_pci_print_end(printing);
    print_device3_capabilities(printing, device3.capabilities);
    print_device3_control(printing, device3.control);
    dd_text_put(line, "\t\tDevSta3: Initial Link Width: ");
    print_width(line, NUMBER(device3.status, DD_PCI_DEVICE_3_INITIAL_WIDTH));
    dd_text_format(line, ", Segment Captured%c, Remote L0p%c",
                   DD_PCI_PRINT_FLAG(device3.status, DD_PCI_DEVICE_3_SEGMENT_CAPTURED),
                   DD_PCI_PRINT_FLAG(device3.status, DD_PCI_DEVICE_3_REMOTE_L0P_SUPPORTED));
    dd_pci_print_end(printing);
    return DD_OK;
}
