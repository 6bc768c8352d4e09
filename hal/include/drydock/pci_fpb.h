/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Flattening Portal Bridge: a bridge that forwards what vectors of bits say, instead
 * of ranges of buses and addresses.
 */
#ifndef DRYDOCK_PCI_FPB_H
#define DRYDOCK_PCI_FPB_H

#include <stdint.h>

#include "drydock/attributes.h"
#include "drydock/pci.h"
#include "drydock/pci_cap_regs.h"
#include "drydock/status.h"

/** The registers as read, and where they are. */
struct dd_pci_fpb {
    uint16_t offset; /**< of the capability */
    uint32_t
        capabilities; /**< fields DD_PCI_FPB_RID_CAPABLE … DD_PCI_FPB_MEMORY_HIGH_VECTOR_SIZE */
    uint32_t rid_control_1;
    uint32_t rid_control_2;
    uint32_t memory_low_control;
    uint32_t memory_high_control_1;
    uint32_t memory_high_control_2;
    uint32_t vector_access; /**< fields DD_PCI_FPB_VECTOR_OFFSET, DD_PCI_FPB_VECTOR_SELECT */
};

/** The three vectors: values of DD_PCI_FPB_VECTOR_SELECT. Spec: [PCIe 6] 7.8.10.8. */
enum dd_pci_fpb_vector {
    DD_PCI_FPB_VECTOR_RID = 0,
    DD_PCI_FPB_VECTOR_MEMORY_LOW = 1,
    DD_PCI_FPB_VECTOR_MEMORY_HIGH = 2,
};

/**
 * Read the registers of a Flattening Portal Bridge capability. The vectors are not read.
 *
 * @param access    handle
 * @param address   function, a bridge
 * @param offset    of the capability
 * @param[out] fpb  its registers
 * @return DD_OK, else *fpb is untouched; statuses are those of dd_pci_pm_read()
 *
 * Spec: [PCIe 6] 7.8.10.
 */
DD_MUST_CHECK enum dd_status dd_pci_fpb_read(const struct dd_pci_access *access,
                                             struct dd_pci_address address, uint16_t offset,
                                             struct dd_pci_fpb *fpb);

/**
 * How many bits a vector has.
 *
 * @param fpb     as read
 * @param vector  which one
 * @return 256 to 8192, a power of two; 0 if the bridge has no such vector or the register a
 *         reserved value
 *
 * Spec: [PCIe 6] 7.8.10.2.
 */
unsigned int dd_pci_fpb_vector_bits(const struct dd_pci_fpb *fpb, enum dd_pci_fpb_vector vector);

#endif
