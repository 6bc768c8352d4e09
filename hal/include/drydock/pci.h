/* SPDX-License-Identifier: MIT */
/**
 * @file
 * PCI configuration space: addresses of functions, and access to their registers.
 *
 * A handle, struct dd_pci_access, reaches the buses of one segment: through the two
 * ports of mechanism 1, a memory window (ECAM), whichever of the two reaches the
 * register (pci_machine.h), or a mechanism the kernel supplies. Every other pci_*.h
 * works through such a handle.
 *
 * Devices may be pulled out at any time. A read that nobody answers gives all ones;
 * where the library gets that it reads the Vendor ID, which cannot be all ones, and
 * says DD_ENODEV if it is. So all ones are data only if the function is there. A
 * write that nobody takes leaves no trace: it is DD_OK. A virtual function (SR-IOV)
 * has all ones as its IDs by definition, [PCIe 6] 9.3.4.1: the calls take it for gone
 * whenever a register holds all ones.
 *
 * A function that was reset may ask for more time (Request Retry Status). Where software
 * has enabled that a root port shows it, the Vendor ID reads 0x0001 until the function is
 * ready: the library then says DD_ENOTREADY, which any call that says DD_ENODEV can say
 * instead. It waits for nobody by itself, [PCIe 6] 6.6.1 gives a function one second.
 */
#ifndef DRYDOCK_PCI_H
#define DRYDOCK_PCI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "drydock/addr.h"
#include "drydock/attributes.h"
#include "drydock/pci_regs.h"
#include "drydock/status.h"

/** A function. Spec: [PCI 3.0] 3.2.2.3.2; segments: [PCIFW 3.2] 4.1. */
struct dd_pci_address {
    uint32_t segment; /**< segment group; 0 on most machines */
    uint8_t bus;      /**< 0..255 */
    uint8_t device;   /**< 0..31; of an Alternative Routing-ID device its function number / 8 */
    uint8_t function; /**< 0..7; of such a device its function number modulo 8 */
};

/** Whether two addresses are of the same function. Spec: [PCI 3.0] 3.2.2.3.2. */
static inline bool dd_pci_address_is_same(struct dd_pci_address a, struct dd_pci_address b)
{
    return a.segment == b.segment && a.bus == b.bus && a.device == b.device &&
           a.function == b.function;
}

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
 * A lock around the two port accesses of mechanism 1: the address port is one for the
 * whole machine. Both are called once an access, in this order, never nested.
 */
struct dd_pci_lock {
    void (*acquire)(void *context); /**< keeps other processors and interrupt handlers away */
    void (*release)(void *context);
    void *context; /**< passed to both */
};

struct dd_pci_machine;

/**
 * Handle on the configuration space of the buses first_bus..last_bus of one segment.
 *
 * Filled in by dd_pci_access_init_mechanism1(), dd_pci_access_init_ecam() or
 * dd_pci_access_init_machine(). A kernel with a mechanism of its own fills in all
 * members but those it has no use for: `base`, `lock` and `machine` belong to the
 * library's mechanisms, `context` is free for its `ops`.
 */
struct dd_pci_access {
    const struct dd_pci_ops *ops; /**< must outlive the handle */
    void *context;
    /** Bytes of each function on a bus: 0, 256 or 4096; NULL: `size` everywhere. */
    uint16_t (*size_of_bus)(const struct dd_pci_access *access, uint8_t bus);
    /** Drop what was read; NULL: nothing is remembered. See dd_pci_forget(). */
    void (*forget)(const struct dd_pci_access *access);
    const struct dd_pci_lock *lock;       /**< of mechanism 1; NULL: none */
    const struct dd_pci_machine *machine; /**< of dd_pci_access_init_machine(); else NULL */
    dd_vaddr base;                        /**< of ECAM */
    uint32_t segment;
    uint16_t size; /**< bytes of each function, at most: 256 or 4096 */
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
 * The same, with a lock around the two port accesses.
 *
 * @param[out] access  the handle
 * @param lock         must outlive the handle; NULL: none
 *
 * Spec: [PCI 3.0] 3.2.2.3.2.
 */
void dd_pci_access_init_mechanism1_locked(struct dd_pci_access *access,
                                          const struct dd_pci_lock *lock);

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
 * How many bytes of configuration space a handle reaches of the functions on a bus.
 *
 * @param access  handle
 * @param bus     bus, 0..255
 * @return 256 or 4096; 0: it reaches no function there
 *
 * Spec: [PCIe 6] 7.2.
 */
uint16_t dd_pci_config_size(const struct dd_pci_access *access, uint8_t bus);

/**
 * Have the next reads ask the functions, where a handle remembers registers (pci_cache.h).
 *
 * Whoever waits for a register to change calls it before each look; so does the library.
 *
 * @param access  handle
 *
 * Spec: [PCI 3.0] 6.1.
 */
static inline void dd_pci_forget(const struct dd_pci_access *access)
{
    if (access->forget != NULL) {
        access->forget(access);
    }
}

/**
 * Read a register of 8 bits with one access of that width; one more of the Vendor ID if it gives all ones.
 *
 * @param access      handle
 * @param address     function to read
 * @param offset      bytes from the start of configuration space, below dd_pci_config_size()
 * @param[out] value  contents
 * @retval DD_OK      *value is valid
 * @retval DD_EARG    segment or bus not the handle's, device above 31, function above 7, or offset
 *                    not below dd_pci_config_size(); *value untouched
 * @retval DD_ENODEV  no function responds; *value untouched
 * @retval DD_ENOTREADY  nobody gave a value, but the function's Vendor ID says that it is not ready
 *                       yet; *value untouched
 *
 * Spec: [PCI 3.0] 3.2.2.3, [PCIe 6] 7.2.
 */
DD_MUST_CHECK enum dd_status dd_pci_read8(const struct dd_pci_access *access,
                                          struct dd_pci_address address, uint16_t offset,
                                          uint8_t *value);

/**
 * Read a register of 16 bits with one access of that width; one more of the Vendor ID if it gives all ones.
 *
 * @param access      handle
 * @param address     function to read
 * @param offset      bytes from the start of configuration space, below dd_pci_config_size(), a multiple
 *                    of 2
 * @param[out] value  contents
 * @retval DD_OK      *value is valid
 * @retval DD_EARG    as dd_pci_read8(); *value untouched
 * @retval DD_EALIGN  offset is not a multiple of 2; *value untouched
 * @retval DD_ENODEV  no function responds; *value untouched
 *
 * Spec: [PCI 3.0] 3.2.2.3, [PCIe 6] 7.2.
 */
DD_MUST_CHECK enum dd_status dd_pci_read16(const struct dd_pci_access *access,
                                           struct dd_pci_address address, uint16_t offset,
                                           uint16_t *value);

/**
 * Read a register of 32 bits with one access of that width; one more of the Vendor ID if it gives all ones.
 *
 * @param access      handle
 * @param address     function to read
 * @param offset      bytes from the start of configuration space, below dd_pci_config_size(), a multiple
 *                    of 4
 * @param[out] value  contents
 * @retval DD_OK      *value is valid
 * @retval DD_EARG    as dd_pci_read8(); *value untouched
 * @retval DD_EALIGN  offset is not a multiple of 4; *value untouched
 * @retval DD_ENODEV  no function responds; *value untouched
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
 * @param offset   bytes from the start of configuration space, below dd_pci_config_size()
 * @param value    new contents
 * @retval DD_OK      the write was performed
 * @retval DD_EARG    segment or bus not the handle's, device above 31, function above 7, or offset
 *                    not below dd_pci_config_size(); nothing was written
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
 * @param offset   bytes from the start of configuration space, below dd_pci_config_size(), a multiple of
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
 * @param offset   bytes from the start of configuration space, below dd_pci_config_size(), a multiple of
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
 * Two values are set aside: vendor 0xFFFF means that nobody answered, 0x0001 that the
 * function is not ready yet. A vendor of 0x0000 is an answer.
 *
 * @param access   handle
 * @param address  function
 * @param[out] id  DD_PCI_ID_VENDOR and DD_PCI_ID_DEVICE
 * @retval DD_OK      the function is there; *id is valid
 * @retval DD_EARG    as dd_pci_read8(); *id untouched
 * @retval DD_ENODEV  no function responds; *id untouched
 * @retval DD_ENOTREADY  there is one, but it is not ready yet; *id untouched
 *
 * Spec: [PCI 3.0] 6.1 and 6.2.1, [PCIe 6] 2.3.2.
 */
DD_MUST_CHECK enum dd_status dd_pci_read_id(const struct dd_pci_access *access,
                                            struct dd_pci_address address, uint32_t *id);

#endif
