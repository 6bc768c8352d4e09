/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Compute Express Link: what a device or port says about it in its designated vendor-specific
 * capabilities, which dd_pci_find_dvsec() finds by vendor DD_PCI_CXL_VENDOR.
 */
#ifndef DRYDOCK_PCI_CXL_H
#define DRYDOCK_PCI_CXL_H

#include <stdint.h>

#include "drydock/attributes.h"
#include "drydock/pci.h"
#include "drydock/pci_cxl_regs.h"
#include "drydock/status.h"

/** Memory ranges of a device. */
#define DD_PCI_CXL_RANGES 2

/** One memory range, as read. */
struct dd_pci_cxl_range {
    uint32_t size_high;
    uint32_t size_low; /**< fields DD_PCI_CXL_RANGE_1_VALID … DD_PCI_CXL_RANGE_1_SIZE_31_28 */
    uint32_t base_high;
    uint32_t base_low; /**< field DD_PCI_CXL_RANGE_1_BASE_31_28 */
};

/** A device: the registers of its DVSEC 0 as read. */
struct dd_pci_cxl_device {
    uint16_t offset;       /**< of the capability */
    uint16_t capability;   /**< fields DD_PCI_CXL_CACHE … */
    uint16_t control;      /**< fields DD_PCI_CXL_CACHE_ENABLE … */
    uint16_t status;       /**< field DD_PCI_CXL_VIRAL_STATUS */
    uint16_t control_2;    /**< fields DD_PCI_CXL_DISABLE_CACHING … */
    uint16_t status_2;     /**< fields DD_PCI_CXL_CACHE_INVALID … */
    uint16_t lock;         /**< field DD_PCI_CXL_CONFIG_LOCK */
    uint16_t capability_2; /**< fields DD_PCI_CXL_CACHE_UNIT, DD_PCI_CXL_CACHE_SIZE */
    struct dd_pci_cxl_range ranges[DD_PCI_CXL_RANGES];
};

/** A port: the registers of its DVSEC 3 as read. */
struct dd_pci_cxl_port {
    uint16_t offset;        /**< of the capability */
    uint16_t status;        /**< fields DD_PCI_CXL_PORT_PM_INIT_COMPLETE, …_VIRAL_STATUS */
    uint16_t control;       /**< fields DD_PCI_CXL_PORT_UNMASK_RESET … */
    uint8_t bus_base;       /**< alternate bus range */
    uint8_t bus_limit;      /**< inclusive */
    uint16_t memory_base;   /**< alternate memory range, as a bridge's registers */
    uint16_t memory_limit;  /**< inclusive */
    uint64_t prefetch_base; /**< bits 63:32, and 15:0 as a bridge's register */
    uint64_t prefetch_limit;
    uint64_t rcrb; /**< fields DD_PCI_CXL_PORT_RCRB_ENABLE … */
};

/** Global persistent flush: the registers of DVSEC 4 of a port, or 5 of a device. */
struct dd_pci_cxl_gpf {
    uint16_t offset;  /**< of the capability */
    uint16_t phase_1; /**< fields DD_PCI_CXL_GPF_TIME, DD_PCI_CXL_GPF_SCALE; 0 of a device */
    uint16_t phase_2; /**< the same fields: timeout of a port, duration of a device */
    uint32_t power;   /**< milliwatts a device draws in phase 2; 0 of a port */
};

/** Flex Bus: the registers of DVSEC 7 as read. */
struct dd_pci_cxl_flex_bus {
    uint16_t offset;       /**< of the capability */
    uint8_t revision;      /**< of the DVSEC: the last three exist from 2 on */
    uint16_t length;       /**< of the DVSEC, in bytes: what is beyond it is 0 here */
    uint16_t capability;   /**< fields DD_PCI_CXL_FLEX_CACHE … */
    uint16_t control;      /**< fields DD_PCI_CXL_FLEX_CACHE_ENABLE … */
    uint16_t status;       /**< fields DD_PCI_CXL_FLEX_CACHE_ENABLED … */
    uint32_t modified_ts;  /**< field DD_PCI_CXL_FLEX_RECEIVED_DATA */
    uint32_t capability_2; /**< field DD_PCI_CXL_FLEX_NOP_HINT */
    uint32_t control_2;    /**< field DD_PCI_CXL_FLEX_NOP_HINT_ENABLE */
    uint32_t status_2;     /**< field DD_PCI_CXL_FLEX_NOP_HINT_INFO */
};

/** One block of registers, as DVSEC 8 says where it is. */
struct dd_pci_cxl_block {
    uint32_t low;  /**< fields DD_PCI_CXL_BLOCK_BIR … DD_PCI_CXL_BLOCK_OFFSET_31_16 */
    uint32_t high; /**< field DD_PCI_CXL_BLOCK_OFFSET_63_32 */
};

/**
 * Read the registers of a CXL device's DVSEC.
 *
 * @param access       handle
 * @param address      function
 * @param offset       of the capability: vendor 0x1E98, DVSEC ID 0
 * @param[out] device  its registers
 * @retval DD_OK          *device is valid
 * @retval DD_EARG        as dd_pci_read32(), or no capability can be at this offset; *device
 *                        untouched, as after all failures
 * @retval DD_EALIGN      offset is not a multiple of 4
 * @retval DD_EMALFORMED  the DVSEC is shorter than its registers, or runs past the end of
 *                        configuration space
 * @retval DD_ENODEV      no function responds, or it stopped responding
 *
 * Spec: [CXL 3.0] 8.1.3.
 */
DD_MUST_CHECK enum dd_status dd_pci_cxl_read_device(const struct dd_pci_access *access,
                                                    struct dd_pci_address address, uint16_t offset,
                                                    struct dd_pci_cxl_device *device);

/**
 * Size of a memory range.
 *
 * @param range  as read
 * @return bytes, a multiple of 256 MiB
 *
 * Spec: [CXL 3.0] 8.1.3.8.
 */
uint64_t dd_pci_cxl_range_size(const struct dd_pci_cxl_range *range);

/**
 * Address of a memory range.
 *
 * @param range  as read
 * @return the first byte's, a multiple of 256 MiB
 *
 * Spec: [CXL 3.0] 8.1.3.8.
 */
uint64_t dd_pci_cxl_range_base(const struct dd_pci_cxl_range *range);

/**
 * Read the registers of a CXL port's DVSEC.
 *
 * The statuses are those of dd_pci_cxl_read_device(); *port is untouched after failures.
 *
 * @param access     handle
 * @param address    port
 * @param offset     of the capability: vendor 0x1E98, DVSEC ID 3
 * @param[out] port  its registers
 *
 * Spec: [CXL 3.0] 8.1.5.
 */
DD_MUST_CHECK enum dd_status dd_pci_cxl_read_port(const struct dd_pci_access *access,
                                                  struct dd_pci_address address, uint16_t offset,
                                                  struct dd_pci_cxl_port *port);

/**
 * Read the registers of a global persistent flush DVSEC.
 *
 * The statuses are those of dd_pci_cxl_read_device(); *gpf is untouched after failures.
 *
 * @param access    handle
 * @param address   function
 * @param offset    of the capability: vendor 0x1E98, DVSEC ID 4 or 5
 * @param[out] gpf  its registers
 *
 * Spec: [CXL 3.0] 8.1.6 and 8.1.7.
 */
DD_MUST_CHECK enum dd_status dd_pci_cxl_read_gpf(const struct dd_pci_access *access,
                                                 struct dd_pci_address address, uint16_t offset,
                                                 struct dd_pci_cxl_gpf *gpf);

/**
 * Read the registers of a Flex Bus port's DVSEC, as far as its length says they exist.
 *
 * The statuses are those of dd_pci_cxl_read_device(); *flex_bus is untouched after failures.
 *
 * @param access         handle
 * @param address        function
 * @param offset         of the capability: vendor 0x1E98, DVSEC ID 7
 * @param[out] flex_bus  its registers
 *
 * Spec: [CXL 3.0] 8.2.1.3.
 */
DD_MUST_CHECK enum dd_status dd_pci_cxl_read_flex_bus(const struct dd_pci_access *access,
                                                      struct dd_pci_address address,
                                                      uint16_t offset,
                                                      struct dd_pci_cxl_flex_bus *flex_bus);

/**
 * Read one entry of a register locator DVSEC.
 *
 * @param access      handle
 * @param address     function
 * @param offset      of the capability: vendor 0x1E98, DVSEC ID 8
 * @param index       which entry, from 0
 * @param[out] block  the entry
 * @retval DD_OK      *block is valid
 * @retval DD_ENOENT  the DVSEC ends before it; *block untouched
 * @return else as dd_pci_cxl_read_device(); *block untouched
 *
 * Spec: [CXL 3.0] 8.1.9.
 */
DD_MUST_CHECK enum dd_status dd_pci_cxl_read_block(const struct dd_pci_access *access,
                                                   struct dd_pci_address address, uint16_t offset,
                                                   unsigned int index,
                                                   struct dd_pci_cxl_block *block);

#endif
