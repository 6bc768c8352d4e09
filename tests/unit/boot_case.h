/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What the tests of booting share: a small ELF file made by hand, RAM, and its bytes by address.
 *
 * The file has one segment: bytes 0x100 to 0x1FF go to 0x200000, and 0x80 zeros follow; the entry
 * point is 0x200010. It has a note of PVH, entry 0x200020, and five sections: none, .text,
 * .symtab, .strtab and .shstrtab. In the segment, byte i of the file has the value i.
 */
#ifndef DRYDOCK_TESTS_BOOT_CASE_H
#define DRYDOCK_TESTS_BOOT_CASE_H

#include <stddef.h>
#include <stdint.h>

#include "sim/boot/boot_protocol.h"
#include "tests/unit/unit.h"

#define BOOT_CASE_SIZE 0x480u

/** Where things are in the file. */
#define BOOT_CASE_NOTE     0x200u
#define BOOT_CASE_SYMBOLS  0x220u
#define BOOT_CASE_SECTIONS 0x300u

extern uint8_t boot_file[BOOT_CASE_SIZE];
extern struct sim_memory boot_memory;
extern struct sim_error boot_error;

/** Make the file. */
void boot_case_make(enum sim_width width);

/** Take away the program header of the note. */
void boot_case_drop_note(void);

/** Put a multiboot header at file offset @p offset; @p fields are 5 address fields or NULL. */
void boot_case_add_multiboot(size_t offset, uint32_t flags, const uint32_t *fields);

/** Change where the segment goes (ELF32 or ELF64); the entry points follow. */
void boot_case_move(uint32_t address, uint32_t size);

/** RAM of this size, zero; free with boot_case_free_ram. */
void boot_case_make_ram(uint64_t size);
void boot_case_free_ram(void);

/** Open the file and prepare it; what it gets. boot_error says why not. */
int boot_case_boot(const struct sim_boot_request *request, struct sim_boot_entry *entry);

/** The same has to succeed, or to fail with this part of a sentence and RAM untouched. */
struct sim_boot_entry boot_case_succeed(const struct sim_boot_request *request);
void boot_case_refuse(const struct sim_boot_request *request, const char *part);

/** Numbers in RAM. */
uint32_t ram32(uint64_t address);
uint64_t ram64(uint64_t address);

#endif
