/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Registers of the I/O APIC: DD_IO_APIC_ENTRY_MASK_HI, DD_IO_APIC_ENTRY_MASK_LO and so on.
 *
 * Spec: [82093AA] 3.1, 3.2.
 */
#ifndef DRYDOCK_IO_APIC_REGS_H
#define DRYDOCK_IO_APIC_REGS_H

/** Offsets of what the processor accesses, with 32 bits. Spec: [82093AA] 3.1; EOI: [ICH9] 13.5.1. */
enum dd_io_apic_offset {
    DD_IO_APIC_SELECT = 0x00,
    DD_IO_APIC_WINDOW = 0x10,
    DD_IO_APIC_EOI = 0x40, /**< from version 20H on */
};

/** What SELECT chooses for WINDOW. Entry n is at DD_IO_APIC_ENTRIES + 2n and the next. */
enum dd_io_apic_index {
    DD_IO_APIC_ID = 0x00,
    DD_IO_APIC_VERSION = 0x01,
    DD_IO_APIC_ENTRIES = 0x10,
};

#define DD_REGISTER       "drydock/regs/io_apic_id.def"
#define DD_REGISTER_WIDTH 32
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/io_apic_version.def"
#define DD_REGISTER_WIDTH 32
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/io_apic_entry.def"
#define DD_REGISTER_WIDTH 64
#include "drydock/field_check.inc"

#endif
