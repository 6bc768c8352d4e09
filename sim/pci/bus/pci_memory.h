/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What is behind the base addresses of functions. A dump does not say what the
 * devices do there, so it is memory that reads zero until it is written, in
 * pages that exist from the first write on. An expansion ROM reads all ones.
 */
#ifndef DRYDOCK_SIM_PCI_MEMORY_H
#define DRYDOCK_SIM_PCI_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/pci/bus/pci_address.h"
#include "sim/util/attributes.h"

/** Pages of 4096 bytes that can be written. */
#define SIM_PCI_MEMORY_PAGES 4096u

/** The memory of all functions. */
struct sim_pci_memory;

/** A byte of it. */
struct sim_pci_place {
    struct sim_pci_address function; /**< as in the dump */
    unsigned int bar;                /**< 0 to 6 */
    uint64_t offset;                 /**< from the base address */
};

/** Make memory that is zero. NULL: there is none left; to be freed with sim_pci_memory_free(). */
struct sim_pci_memory *sim_pci_memory_new(void);
void sim_pci_memory_free(struct sim_pci_memory *memory);

/** Read bytes, little endian. @p width  1 to 4 */
uint32_t sim_pci_memory_read(const struct sim_pci_memory *memory, struct sim_pci_place place,
                             unsigned int width);

/**
 * Write bytes.
 *
 * @return whether all of them were; not if SIM_PCI_MEMORY_PAGES are written already
 */
SIM_MUST_CHECK bool sim_pci_memory_write(struct sim_pci_memory *memory, struct sim_pci_place place,
                                         unsigned int width, uint32_t value);

/** Make all memory of a function zero. */
void sim_pci_memory_clear(struct sim_pci_memory *memory, struct sim_pci_address function);

/** For a snapshot: how many bytes from the struct's first on are in use, and how many there are. */
size_t sim_pci_memory_used(const void *memory);
size_t sim_pci_memory_size(void);

#endif
