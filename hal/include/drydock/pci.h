/* SPDX-License-Identifier: MIT */
/**
 * @file
 * PCI configuration space: addresses of functions, and access to their registers.
 *
 * A handle, struct dd_pci_access, reaches the buses of one segment by one
 * mechanism: the two ports of mechanism 1, a memory window (ECAM), or one the
 * kernel supplies. Every other pci_*.h works through such a handle.
 */
#ifndef DRYDOCK_PCI_H
#define DRYDOCK_PCI_H

#include <stdint.h>

#include "drydock/addr.h"
#include "drydock/attributes.h"
#include "drydock/pci_regs.h"
#include "drydock/status.h"

/** A function. Spec: [PCI 3.0] 3.2.2.3.2; segments: [PCIFW 3.2] 4.1. */
struct dd_pci_address {
    uint32_t segment; /**< segment group; 0 on most machines */
    uint8_t bus;      /**< 0..255 */
    uint8_t device;   /**< 0..31 */
    uint8_t function; /**< 0..7 */
};

/** Width of one configuration access, in bytes. */
enum dd_pci_width {
    DD_PCI_WIDTH_8 = 1,
    DD_PCI_WIDTH_16 = 2,
    DD_PCI_WIDTH_32 = 4,
};

struct dd_pci_access;

/**
 * A way to reach configuration space.
 *
 * Both functions get checked arguments: the handle's segment, a bus of its
 * window, device and function in range, an offset below its size and a multiple
 * of the width. They perform exactly one access of exactly that width: two
 * writes of 16 bits are not one of 32, because Status shares a dword with
 * Command and clears the bits written as 1.
 */
struct dd_pci_ops {
    /** Read @p width bytes; all ones if no function responds. Bits above the width are ignored. */
    uint32_t (*read)(const struct dd_pci_access *access, struct dd_pci_address address,
                     uint16_t offset, enum dd_pci_width width);
    /** Write the low @p width bytes of @p value; nothing happens if no function responds. */
    void (*write)(const struct dd_pci_access *access, struct dd_pci_address address,
                  uint16_t offset, enum dd_pci_width width, uint32_t value);
};

/**
 * Handle on the configuration space of the buses first_bus..last_bus of one segment.
 *
 * Filled in by dd_pci_access_init_mechanism1() or dd_pci_access_init_ecam(). A kernel
 * with a mechanism of its own fills in all members but those it has no use for:
 * `base` is ECAM's, `context` is free for its `ops`.
 */
struct dd_pci_access {
    const struct dd_pci_ops *ops; /**< must outlive the handle */
    void *context;
    dd_vaddr base;
    uint32_t segment;
    uint16_t size; /**< bytes of each function: 256 or 4096 */
    uint8_t first_bus;
    uint8_t last_bus; /**< inclusive */
};

/** A memory window onto configuration space, as the ACPI table MCFG lists it. Spec: [PCIe 6] 7.2.2. */
struct dd_pci_ecam {
    dd_vaddr
        base; /**< where bus 0's registers are mapped, uncached, even if first_bus is above 0 */
    uint32_t segment;
    uint8_t first_bus;
    uint8_t last_bus; /**< inclusive */
};

/**
 * Reach segment 0, buses 0..255, 256 bytes of each function, through ports 0xCF8 and 0xCFC.
 *
 * The address port is one for the whole machine: whoever else may use it (another
 * processor, an interrupt handler, firmware) must be kept away during each call.
 *
 * @param[out] access  the handle
 *
 * Spec: [PCI 3.0] 3.2.2.3.2.
 */
void dd_pci_access_init_mechanism1(struct dd_pci_access *access);

/**
 * Reach the buses of a memory window, 4096 bytes of each function.
 *
 * @param window       where it is mapped; 1 MiB for each bus from first_bus to last_bus. Copied.
 * @param[out] access  the handle
 * @retval DD_OK      *access is ready; nothing was read yet
 * @retval DD_EARG    first_bus above last_bus; *access untouched
 * @retval DD_EALIGN  base is not a multiple of 1 MiB; *access untouched
 * @retval DD_EWRAP   the window leaves the address space; *access untouched
 *
 * Spec: [PCIe 6] 7.2.2.
 */
DD_MUST_CHECK enum dd_status dd_pci_access_init_ecam(struct dd_pci_access *access,
                                                     const struct dd_pci_ecam *window);

/**
 * Read a register of 8 bits with one access of that width.
 *
 * @param access      handle
 * @param address     function to read; it need not exist
 * @param offset      bytes from the start of configuration space, below access->size
 * @param[out] value  contents; all ones if no function responds
 * @retval DD_OK      *value is valid
 * @retval DD_EARG    segment or bus not the handle's, device above 31, function above 7, or offset
 *                    not below access->size; *value untouched
 *
 * Spec: [PCI 3.0] 3.2.2.3, [PCIe 6] 7.2.
 */
DD_MUST_CHECK enum dd_status dd_pci_read8(const struct dd_pci_access *access,
                                          struct dd_pci_address address, uint16_t offset,
                                          uint8_t *value);

/**
 * Read a register of 16 bits with one access of that width.
 *
 * @param access      handle
 * @param address     function to read; it need not exist
 * @param offset      bytes from the start of configuration space, below access->size, a multiple
 *                    of 2
 * @param[out] value  contents; all ones if no function responds
 * @retval DD_OK      *value is valid
 * @retval DD_EARG    as dd_pci_read8(); *value untouched
 * @retval DD_EALIGN  offset is not a multiple of 2; *value untouched
 *
 * Spec: [PCI 3.0] 3.2.2.3, [PCIe 6] 7.2.
 */
DD_MUST_CHECK enum dd_status dd_pci_read16(const struct dd_pci_access *access,
                                           struct dd_pci_address address, uint16_t offset,
                                           uint16_t *value);

/**
 * Read a register of 32 bits with one access of that width.
 *
 * @param access      handle
 * @param address     function to read; it need not exist
 * @param offset      bytes from the start of configuration space, below access->size, a multiple
 *                    of 4
 * @param[out] value  contents; all ones if no function responds
 * @retval DD_OK      *value is valid
 * @retval DD_EARG    as dd_pci_read8(); *value untouched
 * @retval DD_EALIGN  offset is not a multiple of 4; *value untouched
 *
 * Spec: [PCI 3.0] 3.2.2.3, [PCIe 6] 7.2.
 */
DD_MUST_CHECK enum dd_status dd_pci_read32(const struct dd_pci_access *access,
                                           struct dd_pci_address address, uint16_t offset,
                                           uint32_t *value);

/**
 * Write a register of 8 bits with one access of that width.
 *
 * @param access   handle
 * @param address  function to write; if none responds nothing happens
 * @param offset   bytes from the start of configuration space, below access->size
 * @param value    new contents
 * @retval DD_OK      the write was performed
 * @retval DD_EARG    segment or bus not the handle's, device above 31, function above 7, or offset
 *                    not below access->size; nothing was written
 *
 * Spec: [PCI 3.0] 3.2.2.3, [PCIe 6] 7.2.
 */
DD_MUST_CHECK enum dd_status dd_pci_write8(const struct dd_pci_access *access,
                                           struct dd_pci_address address, uint16_t offset,
                                           uint8_t value);

/**
 * Write a register of 16 bits with one access of that width.
 *
 * @param access   handle
 * @param address  function to write; if none responds nothing happens
 * @param offset   bytes from the start of configuration space, below access->size, a multiple of
 *                 2
 * @param value    new contents
 * @retval DD_OK      the write was performed
 * @retval DD_EARG    as dd_pci_write8(); nothing was written
 * @retval DD_EALIGN  offset is not a multiple of 2; nothing was written
 *
 * Spec: [PCI 3.0] 3.2.2.3, [PCIe 6] 7.2.
 */
DD_MUST_CHECK enum dd_status dd_pci_write16(const struct dd_pci_access *access,
                                            struct dd_pci_address address, uint16_t offset,
                                            uint16_t value);

/**
 * Write a register of 32 bits with one access of that width.
 *
 * @param access   handle
 * @param address  function to write; if none responds nothing happens
 * @param offset   bytes from the start of configuration space, below access->size, a multiple of
 *                 4
 * @param value    new contents
 * @retval DD_OK      the write was performed
 * @retval DD_EARG    as dd_pci_write8(); nothing was written
 * @retval DD_EALIGN  offset is not a multiple of 4; nothing was written
 *
 * Spec: [PCI 3.0] 3.2.2.3, [PCIe 6] 7.2.
 */
DD_MUST_CHECK enum dd_status dd_pci_write32(const struct dd_pci_access *access,
                                            struct dd_pci_address address, uint16_t offset,
                                            uint32_t value);

/**
 * Read the Vendor ID and Device ID, and so find out whether a function is there.
 *
 * Only vendor 0xFFFF means that nobody answered: it is the one value the standard
 * sets aside. A vendor of 0x0000 is an answer. So is 0x0001 from a function that
 * is not ready yet, where software has enabled that (Configuration Request Retry
 * Status, [PCIe 6] 2.3.1).
 *
 * @param access   handle
 * @param address  function
 * @param[out] id  DD_PCI_ID_VENDOR and DD_PCI_ID_DEVICE
 * @retval DD_OK      the function is there; *id is valid
 * @retval DD_EARG    as dd_pci_read8(); *id untouched
 * @retval DD_ENODEV  no function responds; *id untouched
 *
 * Spec: [PCI 3.0] 6.1 and 6.2.1.
 */
DD_MUST_CHECK enum dd_status dd_pci_read_id(const struct dd_pci_access *access,
                                            struct dd_pci_address address, uint32_t *id);

#endif
