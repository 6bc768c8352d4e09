/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Class codes: what a function is, by number and by name.
 *
 * Three numbers, each of which the one before gives its meaning: base class, subclass,
 * programming interface. The list is pci_class.def.
 */
#ifndef DRYDOCK_PCI_CLASS_H
#define DRYDOCK_PCI_CLASS_H

#include <stdint.h>

/** Base classes: DD_PCI_BASE_CLASS_BRIDGE is 0x06. Spec: [PCI Code and ID] 1. */
enum dd_pci_base_class {
#define B(name, base, text) DD_PCI_BASE_CLASS_##name = (base),
#define S(name, base, subclass, text)
#define I(name, base, subclass, interface, text)
#include "drydock/pci_class.def"
#undef B
#undef S
#undef I
};

/** Subclasses with their base class: DD_PCI_SUBCLASS_BRIDGE_PCI is 0x0604. Spec: [PCI Code and ID] 1. */
enum dd_pci_subclass {
#define B(name, base, text)
#define S(name, base, subclass, text) DD_PCI_SUBCLASS_##name = (base) << 8 | (subclass),
#define I(name, base, subclass, interface, text)
#include "drydock/pci_class.def"
#undef B
#undef S
#undef I
};

/** Programming interfaces with all before: DD_PCI_INTERFACE_SERIAL_USB_XHCI is 0x0C0330. Spec: [PCI Code and ID] 1. */
enum dd_pci_interface {
#define B(name, base, text)
#define S(name, base, subclass, text)
#define I(name, base, subclass, interface, text) \
    DD_PCI_INTERFACE_##name = (base) << 16 | (subclass) << 8 | (interface),
#include "drydock/pci_class.def"
#undef B
#undef S
#undef I
};

/**
 * Name of a base class.
 *
 * @param base  number, bits 31:24 of the register at 0x08
 * @return a static string, NULL for a number that is not assigned
 *
 * Spec: [PCI Code and ID] 1.
 */
const char *dd_pci_base_class_name(uint8_t base);

/**
 * Name of a subclass.
 *
 * @param base      its base class
 * @param subclass  number, bits 23:16 of the register at 0x08
 * @return a static string, NULL for a number that is not assigned
 *
 * Spec: [PCI Code and ID] 1.
 */
const char *dd_pci_subclass_name(uint8_t base, uint8_t subclass);

/**
 * Name of a programming interface.
 *
 * @param base       its base class
 * @param subclass   its subclass
 * @param interface  number, bits 15:8 of the register at 0x08
 * @return a static string, NULL for a number that is not assigned; also for 0 where a subclass has
 *         only that one
 *
 * Spec: [PCI Code and ID] 1.
 */
const char *dd_pci_interface_name(uint8_t base, uint8_t subclass, uint8_t interface);

#endif
