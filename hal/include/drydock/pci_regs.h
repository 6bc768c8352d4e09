/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Registers of PCI configuration space: offsets, fields, and the values that are numbers.
 *
 * A header's 64 bytes are two tables: regs/pci_header_common.def and one of
 * regs/pci_header_type0.def, …type1.def, …type2.def. Their lines are
 *   R(REGISTER, offset, bytes, count)  a register, or count equal ones in a row
 *   F(FIELD, hi, lo, ACCESS)           a field of the register before it, see field.h
 * Here the R lines give the offsets: DD_PCI_COMMAND is 4. Expanded in order
 * with R and F as rows of an array, they give a simulator its write masks; only
 * the bits of a base address that its size makes read-only are not in them.
 */
#ifndef DRYDOCK_PCI_REGS_H
#define DRYDOCK_PCI_REGS_H

#include "drydock/field.h"

/* Offsets in bytes from the start of configuration space. */
#define R(name, offset, bytes, count) name = (offset),
#define F(name, hi, lo, access)
enum {
#include "drydock/regs/pci_header_common.def"
#include "drydock/regs/pci_header_type0.def"
#include "drydock/regs/pci_header_type1.def"
#include "drydock/regs/pci_header_type2.def"
};
#undef F
#undef R

/* Offsets of the later ones of equal registers in a row. */
enum {
    DD_PCI_BRIDGE_IO_LIMIT = DD_PCI_BRIDGE_IO_BASE + 1,
    DD_PCI_BRIDGE_MEMORY_LIMIT = DD_PCI_BRIDGE_MEMORY_BASE + 2,
    DD_PCI_BRIDGE_PREFETCH_LIMIT = DD_PCI_BRIDGE_PREFETCH_BASE + 2,
    DD_PCI_CARDBUS_MEMORY_LIMIT_0 = DD_PCI_CARDBUS_MEMORY_BASE_0 + 4,
    DD_PCI_CARDBUS_MEMORY_BASE_1 = DD_PCI_CARDBUS_MEMORY_BASE_0 + 8,
    DD_PCI_CARDBUS_MEMORY_LIMIT_1 = DD_PCI_CARDBUS_MEMORY_BASE_0 + 12,
    DD_PCI_CARDBUS_IO_LIMIT_0 = DD_PCI_CARDBUS_IO_BASE_0 + 4,
    DD_PCI_CARDBUS_IO_BASE_1 = DD_PCI_CARDBUS_IO_BASE_0 + 8,
    DD_PCI_CARDBUS_IO_LIMIT_1 = DD_PCI_CARDBUS_IO_BASE_0 + 12,
};

/* Positions of fields. */
#define DD_REGISTER       "drydock/regs/pci_id.def"
#define DD_REGISTER_WIDTH 32
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/pci_command.def"
#define DD_REGISTER_WIDTH 16
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/pci_status.def"
#define DD_REGISTER_WIDTH 16
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/pci_class.def"
#define DD_REGISTER_WIDTH 32
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/pci_header_type.def"
#define DD_REGISTER_WIDTH 8
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/pci_bist.def"
#define DD_REGISTER_WIDTH 8
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/pci_bar_io.def"
#define DD_REGISTER_WIDTH 32
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/pci_bar_memory.def"
#define DD_REGISTER_WIDTH 32
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/pci_rom.def"
#define DD_REGISTER_WIDTH 32
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/pci_bridge_io.def"
#define DD_REGISTER_WIDTH 8
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/pci_bridge_memory.def"
#define DD_REGISTER_WIDTH 16
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/pci_bridge_prefetch.def"
#define DD_REGISTER_WIDTH 16
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/pci_secondary_status.def"
#define DD_REGISTER_WIDTH 16
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/pci_bridge_control.def"
#define DD_REGISTER_WIDTH 16
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/pci_cardbus_memory.def"
#define DD_REGISTER_WIDTH 32
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/pci_cardbus_io.def"
#define DD_REGISTER_WIDTH 32
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/pci_cardbus_control.def"
#define DD_REGISTER_WIDTH 16
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/pci_capability.def"
#define DD_REGISTER_WIDTH 16
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/pci_extended_capability.def"
#define DD_REGISTER_WIDTH 32
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/pci_config_address.def"
#define DD_REGISTER_WIDTH 32
#include "drydock/field_check.inc"

#define DD_REGISTER       "drydock/regs/pci_ecam_address.def"
#define DD_REGISTER_WIDTH 28
#include "drydock/field_check.inc"

/* A header's 64 bytes, one bit each: every byte is in exactly one register. */
#define DD_PCI_BYTES_OR(name, offset, bytes, count) \
    | DD_MASK((offset) + (bytes) * (count)-1, (offset))
#define DD_PCI_BYTES_SUM(name, offset, bytes, count) \
    +DD_MASK((offset) + (bytes) * (count)-1, (offset))
#define F(name, hi, lo, access)
#define R DD_PCI_BYTES_OR
_Static_assert((0
#include "drydock/regs/pci_header_common.def"
#include "drydock/regs/pci_header_type0.def"
                ) == DD_MASK(63, 0),
               "some byte of a type 0 header is in no register");
#undef R
#define R DD_PCI_BYTES_OR
_Static_assert((0
#include "drydock/regs/pci_header_common.def"
#include "drydock/regs/pci_header_type1.def"
                ) == DD_MASK(63, 0),
               "some byte of a type 1 header is in no register");
#undef R
#define R DD_PCI_BYTES_OR
_Static_assert((0
#include "drydock/regs/pci_header_common.def"
#include "drydock/regs/pci_header_type2.def"
                ) == DD_MASK(63, 0),
               "some byte of a type 2 header is in no register");
#undef R
#define R DD_PCI_BYTES_SUM
_Static_assert((0
#include "drydock/regs/pci_header_common.def"
#include "drydock/regs/pci_header_type0.def"
                ) == DD_MASK(63, 0),
               "some byte of a type 0 header is in two registers");
#undef R
#define R DD_PCI_BYTES_SUM
_Static_assert((0
#include "drydock/regs/pci_header_common.def"
#include "drydock/regs/pci_header_type1.def"
                ) == DD_MASK(63, 0),
               "some byte of a type 1 header is in two registers");
#undef R
#define R DD_PCI_BYTES_SUM
_Static_assert((0
#include "drydock/regs/pci_header_common.def"
#include "drydock/regs/pci_header_type2.def"
                ) == DD_MASK(63, 0),
               "some byte of a type 2 header is in two registers");
#undef R
#undef F
#undef DD_PCI_BYTES_OR
#undef DD_PCI_BYTES_SUM

/** Bytes of configuration space: conventional, and of PCI Express. Spec: [PCI 3.0] 6.1, [PCIe 6] 7.2. */
#define DD_PCI_CONFIG_SIZE          256u
#define DD_PCI_EXTENDED_CONFIG_SIZE 4096u

/** Vendor ID of no function: what a read nobody answers gives. Spec: [PCI 3.0] 6.1. */
#define DD_PCI_VENDOR_NONE 0xFFFFu

/** Vendor ID in place of that of a function that is not ready yet. Spec: [PCIe 6] 2.3.2. */
#define DD_PCI_VENDOR_NOT_READY 0x0001u

/** Values of DD_PCI_HEADER_TYPE_LAYOUT. Spec: [PCI 3.0] 6.2.1. */
enum dd_pci_layout {
    DD_PCI_LAYOUT_ENDPOINT = 0,
    DD_PCI_LAYOUT_BRIDGE = 1,
    DD_PCI_LAYOUT_CARDBUS = 2,
};

/** Values of DD_PCI_BAR_MEMORY_TYPE; 3 is reserved, and so is 1 since [PCI 3.0]. Spec: [PCI 3.0] 6.2.5.1. */
enum dd_pci_bar_type {
    DD_PCI_BAR_TYPE_32 = 0,
    DD_PCI_BAR_TYPE_BELOW_1M = 1,
    DD_PCI_BAR_TYPE_64 = 2,
};

/**
 * Value of DD_PCI_BRIDGE_IO_WIDTH, DD_PCI_BRIDGE_PREFETCH_WIDTH and DD_PCI_CARDBUS_IO_WIDTH:
 * the upper half of the address exists. Spec: [PCI-PCI 1.2] 3.2.5.6 and 3.2.5.9.
 */
#define DD_PCI_BRIDGE_WIDE 1u

/** Values of DD_PCI_CAPABILITY_ID the library knows. Spec: [PCIe 6] 7.5.3.1. */
enum dd_pci_capability_id {
    DD_PCI_CAPABILITY_ID_PCI_EXPRESS = 0x10,
    DD_PCI_CAPABILITY_ID_EA = 0x14,   /**< Enhanced Allocation: 7.8.5.1 */
    DD_PCI_CAPABILITY_ID_NONE = 0xFF, /**< nobody answers */
};

/** Where the capabilities of the device itself begin and the extended ones do. Spec: [PCI 3.0] 6.7, [PCIe 6] 7.6.1. */
#define DD_PCI_CAPABILITIES_FIRST          0x40u
#define DD_PCI_EXTENDED_CAPABILITIES_FIRST 0x100u

/** Ports of configuration mechanism 1. Spec: [PCI 3.0] 3.2.2.3.2. */
#define DD_PCI_PORT_CONFIG_ADDRESS 0xCF8u
#define DD_PCI_PORT_CONFIG_DATA    0xCFCu

#endif
