/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Booting a whole kernel: finds out how an image wants to be entered, and lays
 * out in RAM what firmware and boot loader would have left there.
 *
 * Memory looks like a PC's, and the memory map that the kernel gets says so:
 *
 *     0        - 0x9FC00    usable
 *     0x9FC00  - 0xA0000    reserved: the extended BIOS data area
 *     0xE0000  - 0x100000   reserved: RSDP at 0xE0000, FACS, boot GDT and page tables
 *     0x100000 - top        usable
 *     top      - end        ACPI tables; SIM_ACPI_TABLES_SIZE bytes at the end of RAM
 *     ECAM windows          reserved
 *
 * The BIOS data area says the same: 639 KiB of base memory, the segment of the
 * extended area, one serial port, a colour text mode. Boot information (start
 * info, command line, module list, the map) is in usable memory as with GRUB:
 * one block from 0x10000 on, or the next place that the image leaves free.
 *
 * An image is entered by the first of these that it asks for:
 * - PVH: an ELF note of "Xen", type 18. EBX holds the start info, version 1.
 * - multiboot 1: EAX and EBX by the specification. A wish for a video mode is
 *   not fulfilled, and the information says so. The command line begins with the
 *   file name of the image.
 * - 64-bit entry: any other ELF64 file. Contract: the entry point of the ELF
 *   header, as a physical address; 64-bit mode, CPL 0, interrupts off, the first
 *   512 GiB mapped to themselves, writable and executable; RDI holds the PVH
 *   start info; RSP the end of 16 KiB of stack in usable memory, so that RSP + 8
 *   is a multiple of 16 as after a call, and the return address is 0.
 */
#ifndef DRYDOCK_SIM_BOOT_PROTOCOL_H
#define DRYDOCK_SIM_BOOT_PROTOCOL_H

#include <stddef.h>
#include <stdint.h>

#include "sim/boot/acpi_tables.h"
#include "sim/util/attributes.h"
#include "sim/cpu/cpu.h"
#include "sim/util/error.h"
#include "sim/boot/image.h"

/** RAM of a machine that boots a kernel; a multiple of 4096. */
#define SIM_BOOT_MIN_RAM (UINT64_C(4) << 20)
#define SIM_BOOT_MAX_RAM (UINT64_C(3) << 30)

/** Most bytes of a command line, its NUL included. */
#define SIM_BOOT_MAX_CMDLINE 4096u

enum sim_boot_protocol {
    SIM_BOOT_PVH,
    SIM_BOOT_MULTIBOOT,
    SIM_BOOT_ENTRY_64,
};

/** What the kernel is given. All zero: nothing. */
struct sim_boot_request {
    const char *cmdline;     /**< NULL: none */
    const void *initrd;      /**< NULL: none */
    size_t initrd_size;      /**< in bytes */
    const char *initrd_name; /**< string of the module; NULL: "" */
    const struct sim_acpi_ecam *ecam;
    size_t ecam_count; /**< 0..SIM_ACPI_MAX_ECAM */
};

enum sim_entry_mode {
    SIM_ENTRY_32, /**< protected mode, paging off */
    SIM_ENTRY_64, /**< 64-bit mode, tables at `cr3` */
};

/**
 * State of the processor at the first instruction. Registers not named here are 0, RFLAGS is 0x2.
 *
 * The GDT is flat: selectors in `cs`, `data` (DS, ES, FS, GS, SS) and `tr` (a busy TSS, base 0,
 * limit 0x67) can be loaded from it, also by the guest.
 */
struct sim_boot_entry {
    enum sim_boot_protocol protocol;
    enum sim_entry_mode mode;
    uint64_t rip;
    uint64_t rax, rbx, rdi;
    uint64_t stack; /**< RSP; 0 if the protocol promises none */
    uint64_t cr3;   /**< root of the page tables; 0 with SIM_ENTRY_32 */
    struct sim_table gdt;
    uint16_t cs, data, tr;
};

/**
 * Find out how an image is to be entered.
 *
 * @param[out] protocol  untouched on failure
 * @param[out] error  "NAME: …": it asks for something unknown, or nobody knows how to enter it
 */
SIM_MUST_CHECK int sim_boot_find_protocol(const struct sim_image *image,
                                          enum sim_boot_protocol *protocol,
                                          struct sim_error *error);

/**
 * Place an image and everything it is given into RAM.
 *
 * @param memory   SIM_BOOT_MIN_RAM to SIM_BOOT_MAX_RAM bytes; taken to be zero where nothing is
 *                 written
 * @param request  what it points to is copied
 * @param[out] entry  untouched on failure
 * @param[out] error  "NAME: …": as sim_boot_find_protocol, or no place in RAM for something
 * @return 0, or -1 with RAM untouched
 */
SIM_MUST_CHECK int sim_boot_prepare(const struct sim_image *image, const struct sim_memory *memory,
                                    const struct sim_boot_request *request,
                                    struct sim_boot_entry *entry, struct sim_error *error);

#endif
