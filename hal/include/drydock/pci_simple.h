/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Capabilities of a few registers that only say something: subsystem, slot number,
 * debug port, SATA, AGP, Standard Hot-Plug, CompactPCI hot swap, and the part of the
 * vendor-specific one that virtio defines.
 *
 * All readers: statuses are those of dd_pci_pm_read(), and the struct is untouched after a failure.
 */
#ifndef DRYDOCK_PCI_SIMPLE_H
#define DRYDOCK_PCI_SIMPLE_H

#include <stdbool.h>
#include <stdint.h>

#include "drydock/attributes.h"
#include "drydock/pci.h"
#include "drydock/pci_bar.h"
#include "drydock/pci_cap_regs.h"
#include "drydock/status.h"

/** Who made the board a bridge is on. Spec: [PCI-PCI 1.2] 3.2.5.13. */
struct dd_pci_subsystem {
    uint16_t vendor;
    uint16_t subsystem;
};

/**
 * Read a Subsystem ID capability.
 *
 * @param access          handle
 * @param address         function, a bridge
 * @param offset          of the capability
 * @param[out] subsystem  its registers
 * @return statuses are those of dd_pci_pm_read()
 *
 * Spec: [PCI-PCI 1.2] 3.2.5.13, [PCIe 6] 7.9.24.
 */
DD_MUST_CHECK enum dd_status dd_pci_subsystem_read(const struct dd_pci_access *access,
                                                   struct dd_pci_address address, uint16_t offset,
                                                   struct dd_pci_subsystem *subsystem);

/** The slots of an expansion chassis. Spec: [PCI-PCI 1.2] 13.4. */
struct dd_pci_slot {
    uint8_t expansion; /**< fields DD_PCI_SLOT_COUNT, DD_PCI_SLOT_FIRST_IN_CHASSIS */
    uint8_t chassis;   /**< number; 0: not numbered */
};

/**
 * Read a Slot Numbering capability.
 *
 * @param access     handle
 * @param address    function, a bridge
 * @param offset     of the capability
 * @param[out] slot  its registers
 * @return statuses are those of dd_pci_pm_read()
 *
 * Spec: [PCI-PCI 1.2] 13.4.
 */
DD_MUST_CHECK enum dd_status dd_pci_slot_read(const struct dd_pci_access *access,
                                              struct dd_pci_address address, uint16_t offset,
                                              struct dd_pci_slot *slot);

/** Where a USB 2.0 controller has its debug port. Spec: [EHCI 1.0] C.2. */
struct dd_pci_debug_port {
    uint8_t bar;     /**< 1..6: BAR 0..5, as the register counts; others are reserved */
    uint16_t offset; /**< from that BAR's start */
};

/**
 * Read a Debug Port capability.
 *
 * @param access     handle
 * @param address    function
 * @param offset     of the capability
 * @param[out] port  where it is
 * @return statuses are those of dd_pci_pm_read()
 *
 * Spec: [EHCI 1.0] C.2.
 */
DD_MUST_CHECK enum dd_status dd_pci_debug_port_read(const struct dd_pci_access *access,
                                                    struct dd_pci_address address, uint16_t offset,
                                                    struct dd_pci_debug_port *port);

/**
 * Where the registers of the debug port are.
 *
 * @param port         as read
 * @param[out] bar     0..5, the BAR
 * @param[out] offset  from that BAR's start, in bytes
 * @retval DD_OK          both are valid
 * @retval DD_EMALFORMED  no BAR has this number; both untouched
 *
 * Spec: [EHCI 1.0] C.2.
 */
DD_MUST_CHECK enum dd_status dd_pci_debug_port_find_registers(const struct dd_pci_debug_port *port,
                                                              uint8_t *bar, uint32_t *offset);

/** Where an AHCI controller has its index and data registers. Spec: [SATA-IIIE 1.0] 3. */
struct dd_pci_sata {
    uint8_t revision;  /**< fields DD_PCI_SATA_MAJOR, DD_PCI_SATA_MINOR */
    uint32_t location; /**< fields DD_PCI_SATA_BAR_LOCATION, DD_PCI_SATA_BAR_OFFSET */
};

/** A value of DD_PCI_SATA_BAR_LOCATION: the registers follow the capability itself. */
#define DD_PCI_SATA_IN_CAPABILITY 15u

/**
 * Read a SATA Data/Index Configuration capability.
 *
 * @param access     handle
 * @param address    function
 * @param offset     of the capability
 * @param[out] sata  its registers
 * @return statuses are those of dd_pci_pm_read()
 *
 * Spec: [SATA-IIIE 1.0] 3.
 */
DD_MUST_CHECK enum dd_status dd_pci_sata_read(const struct dd_pci_access *access,
                                              struct dd_pci_address address, uint16_t offset,
                                              struct dd_pci_sata *sata);

/**
 * Where the index and data registers are.
 *
 * @param sata         as read
 * @param[out] bar     0..5, the BAR
 * @param[out] offset  from that BAR's start, in bytes
 * @retval DD_OK          both are valid
 * @retval DD_ENOENT      they are in configuration space, after the capability; both untouched
 * @retval DD_EMALFORMED  no BAR has this number; both untouched
 *
 * Spec: [SATA-IIIE 1.0] 3.
 */
DD_MUST_CHECK enum dd_status dd_pci_sata_find_registers(const struct dd_pci_sata *sata,
                                                        uint8_t *bar, uint32_t *offset);

/** The registers of an AGP device. Spec: [AGP 3.0] 5.1 and 5.2. */
struct dd_pci_agp {
    uint8_t revision; /**< fields DD_PCI_AGP_MAJOR, DD_PCI_AGP_MINOR */
    uint32_t status;  /**< fields DD_PCI_AGP_STATUS_… */
    uint32_t command; /**< fields DD_PCI_AGP_COMMAND_… */
};

/**
 * Read an AGP capability.
 *
 * @param access    handle
 * @param address   function
 * @param offset    of the capability
 * @param[out] agp  its registers
 * @return statuses are those of dd_pci_pm_read()
 *
 * Spec: [AGP 3.0] 5.1 and 5.2.
 */
DD_MUST_CHECK enum dd_status dd_pci_agp_read(const struct dd_pci_access *access,
                                             struct dd_pci_address address, uint16_t offset,
                                             struct dd_pci_agp *agp);

/** The window of configuration space onto a Standard Hot-Plug Controller. Spec: [SHPC 1.0] 4.1. */
struct dd_pci_hot_plug {
    uint8_t select;  /**< which dword of the controller's registers `data` is */
    uint8_t pending; /**< fields DD_PCI_HOT_PLUG_SERR_PENDING, DD_PCI_HOT_PLUG_INTERRUPT_PENDING */
    uint32_t data;
};

/**
 * Read a Standard Hot-Plug Controller capability.
 *
 * @param access         handle
 * @param address        function, a bridge
 * @param offset         of the capability
 * @param[out] hot_plug  its registers
 * @return statuses are those of dd_pci_pm_read()
 *
 * Spec: [SHPC 1.0] 4.1.
 */
DD_MUST_CHECK enum dd_status dd_pci_hot_plug_read(const struct dd_pci_access *access,
                                                  struct dd_pci_address address, uint16_t offset,
                                                  struct dd_pci_hot_plug *hot_plug);

/**
 * Read the control and status register of a CompactPCI board.
 *
 * @param access        handle
 * @param address       function
 * @param offset        of the capability
 * @param[out] control  fields DD_PCI_COMPACT_HOT_SWAP_…
 * @return statuses are those of dd_pci_pm_read()
 *
 * Spec: [PICMG 2.1] 3.1.4.
 */
DD_MUST_CHECK enum dd_status dd_pci_compact_hot_swap_read(const struct dd_pci_access *access,
                                                          struct dd_pci_address address,
                                                          uint16_t offset, uint8_t *control);

/** Values of dd_pci_virtio.type. Spec: [virtio 1.2] 4.1.4. */
enum dd_pci_virtio_type {
    DD_PCI_VIRTIO_COMMON = 1,
    DD_PCI_VIRTIO_NOTIFY = 2,
    DD_PCI_VIRTIO_ISR = 3,
    DD_PCI_VIRTIO_DEVICE = 4,
    DD_PCI_VIRTIO_PCI_ACCESS = 5,
    DD_PCI_VIRTIO_SHARED_MEMORY = 8,
};

/** A structure of a virtio device, in the memory of a BAR. Spec: [virtio 1.2] 4.1.4. */
struct dd_pci_virtio {
    uint8_t type;        /**< enum dd_pci_virtio_type, or another one of the device */
    uint8_t bar;         /**< 0..5; others are reserved */
    uint8_t instance;    /**< which of several of a type */
    uint32_t offset;     /**< from the BAR's start */
    uint32_t size;       /**< bytes */
    uint32_t multiplier; /**< of DD_PCI_VIRTIO_NOTIFY: bytes between two queues; else 0 */
};

/**
 * Read a vendor-specific capability of a virtio device.
 *
 * @param access       handle
 * @param address      function; that it is one of virtio (vendor 1AF4h) is not checked
 * @param offset       of the capability
 * @param[out] virtio  the structure
 * @retval DD_OK          *virtio is valid
 * @retval DD_EMALFORMED  shorter than virtio's, or it would run past the end of its 256 bytes;
 *                        *virtio untouched
 * @return else as dd_pci_pm_read(); *virtio untouched
 *
 * Spec: [virtio 1.2] 4.1.4.
 */
DD_MUST_CHECK enum dd_status dd_pci_virtio_read(const struct dd_pci_access *access,
                                                struct dd_pci_address address, uint16_t offset,
                                                struct dd_pci_virtio *virtio);

/**
 * Where a structure of a virtio device is.
 *
 * @param virtio      as read
 * @param[out] place  the memory it takes
 * @retval DD_OK          *place is valid; whether the BAR is as large is for the caller to see
 * @retval DD_ENOENT      DD_PCI_VIRTIO_PCI_ACCESS, a window that is where the driver puts it, or a
 *                        type that is not of enum dd_pci_virtio_type; *place untouched
 * @retval DD_ENOTSUP     DD_PCI_VIRTIO_SHARED_MEMORY, whose place takes 64 bits; *place untouched
 * @retval DD_EMALFORMED  no BAR has this number, the structure is empty, or it would leave its
 *                        4 GByte; *place untouched
 *
 * Spec: [virtio 1.2] 4.1.4.
 */
DD_MUST_CHECK enum dd_status dd_pci_virtio_find_structure(const struct dd_pci_virtio *virtio,
                                                          struct dd_pci_bar_part *place);

#endif
