/* SPDX-License-Identifier: MIT */
/**
 * @file
 * What the printers of capabilities share. A printer is called with the start of
 * the line in place, "\tCapabilities: [50] "; it decodes first, and prints if that
 * worked, each line ended with dd_pci_print_end(). After a failed decoder it returns
 * the status at once: the frame ends the line.
 */
#ifndef DRYDOCK_PCI_PRINT_INTERNAL_H
#define DRYDOCK_PCI_PRINT_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "drydock/field.h"
#include "drydock/pci_cap.h"
#include "drydock/pci_print.h"
#include "drydock/text.h"

/** Value of express_type before a PCI Express capability was printed. */
#define PCI_EXPRESS_TYPE_UNKNOWN 0xFFu

/** The state of printing one function. */
struct pci_printing {
    const struct dd_pci_print *print;
    struct dd_pci_capability capability; /**< the one in hand */
    bool is_extended;                    /**< it is of the extended list */
    uint8_t express_type;                /**< Device/Port Type, set by the printer of PCI Express */
    enum dd_status status;               /**< why printing ended early, or DD_OK */
    struct dd_text line;                 /**< in buffer */
    char buffer[DD_PCI_PRINT_LINE];
};

/** "+" or "-" for %c: whether a field of a register is not 0. */
#define DD_PCI_PRINT_FLAG(value, field) (DD_GET(value, field) != 0 ? '+' : '-')

/** Begin the first line of a capability. */
void dd_pci_print_start(struct pci_printing *printing);

/** Emit the line and begin an empty one. */
void dd_pci_print_end(struct pci_printing *printing);

/** texts[value], or @p otherwise if there is none. */
const char *dd_pci_print_choice(const char *const *texts, size_t count, uint64_t value,
                                const char *otherwise);

/** dd_pci_print_choice() of an array. */
#define DD_PCI_PRINT_CHOICE(texts, value, otherwise) \
    dd_pci_print_choice(texts, sizeof(texts) / sizeof((texts)[0]), value, otherwise)

/** How one kind of capability is printed. */
struct pci_printer {
    bool is_extended;
    uint16_t id;
    const char *text; /**< all there is to say; or NULL, and the function says it */
    enum dd_status (*print)(struct pci_printing *printing);
};

/** The printer of an ID in one of the lists, or NULL; the table is pci_print_table.c. */
const struct pci_printer *dd_pci_print_find(bool is_extended, uint16_t id);

/* Printers, each in pci_print_NAME.c. */
enum dd_status dd_pci_print_power_management(struct pci_printing *printing);
enum dd_status dd_pci_print_express(struct pci_printing *printing);
enum dd_status dd_pci_print_secondary_express(struct pci_printing *printing);
enum dd_status dd_pci_print_physical_32gt(struct pci_printing *printing);
enum dd_status dd_pci_print_physical_64gt(struct pci_printing *printing);
enum dd_status dd_pci_print_device3(struct pci_printing *printing);
enum dd_status dd_pci_print_ht(struct pci_printing *printing);
enum dd_status dd_pci_print_pcix(struct pci_printing *printing);
enum dd_status dd_pci_print_agp(struct pci_printing *printing);
enum dd_status dd_pci_print_vpd(struct pci_printing *printing);
enum dd_status dd_pci_print_slot(struct pci_printing *printing);
enum dd_status dd_pci_print_msi(struct pci_printing *printing);
enum dd_status dd_pci_print_vendor(struct pci_printing *printing);
enum dd_status dd_pci_print_debug_port(struct pci_printing *printing);
enum dd_status dd_pci_print_subsystem(struct pci_printing *printing);
enum dd_status dd_pci_print_msix(struct pci_printing *printing);
enum dd_status dd_pci_print_sata(struct pci_printing *printing);
enum dd_status dd_pci_print_af(struct pci_printing *printing);
enum dd_status dd_pci_print_ea(struct pci_printing *printing);
enum dd_status dd_pci_print_aer(struct pci_printing *printing);
enum dd_status dd_pci_print_acs(struct pci_printing *printing);
enum dd_status dd_pci_print_ari(struct pci_printing *printing);
enum dd_status dd_pci_print_ats(struct pci_printing *printing);
enum dd_status dd_pci_print_doe(struct pci_printing *printing);
enum dd_status dd_pci_print_dpc(struct pci_printing *printing);
enum dd_status dd_pci_print_dsn(struct pci_printing *printing);
enum dd_status dd_pci_print_dvsec(struct pci_printing *printing);
enum dd_status dd_pci_print_ide(struct pci_printing *printing);
enum dd_status dd_pci_print_l1ss(struct pci_printing *printing);
enum dd_status dd_pci_print_ltr(struct pci_printing *printing);
enum dd_status dd_pci_print_multicast(struct pci_printing *printing);
enum dd_status dd_pci_print_pasid(struct pci_printing *printing);
enum dd_status dd_pci_print_pri(struct pci_printing *printing);
enum dd_status dd_pci_print_ptm(struct pci_printing *printing);
enum dd_status dd_pci_print_rcec(struct pci_printing *printing);
enum dd_status dd_pci_print_rclink(struct pci_printing *printing);
enum dd_status dd_pci_print_rebar(struct pci_printing *printing);
enum dd_status dd_pci_print_sriov(struct pci_printing *printing);
enum dd_status dd_pci_print_tph(struct pci_printing *printing);
enum dd_status dd_pci_print_vc(struct pci_printing *printing);
enum dd_status dd_pci_print_vf_rebar(struct pci_printing *printing);
enum dd_status dd_pci_print_vsec(struct pci_printing *printing);

#endif
