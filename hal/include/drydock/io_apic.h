/* SPDX-License-Identifier: MIT */
/**
 * @file
 * An I/O APIC: a table that says for each of its inputs what interrupt goes to
 * which processor.
 *
 * Its registers are behind an index and a window, and processors share both: an
 * access in between would turn the window to another register. So the kernel
 * holds one lock for each I/O APIC around every call, dd_io_apic_open() and reads
 * included, and has interrupts off meanwhile if handlers call them, too.
 * dd_io_apic_eoi() alone needs neither: it has a register of its own.
 */
#ifndef DRYDOCK_IO_APIC_H
#define DRYDOCK_IO_APIC_H

#include <stdint.h>

#include "drydock/addr.h"
#include "drydock/apic.h"
#include "drydock/attributes.h"
#include "drydock/status.h"

/** One I/O APIC. */
struct dd_io_apic {
    dd_vaddr registers;  /**< first byte of its registers */
    uint8_t entry_count; /**< inputs, 1..120 */
    uint8_t version;     /**< 0x11 for the 82093AA; from 0x20 on there is an EOI register */
};

/** What an input makes of its line. */
struct dd_io_apic_entry {
    uint8_t vector;      /**< 32..255 if delivery is fixed or lowest priority, else 0 */
    uint8_t destination; /**< physical: APIC ID, 255 is all; logical: set of logical IDs */
    enum dd_apic_delivery delivery; /**< all but DD_APIC_STARTUP */
    enum dd_apic_destination_mode destination_mode;
    enum dd_apic_polarity polarity;
    enum dd_apic_trigger trigger; /**< DD_APIC_LEVEL only with fixed and lowest priority */
    enum dd_apic_mask mask;
};

/** What an input does. Spec: [82093AA] 3.2.4. */
struct dd_io_apic_input {
    uint8_t send_pending; /**< 1: its interrupt is not delivered yet */
    uint8_t remote_irr;   /**< 1: level-triggered, taken by a local APIC, and without EOI so far */
};

/**
 * Open an I/O APIC.
 *
 * @param[out] apic  the handle; untouched on failure
 * @param registers  where its registers are mapped, uncached: a multiple of 1024
 * @retval DD_OK      apic is valid
 * @retval DD_EALIGN  registers is no multiple of 1024
 * @retval DD_ENODEV  the version reads as all ones or all zeros: nobody answers there
 * @retval DD_EMALFORMED  it says that it has more entries than its index can choose
 *
 * Spec: [82093AA] 3.0, 3.2.2.
 */
DD_MUST_CHECK enum dd_status dd_io_apic_open(struct dd_io_apic *apic, dd_vaddr registers);

/** The APIC's ID, 0..15. Spec: [82093AA] 3.2.1. */
uint8_t dd_io_apic_read_id(const struct dd_io_apic *apic);

/**
 * Give the APIC an ID.
 *
 * @param id  0..15, the one its entry in the MADT has
 * @retval DD_OK    it has this ID
 * @retval DD_EARG  id above 15; nothing changed
 *
 * Spec: [82093AA] 3.2.1.
 */
DD_MUST_CHECK enum dd_status dd_io_apic_write_id(const struct dd_io_apic *apic, uint8_t id);

/**
 * Program an input. Its entry has two halves: it is masked until both are written, so that no
 * interrupt of one half goes out. Reserved bits stay.
 *
 * @param input  0..entry_count-1
 * @param entry  what it shall do
 * @retval DD_OK    programmed
 * @retval DD_EARG  no such input, or values the entry cannot have together; nothing changed
 *
 * Spec: [82093AA] 3.2.4.
 */
DD_MUST_CHECK enum dd_status dd_io_apic_write_entry(const struct dd_io_apic *apic, uint8_t input,
                                                    const struct dd_io_apic_entry *entry);

/**
 * Read what an input is programmed to do.
 *
 * @param input       0..entry_count-1
 * @param[out] entry  as programmed; untouched on failure
 * @retval DD_OK    *entry is valid
 * @retval DD_EARG  no such input
 *
 * Spec: [82093AA] 3.2.4.
 */
DD_MUST_CHECK enum dd_status dd_io_apic_read_entry(const struct dd_io_apic *apic, uint8_t input,
                                                   struct dd_io_apic_entry *entry);

/**
 * Read what an input does now.
 *
 * @param input       0..entry_count-1
 * @param[out] state  of this moment; untouched on failure
 * @retval DD_OK    *state is valid
 * @retval DD_EARG  no such input
 *
 * Spec: [82093AA] 3.2.4.
 */
DD_MUST_CHECK enum dd_status dd_io_apic_read_input(const struct dd_io_apic *apic, uint8_t input,
                                                   struct dd_io_apic_input *state);

/**
 * Let nothing through from an input; the rest of its entry stays. An edge that comes meanwhile is
 * lost.
 *
 * @param input  0..entry_count-1
 * @retval DD_OK    masked
 * @retval DD_EARG  no such input; nothing changed
 *
 * Spec: [82093AA] 3.2.4.
 */
DD_MUST_CHECK enum dd_status dd_io_apic_mask(const struct dd_io_apic *apic, uint8_t input);

/**
 * Let requests of an input through; the rest of its entry stays.
 *
 * @param input  0..entry_count-1
 * @retval DD_OK    unmasked
 * @retval DD_EARG  no such input; nothing changed
 *
 * Spec: [82093AA] 3.2.4.
 */
DD_MUST_CHECK enum dd_status dd_io_apic_unmask(const struct dd_io_apic *apic, uint8_t input);

/**
 * Say that the service of a level-triggered interrupt has ended: only needed when the local APIC
 * holds its EOI broadcasts back.
 *
 * @param vector  of the entries that may interrupt again
 * @retval DD_OK       told
 * @retval DD_ENOTSUP  a version below 0x20 has no EOI register; nothing was accessed
 *
 * Spec: [ICH9] 13.5.1, "EOI Register".
 */
DD_MUST_CHECK enum dd_status dd_io_apic_eoi(const struct dd_io_apic *apic, uint8_t vector);

#endif
