/* SPDX-License-Identifier: MIT */
/*
 * Latencies and clocks in words: LTR, L1 PM Substates and PTM.
 */
#include "drydock/pci_latency.h"

#include "pci_print.h"

#define FLAG DD_PCI_PRINT_FLAG

#define GRANULARITY_UNKNOWN 0u
#define GRANULARITY_MORE    255u

/* lspci has a time for reserved scales too: it shifts by five times the scale, in 32 bits. */
static unsigned long ltr_time(uint16_t latency)
{
    uint64_t time = dd_pci_ltr_nanoseconds(latency);

    if (time == DD_PCI_LATENCY_RESERVED) {
        time = DD_GET(latency, DD_PCI_LTR_VALUE) << (5 * DD_GET(latency, DD_PCI_LTR_SCALE) & 31);
    }
    return (unsigned long)time;
}

enum dd_status dd_pci_print_ltr(struct pci_printing *printing)
{
    struct dd_pci_ltr ltr;
    enum dd_status status = dd_pci_ltr_read(printing->print->access, printing->print->address,
                                            printing->capability.offset, &ltr);

    if (status != DD_OK) {
        return status;
    }
    dd_text_put(&printing->line, "Latency Tolerance Reporting");
    dd_pci_print_end(printing);
    dd_text_format(&printing->line, "\t\tMax snoop latency: %luns", ltr_time(ltr.max_snoop));
    dd_pci_print_end(printing);
    dd_text_format(&printing->line, "\t\tMax no snoop latency: %luns", ltr_time(ltr.max_no_snoop));
    dd_pci_print_end(printing);
    return DD_OK;
}

/* ---- L1 PM Substates ---- */

static void put_time(struct dd_text *line, const char *name, uint64_t time, const char *unit)
{
    dd_text_put(line, name);
    if (time == DD_PCI_LATENCY_RESERVED) {
        dd_text_put(line, "<error>");
    } else {
        dd_text_format(line, "%lu%s", (unsigned long)time, unit);
    }
}

/* Both registers have the substates at the same bits. */
static void put_substates(struct dd_text *line, const char *name, uint32_t substates)
{
    dd_text_format(line, "\t\t%s: PCI-PM_L1.2%c PCI-PM_L1.1%c ASPM_L1.2%c ASPM_L1.1%c", name,
                   FLAG(substates, DD_PCI_L1SS_PCIPM_L1_2), FLAG(substates, DD_PCI_L1SS_PCIPM_L1_1),
                   FLAG(substates, DD_PCI_L1SS_ASPM_L1_2), FLAG(substates, DD_PCI_L1SS_ASPM_L1_1));
}

static void print_capabilities(struct pci_printing *printing, const struct dd_pci_l1ss *l1ss,
                               bool has_l1_2)
{
    uint32_t value = l1ss->capabilities;

    put_substates(&printing->line, "L1SubCap", value);
    dd_text_format(&printing->line, " L1_PM_Substates%c", FLAG(value, DD_PCI_L1SS_SUPPORTED));
    dd_pci_print_end(printing);
    if (!has_l1_2) {
        return;
    }
    dd_text_format(&printing->line, "\t\t\t  PortCommonModeRestoreTime=%luus ",
                   (unsigned long)DD_GET(value, DD_PCI_L1SS_PORT_RESTORE_TIME));
    put_time(&printing->line, "PortTPowerOnTime=",
             dd_pci_l1ss_power_on_microseconds(
                 (unsigned int)DD_GET(value, DD_PCI_L1SS_PORT_POWER_ON_SCALE),
                 (unsigned int)DD_GET(value, DD_PCI_L1SS_PORT_POWER_ON_VALUE)),
             "us");
    dd_pci_print_end(printing);
}

static void print_controls(struct pci_printing *printing, const struct dd_pci_l1ss *l1ss,
                           bool has_l1_2)
{
    put_substates(&printing->line, "L1SubCtl1", l1ss->control_1);
    dd_pci_print_end(printing);
    if (has_l1_2) {
        dd_text_format(&printing->line, "\t\t\t   T_CommonMode=%luus",
                       (unsigned long)DD_GET(l1ss->control_1, DD_PCI_L1SS_RESTORE_TIME));
        if (DD_GET(l1ss->capabilities, DD_PCI_L1SS_ASPM_L1_2) != 0) {
            put_time(&printing->line, " LTR1.2_Threshold=", dd_pci_l1ss_threshold_nanoseconds(l1ss),
                     "ns");
        }
        dd_pci_print_end(printing);
    }
    dd_text_put(&printing->line, "\t\tL1SubCtl2:");
    if (has_l1_2) {
        put_time(&printing->line, " T_PwrOn=",
                 dd_pci_l1ss_power_on_microseconds(
                     (unsigned int)DD_GET(l1ss->control_2, DD_PCI_L1SS_POWER_ON_SCALE),
                     (unsigned int)DD_GET(l1ss->control_2, DD_PCI_L1SS_POWER_ON_VALUE)),
                 "us");
    }
    dd_pci_print_end(printing);
}

enum dd_status dd_pci_print_l1ss(struct pci_printing *printing)
{
    struct dd_pci_l1ss l1ss;
    bool has_l1_2;
    enum dd_status status = dd_pci_l1ss_read(printing->print->access, printing->print->address,
                                             printing->capability.offset, &l1ss);

    if (status != DD_OK) {
        return status;
    }
    has_l1_2 = DD_GET(l1ss.capabilities, DD_PCI_L1SS_PCIPM_L1_2) != 0 ||
               DD_GET(l1ss.capabilities, DD_PCI_L1SS_ASPM_L1_2) != 0;
    dd_text_put(&printing->line, "L1 PM Substates");
    dd_pci_print_end(printing);
    print_capabilities(printing, &l1ss, has_l1_2);
    print_controls(printing, &l1ss, has_l1_2);
    return DD_OK;
}

/* ---- Precision Time Measurement ---- */

static void print_granularity(struct pci_printing *printing, const char *name, uint64_t granularity,
                              const char *unknown)
{
    dd_text_format(&printing->line, "\t\t%s: ", name);
    if (granularity == GRANULARITY_UNKNOWN) {
        dd_text_put(&printing->line, unknown);
    } else if (granularity == GRANULARITY_MORE) {
        dd_text_put(&printing->line, "Greater than 254ns");
    } else {
        dd_text_format(&printing->line, "%luns", (unsigned long)granularity);
    }
    dd_pci_print_end(printing);
}

enum dd_status dd_pci_print_ptm(struct pci_printing *printing)
{
    struct dd_pci_ptm ptm;
    enum dd_status status = dd_pci_ptm_read(printing->print->access, printing->print->address,
                                            printing->capability.offset, &ptm);

    if (status != DD_OK) {
        return status;
    }
    dd_text_put(&printing->line, "Precision Time Measurement");
    dd_pci_print_end(printing);
    dd_text_format(&printing->line, "\t\tPTMCap: Requester:%c Responder:%c Root:%c",
                   FLAG(ptm.capability, DD_PCI_PTM_REQUESTER),
                   FLAG(ptm.capability, DD_PCI_PTM_RESPONDER),
                   FLAG(ptm.capability, DD_PCI_PTM_ROOT));
    dd_pci_print_end(printing);
    print_granularity(printing, "PTMClockGranularity",
                      DD_GET(ptm.capability, DD_PCI_PTM_LOCAL_GRANULARITY), "Unimplemented");
    dd_text_format(&printing->line, "\t\tPTMControl: Enabled:%c RootSelected:%c",
                   FLAG(ptm.control, DD_PCI_PTM_ENABLE), FLAG(ptm.control, DD_PCI_PTM_ROOT_SELECT));
    dd_pci_print_end(printing);
    print_granularity(printing, "PTMEffectiveGranularity",
                      DD_GET(ptm.control, DD_PCI_PTM_EFFECTIVE_GRANULARITY), "Unknown");
    return DD_OK;
}
