/* SPDX-License-Identifier: MIT */
/**
 * @file
 * The HyperTransport capabilities: what kind each is, the interfaces with their links, and the
 * mapping of message signalled interrupts.
 */
#ifndef DRYDOCK_PCI_HT_H
#define DRYDOCK_PCI_HT_H

#include <stdint.h>

#include "drydock/attributes.h"
#include "drydock/pci.h"
#include "drydock/pci_cap.h"
#include "drydock/pci_ht_regs.h"
#include "drydock/status.h"

/** Values of DD_PCI_HT_TYPE. Spec: [HT 3.10] 7. */
enum dd_pci_ht_type {
    DD_PCI_HT_TYPE_SLAVE = 0x00, /**< slave or primary interface: 000xx */
    DD_PCI_HT_TYPE_HOST = 0x04,  /**< host or secondary interface: 001xx */
    DD_PCI_HT_TYPE_SWITCH = 0x08,
    DD_PCI_HT_TYPE_INTERRUPT = 0x10, /**< interrupt discovery and configuration */
    DD_PCI_HT_TYPE_REVISION = 0x11,
    DD_PCI_HT_TYPE_CLUMPING = 0x12,      /**< of UnitIDs */
    DD_PCI_HT_TYPE_CONFIGURATION = 0x13, /**< access to extended configuration space */
    DD_PCI_HT_TYPE_ADDRESS_MAP = 0x14,
    DD_PCI_HT_TYPE_MSI_MAPPING = 0x15,
    DD_PCI_HT_TYPE_DIRECT_ROUTE = 0x16,
    DD_PCI_HT_TYPE_VCSET = 0x17,
    DD_PCI_HT_TYPE_RETRY = 0x18,
    DD_PCI_HT_TYPE_X86 = 0x19,
    DD_PCI_HT_TYPE_GEN3 = 0x1A,
    DD_PCI_HT_TYPE_FUNCTION_EXTENSION = 0x1B,
    DD_PCI_HT_TYPE_POWER_MANAGEMENT = 0x1C,
};

/**
 * Kind of a HyperTransport capability.
 *
 * @param command  its register DD_PCI_HT_COMMAND
 * @return a value of the enumeration, or another one that is reserved
 *
 * Spec: [HT 3.10] 7.
 */
enum dd_pci_ht_type dd_pci_ht_type(uint16_t command);

/**
 * Read what all HyperTransport capabilities begin with.
 *
 * @param access        handle
 * @param address       function
 * @param offset        of the capability, as a walk gives it
 * @param[out] command  its register DD_PCI_HT_COMMAND
 * @retval DD_OK          *command is valid
 * @retval DD_EARG        as dd_pci_read16(), or no capability can be at this offset; *command
 *                        untouched, as after all failures
 * @retval DD_EALIGN      offset is not a multiple of 4
 * @retval DD_EMALFORMED  the capability would run past the end of its 256 bytes
 * @retval DD_ENODEV      no function responds
 *
 * Spec: [HT 3.10] 7.
 */
DD_MUST_CHECK enum dd_status dd_pci_ht_read(const struct dd_pci_access *access,
                                            struct dd_pci_address address, uint16_t offset,
                                            uint16_t *command);

/** One link of an interface. */
struct dd_pci_ht_link {
    uint16_t control;        /**< fields DD_PCI_HT_LINK_SOURCE_ID … DD_PCI_HT_LINK_64_BIT */
    uint16_t configuration;  /**< fields DD_PCI_HT_LINK_MAX_WIDTH_IN … */
    uint8_t frequency_error; /**< fields DD_PCI_HT_LINK_FREQUENCY … DD_PCI_HT_LINK_CTL_TIMEOUT */
    uint16_t frequencies;    /**< bit n: the frequency with the code n is possible */
};

/** The registers of an interface as read. A host has one link and no bus. */
struct dd_pci_ht_interface {
    uint16_t offset;          /**< of the capability */
    enum dd_pci_ht_type type; /**< slave or host */
    uint16_t command;         /**< fields DD_PCI_HT_SLAVE_… or DD_PCI_HT_HOST_… */
    unsigned int link_count;  /**< 2 of a slave, 1 of a host */
    struct dd_pci_ht_link links[2];
    uint8_t revision;  /**< minor in bits 4:0, major in 7:5 */
    uint16_t features; /**< fields DD_PCI_HT_FEATURE_… and DD_PCI_HT_HOST_FEATURE_… */
    uint16_t scratchpad;
    uint16_t error_handling;   /**< fields DD_PCI_HT_PROTOCOL_FLOOD … */
    uint8_t memory_base_upper; /**< bits 39:32 of the prefetchable window */
    uint8_t memory_limit_upper;
    uint8_t bus; /**< of a slave */
};

/**
 * Read the registers of a slave or host interface, each once.
 *
 * @param access          handle
 * @param address         function
 * @param offset          of the capability, as a walk gives it
 * @param[out] interface  its registers
 * @retval DD_OK       *interface is valid
 * @retval DD_ENOTSUP  it is a HyperTransport capability of another type; *interface untouched, as
 *                     after all failures
 * @return else as dd_pci_ht_read()
 *
 * Spec: [HT 3.10] 7. Other statuses are those of dd_pci_ht_read().
 */
DD_MUST_CHECK enum dd_status dd_pci_ht_read_interface(const struct dd_pci_access *access,
                                                      struct dd_pci_address address,
                                                      uint16_t offset,
                                                      struct dd_pci_ht_interface *interface);

/**
 * Frequency of a link.
 *
 * @param code  value of DD_PCI_HT_LINK_FREQUENCY
 * @return in MHz, 200..2600; 0 if the vendor decides what it is, or there is no such code
 *
 * Spec: [HT 3.10] 7.
 */
unsigned int dd_pci_ht_frequency(unsigned int code);

/**
 * Width of one direction of a link.
 *
 * @param code  value of DD_PCI_HT_LINK_WIDTH_IN and its like
 * @return in bits: 2, 4, 8, 16, 32; 0 if the link is not connected or the value is reserved
 *
 * Spec: [HT 3.10] 7.
 */
unsigned int dd_pci_ht_width(unsigned int code);

/** Where a bridge turns writes into HyperTransport interrupts, unless it says otherwise. */
#define DD_PCI_HT_MSI_FIXED_BASE UINT64_C(0xFEE00000)

/** Mapping of message signalled interrupts as read. */
struct dd_pci_ht_msi_mapping {
    uint16_t offset;  /**< of the capability */
    uint16_t command; /**< fields DD_PCI_HT_MSI_MAPPING_ENABLE, DD_PCI_HT_MSI_MAPPING_FIXED */
    uint64_t base;    /**< first of the 1 MiB of addresses that are mapped */
};

/**
 * Read an MSI mapping capability.
 *
 * @param access        handle
 * @param address       function
 * @param offset        of the capability, as a walk gives it
 * @param[out] mapping  what it says; base is DD_PCI_HT_MSI_FIXED_BASE if the address is fixed
 * @retval DD_OK       *mapping is valid
 * @retval DD_ENOTSUP  it is a HyperTransport capability of another type; *mapping untouched, as
 *                     after all failures
 * @return else as dd_pci_ht_read()
 *
 * Spec: [HT 3.10] 7. Other statuses are those of dd_pci_ht_read().
 */
DD_MUST_CHECK enum dd_status dd_pci_ht_read_msi_mapping(const struct dd_pci_access *access,
                                                        struct dd_pci_address address,
                                                        uint16_t offset,
                                                        struct dd_pci_ht_msi_mapping *mapping);

/**
 * Turn an MSI mapping on. Without it, interrupts of what is behind the bridge get lost.
 *
 * @param access   handle
 * @param address  function
 * @param mapping  as read
 * @retval DD_OK          it is so; the structure is not updated
 * @retval DD_EARG        as dd_pci_write16(); nothing was written, as after all failures
 * @retval DD_EALIGN      mapping is not from dd_pci_ht_read_msi_mapping()
 * @retval DD_EMALFORMED  likewise
 * @retval DD_ENODEV      no function responds
 *
 * Spec: [HT 3.10] 7.
 */
DD_MUST_CHECK enum dd_status
dd_pci_ht_enable_msi_mapping(const struct dd_pci_access *access, struct dd_pci_address address,
                             const struct dd_pci_ht_msi_mapping *mapping);

/**
 * Turn an MSI mapping off.
 *
 * @param access   handle
 * @param address  function
 * @param mapping  as read
 * @retval DD_OK  the register was written
 * @return else as dd_pci_ht_enable_msi_mapping()
 *
 * Spec: [HT 3.10] 7.
 */
DD_MUST_CHECK enum dd_status
dd_pci_ht_disable_msi_mapping(const struct dd_pci_access *access, struct dd_pci_address address,
                              const struct dd_pci_ht_msi_mapping *mapping);

#endif
