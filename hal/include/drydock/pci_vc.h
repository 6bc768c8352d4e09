/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Virtual Channel and Multi-Function Virtual Channel: traffic classes, the channels they take, and
 * who goes first.
 */
#ifndef DRYDOCK_PCI_VC_H
#define DRYDOCK_PCI_VC_H

#include <stdint.h>

#include "drydock/attributes.h"
#include "drydock/delay.h"
#include "drydock/pci.h"
#include "drydock/pci_extended_regs.h"
#include "drydock/status.h"

/** Channels at most. */
#define DD_PCI_VC_MAX 8

/** Values of DD_PCI_VC_0_PORT_ARBITRATION_SELECT, and bits of DD_PCI_VC_0_PORT_ARBITRATION. */
enum dd_pci_vc_arbitration {
    DD_PCI_VC_FIXED = 0,     /**< the hardware's own */
    DD_PCI_VC_WRR32 = 1,     /**< weighted round robin with 32 phases */
    DD_PCI_VC_WRR64 = 2,     /**< with 64 */
    DD_PCI_VC_WRR128 = 3,    /**< with 128 */
    DD_PCI_VC_TIMED_128 = 4, /**< time-based, 128; of ports only, as the next */
    DD_PCI_VC_WRR256 = 5,    /**< with 256 */
};

/** The registers of one channel, as read. */
struct dd_pci_vc_resource {
    uint32_t capability; /**< fields DD_PCI_VC_0_PORT_ARBITRATION … DD_PCI_VC_0_TABLE_OFFSET */
    uint32_t control;    /**< fields DD_PCI_VC_0_TC_0 … DD_PCI_VC_0_ENABLE */
    uint16_t status;     /**< fields DD_PCI_VC_0_TABLE_STATUS, …_NEGOTIATION_PENDING */
};

/** The registers as read, and where they are. */
struct dd_pci_vc {
    uint16_t offset;            /**< of the capability */
    uint32_t port_capability_1; /**< fields DD_PCI_VC_EXTENDED_COUNT … DD_PCI_VC_TABLE_ENTRY_SIZE */
    uint32_t port_capability_2; /**< fields DD_PCI_VC_ARBITRATION, …_TABLE_OFFSET */
    uint16_t port_control;      /**< fields DD_PCI_VC_LOAD_ARBITRATION_TABLE, …_SELECT */
    uint16_t port_status;       /**< field DD_PCI_VC_ARBITRATION_TABLE_STATUS */
    unsigned int count;         /**< channels: 1..8 */
    struct dd_pci_vc_resource resources[DD_PCI_VC_MAX]; /**< the first `count` are valid */
};

/** An arbitration table: whose turn it is in each phase. */
struct dd_pci_vc_table {
    uint16_t offset;     /**< of its first byte in configuration space */
    unsigned int phases; /**< entries */
    unsigned int bits;   /**< of an entry: 1, 2, 4 or 8 */
};

/**
 * Read the registers of a VC or MFVC capability, without its tables.
 *
 * @param access   handle
 * @param address  function
 * @param offset   of the capability: ID 0x0002, 0x0008 or 0x0009
 * @param[out] vc  its registers
 * @retval DD_OK          *vc is valid
 * @retval DD_EARG        as dd_pci_read32(), or no capability can be at this offset; *vc
 *                        untouched, as after all failures
 * @retval DD_EALIGN      offset is not a multiple of 4
 * @retval DD_EMALFORMED  the capability, with as many channels as it says, would run past the end
 *                        of configuration space
 * @retval DD_ENODEV      no function responds, or it stopped responding
 *
 * Spec: [PCIe 6] 7.9.1 and 7.9.2.
 */
DD_MUST_CHECK enum dd_status dd_pci_vc_read(const struct dd_pci_access *access,
                                            struct dd_pci_address address, uint16_t offset,
                                            struct dd_pci_vc *vc);

/**
 * Where the table is that a channel's selected arbitration goes through.
 *
 * @param vc          as read
 * @param channel     0 to count - 1; count: the table between channels, VC Arbitration Table
 * @param[out] table  the table
 * @retval DD_OK          *table is valid
 * @retval DD_EARG        channel above count; *table untouched
 * @retval DD_ENOENT      there is no table, or the selected arbitration needs none; *table untouched
 * @retval DD_EMALFORMED  the table would run past 4096 bytes, or a reserved arbitration is selected;
 *                        *table untouched
 *
 * Spec: [PCIe 6] 7.9.1.10 and 7.9.1.11.
 */
DD_MUST_CHECK enum dd_status dd_pci_vc_find_table(const struct dd_pci_vc *vc, unsigned int channel,
                                                  struct dd_pci_vc_table *table);

/**
 * Read one entry of an arbitration table.
 *
 * @param access      handle
 * @param address     function
 * @param table       the table
 * @param phase       which entry
 * @param[out] entry  port number, or number of the channel
 * @retval DD_OK     *entry is valid
 * @retval DD_EARG    phase is not below the table's phases, or as dd_pci_read32(); *entry untouched
 * @retval DD_ENODEV  no function responds; *entry untouched
 *
 * Spec: [PCIe 6] 7.9.1.10 and 7.9.1.11.
 */
DD_MUST_CHECK enum dd_status dd_pci_vc_read_entry(const struct dd_pci_access *access,
                                                  struct dd_pci_address address,
                                                  const struct dd_pci_vc_table *table,
                                                  unsigned int phase, uint8_t *entry);

/** How a channel is to be. */
struct dd_pci_vc_setting {
    uint16_t offset;         /**< of the capability */
    unsigned int channel;    /**< which: 1 to count - 1; channel 0 is always enabled */
    uint8_t id;              /**< VC ID on the link, 1..7 */
    uint8_t traffic_classes; /**< bit n: TC n takes this channel; not bit 0 */
};

/**
 * Enable a channel at this end of the link.
 *
 * Its traffic classes are taken from channel 0, where they all begin: the caller has seen to it
 * that nothing with one of them is under way, and nothing is sent until both ends are enabled and
 * dd_pci_vc_await() has seen that they agree; where they do not, dd_pci_vc_disable() takes it back.
 *
 * @param access   handle
 * @param address  function
 * @param setting  what to set
 * @retval DD_OK      the registers were written; the link may still negotiate
 * @retval DD_EARG    a member out of range, or as dd_pci_vc_read(); nothing was written
 * @retval DD_EEXIST  the channel is enabled already, or another enabled one has the ID or one of the
 *                    traffic classes; nothing was written
 * @return else as dd_pci_vc_read(); nothing was written, unless the function vanished
 *
 * Spec: [PCIe 6] 2.5.3, 6.3.4 and 7.9.1.8.
 */
DD_MUST_CHECK enum dd_status dd_pci_vc_enable(const struct dd_pci_access *access,
                                              struct dd_pci_address address,
                                              const struct dd_pci_vc_setting *setting);

/**
 * Wait until the link has negotiated a channel, which has to be enabled at both ends by then or
 * meanwhile, or disabled at both. Nothing is written. It is to be asked at both ends.
 *
 * @param access   handle
 * @param address  function
 * @param vc       as read
 * @param channel  which: 0 to count - 1
 * @param delay    waits between two looks
 * @retval DD_OK        nothing is pending
 * @retval DD_EARG      channel out of range, or as dd_pci_vc_read()
 * @retval DD_ETIMEOUT  still pending after 100 ms
 * @return else as dd_pci_vc_read()
 *
 * Spec: [PCIe 6] 2.5.3 and 7.9.1.9.
 */
DD_MUST_CHECK enum dd_status dd_pci_vc_await(const struct dd_pci_access *access,
                                             struct dd_pci_address address,
                                             const struct dd_pci_vc *vc, unsigned int channel,
                                             const struct dd_delay *delay);

/**
 * Disable a channel, and give its traffic classes back to channel 0.
 *
 * It is to be done at both ends of the link before the channel is enabled again, and while nothing
 * is under way in it.
 *
 * @param access   handle
 * @param address  function
 * @param vc       as read
 * @param channel  which: 1 to count - 1
 * @retval DD_OK      the registers were written
 * @retval DD_EARG    channel out of range, or as dd_pci_vc_read(); nothing was written
 * @retval DD_ENOENT  the channel is not enabled; nothing was written
 * @return else as dd_pci_vc_read(); nothing was written, unless the function vanished
 *
 * Spec: [PCIe 6] 2.5.3 and 7.9.1.8.
 */
DD_MUST_CHECK enum dd_status dd_pci_vc_disable(const struct dd_pci_access *access,
                                               struct dd_pci_address address,
                                               const struct dd_pci_vc *vc, unsigned int channel);

#endif
