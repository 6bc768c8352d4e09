/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Downstream Port Containment: a port that cuts off what is below it after an error, so that
 * nothing wrong comes up.
 */
#ifndef DRYDOCK_PCI_DPC_H
#define DRYDOCK_PCI_DPC_H

#include <stdint.h>

#include "drydock/attributes.h"
#include "drydock/delay.h"
#include "drydock/pci.h"
#include "drydock/pci_extended_regs.h"
#include "drydock/status.h"

/** The registers every port with the capability has, as read. */
struct dd_pci_dpc {
    uint16_t offset;     /**< of the capability */
    uint16_t capability; /**< fields DD_PCI_DPC_INTERRUPT_MESSAGE_NUMBER … */
    uint16_t control;    /**< fields DD_PCI_DPC_TRIGGER_ENABLE … */
    uint16_t status;     /**< fields DD_PCI_DPC_TRIGGER_STATUS … */
    uint16_t source;     /**< Requester ID of the message that triggered */
};

/** Programmed I/O errors: what root ports with RP Extensions have in addition, as read. */
struct dd_pci_dpc_pio {
    uint16_t offset;             /**< of the capability */
    uint32_t status;             /**< fields DD_PCI_DPC_RP_PIO_STATUS_CONFIG_UR … */
    uint32_t mask;               /**< 1: ignored */
    uint32_t severity;           /**< 1: uncorrectable, and triggers */
    uint32_t syserror;           /**< 1: a system error */
    uint32_t exception;          /**< 1: an exception of the processor that made the access */
    uint32_t header_log[4];      /**< 0 where the log size says there is none, as the next two */
    uint32_t implementation_log; /**< own meaning of the port */
    uint32_t prefix_log[4];      /**< prefixes of the packet */
};

/** Values of DD_PCI_DPC_TRIGGER_ENABLE; 3 is reserved. */
enum dd_pci_dpc_trigger {
    DD_PCI_DPC_TRIGGER_OFF = 0,
    DD_PCI_DPC_TRIGGER_FATAL = 1,     /**< on fatal errors */
    DD_PCI_DPC_TRIGGER_NON_FATAL = 2, /**< on fatal and non-fatal errors */
};

/**
 * Read the registers of a Downstream Port Containment capability.
 *
 * @param access    handle
 * @param address   port
 * @param offset    of the capability
 * @param[out] dpc  its registers
 * @retval DD_OK          *dpc is valid
 * @retval DD_EARG        as dd_pci_read32(), or no capability can be at this offset; *dpc
 *                        untouched, as after all failures
 * @retval DD_EALIGN      offset is not a multiple of 4
 * @retval DD_EMALFORMED  the capability would run past the end of configuration space
 * @retval DD_ENODEV      no function responds, or it stopped responding
 *
 * Spec: [PCIe 6] 7.9.14.
 */
DD_MUST_CHECK enum dd_status dd_pci_dpc_read(const struct dd_pci_access *access,
                                             struct dd_pci_address address, uint16_t offset,
                                             struct dd_pci_dpc *dpc);

/**
 * How many dwords the log of programmed I/O errors has.
 *
 * @param dpc  as read
 * @return 0..31: the header log takes 4, the implementation's own 1, prefixes the rest, at most 4
 *
 * Spec: [PCIe 6] 7.9.14.2.
 */
unsigned int dd_pci_dpc_log_dwords(const struct dd_pci_dpc *dpc);

/**
 * Read the registers of a root port's programmed I/O errors.
 *
 * @param access    handle
 * @param address   port
 * @param dpc       as read from it
 * @param[out] pio  the registers
 * @retval DD_OK      *pio is valid
 * @retval DD_ENOENT  the port has no RP Extensions; *pio untouched
 * @return else as dd_pci_dpc_read(); *pio untouched
 *
 * Spec: [PCIe 6] 7.9.14.6 to 7.9.14.13.
 */
DD_MUST_CHECK enum dd_status dd_pci_dpc_read_pio(const struct dd_pci_access *access,
                                                 struct dd_pci_address address,
                                                 const struct dd_pci_dpc *dpc,
                                                 struct dd_pci_dpc_pio *pio);

/**
 * Clear the programmed I/O errors that were read, and no others.
 *
 * The statuses are those of dd_pci_dpc_read(), and nothing was cleared after failures.
 *
 * @param access   handle
 * @param address  port
 * @param seen     what dd_pci_dpc_read_pio() gave for it
 *
 * Spec: [PCIe 6] 7.9.14.6.
 */
DD_MUST_CHECK enum dd_status dd_pci_dpc_clear_pio(const struct dd_pci_access *access,
                                                  struct dd_pci_address address,
                                                  const struct dd_pci_dpc_pio *seen);

/**
 * Choose what triggers containment.
 *
 * @param access   handle
 * @param address  port
 * @param offset   of the capability
 * @param trigger  which errors
 * @retval DD_OK    set; other bits of Control are as before
 * @retval DD_EARG  trigger out of range, or as dd_pci_dpc_read(); nothing was written
 * @return else as dd_pci_dpc_read(); nothing was written
 *
 * Spec: [PCIe 6] 7.9.14.3.
 */
DD_MUST_CHECK enum dd_status dd_pci_dpc_set_trigger(const struct dd_pci_access *access,
                                                    struct dd_pci_address address, uint16_t offset,
                                                    enum dd_pci_dpc_trigger trigger);

/**
 * Let the link below come up again after containment.
 *
 * Waits until the link is down, and until a root port is no longer busy with the accesses that were
 * under way, then clears Trigger Status and Interrupt Status.
 *
 * @param access   handle
 * @param address  port
 * @param offset   of the capability
 * @param delay    waits between two looks
 * @retval DD_OK        the link may train; nothing happened if nothing was contained
 * @retval DD_ETIMEOUT  the link is still active after a second, or the root port still busy after
 *                      another; nothing was cleared
 * @retval DD_ENOENT    the port has no PCI Express capability, and so no link; nothing was cleared
 * @return else as dd_pci_dpc_read(); nothing was cleared
 *
 * Spec: [PCIe 6] 6.2.11, 7.5.3.8 and 7.9.14.4.
 */
DD_MUST_CHECK enum dd_status dd_pci_dpc_release(const struct dd_pci_access *access,
                                                struct dd_pci_address address, uint16_t offset,
                                                const struct dd_delay *delay);

#endif
