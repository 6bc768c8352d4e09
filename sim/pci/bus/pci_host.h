/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Stage 3: how a machine's processor reaches configuration space: ports 0xCF8
 * and 0xCFC, and a memory window (ECAM) a segment.
 */
#ifndef DRYDOCK_SIM_PCI_HOST_H
#define DRYDOCK_SIM_PCI_HOST_H

#include <stddef.h>
#include <stdint.h>

#include "sim/util/attributes.h"
#include "sim/machine/bus.h"
#include "sim/util/error.h"
#include "sim/machine/machine.h"
#include "sim/pci/report/pci_decode.h"
#include "sim/pci/bus/pci_msi.h"
#include "sim/pci/bus/pci_topology.h"

/** Bytes of the window of one segment: 256 buses of 1 MiB. Spec: [PCIe 6] 7.2.2. */
#define SIM_PCI_WINDOW_SIZE (UINT64_C(256) << 20)

/** Physical address of the window of segment 0, where PCs have it. */
#define SIM_PCI_WINDOW_0 UINT64_C(0xB0000000)

/** Physical address of the first window of the other segments; they follow each other. */
#define SIM_PCI_WINDOWS UINT64_C(0x1000000000)

/** Most segments of one host bridge. */
#define SIM_PCI_HOST_SEGMENTS 32u

struct sim_pci_host;

/** A segment's window; the device of its region. */
struct sim_pci_window {
    struct sim_pci_host *host;
    uint32_t segment;
    uint64_t base; /**< physical address of bus 0 */
};

/** Most base addresses of one host bridge that devices answer behind. */
#define SIM_PCI_HOST_DEVICES 16u

/** A device behind a base address. */
struct sim_pci_served {
    struct sim_pci_address function; /**< as in the dump */
    unsigned int bar;
    struct sim_region device; /**< base and size are not used */
};

/** The host bridge. */
struct sim_pci_host {
    struct sim_pci_topology *topology;
    size_t first_segment;    /**< index in the topology; there are window_count */
    uint32_t config_address; /**< register at port 0xCF8 */
    struct sim_pci_window windows[SIM_PCI_HOST_SEGMENTS]; /**< in order of segment numbers */
    size_t window_count;
    struct sim_machine *machine;      /**< NULL: not connected */
    struct sim_pci_messages messages; /**< where message-signalled interrupts go */
    struct sim_pci_served served[SIM_PCI_HOST_DEVICES];
    size_t served_count;
    struct sim_pci_target target; /**< whom the last address led to, and how: for its region */
    struct sim_pci_msix_range part;
    struct sim_region region;
};

/**
 * Make a host bridge with windows for some segments.
 *
 * @param[out] host  must stay where it is
 * @param topology  must outlive the host bridge
 * @param first     index of the first segment, below topology->segment_count
 * @param count     how many, 1 to SIM_PCI_HOST_SEGMENTS, not more than there are
 */
void sim_pci_host_init(struct sim_pci_host *host, struct sim_pci_topology *topology, size_t first,
                       size_t count);

/** Ports 0xCF8 to 0xCFF. */
struct sim_region sim_pci_host_ports(struct sim_pci_host *host);

/** Window @p index, below host->window_count. */
struct sim_region sim_pci_host_window(struct sim_pci_host *host, size_t index);

/**
 * Make the functions part of a machine: what they decode answers there, their registers and memory
 * belong to its snapshots, faults can be injected into them (inject.h), and their messages go to
 * @p port.
 *
 * @param host  must outlive the machine
 * @param port  copied; all zero: messages go nowhere
 * @return 0, or -1 with *error set as sim_machine_add_device() does
 */
SIM_MUST_CHECK int sim_pci_host_connect(struct sim_pci_host *host, struct sim_machine *machine,
                                        const struct sim_apic_port *port, struct sim_error *error);

/**
 * Let a device answer behind a base address, instead of memory. It follows the register wherever
 * the guest moves it.
 *
 * @param address  as in the dump
 * @param bar      0 to 6
 * @param device   copied; its functions get offsets from the base address. Name, widths and
 *                 device->device as for sim_machine_add_mmio(); base and size are ignored
 * @param[out] error  there is no such register, or there are SIM_PCI_HOST_DEVICES devices already
 * @return 0 or -1
 */
SIM_MUST_CHECK int sim_pci_host_serve(struct sim_pci_host *host, struct sim_pci_address address,
                                      unsigned int bar, const struct sim_region *device,
                                      struct sim_error *error);

/**
 * For the machine: who answers at an address of memory or of I/O space that is passed on to the
 * buses. Nobody: NULL. The region is valid until the next call.
 *
 * It is the memory behind a base address (pci_memory.h), a device (sim_pci_host_serve), or the
 * table or the pending bits of MSI-X, which take aligned accesses of 4 and 8 bytes only.
 *
 * Spec: [PCI 3.0] 6.8.2.
 */
const struct sim_region *sim_pci_host_find_memory(void *host, uint64_t address);
const struct sim_region *sim_pci_host_find_port(void *host, uint64_t port);

/**
 * Take a function out, or put it back. The registers of the slot it is in change, and the port sends
 * the hot-plug interrupt if that is enabled; there are only messages, no INTx.
 *
 * @param address  as in the dump
 * @return false if there is no such function, or it is out, or in, already
 *
 * Spec: [PCIe 6] 6.7.3.
 */
bool sim_pci_host_take_out(struct sim_pci_host *host, struct sim_pci_address address);
bool sim_pci_host_put_back(struct sim_pci_host *host, struct sim_pci_address address);

/** Send the hot-plug interrupt that a port has begun to ask for; for after every access. */
void sim_pci_host_send_asked(const struct sim_pci_host *host);

/**
 * Let a function ask for an interrupt by MSI-X or MSI. Its message has to pass the bridges above,
 * whose Bus Master has to be enabled too.
 *
 * @param address  as in the dump
 * @return as sim_pci_raise_message(); false if there is no such function
 *
 * Spec: [PCI 3.0] 6.8; [PCI-PCI 1.2] 3.2.5.3.
 */
bool sim_pci_host_raise(struct sim_pci_host *host, struct sim_pci_address address,
                        unsigned int index);

/**
 * Connect the ports and all windows to a machine without interrupts, and the functions too.
 *
 * @param host  must outlive the machine
 * @return 0, or -1 with *error set as sim_machine_add_ports() and sim_machine_add_mmio() do
 */
SIM_MUST_CHECK int sim_pci_host_attach(struct sim_pci_host *host, struct sim_machine *machine,
                                       struct sim_error *error);

#endif
