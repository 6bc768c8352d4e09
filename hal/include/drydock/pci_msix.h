/* SPDX-License-Identifier: MIT */
/**
 * @file
 * MSI-X: up to 2048 interrupts of a function, each with a message of its own in a
 * table that is in the memory of one of the function's BARs.
 *
 * A driver finds the table, maps it, gives each vector its message, unmasks what it
 * wants and enables:
 *
 *     dd_pci_msix_find_table(&msix, &place);      then the caller maps place.bytes of that BAR
 *     struct dd_pci_msix_vectors vectors = {table, pending, dd_pci_msix_count(&msix)};
 *     dd_pci_msix_write_entry(&vectors, 0, &message);
 *     dd_pci_msix_unmask(&vectors, 0);
 *     dd_pci_msix_enable(access, address, &msix);
 */
#ifndef DRYDOCK_PCI_MSIX_H
#define DRYDOCK_PCI_MSIX_H

#include <stdbool.h>
#include <stdint.h>

#include "drydock/addr.h"
#include "drydock/attributes.h"
#include "drydock/pci.h"
#include "drydock/pci_bar.h"
#include "drydock/pci_cap.h"
#include "drydock/pci_cap_regs.h"
#include "drydock/status.h"

/** The registers as read, and where they are. */
struct dd_pci_msix {
    uint16_t offset; /**< of the capability */
    uint16_t
        control; /**< fields DD_PCI_MSIX_TABLE_SIZE, DD_PCI_MSIX_FUNCTION_MASK, DD_PCI_MSIX_ENABLE */
    uint32_t table; /**< fields DD_PCI_MSIX_TABLE_… */
    uint32_t pba;   /**< fields DD_PCI_MSIX_PBA_… */
};

/** The table and the pending bits of a function, mapped by the caller, uncached. */
struct dd_pci_msix_vectors {
    dd_vaddr table;   /**< a multiple of 8 */
    dd_vaddr pending; /**< a multiple of 8 */
    uint16_t count;   /**< dd_pci_msix_count() */
};

/** An entry of the table as read. */
struct dd_pci_msix_entry {
    uint64_t address;
    uint32_t data;
    uint32_t control; /**< fields DD_PCI_MSIX_ENTRY_MASK, DD_PCI_MSIX_ENTRY_STEERING_… */
};

/**
 * Read the registers of an MSI-X capability.
 *
 * @param access     handle
 * @param address    function
 * @param offset     of the capability, as dd_pci_find_capability() gives it
 * @param[out] msix  its registers
 * @return DD_OK, else *msix is untouched; statuses are those of dd_pci_pm_read()
 *
 * Spec: [PCI 3.0] 6.8.2, [PCIe 6] 7.7.2.
 */
DD_MUST_CHECK enum dd_status dd_pci_msix_read(const struct dd_pci_access *access,
                                              struct dd_pci_address address, uint16_t offset,
                                              struct dd_pci_msix *msix);

/**
 * How many vectors the function has.
 *
 * @param msix  as read
 * @return 1..2048
 *
 * Spec: [PCI 3.0] 6.8.2.3.
 */
uint16_t dd_pci_msix_count(const struct dd_pci_msix *msix);

/**
 * Where the table is.
 *
 * @param msix        as read
 * @param[out] place  the memory it takes, 16 bytes a vector; its offset is a multiple of 8
 * @retval DD_OK          *place is valid; whether the BAR is as large is for the caller to see
 * @retval DD_EMALFORMED  no BAR has this number, or the table would leave its 4 GByte; *place
 *                        untouched
 *
 * Spec: [PCI 3.0] 6.8.2.4.
 */
DD_MUST_CHECK enum dd_status dd_pci_msix_find_table(const struct dd_pci_msix *msix,
                                                    struct dd_pci_bar_part *place);

/**
 * Where the pending bits are.
 *
 * @param msix        as read
 * @param[out] place  the memory they take, 8 bytes for every 64 vectors begun; as there
 * @retval DD_OK          *place is valid
 * @retval DD_EMALFORMED  as dd_pci_msix_find_table(); *place untouched
 *
 * Spec: [PCI 3.0] 6.8.2.5.
 */
DD_MUST_CHECK enum dd_status dd_pci_msix_find_pending(const struct dd_pci_msix *msix,
                                                      struct dd_pci_bar_part *place);

/**
 * Turn MSI-X on. While it is on the function uses neither its interrupt pin nor MSI.
 *
 * @param access   handle
 * @param address  function
 * @param msix     as read
 * @retval DD_OK      the register was written
 * @retval DD_ENODEV  no function responds; nothing was written
 * @retval DD_EARG    as dd_pci_write16(); nothing was written
 *
 * Spec: [PCI 3.0] 6.8.2.3.
 */
DD_MUST_CHECK enum dd_status dd_pci_msix_enable(const struct dd_pci_access *access,
                                                struct dd_pci_address address,
                                                const struct dd_pci_msix *msix);

/**
 * Turn MSI-X off.
 *
 * @param access   handle
 * @param address  function
 * @param msix     as read
 * @retval DD_OK  the register was written
 * @return else as dd_pci_msix_enable()
 *
 * Spec: [PCI 3.0] 6.8.2.3.
 */
DD_MUST_CHECK enum dd_status dd_pci_msix_disable(const struct dd_pci_access *access,
                                                 struct dd_pci_address address,
                                                 const struct dd_pci_msix *msix);

/**
 * Mask all vectors of a function at once.
 *
 * @param access   handle
 * @param address  function
 * @param msix     as read
 * @retval DD_OK  the register was written
 * @return else as dd_pci_msix_enable()
 *
 * Spec: [PCI 3.0] 6.8.2.3.
 */
DD_MUST_CHECK enum dd_status dd_pci_msix_mask_function(const struct dd_pci_access *access,
                                                       struct dd_pci_address address,
                                                       const struct dd_pci_msix *msix);

/**
 * Leave it to the vectors' own masks whether they are masked.
 *
 * @param access   handle
 * @param address  function
 * @param msix     as read
 * @retval DD_OK  the register was written
 * @return else as dd_pci_msix_enable()
 *
 * Spec: [PCI 3.0] 6.8.2.3.
 */
DD_MUST_CHECK enum dd_status dd_pci_msix_unmask_function(const struct dd_pci_access *access,
                                                         struct dd_pci_address address,
                                                         const struct dd_pci_msix *msix);

/**
 * Read an entry of the table.
 *
 * @param vectors     the mapped table
 * @param index       vector
 * @param[out] entry  its four registers
 * @retval DD_OK      *entry is valid
 * @retval DD_EARG    index not below the count; *entry untouched
 * @retval DD_ENODEV  the memory reads as all ones, which no entry has; *entry untouched
 *
 * Spec: [PCI 3.0] 6.8.2.6 to 6.8.2.9.
 */
DD_MUST_CHECK enum dd_status dd_pci_msix_read_entry(const struct dd_pci_msix_vectors *vectors,
                                                    uint16_t index,
                                                    struct dd_pci_msix_entry *entry);

/** What a function is to write for one vector. */
struct dd_pci_msix_message {
    uint64_t address; /**< a multiple of 4 */
    uint32_t data;
};

/**
 * Give a vector its message. It is masked first and stays so: a function may not send half a
 * message.
 *
 * @param vectors  the mapped table
 * @param index    vector
 * @param message  what to write
 * @retval DD_OK      the entry was written; other bits of its control are as they were
 * @retval DD_EARG    index not below the count; nothing was written
 * @retval DD_EALIGN  the address is not a multiple of 4; nothing was written
 * @retval DD_ENODEV  the memory reads as all ones; nothing but the mask was written
 *
 * Spec: [PCI 3.0] 6.8.2, 6.8.3.2.
 */
DD_MUST_CHECK enum dd_status dd_pci_msix_write_entry(const struct dd_pci_msix_vectors *vectors,
                                                     uint16_t index,
                                                     const struct dd_pci_msix_message *message);

/**
 * Mask one vector. The register is read back, so that the function has the mask when this returns.
 *
 * @param vectors  the mapped table
 * @param index    vector
 * @retval DD_OK      the entry's control was written, its other bits as they were
 * @retval DD_EARG    index not below the count; nothing was written
 * @retval DD_ENODEV  the memory reads as all ones; nothing was written, or nobody took it
 *
 * Spec: [PCI 3.0] 6.8.2.9.
 */
DD_MUST_CHECK enum dd_status dd_pci_msix_mask(const struct dd_pci_msix_vectors *vectors,
                                              uint16_t index);

/**
 * Unmask one vector: a pending interrupt is then sent.
 *
 * @param vectors  the mapped table
 * @param index    vector
 * @retval DD_OK  the entry's control was written, its other bits as they were
 * @return else as dd_pci_msix_mask()
 *
 * Spec: [PCI 3.0] 6.8.2.9.
 */
DD_MUST_CHECK enum dd_status dd_pci_msix_unmask(const struct dd_pci_msix_vectors *vectors,
                                                uint16_t index);

/**
 * Whether a vector waits for being unmasked.
 *
 * @param vectors          the mapped table and pending bits
 * @param index            vector
 * @param[out] is_pending  its bit
 * @retval DD_OK      *is_pending is valid
 * @retval DD_EARG    index not below the count; *is_pending untouched
 * @retval DD_ENODEV  the bits read as all ones, and the table as well; *is_pending untouched
 *
 * Spec: [PCI 3.0] 6.8.2.10.
 */
DD_MUST_CHECK enum dd_status dd_pci_msix_is_pending(const struct dd_pci_msix_vectors *vectors,
                                                    uint16_t index, bool *is_pending);

#endif
