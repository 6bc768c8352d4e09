/* SPDX-License-Identifier: MIT */
/**
 * @file
 * The PCI Express capability: its seven groups of registers, and their numbers.
 *
 * Operations are in pci_express_device.h, pci_express_link.h and pci_express_slot.h. They take the
 * registers read here: what a function can do is not read again, what it does is.
 */
#ifndef DRYDOCK_PCI_EXPRESS_H
#define DRYDOCK_PCI_EXPRESS_H

#include <stdint.h>

#include "drydock/attributes.h"
#include "drydock/pci.h"
#include "drydock/pci_express_regs.h"
#include "drydock/status.h"

/** Values of DD_PCI_EXPRESS_PORT_TYPE. Spec: [PCIe 6] 7.5.3.2. */
enum dd_pci_express_type {
    DD_PCI_EXPRESS_ENDPOINT = 0,
    DD_PCI_EXPRESS_LEGACY_ENDPOINT = 1,
    DD_PCI_EXPRESS_ROOT_PORT = 4,
    DD_PCI_EXPRESS_UPSTREAM_PORT = 5,
    DD_PCI_EXPRESS_DOWNSTREAM_PORT = 6,
    DD_PCI_EXPRESS_TO_PCI_BRIDGE = 7,
    DD_PCI_EXPRESS_FROM_PCI_BRIDGE = 8,
    DD_PCI_EXPRESS_INTEGRATED_ENDPOINT = 9,
    DD_PCI_EXPRESS_EVENT_COLLECTOR = 10,
};

/** Groups of registers, as bits of a set. Spec: [PCIe 6] 7.5.3. */
enum dd_pci_express_group {
    DD_PCI_EXPRESS_GROUP_DEVICE = 1 << 0,
    DD_PCI_EXPRESS_GROUP_LINK = 1 << 1,
    DD_PCI_EXPRESS_GROUP_SLOT = 1 << 2,
    DD_PCI_EXPRESS_GROUP_ROOT = 1 << 3,
    DD_PCI_EXPRESS_GROUP_DEVICE_2 = 1 << 4,
    DD_PCI_EXPRESS_GROUP_LINK_2 = 1 << 5,
    DD_PCI_EXPRESS_GROUP_SLOT_2 = 1 << 6,
};

/** The registers as read, and where they are. Those of a group that does not exist are 0. */
struct dd_pci_express {
    uint16_t offset;       /**< of the capability */
    uint16_t capabilities; /**< fields DD_PCI_EXPRESS_VERSION … */
    unsigned int groups;   /**< which were read: bits of enum dd_pci_express_group */
    uint32_t device_capabilities;
    uint16_t device_control;
    uint16_t device_status;
    uint32_t link_capabilities;
    uint16_t link_control;
    uint16_t link_status;
    uint32_t slot_capabilities;
    uint16_t slot_control;
    uint16_t slot_status;
    uint16_t root_control;
    uint16_t root_capabilities;
    uint32_t root_status;
    uint32_t device_capabilities_2;
    uint16_t device_control_2;
    uint16_t device_status_2;
    uint32_t link_capabilities_2;
    uint16_t link_control_2;
    uint16_t link_status_2;
    uint32_t slot_capabilities_2;
    uint16_t slot_control_2;
    uint16_t slot_status_2;
};

/**
 * Which groups of registers a function has.
 *
 * Version 1 leaves the registers of the others out; from version 2 on they are there and read as
 * zero. A version that is not known has what version 2 has.
 *
 * @param capabilities  the register DD_PCI_EXPRESS_CAPABILITIES
 * @return bits of enum dd_pci_express_group; a device's group always
 *
 * Spec: [PCIe 6] 7.5.3, [PCIe 1.1] 7.8.
 */
unsigned int dd_pci_express_groups(uint16_t capabilities);

/**
 * Read the registers of a PCI Express capability, each once.
 *
 * @param access        handle
 * @param address       function
 * @param offset        of the capability, as dd_pci_find_capability() gives it
 * @param[out] express  its registers
 * @retval DD_OK          *express is valid
 * @retval DD_EARG        as dd_pci_read32(), or no capability can be at this offset; *express
 *                        untouched, as after all failures
 * @retval DD_EALIGN      offset is not a multiple of 4
 * @retval DD_EMALFORMED  the capability would run past the end of its 256 bytes
 * @retval DD_ENODEV      no function responds, or it stopped responding
 *
 * Spec: [PCIe 6] 7.5.3.
 */
DD_MUST_CHECK enum dd_status dd_pci_express_read(const struct dd_pci_access *access,
                                                 struct dd_pci_address address, uint16_t offset,
                                                 struct dd_pci_express *express);

/**
 * Kind of function or port.
 *
 * @param express  as read
 * @return a value of the enumeration, or another one that is reserved
 *
 * Spec: [PCIe 6] 7.5.3.2.
 */
enum dd_pci_express_type dd_pci_express_type(const struct dd_pci_express *express);

/**
 * Bits a lane transfers in a second.
 *
 * @param code  a value of DD_PCI_EXPRESS_MAX_SPEED, DD_PCI_EXPRESS_SPEED or
 *              DD_PCI_EXPRESS_TARGET_SPEED
 * @return in MT/s: 2500, 5000, 8000, 16000, 32000, 64000; 0 if the value is reserved
 *
 * Spec: [PCIe 6] 7.5.3.6, 7.5.3.18.
 */
uint32_t dd_pci_express_speed(unsigned int code);

/**
 * Lanes of a link.
 *
 * @param code  a value of DD_PCI_EXPRESS_MAX_WIDTH or DD_PCI_EXPRESS_WIDTH
 * @return 1, 2, 4, 8, 12, 16 or 32; 0 if the value is reserved, as it is while there is no link
 *
 * Spec: [PCIe 6] 7.5.3.6.
 */
unsigned int dd_pci_express_width(unsigned int code);

/** A latency without a bound. */
#define DD_PCI_EXPRESS_UNBOUNDED UINT32_MAX

/**
 * Longest time the port needs to leave the link state L0s.
 *
 * @param express  as read
 * @return in ns, 64..4000, or DD_PCI_EXPRESS_UNBOUNDED
 *
 * Spec: [PCIe 6] 7.5.3.6.
 */
uint32_t dd_pci_express_l0s_exit(const struct dd_pci_express *express);

/**
 * Longest time the port needs to leave the link state L1.
 *
 * @param express  as read
 * @return in ns, 1000..64000, or DD_PCI_EXPRESS_UNBOUNDED
 *
 * Spec: [PCIe 6] 7.5.3.6.
 */
uint32_t dd_pci_express_l1_exit(const struct dd_pci_express *express);

/**
 * Longest time in which the whole way to the root complex may leave L0s for an endpoint's sake.
 *
 * @param express  as read, of an endpoint
 * @return in ns, 64..4000, or DD_PCI_EXPRESS_UNBOUNDED
 *
 * Spec: [PCIe 6] 7.5.3.3.
 */
uint32_t dd_pci_express_l0s_acceptable(const struct dd_pci_express *express);

/**
 * Longest time in which the whole way to the root complex may leave L1 for an endpoint's sake.
 *
 * @param express  as read, of an endpoint
 * @return in ns, 1000..64000, or DD_PCI_EXPRESS_UNBOUNDED
 *
 * Spec: [PCIe 6] 7.5.3.3.
 */
uint32_t dd_pci_express_l1_acceptable(const struct dd_pci_express *express);

/**
 * Power limit of a slot, or the power of an entry of a budget, which is encoded alike.
 *
 * @param value  DD_PCI_EXPRESS_SLOT_POWER_VALUE or DD_PCI_EXPRESS_CAPTURED_POWER_VALUE, 0..255
 * @param scale  DD_PCI_EXPRESS_SLOT_POWER_SCALE or DD_PCI_EXPRESS_CAPTURED_POWER_SCALE, 0..3
 * @return in mW; DD_PCI_EXPRESS_UNBOUNDED if it is more than the encoding can say
 *
 * Spec: [PCIe 6] 7.5.3.9 and 7.8.1.3.
 */
uint32_t dd_pci_express_power_limit(unsigned int value, unsigned int scale);

#endif
