/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Stage 2a: the configuration space of one function, as the hardware behind a
 * dump would answer reads and writes.
 *
 * Writable bits are in the header, and in the capabilities of both lists whose
 * registers hal/ has a table of; everything else is read-only.
 */
#ifndef DRYDOCK_SIM_PCI_CONFIG_H
#define DRYDOCK_SIM_PCI_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/pci/dump/dump.h"

/** Base address registers of virtual functions. Spec: [PCIe 6] 9.3.3.14. */
#define SIM_PCI_VIRTUAL_BARS 6

/** Bytes of the header. Spec: [PCI 3.0] 6.1. */
#define SIM_PCI_HEADER_SIZE 64u

/** Where the size of a base address register comes from. */
enum sim_pci_bar_source {
    SIM_PCI_BAR_ABSENT,  /**< not implemented, or the upper half of a 64-bit pair */
    SIM_PCI_BAR_KNOWN,   /**< the dump's text gives it, or Resizable BAR */
    SIM_PCI_BAR_ASSUMED, /**< the text does not, or contradicts the register */
};

/** A base address register, or the expansion ROM's. */
struct sim_pci_bar {
    uint64_t size; /**< bytes, a power of two; 0 when absent */
    enum sim_pci_bar_source source;
};

/** Which base address registers can be resized: Resizable BAR, or VF Resizable BAR. */
struct sim_pci_sizes {
    unsigned int begin, end; /**< the records of the capability; 0: there are none */
    bool resizable[SIM_DUMP_BARS];
};

/** What software and resets can change in a configuration space; constant once it is made. */
struct sim_pci_masks {
    uint8_t rw[SIM_CONFIG_SIZE];      /**< bits software writes */
    uint8_t rw1c[SIM_CONFIG_SIZE];    /**< bits software clears by writing 1 */
    uint8_t sticky[SIM_CONFIG_SIZE];  /**< bits no reset of a function changes */
    uint8_t kept[SIM_CONFIG_SIZE];    /**< bits a reset of only this function leaves, too */
    uint8_t initial[SIM_CONFIG_SIZE]; /**< what all bits are after power-on */

    struct sim_pci_sizes sizes, virtual_sizes;
    unsigned int vpd;   /**< offset of the Vital Product Data capability, 0: none */
    unsigned int sriov; /**< offset of the SR-IOV capability, 0: none, or it is cut off */
    unsigned int flits; /**< offset of the Flit Logging capability, 0: none, or it is cut off */
};

/** Entries of the log of flits with errors that can wait behind the one in the registers. */
#define SIM_PCI_FLITS 16u

/** Those that wait, the oldest first, as the registers would hold them. */
struct sim_pci_flit_log {
    uint32_t entries[SIM_PCI_FLITS][2];
    unsigned int count;
};

/** One function's configuration space. */
struct sim_pci_config {
    const struct sim_dump_function *dump; /**< where the bytes came from */
    struct sim_pci_masks *masks;
    unsigned int size; /**< bytes that answer, 256 or 4096: the valid ones of all arrays */
    uint8_t value[SIM_CONFIG_SIZE]; /**< its bytes as they are now */
    struct sim_pci_bar bars[SIM_DUMP_BARS];
    struct sim_pci_bar virtual_bars[SIM_PCI_VIRTUAL_BARS]; /**< of its virtual functions */
    struct sim_pci_flit_log flit_log;
};

/**
 * Fill in the configuration space of a function as it is in a dump.
 *
 * @param[out] config
 * @param[out] masks  must outlive the configuration space
 * @param function    must outlive the configuration space
 */
void sim_pci_config_init(struct sim_pci_config *config, struct sim_pci_masks *masks,
                         const struct sim_dump_function *function);

/**
 * Read a register.
 *
 * @param offset  0..4095
 * @param width   1, 2 or 4 bytes
 * @return the bytes from offset on, little endian; zero for those the dump does not have, but all
 *         ones from 256 on if it has nothing there
 */
uint32_t sim_pci_config_read(const struct sim_pci_config *config, unsigned int offset,
                             unsigned int width);

/** Write a register, bit by bit as the masks allow. Parameters as for sim_pci_config_read(). */
void sim_pci_config_write(struct sim_pci_config *config, unsigned int offset, unsigned int width,
                          uint32_t value);

/** The header layout, 0 to 2, of a function that may have become another; larger: unknown. */
unsigned int sim_pci_config_layout(const struct sim_pci_config *config);

/** The address space a range is in. */
enum sim_pci_space {
    SIM_PCI_IO,
    SIM_PCI_MEMORY,
};

/** A base address register as it is programmed now. */
struct sim_pci_range {
    enum sim_pci_space space;
    uint64_t base, size;
    bool enabled; /**< Command, and for a ROM its own bit, let the function answer there */
};

/**
 * What a base address register makes the function answer to.
 *
 * @param index       0 to 5, or 6 for the expansion ROM
 * @param[out] range  untouched on failure
 * @return whether there is such a register
 *
 * Spec: [PCI 3.0] 6.2.5.
 */
bool sim_pci_config_range(const struct sim_pci_config *config, unsigned int index,
                          struct sim_pci_range *range);

/**
 * What a base address register of an SR-IOV capability makes the first virtual function answer to;
 * the others follow it. A size is at least System Page Size.
 *
 * @param index       0 to 5
 * @param[out] range  untouched on failure
 * @return whether there is such a register
 *
 * Spec: [PCIe 6] 9.3.3.13, 9.3.3.14.
 */
bool sim_pci_config_virtual_range(const struct sim_pci_config *config, unsigned int index,
                                  struct sim_pci_range *range);

/** Use what a dump says of a virtual function: the size of a base address register, if that was
 *  assumed and can be. */
void sim_pci_config_learn_virtual(struct sim_pci_config *config, unsigned int index, uint64_t size);

/** Let a function be a virtual one: its base addresses are in the physical function, and of Command
 *  it has Bus Master Enable. Spec: [PCIe 6] 9.3.4.1.3, 9.3.4.1.11. */
void sim_pci_config_make_virtual(struct sim_pci_config *config);

/** Let a base address register that is there tell another size than the function answers to.
 *  @p size  a power of two */
void sim_pci_config_pretend(struct sim_pci_config *config, unsigned int index, uint64_t size);

/** The offset of a base address register that is there. */
unsigned int sim_pci_config_bar_offset(const struct sim_pci_config *config, unsigned int index);

/**
 * Let a flit with errors be logged.
 *
 * @param first   Flit Error Log 1; Valid and More Entries are as the log is
 * @param second  Flit Error Log 2
 * @return whether the function has such a log, and room in it
 *
 * Spec: [PCIe 6] 7.7.8.2, 7.7.8.3.
 */
bool sim_pci_config_log_flit(struct sim_pci_config *config, uint32_t first, uint32_t second);

/** The two lists of capabilities. */
enum sim_pci_chain {
    SIM_PCI_CHAIN,          /**< [PCI 3.0] 6.7 */
    SIM_PCI_CHAIN_EXTENDED, /**< [PCIe 6] 7.6.3 */
};

/** A capability. */
struct sim_pci_extent {
    unsigned int id, offset;
    unsigned int end; /**< where the next one in configuration space begins, or the list's part of
                           it ends: at most so far does this one reach */
};

/** Most capabilities of a list: each takes at least 4 bytes. */
#define SIM_PCI_MAX_CAPABILITIES 960u

/**
 * Walk a list. It ends where it leads to a capability that was there already, or out of its part of
 * configuration space.
 *
 * @param[out] list  SIM_PCI_MAX_CAPABILITIES of them
 * @return how many there are
 */
size_t sim_pci_config_list(const struct sim_pci_config *config, enum sim_pci_chain which,
                           struct sim_pci_extent *list);

/** Find the first capability of a list with an ID. Returns whether there is one. */
bool sim_pci_config_find(const struct sim_pci_config *config, enum sim_pci_chain which,
                         unsigned int id, struct sim_pci_extent *capability);

/** How much of a function's registers a reset brings back. */
enum sim_pci_reset {
    SIM_PCI_RESET_FUNCTION,     /**< of only this function: some settings of the link stay */
    SIM_PCI_RESET_CONVENTIONAL, /**< of all of it: everything but what is sticky */
};

/** Bring registers back to their values after power-on. Spec: [PCIe 6] 6.6.1, 6.6.2. */
void sim_pci_config_reset(struct sim_pci_config *config, enum sim_pci_reset reset);

#endif
