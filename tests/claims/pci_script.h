/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * One function in memory, 00:00.0, with any bytes a claim likes, behind a handle
 * with ops of its own.
 */
#ifndef DRYDOCK_TESTS_PCI_SCRIPT_H
#define DRYDOCK_TESTS_PCI_SCRIPT_H

#include <stdint.h>

#include "drydock/delay.h"
#include "drydock/pci.h"

#define PCI_SCRIPT_NEVER UINT32_MAX

/** Where the function is. */
extern const struct dd_pci_address pci_script_address;

/** Waits by adding to pci_script_waited(). */
extern const struct dd_delay pci_script_delay;

/** Begin with an endpoint 8086:1234 that has a capability list at 0x40; all registers are 0 and read-only. */
struct dd_pci_access pci_script_open(void);

/** Where the capability of the extended list is that pci_script_open_extended() makes. */
#define PCI_SCRIPT_EXTENDED 0x200u

/** The same with a capability of the extended list that has this ID and version. */
struct dd_pci_access pci_script_open_extended(uint32_t header);

/** Put 32 bits into registers. */
void pci_script_put(unsigned int offset, uint32_t value);

/** What 32 bits of registers hold. */
uint32_t pci_script_get(unsigned int offset);

/** Say which bits of 32 take what is written; the others keep what they are. */
void pci_script_allow(unsigned int offset, uint32_t bits);

/** Say which bits of 32 a written 1 clears. */
void pci_script_clear(unsigned int offset, uint32_t bits);

/** After so many more accesses nobody answers; PCI_SCRIPT_NEVER: always somebody does. */
void pci_script_vanish_after(uint32_t accesses);

/** Writes so far. */
unsigned int pci_script_writes(void);

/** Microseconds waited so far. */
uint64_t pci_script_waited(void);

#endif
