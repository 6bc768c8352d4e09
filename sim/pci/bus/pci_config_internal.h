/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What the files of the configuration space share: register tables as arrays.
 */
#ifndef DRYDOCK_SIM_PCI_CONFIG_INTERNAL_H
#define DRYDOCK_SIM_PCI_CONFIG_INTERNAL_H

#include "drydock/field.h"
#include "sim/pci/bus/pci_config.h"

/** What ACCESS of a table's line means for a write and for a reset. See field.h. */
enum pci_access {
    PCI_RO,
    PCI_ROS,
    PCI_WO,
    PCI_HWINIT,
    PCI_RSVDP,
    PCI_RSVDZ,
    PCI_RW,
    PCI_RWS,
    PCI_RW1C,
    PCI_RW1CS,
};

/** What a line of a table is. */
enum pci_row_kind {
    PCI_ROW_REGISTER, /**< a register, or equal ones in a row */
    PCI_ROW_FIELD,    /**< of the register before it */
    PCI_ROW_LISTED,   /**< the lines after it are a capability of the first list */
    PCI_ROW_EXTENDED, /**< … of the extended list */
    PCI_ROW_PART,     /**< … a record, or another form, of the capability before */
};

/** A line of a table. */
struct pci_row {
    uint64_t mask; /**< of a field */
    enum pci_row_kind kind;
    enum pci_access access;            /**< of a field */
    unsigned int offset, bytes, count; /**< of a register */
    unsigned int id;                   /**< of a capability */
};

/** R and F of a table as rows. */
#define PCI_REGISTER(name, position, width, number) \
    {.kind = PCI_ROW_REGISTER, .offset = (position), .bytes = (width), .count = (number)},
#define PCI_FIELD(name, hi, lo, rights) \
    {.kind = PCI_ROW_FIELD, .access = PCI_##rights, .mask = DD_MASK(hi, lo)},

/** Registers and fields. */
struct pci_table {
    const struct pci_row *rows;
    size_t count;
};

#define PCI_TABLE(rows)                     \
    {                                       \
        rows, sizeof(rows) / sizeof *(rows) \
    }

/** Let the bits of a table's registers be written; those of which a part is at @p end or behind are
 *  left out. @p base  offset of offset 0 of the table */
void pci_config_apply(struct sim_pci_masks *masks, const struct pci_table *table, unsigned int base,
                      unsigned int end);

/** Let the bits of all capabilities be written. */
void pci_config_apply_capabilities(struct sim_pci_config *config);

/** Size the base address registers and let the bits above be written. */
void pci_config_init_bars(struct sim_pci_config *config);

/** Let all bits of some bytes be read-only. */
void pci_config_protect(struct sim_pci_masks *masks, unsigned int offset, unsigned int size);

/** Let bits of the register of 4 bytes at an offset be written, and no others of it. */
void pci_config_set_writable(struct sim_pci_config *config, unsigned int offset, uint32_t bits);

/** The same for the base addresses of a function's virtual functions. @p sriov  offset of the
 *  capability */
void pci_config_init_virtual_bars(struct sim_pci_config *config, unsigned int sriov);

/** Note where the Vital Product Data capability of a function is. */
void pci_config_init_vpd(struct sim_pci_config *config, const struct sim_pci_extent *capability);

/** After a write of some bytes: give or take Vital Product Data if it was asked for. */
void pci_config_answer_vpd(struct sim_pci_config *config, unsigned int offset, unsigned int width);

/** Note where the Flit Logging capability of a function is. */
void pci_config_init_flits(struct sim_pci_config *config, const struct sim_pci_extent *capability);

/** After a write: let the next entry of the log of flits take the place of one that was cleared. */
void pci_config_reload_flit(struct sim_pci_config *config);

/** After a write of some bytes: let no base address of virtual functions it changes be between pages. */
void pci_config_settle_virtual(struct sim_pci_config *config, unsigned int offset,
                               unsigned int width);

/** A base address register as its bits describe it. */
struct pci_base {
    unsigned int offset, halves; /**< halves: 2 for a 64-bit pair */
    enum sim_pci_space space;
    uint64_t reads;        /**< what it reads, both halves */
    uint64_t address_bits; /**< those of its kind, before the size takes some away */
    uint64_t other_bits;   /**< writable bits that are no address */
    uint64_t assumed;      /**< largest size to assume */
};

/** @p index  of a register that the function's header has, 6: of its expansion ROM */
struct pci_base pci_config_describe_bar(const struct sim_pci_config *config, unsigned int index);

/** A register of memory at an offset; its upper half is before @p end. */
struct pci_base pci_config_describe_memory(const struct sim_pci_config *config, unsigned int offset,
                                           unsigned int end);

/** The same for a base address of its virtual functions, of which there are any. */
struct pci_base pci_config_describe_virtual(const struct sim_pci_config *config,
                                            unsigned int index);

/** The size of a register. @p text  what the dump says, 0: nothing; @p used  bytes that are known to
 *  be in use */
struct sim_pci_bar pci_config_size(const struct pci_base *base, uint64_t text, uint64_t used);

/** Leave only the bits above a register's size writable. */
void pci_config_let_move(struct sim_pci_config *config, const struct pci_base *base,
                         const struct sim_pci_bar *bar);

/** Clear the address bits of a register below a size. */
void pci_config_align(struct sim_pci_config *config, const struct pci_base *base, uint64_t size);

/** Find which base address registers can be resized, and their sizes. */
void pci_config_init_sizes(struct sim_pci_config *config);

/** Where Resizable BAR ends that begins at an offset. */
unsigned int pci_config_resizable_end(const struct sim_pci_config *config, unsigned int offset);

/** After a write of some bytes: give base address registers the sizes that Resizable BAR says. */
void pci_config_settle_sizes(struct sim_pci_config *config, unsigned int offset,
                             unsigned int width);

/** One past the last byte of a function's memory that its MSI-X uses behind a base address register;
 *  0: none. */
uint64_t pci_config_msix_end(const struct sim_pci_config *config, unsigned int bar);

#endif
