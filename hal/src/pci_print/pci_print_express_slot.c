/* SPDX-License-Identifier: MIT */
/*
 * The slot below a PCI Express port, and a root port's own registers, in words.
 */
#include "pci_print_express.h"

static void print_slot_capabilities(struct pci_printing *printing, uint32_t value)
{
    struct dd_text *line = &printing->line;

    dd_text_format(
        line, "\t\tSltCap:\tAttnBtn%c PwrCtrl%c MRL%c AttnInd%c PwrInd%c HotPlug%c Surprise%c",
        PCI_EXPRESS_FLAG(value, ATTENTION_BUTTON_PRESENT),
        PCI_EXPRESS_FLAG(value, POWER_CONTROLLER_PRESENT),
        PCI_EXPRESS_FLAG(value, MRL_SENSOR_PRESENT),
        PCI_EXPRESS_FLAG(value, ATTENTION_INDICATOR_PRESENT),
        PCI_EXPRESS_FLAG(value, POWER_INDICATOR_PRESENT), PCI_EXPRESS_FLAG(value, HOT_PLUG_CAPABLE),
        PCI_EXPRESS_FLAG(value, HOT_PLUG_SURPRISE));
    dd_pci_print_end(printing);
    dd_text_format(line, "\t\t\tSlot #%u, PowerLimit ",
                   PCI_PRINT_NUMBER(value, DD_PCI_EXPRESS_SLOT_NUMBER));
    dd_pci_print_power(line, PCI_PRINT_NUMBER(value, DD_PCI_EXPRESS_SLOT_POWER_VALUE),
                       PCI_PRINT_NUMBER(value, DD_PCI_EXPRESS_SLOT_POWER_SCALE));
    dd_text_format(line, "; Interlock%c NoCompl%c", PCI_EXPRESS_FLAG(value, INTERLOCK_PRESENT),
                   PCI_EXPRESS_FLAG(value, NO_COMMAND_COMPLETED));
    dd_pci_print_end(printing);
}

static void print_slot_control(struct pci_printing *printing, uint16_t value)
{
    static const char *const indicators[] = {"Unknown", "On", "Blink", "Off"};
    struct dd_text *line = &printing->line;

    dd_text_format(
        line, "\t\tSltCtl:\tEnable: AttnBtn%c PwrFlt%c MRL%c PresDet%c CmdCplt%c HPIrq%c LinkChg%c",
        PCI_EXPRESS_FLAG(value, ATTENTION_BUTTON_ENABLE),
        PCI_EXPRESS_FLAG(value, POWER_FAULT_ENABLE), PCI_EXPRESS_FLAG(value, MRL_CHANGED_ENABLE),
        PCI_EXPRESS_FLAG(value, PRESENCE_CHANGED_ENABLE),
        PCI_EXPRESS_FLAG(value, COMMAND_COMPLETED_ENABLE),
        PCI_EXPRESS_FLAG(value, HOT_PLUG_INTERRUPT_ENABLE),
        PCI_EXPRESS_FLAG(value, DLL_CHANGED_ENABLE));
    dd_pci_print_end(printing);
    dd_text_format(line, "\t\t\tControl: AttnInd %s, PwrInd %s, Power%c Interlock%c",
                   indicators[DD_GET(value, DD_PCI_EXPRESS_ATTENTION_INDICATOR)],
                   indicators[DD_GET(value, DD_PCI_EXPRESS_POWER_INDICATOR)],
                   PCI_EXPRESS_FLAG(value, POWER_OFF), PCI_EXPRESS_FLAG(value, INTERLOCK_TOGGLE));
    dd_pci_print_end(printing);
}

void dd_pci_print_express_slot(struct pci_printing *printing, const struct dd_pci_express *express)
{
    struct dd_text *line = &printing->line;
    uint16_t value = express->slot_status;

    print_slot_capabilities(printing, express->slot_capabilities);
    print_slot_control(printing, express->slot_control);
    dd_text_format(
        line, "\t\tSltSta:\tStatus: AttnBtn%c PowerFlt%c MRL%c CmdCplt%c PresDet%c Interlock%c",
        PCI_EXPRESS_FLAG(value, ATTENTION_BUTTON_PRESSED), PCI_EXPRESS_FLAG(value, POWER_FAULT),
        PCI_EXPRESS_FLAG(value, MRL_OPEN), PCI_EXPRESS_FLAG(value, COMMAND_COMPLETED),
        PCI_EXPRESS_FLAG(value, PRESENT), PCI_EXPRESS_FLAG(value, INTERLOCK_ENGAGED));
    dd_pci_print_end(printing);
    dd_text_format(line, "\t\t\tChanged: MRL%c PresDet%c LinkState%c",
                   PCI_EXPRESS_FLAG(value, MRL_CHANGED), PCI_EXPRESS_FLAG(value, PRESENCE_CHANGED),
                   PCI_EXPRESS_FLAG(value, DLL_CHANGED));
    dd_pci_print_end(printing);
}

void dd_pci_print_express_root(struct pci_printing *printing, const struct dd_pci_express *express)
{
    struct dd_text *line = &printing->line;

    dd_text_format(line, "\t\tRootCap: CRSVisible%c",
                   PCI_EXPRESS_FLAG(express->root_capabilities, RRS_VISIBILITY_CAPABLE));
    dd_pci_print_end(printing);
    dd_text_format(
        line, "\t\tRootCtl: ErrCorrectable%c ErrNon-Fatal%c ErrFatal%c PMEIntEna%c CRSVisible%c",
        PCI_EXPRESS_FLAG(express->root_control, SYSTEM_ERROR_ON_CORRECTABLE),
        PCI_EXPRESS_FLAG(express->root_control, SYSTEM_ERROR_ON_NON_FATAL),
        PCI_EXPRESS_FLAG(express->root_control, SYSTEM_ERROR_ON_FATAL),
        PCI_EXPRESS_FLAG(express->root_control, PME_INTERRUPT_ENABLE),
        PCI_EXPRESS_FLAG(express->root_control, RRS_VISIBILITY));
    dd_pci_print_end(printing);
    dd_text_format(line, "\t\tRootSta: PME ReqID %04x, PMEStatus%c PMEPending%c",
                   PCI_PRINT_NUMBER(express->root_status, DD_PCI_EXPRESS_PME_REQUESTER),
                   PCI_EXPRESS_FLAG(express->root_status, PME_STATUS),
                   PCI_EXPRESS_FLAG(express->root_status, PME_PENDING));
    dd_pci_print_end(printing);
}
