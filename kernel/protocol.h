/* SPDX-License-Identifier: MIT */
/**
 * @file
 * What the kernel and the program outside agree on: how the machine is
 * described to the kernel, and the lines the kernel prints about its results.
 * The only header both sides include.
 *
 * A report line starts with '@' and a tag; fields are separated by one space.
 * Any other line on the console is for people. Addresses are SSSS:BB:DD.F with
 * as many segment digits as it needs, at least four; numbers are lower-case
 * hexadecimal without 0x unless said otherwise.
 *
 *   @claim NAME OUTCOME TEXT      OUTCOME: success, skip, error, failure; TEXT to the end of the line
 *   @claims COUNT                 after the last claim; COUNT in decimal
 *   @pci ADDRESS BYTES            a function found; BYTES: its first 64 bytes, 128 digits
 *   @cap ADDRESS ID OFFSET        an entry of the first capability list: 2 and 2 digits
 *   @ecap ADDRESS ID VERSION OFFSET   of the extended list: 4, 1 and 3 digits
 *   @bar ADDRESS INDEX KIND BASE SIZE KIND: io, mem32, mem64, rom; with -pf: prefetchable
 *   @line ADDRESS TEXT            of the function in the words of lspci; TEXT, with its tabs, to the end
 *   @trouble ADDRESS STATUS WHAT  the library reported STATUS for this function
 *   @end pci COUNT                after the last function; COUNT in decimal
 *   @hold                         the kernel waits for one byte on the console
 */
#ifndef DRYDOCK_KERNEL_PROTOCOL_H
#define DRYDOCK_KERNEL_PROTOCOL_H

#include <stdint.h>

#define KPROTOCOL_CLAIM   "@claim"
#define KPROTOCOL_CLAIMS  "@claims"
#define KPROTOCOL_PCI     "@pci"
#define KPROTOCOL_CAP     "@cap"
#define KPROTOCOL_ECAP    "@ecap"
#define KPROTOCOL_BAR     "@bar"
#define KPROTOCOL_LINE    "@line"
#define KPROTOCOL_TROUBLE "@trouble"
#define KPROTOCOL_END     "@end"
#define KPROTOCOL_HOLD    "@hold"

/* COM1 of a PC: the console. */
#define KPROTOCOL_CONSOLE_PORT 0x3F8

/* isa-debug-exit at iobase 0xF4: writing v ends QEMU with status 2v + 1. */
#define KPROTOCOL_EXIT_PORT    0xF4
#define KPROTOCOL_EXIT_SUCCESS 0x10 /* status 33 */
#define KPROTOCOL_EXIT_FAILURE 0x11 /* status 35 */

/** A window of configuration space, as the ACPI table MCFG describes one. Spec: [PCIFW 3.2] 4.1.2. */
struct kecam {
    uint64_t base; /**< physical address of bus 0's first byte, even if first_bus is above 0 */
    uint32_t segment;
    uint8_t first_bus;
    uint8_t last_bus; /**< inclusive */
    uint8_t reserved[2];
};

/** A bus that no bridge leads to: firmware (or the dump) says it is there. */
struct kroot_bus {
    uint32_t segment;
    uint32_t bus; /**< 0..255 */
};

/** Mechanisms the kernel may be asked to read configuration space with. */
enum kpci_mechanism {
    KPCI_MECHANISM_1 = 1, /**< ports 0xCF8 and 0xCFC; segment 0 and 256 bytes only */
    KPCI_ECAM = 2,
};

/**
 * The machine as its boot protocol describes it. The simulator writes one into
 * guest memory and passes its address to kinit(); the PVH path fills one in.
 * Both arrays are in memory that is mapped at its physical address.
 */
struct kmachine {
    uint64_t
        free_base; /**< first byte of memory the kernel may hand out as frames; multiple of 4096 */
    uint64_t free_end;   /**< first byte after it; multiple of 4096 */
    uint64_t ecam;       /**< address of struct kecam[ecam_count] */
    uint64_t root_buses; /**< address of struct kroot_bus[root_bus_count] */
    uint32_t ecam_count;
    uint32_t root_bus_count;
};

#endif
