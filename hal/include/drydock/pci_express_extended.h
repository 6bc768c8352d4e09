/* SPDX-License-Identifier: MIT */
/**
 * @file
 * The extended capabilities about a link and its lanes: equalization at each speed, margining,
 * features of the data link layer, alternate protocols, and Device 3.
 *
 * Some have a register for each lane. How many lanes there are is DD_PCI_EXPRESS_MAX_WIDTH of the
 * PCI Express capability, which is the caller's to pass on: registers behind the last lane's are
 * another capability's.
 */
#ifndef DRYDOCK_PCI_EXPRESS_EXTENDED_H
#define DRYDOCK_PCI_EXPRESS_EXTENDED_H

#include <stdint.h>

#include "drydock/attributes.h"
#include "drydock/pci.h"
#include "drydock/pci_express_extended_regs.h"
#include "drydock/status.h"

/** Secondary PCI Express as read: equalization at 8 GT/s. */
struct dd_pci_secondary_express {
    uint16_t offset;
    uint32_t link_control_3; /**< fields DD_PCI_SECONDARY_EXPRESS_PERFORM_EQUALIZATION … */
    uint32_t lane_errors;    /**< bit n: lane n had an error */
    unsigned int lanes;      /**< entries of equalization that were read */
    uint16_t equalization[DD_PCI_LANES]; /**< fields DD_PCI_LANE_… */
};

/**
 * Read a Secondary PCI Express capability, each register once.
 *
 * @param access          handle
 * @param address         function
 * @param offset          of the capability, as a walk gives it
 * @param lanes           of the link, 0..DD_PCI_LANES
 * @param[out] secondary  its registers
 * @retval DD_OK          *secondary is valid
 * @retval DD_EARG        too many lanes, as dd_pci_read32(), or no capability can be at this
 *                        offset; *secondary untouched, as after all failures
 * @retval DD_EALIGN      offset is not a multiple of 4
 * @retval DD_EMALFORMED  the capability would run past the end of configuration space
 * @retval DD_ENODEV      no function responds, or it stopped responding
 *
 * Spec: [PCIe 6] 7.7.3.
 */
DD_MUST_CHECK enum dd_status
dd_pci_secondary_express_read(const struct dd_pci_access *access, struct dd_pci_address address,
                              uint16_t offset, unsigned int lanes,
                              struct dd_pci_secondary_express *secondary);

/**
 * Data Link Feature as read. Of local and remote features bit 0 is scaled flow control, 1 immediate
 * readiness, 4:2 the count of extended virtual channels, 7:5 the exit latency of L0p.
 */
struct dd_pci_data_link_feature {
    uint16_t offset;
    uint32_t capabilities; /**< fields DD_PCI_DATA_LINK_FEATURE_LOCAL … */
    uint32_t status;       /**< fields DD_PCI_DATA_LINK_FEATURE_REMOTE … */
};

/**
 * Read a Data Link Feature capability.
 *
 * @param access        handle
 * @param address       function
 * @param offset        of the capability, as a walk gives it
 * @param[out] feature  its registers
 * @return as dd_pci_secondary_express_read()
 *
 * Spec: [PCIe 6] 7.7.4. The statuses are those of dd_pci_secondary_express_read().
 */
DD_MUST_CHECK enum dd_status
dd_pci_data_link_feature_read(const struct dd_pci_access *access, struct dd_pci_address address,
                              uint16_t offset, struct dd_pci_data_link_feature *feature);

/** Physical Layer 16.0 GT/s as read. */
struct dd_pci_physical_16gt {
    uint16_t offset;
    uint32_t capabilities;
    uint32_t control;
    uint32_t status;         /**< fields DD_PCI_PHYSICAL_16GT_COMPLETE … */
    uint32_t local_parity;   /**< bit n: parity of lane n did not match */
    uint32_t retimer_parity; /**< at the first retimer */
    uint32_t second_retimer_parity;
    unsigned int lanes;                 /**< entries of equalization that were read */
    uint8_t equalization[DD_PCI_LANES]; /**< fields DD_PCI_PHYSICAL_16GT_DOWNSTREAM_PRESET … */
};

/**
 * Read a Physical Layer 16.0 GT/s capability, each register once.
 *
 * @param access         handle
 * @param address        function
 * @param offset         of the capability, as a walk gives it
 * @param lanes          of the link, 0..DD_PCI_LANES
 * @param[out] physical  its registers
 * @return as dd_pci_secondary_express_read()
 *
 * Spec: [PCIe 6] 7.7.5. The statuses are those of dd_pci_secondary_express_read().
 */
DD_MUST_CHECK enum dd_status dd_pci_physical_16gt_read(const struct dd_pci_access *access,
                                                       struct dd_pci_address address,
                                                       uint16_t offset, unsigned int lanes,
                                                       struct dd_pci_physical_16gt *physical);

/** Physical Layer 32.0 GT/s as read. */
struct dd_pci_physical_32gt {
    uint16_t offset;
    uint32_t capabilities; /**< fields DD_PCI_PHYSICAL_32GT_BYPASS_SUPPORTED … */
    uint32_t control;      /**< fields DD_PCI_PHYSICAL_32GT_BYPASS_DISABLE … */
    uint32_t status;       /**< fields DD_PCI_PHYSICAL_32GT_COMPLETE … */
    uint32_t received[2];  /**< modified training sets: fields DD_PCI_PHYSICAL_32GT_RECEIVED_… */
    uint32_t transmitted[2];            /**< fields DD_PCI_PHYSICAL_32GT_TRANSMITTED_… */
    unsigned int lanes;                 /**< entries of equalization that were read */
    uint8_t equalization[DD_PCI_LANES]; /**< fields DD_PCI_PHYSICAL_32GT_DOWNSTREAM_PRESET … */
};

/**
 * Read a Physical Layer 32.0 GT/s capability, each register once.
 *
 * @param access         handle
 * @param address        function
 * @param offset         of the capability, as a walk gives it
 * @param lanes          of the link, 0..DD_PCI_LANES
 * @param[out] physical  its registers
 * @return as dd_pci_secondary_express_read()
 *
 * Spec: [PCIe 6] 7.7.6. The statuses are those of dd_pci_secondary_express_read().
 */
DD_MUST_CHECK enum dd_status dd_pci_physical_32gt_read(const struct dd_pci_access *access,
                                                       struct dd_pci_address address,
                                                       uint16_t offset, unsigned int lanes,
                                                       struct dd_pci_physical_32gt *physical);

/** Physical Layer 64.0 GT/s as read. */
struct dd_pci_physical_64gt {
    uint16_t offset;
    uint32_t capabilities;
    uint32_t control;
    uint32_t status;                    /**< fields DD_PCI_PHYSICAL_64GT_COMPLETE … */
    unsigned int lanes;                 /**< entries of equalization that were read */
    uint8_t equalization[DD_PCI_LANES]; /**< fields DD_PCI_PHYSICAL_64GT_DOWNSTREAM_PRESET … */
};

/**
 * Read a Physical Layer 64.0 GT/s capability, each register once.
 *
 * @param access         handle
 * @param address        function
 * @param offset         of the capability, as a walk gives it
 * @param lanes          of the link, 0..DD_PCI_LANES
 * @param[out] physical  its registers
 * @return as dd_pci_secondary_express_read()
 *
 * Spec: [PCIe 6] 7.7.7. The statuses are those of dd_pci_secondary_express_read().
 */
DD_MUST_CHECK enum dd_status dd_pci_physical_64gt_read(const struct dd_pci_access *access,
                                                       struct dd_pci_address address,
                                                       uint16_t offset, unsigned int lanes,
                                                       struct dd_pci_physical_64gt *physical);

/** Margining of one lane as read. */
struct dd_pci_lane_margin {
    uint16_t control; /**< fields DD_PCI_LANE_MARGINING_RECEIVER … */
    uint16_t status;  /**< fields DD_PCI_LANE_MARGINING_RECEIVER_STATUS … */
};

/** Lane Margining at the Receiver as read. */
struct dd_pci_lane_margining {
    uint16_t offset;
    uint16_t capabilities; /**< field DD_PCI_LANE_MARGINING_USES_DRIVER */
    uint16_t status;       /**< fields DD_PCI_LANE_MARGINING_READY … */
    unsigned int lanes;    /**< entries of margins that were read */
    struct dd_pci_lane_margin margins[DD_PCI_LANES];
};

/**
 * Read a Lane Margining at the Receiver capability, each register once.
 *
 * @param access          handle
 * @param address         function
 * @param offset          of the capability, as a walk gives it
 * @param lanes           of the link, 0..DD_PCI_LANES
 * @param[out] margining  its registers
 * @return as dd_pci_secondary_express_read()
 *
 * Spec: [PCIe 6] 7.7.10. The statuses are those of dd_pci_secondary_express_read().
 */
DD_MUST_CHECK enum dd_status dd_pci_lane_margining_read(const struct dd_pci_access *access,
                                                        struct dd_pci_address address,
                                                        uint16_t offset, unsigned int lanes,
                                                        struct dd_pci_lane_margining *margining);

/** Alternate Protocol as read; the data is of the protocol DD_PCI_ALTERNATE_PROTOCOL_INDEX names. */
struct dd_pci_alternate_protocol {
    uint16_t offset;
    uint32_t capabilities;     /**< fields DD_PCI_ALTERNATE_PROTOCOL_COUNT … */
    uint32_t control;          /**< fields DD_PCI_ALTERNATE_PROTOCOL_INDEX … */
    uint32_t data[2];          /**< fields DD_PCI_ALTERNATE_PROTOCOL_USAGE_INFORMATION … */
    uint32_t selective_enable; /**< bit n: protocol n, 0..31, may be negotiated; 0 if not there */
};

/**
 * Read an Alternate Protocol capability, each register once.
 *
 * @param access         handle
 * @param address        function
 * @param offset         of the capability, as a walk gives it
 * @param[out] protocol  its registers
 * @return as dd_pci_secondary_express_read()
 *
 * Spec: [PCIe 6] 7.9.20. The statuses are those of dd_pci_secondary_express_read().
 */
DD_MUST_CHECK enum dd_status
dd_pci_alternate_protocol_read(const struct dd_pci_access *access, struct dd_pci_address address,
                               uint16_t offset, struct dd_pci_alternate_protocol *protocol);

/** Device 3 as read. */
struct dd_pci_device3 {
    uint16_t offset;
    uint32_t capabilities; /**< fields DD_PCI_DEVICE_3_DMWR_ROUTING_SUPPORTED … */
    uint32_t control;      /**< fields DD_PCI_DEVICE_3_DMWR_REQUESTER … */
    uint32_t status;       /**< fields DD_PCI_DEVICE_3_INITIAL_WIDTH … */
};

/**
 * Read a Device 3 capability.
 *
 * @param access        handle
 * @param address       function
 * @param offset        of the capability, as a walk gives it
 * @param[out] device3  its registers
 * @return as dd_pci_secondary_express_read()
 *
 * Spec: [PCIe 6] 7.7.9. The statuses are those of dd_pci_secondary_express_read().
 */
DD_MUST_CHECK enum dd_status dd_pci_device3_read(const struct dd_pci_access *access,
                                                 struct dd_pci_address address, uint16_t offset,
                                                 struct dd_pci_device3 *device3);

#endif
