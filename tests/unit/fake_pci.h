/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * A PCI bus in memory: functions with scripted registers, counted accesses, and
 * a moment from which nobody answers any more.
 *
 * It is reached through the ops table of its handle, or, for tests of the
 * library's own mechanisms, through the ports and the memory window that the
 * fake's dd_hosted_execute() serves.
 */
#ifndef DRYDOCK_TESTS_FAKE_PCI_H
#define DRYDOCK_TESTS_FAKE_PCI_H

#include <stdbool.h>
#include <stdint.h>

#include "drydock/arch/hosted_machine.h"
#include "drydock/pci.h"

#define FAKE_FUNCTIONS 64
#define FAKE_ACCESSES  4096 /* remembered at most; more end the test */
#define FAKE_NEVER     UINT32_MAX
#define FAKE_ECAM_BASE 0xB0000000u

struct fake_function {
    struct dd_pci_address address;
    uint8_t bytes[4096];
    uint8_t writable[4096];  /* bits that take what is written */
    uint8_t clearable[4096]; /* bits that a written 1 clears */
};

/* A configuration access as the fake's ops saw it. */
struct fake_access {
    bool is_write;
    struct dd_pci_address address;
    uint16_t offset;
    enum dd_pci_width width;
    uint32_t value; /* written, or given */
};

/* An instruction as dd_hosted_execute() saw it. */
struct fake_insn {
    enum dd_hosted_insn insn;
    uint64_t where; /* port or address */
    uint64_t value; /* written, or given */
};

struct fake_pci {
    struct fake_function functions[FAKE_FUNCTIONS];
    unsigned int function_count;
    uint32_t vanish_at; /* number, from 0, of the first access nobody answers */
    bool dirty_reads;   /* fill the bits above the width of a read, as ops may */
    struct fake_access log[FAKE_ACCESSES];
    unsigned int access_count;
    struct fake_insn insns[FAKE_ACCESSES];
    unsigned int insn_count;
    struct dd_pci_access access; /* a handle on segment 0, all buses, 4096 bytes */
};

/** The bus all functions below work on; a test program has one. */
extern struct fake_pci fake;

/** No functions, nothing remembered, nobody vanishes. */
void fake_reset(void);

/** Forget the accesses and instructions so far. */
void fake_forget(void);

/** Add a function of segment 0 with this Vendor ID and Device ID; all else is zero and read-only. */
struct fake_function *fake_add(uint8_t bus, uint8_t device, uint8_t function, uint32_t id);

/** Add a bridge with these secondary and subordinate buses. */
struct fake_function *fake_add_bridge(uint8_t bus, uint8_t device, uint8_t function,
                                      uint8_t secondary, uint8_t subordinate);

/** Put 32 bits into registers. */
void fake_put32(struct fake_function *function, unsigned int offset, uint32_t value);

/** What 32 bits of registers hold. */
uint32_t fake_get32(const struct fake_function *function, unsigned int offset);

/** Say which bits of 32 take what is written. */
void fake_allow32(struct fake_function *function, unsigned int offset, uint32_t bits);

/** How many of the remembered accesses were writes. */
unsigned int fake_write_count(void);

/** An address in segment 0. */
struct dd_pci_address fake_address(uint8_t bus, uint8_t device, uint8_t function);

#endif
