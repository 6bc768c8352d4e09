/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Flits, of which all traffic of a link in Flit Mode consists: the log of those that arrived with
 * errors, how long their answers take, errors put into them on purpose, and those that carry
 * nothing but help to find faults. Downstream ports have these capabilities, and function 0 of
 * upstream ports; without Flit Mode they have no effect.
 * Spec: [PCIe 6] 7.7.8, 7.8.12, 7.8.13, [PCIe 6.3] 7.8.14.
 */
#ifndef DRYDOCK_PCI_FLIT_H
#define DRYDOCK_PCI_FLIT_H

#include <stdint.h>

#include "drydock/attributes.h"
#include "drydock/pci.h"
#include "drydock/pci_extended_regs.h"
#include "drydock/status.h"

/** Lanes whose bit errors are counted, and most events of the LTSSM that are tracked at once. */
#define DD_PCI_FLIT_LANES        16u
#define DD_PCI_FLIT_LTSSM_EVENTS 5u

/** An entry of the error log as read. */
struct dd_pci_flit_error {
    uint32_t log_1; /**< fields DD_PCI_FLIT_LOG_VALID … DD_PCI_FLIT_LOG_CHECK_0 */
    uint32_t log_2; /**< fields DD_PCI_FLIT_LOG_PARITY_1 … DD_PCI_FLIT_LOG_CHECK_2 */
};

/** What happened to the flit of an entry. */
enum dd_pci_flit_error_kind {
    DD_PCI_FLIT_NO_ENTRY,
    DD_PCI_FLIT_NO_ERROR,               /**< a reserved entry: to be passed over in silence */
    DD_PCI_FLIT_CORRECTED,              /**< good after correction */
    DD_PCI_FLIT_UNRECOGNIZED,           /**< of an unknown kind */
    DD_PCI_FLIT_UNRECOGNIZED_CORRECTED, /**< of an unknown kind, after correction */
    DD_PCI_FLIT_CRC_FAILED,             /**< CRC does not match, FEC saw nothing */
    DD_PCI_FLIT_UNCORRECTABLE,          /**< FEC, CRC or both could not help */
};

/** How far something is: DD_PCI_FLIT_…_PROGRESS, and each field of the status of Ordered Sets. */
enum dd_pci_flit_progress {
    DD_PCI_FLIT_NOT_STARTED,
    DD_PCI_FLIT_STARTED,
    DD_PCI_FLIT_COMPLETED,
    DD_PCI_FLIT_FAILED, /**< a counter overflowed, or an injection was aborted */
};

/** Flit Logging as read. */
struct dd_pci_flit_log {
    uint16_t offset;
    struct dd_pci_flit_error oldest;       /**< of the log; it stays there */
    uint16_t counter_control;              /**< fields DD_PCI_FLIT_LOG_COUNTER_ENABLE … */
    uint16_t counter_status;               /**< fields DD_PCI_FLIT_LOG_COUNTER_WIDTH … */
    uint32_t fber_control;                 /**< fields DD_PCI_FLIT_LOG_FBER_ENABLE … */
    uint32_t flits;                        /**< received while measuring */
    uint16_t invalid_flits;                /**< of those */
    uint16_t corrected[DD_PCI_FLIT_LANES]; /**< bits, or parities that did not match, by lane */
};

/** Flit Performance Measurement as read. */
struct dd_pci_flit_performance {
    uint16_t offset;
    uint32_t capability;                      /**< fields DD_PCI_FLIT_PERFORMANCE_LTSSM_COUNT … */
    uint32_t control;                         /**< fields DD_PCI_FLIT_PERFORMANCE_ENABLE … */
    uint32_t status;                          /**< fields DD_PCI_FLIT_PERFORMANCE_PROGRESS … */
    unsigned int ltssm_count;                 /**< entries of ltssm that there are */
    uint32_t ltssm[DD_PCI_FLIT_LTSSM_EVENTS]; /**< DD_PCI_FLIT_PERFORMANCE_LTSSM_PROGRESS … */
};

/** Flit Error Injection as read. */
struct dd_pci_flit_injection {
    uint16_t offset;
    uint32_t capability;
    uint32_t control[2]; /**< fields DD_PCI_FLIT_INJECTION_ENABLE …, …_CONSECUTIVE … */
    uint32_t status;     /**< fields DD_PCI_FLIT_INJECTION_TX_PROGRESS … */
    uint32_t ordered_set_control[2]; /**< DD_PCI_FLIT_INJECTION_ORDERED_SET_ENABLE …, …_BYTES … */
    uint32_t ordered_set_tx_status; /**< fields DD_PCI_FLIT_INJECTION_TX_TS0 … */
    uint32_t ordered_set_rx_status; /**< fields DD_PCI_FLIT_INJECTION_RX_TS0 … */
};

/** NOP Flit as read. */
struct dd_pci_nop_flit {
    uint16_t offset;
    uint32_t capabilities; /**< fields DD_PCI_NOP_FLIT_DEBUG_SUPPORT, …_VENDOR_SUPPORT */
    uint32_t control[2];   /**< fields DD_PCI_NOP_FLIT_DEBUG_ENABLE …, …_PRIORITY … */
    uint32_t status;       /**< field DD_PCI_NOP_FLIT_IN_PROGRESS */
};

/**
 * Read a Flit Logging capability, each register once.
 *
 * @param access    handle
 * @param address   downstream port, or function 0 of an upstream port
 * @param offset    of the capability, as a walk gives it
 * @param[out] log  its registers
 * @retval DD_OK          *log is valid
 * @retval DD_EARG        as dd_pci_read32(), or no capability can be at this offset; *log
 *                        untouched, as after all failures
 * @retval DD_EALIGN      offset is not a multiple of 4
 * @retval DD_EMALFORMED  the capability would run past the end of configuration space
 * @retval DD_ENODEV      no function responds, or it stopped responding
 *
 * Spec: [PCIe 6] 7.7.8.
 */
DD_MUST_CHECK enum dd_status dd_pci_flit_log_read(const struct dd_pci_access *access,
                                                  struct dd_pci_address address, uint16_t offset,
                                                  struct dd_pci_flit_log *log);

/**
 * Take the oldest entry out of the error log; the next is then the oldest.
 *
 * A bad link may log faster than entries are taken: who empties the log says how many at most.
 *
 * @param access      handle
 * @param address     downstream port, or function 0 of an upstream port
 * @param offset      of the capability
 * @param[out] error  the entry
 * @retval DD_OK      *error is valid and no longer in the log
 * @retval DD_ENOENT  the log is empty; *error untouched and nothing written, as after all failures
 * @return else as dd_pci_flit_log_read()
 *
 * Spec: [PCIe 6] 7.7.8.2.
 */
DD_MUST_CHECK enum dd_status dd_pci_flit_log_take(const struct dd_pci_access *access,
                                                  struct dd_pci_address address, uint16_t offset,
                                                  struct dd_pci_flit_error *error);

/**
 * What an entry of the log says.
 *
 * @param error  the entry
 * @return its kind; any bits have one
 *
 * Spec: [PCIe 6] 7.7.8.2.
 */
enum dd_pci_flit_error_kind dd_pci_flit_error_kind(const struct dd_pci_flit_error *error);

/**
 * Which of the five flits after that of an entry had errors too. Those that were logged
 * themselves are told by the entries that follow: each says how far it is from the one before.
 *
 * @param errors  entries as taken one after the other, the oldest first
 * @param count   how many; 0 of none
 * @return bit n is set if the flit n + 1 after the first entry's had an error; bits 4:0
 *
 * Spec: [PCIe 6] 7.7.8.2.
 */
unsigned int dd_pci_flit_errors_after(const struct dd_pci_flit_error *errors, unsigned int count);

/**
 * Lanes of the link when something was logged.
 *
 * @param width  DD_PCI_FLIT_LOG_WIDTH or DD_PCI_FLIT_LOG_COUNTER_WIDTH
 * @return 1, 2, 4, 8 or 16; 0 for a reserved value
 *
 * Spec: [PCIe 6] 7.7.8.2, 7.7.8.5.
 */
unsigned int dd_pci_flit_width(unsigned int width);

/**
 * Read a Flit Performance Measurement capability, each register once.
 *
 * @param access            handle
 * @param address           downstream port, or function 0 of an upstream port
 * @param offset            of the capability
 * @param[out] performance  its registers; entries of ltssm that there are not are 0
 * @retval DD_EMALFORMED  more events of the LTSSM than there can be, or as dd_pci_flit_log_read()
 * @return else as dd_pci_flit_log_read()
 *
 * Spec: [PCIe 6] 7.8.12. The statuses are those of dd_pci_flit_log_read().
 */
DD_MUST_CHECK enum dd_status
dd_pci_flit_performance_read(const struct dd_pci_access *access, struct dd_pci_address address,
                             uint16_t offset, struct dd_pci_flit_performance *performance);

/**
 * How long answers to flits took: on average, or the longest of them if the number of instances
 * to track is 0.
 *
 * @param performance  the registers
 * @return nanoseconds, a multiple of 8 if it is the longest; 0 if no flit was tracked or the
 *         counter overflowed
 *
 * Spec: [PCIe 6] 7.8.12.4.
 */
uint32_t dd_pci_flit_latency(const struct dd_pci_flit_performance *performance);

/**
 * Which event a status register of the LTSSM is about: the first is about the first that is
 * enabled, and so on.
 *
 * @param performance  the registers
 * @param index        of ltssm
 * @return bit of DD_PCI_FLIT_PERFORMANCE_LTSSM_EVENTS, 0..4: Recovery, L0p, L1.0, L1.1, L1.2;
 *         DD_PCI_FLIT_LTSSM_EVENTS if the register is about none or is not there
 *
 * Spec: [PCIe 6] 7.8.12.3, 7.8.12.5.
 */
unsigned int dd_pci_flit_ltssm_event(const struct dd_pci_flit_performance *performance,
                                     unsigned int index);

/**
 * How long the LTSSM took for an event, as dd_pci_flit_latency().
 *
 * @param performance  the registers
 * @param index        of ltssm
 * @return microseconds; 0 if the event did not happen, or the register is not there
 *
 * Spec: [PCIe 6] 7.8.12.5.
 */
uint32_t dd_pci_flit_ltssm_time(const struct dd_pci_flit_performance *performance,
                                unsigned int index);

/**
 * Read a Flit Error Injection capability, each register once.
 *
 * @param access          handle
 * @param address         downstream port, or function 0 of an upstream port
 * @param offset          of the capability
 * @param[out] injection  its registers
 * @return as dd_pci_flit_log_read()
 *
 * Spec: [PCIe 6] 7.8.13. The statuses are those of dd_pci_flit_log_read().
 */
DD_MUST_CHECK enum dd_status dd_pci_flit_injection_read(const struct dd_pci_access *access,
                                                        struct dd_pci_address address,
                                                        uint16_t offset,
                                                        struct dd_pci_flit_injection *injection);

/**
 * How far injection into one kind of Ordered Set, or in one state of the LTSSM, is.
 *
 * @param status  ordered_set_tx_status or ordered_set_rx_status
 * @param where   DD_PCI_FLIT_INJECTION_IN_TS0_LO … DD_PCI_FLIT_INJECTION_IN_EQUALIZATION_3_LO:
 *                the bit that enables it
 * @return how far; DD_PCI_FLIT_NOT_STARTED of another bit
 *
 * Spec: [PCIe 6] 7.8.13.6, 7.8.13.8, 7.8.13.9.
 */
enum dd_pci_flit_progress dd_pci_flit_injection_progress(uint32_t status, unsigned int where);

/**
 * Read a NOP Flit capability, each register once.
 *
 * @param access         handle
 * @param address        downstream port, or function 0 of an upstream port
 * @param offset         of the capability
 * @param[out] nop_flit  its registers
 * @return as dd_pci_flit_log_read()
 *
 * Spec: [PCIe 6.3] 7.8.14. The statuses are those of dd_pci_flit_log_read().
 */
DD_MUST_CHECK enum dd_status dd_pci_nop_flit_read(const struct dd_pci_access *access,
                                                  struct dd_pci_address address, uint16_t offset,
                                                  struct dd_pci_nop_flit *nop_flit);

#endif
