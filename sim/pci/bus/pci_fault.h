/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Faults of a bus on purpose: a list of things that go wrong with the functions
 * of a dump, made by hand or read from words. docs/pci-faults.md is the manual
 * of the words.
 *
 *     gone SLOT N              the function answers N configuration accesses, then none
 *     back SLOT N              gone, it is put back after N configuration accesses found nothing
 *     drop SLOT N              the bridge passes N configuration accesses on, then nothing
 *     ones SLOT OFFSET BYTES   these bytes of its registers read as all ones
 *     lose SLOT OFFSET BYTES   writes to these bytes are lost
 *     loop SLOT OFFSET         the capability there leads back to the first of its list
 *     astray SLOT OFFSET       the capability there leads out of its list's part of the registers
 *     size SLOT BAR BYTES      the base address register says it has this size
 *     delay SLOT TIME          every answer takes this many nanoseconds; 50 ms are too many
 *
 * A slot is the function's address in the dump, however the guest numbers buses.
 */
#ifndef DRYDOCK_SIM_PCI_FAULT_H
#define DRYDOCK_SIM_PCI_FAULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "sim/pci/bus/pci_address.h"
#include "sim/util/attributes.h"
#include "sim/util/error.h"

struct sim_pci_topology;
struct sim_pci_function;

/** What goes wrong. */
enum sim_pci_fault_kind {
    SIM_PCI_FAULT_GONE,
    SIM_PCI_FAULT_BACK,
    SIM_PCI_FAULT_DROP,
    SIM_PCI_FAULT_ONES,
    SIM_PCI_FAULT_LOSE,
    SIM_PCI_FAULT_LOOP,
    SIM_PCI_FAULT_ASTRAY,
    SIM_PCI_FAULT_SIZE,
    SIM_PCI_FAULT_DELAY,
};

/** One fault. Members that a kind does not name are not looked at. */
struct sim_pci_fault {
    enum sim_pci_fault_kind kind;
    struct sim_pci_address function;
    uint64_t count;      /**< GONE, BACK, DROP: accesses before it */
    unsigned int offset; /**< ONES, LOSE, LOOP, ASTRAY: 0..4095 */
    unsigned int bar;    /**< SIZE: 0..5, or 6 for the expansion ROM */
    uint64_t bytes; /**< ONES, LOSE: how many, within configuration space. SIZE: a power of 2 */
    uint64_t nanoseconds;  /**< DELAY: up to SIM_PCI_FAULT_MAX_DELAY */
    uint64_t seen, struck; /**< accesses so far: to the function or, for DROP, through the bridge;
                                and those that the fault had a hand in */
};

/** From this delay on, an access is given up: it reads as all ones, a write is lost. [PCIe 6] 2.8 */
#define SIM_PCI_FAULT_TIMEOUT UINT64_C(50000000)

/** The longest delay: a minute. */
#define SIM_PCI_FAULT_MAX_DELAY UINT64_C(60000000000)

/** Most faults of a list. */
#define SIM_PCI_FAULTS_MAX 32u

/** A list of faults. All zero: none. */
struct sim_pci_faults {
    struct sim_pci_fault list[SIM_PCI_FAULTS_MAX];
    size_t count;
    void (*wait)(void *machine,
                 uint64_t nanoseconds); /**< lets time pass; NULL: there is no time */
    void *machine;
};

/**
 * Add a fault.
 *
 * @param[out] error  the list is full, or a member is outside its range
 * @return 0, or -1 with the list unchanged
 */
SIM_MUST_CHECK int sim_pci_faults_add(struct sim_pci_faults *faults,
                                      const struct sim_pci_fault *fault, struct sim_error *error);

/**
 * Add the fault that these words say. Numbers are decimal, or hexadecimal after 0x.
 *
 * @param[out] error  "WORDS: …"
 * @return 0, or -1 with the list unchanged
 */
SIM_MUST_CHECK int sim_pci_faults_parse(struct sim_pci_faults *faults, const char *words,
                                        struct sim_error *error);

/**
 * Let these things go wrong from now on. Only once in the life of a topology, and before a host
 * bridge is connected to a machine.
 *
 * @param faults      must outlive the topology; counts begin at 0
 * @param[out] error  a function, bridge, base address or capability is not there
 * @return 0, or -1 with the topology unchanged
 */
SIM_MUST_CHECK int sim_pci_faults_apply(struct sim_pci_topology *topology,
                                        struct sim_pci_faults *faults, struct sim_error *error);

/** Print a line for each fault: what it is, and how often it struck. */
void sim_pci_faults_print(const struct sim_pci_faults *faults, FILE *file);

/**
 * For the topology: a configuration access has reached a function. Counts it; it may be the one
 * that a function or a bridge is gone with.
 *
 * @return whether the function answers
 */
bool sim_pci_faults_admit(struct sim_pci_topology *topology,
                          const struct sim_pci_function *function);

/** For the topology: a configuration access found a function gone; it may be put back for it. */
void sim_pci_faults_miss(struct sim_pci_topology *topology, struct sim_pci_function *function);

/** For the topology: what a read that answered @p value gives. */
uint32_t sim_pci_faults_change_read(const struct sim_pci_topology *topology,
                                    const struct sim_pci_function *function, unsigned int offset,
                                    unsigned int width, uint32_t value);

/** For the topology: whether a write to a byte is lost. */
bool sim_pci_faults_lose(const struct sim_pci_topology *topology,
                         const struct sim_pci_function *function, unsigned int offset);

#endif
