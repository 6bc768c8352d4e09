/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What the boot protocols share: the plan of who gets which memory. Everything
 * is planned and checked first; then it is written, and nothing can fail.
 */
#ifndef DRYDOCK_SIM_BOOT_INTERNAL_H
#define DRYDOCK_SIM_BOOT_INTERNAL_H

#include "sim/boot/boot_protocol.h"

/** Kinds of memory, numbered as in E820, which PVH and multiboot use. Spec: [ACPI 6.5] 15.1. */
enum boot_memory_type {
    BOOT_MEMORY_RAM = 1,
    BOOT_MEMORY_RESERVED = 2,
    BOOT_MEMORY_ACPI = 3,
};

/** An entry of the memory map. */
struct boot_range {
    uint64_t base;
    uint64_t size;
    enum boot_memory_type type;
};

/** Memory that has an owner; first byte and first byte after it. */
struct boot_taken {
    uint64_t begin, end;
};

enum {
    BOOT_PAGE = 4096,
    BOOT_LOW_END = 0x9FC00,     /* 639 KiB of base memory */
    BOOT_INFO_LOWEST = 0x10000, /* where boot information is looked for a place from */
    BOOT_HIGH_BEGIN = 0x100000,
    BOOT_RSDP = 0xE0000,
    BOOT_MAX_RANGES = 5 + SIM_ACPI_MAX_ECAM,
    BOOT_MAX_TAKEN = SIM_IMAGE_MAX_SEGMENTS + 8, /* segments, and what the protocols place */
};

struct boot_plan {
    const struct sim_image *image;
    const struct sim_memory *memory;
    const struct sim_boot_request *request;
    struct sim_error *error;
    uint64_t top; /**< end of usable RAM */
    struct boot_range map[BOOT_MAX_RANGES];
    size_t map_count;
    const struct sim_image_segment *segments;
    size_t segment_count;
    uint64_t image_end; /**< first page above 1 MiB and above all segments */
    struct boot_taken taken[BOOT_MAX_TAKEN];
    size_t taken_count;
};

/** Where in usable RAM a place is looked for. */
enum boot_where {
    BOOT_UPWARDS_FROM_INFO,  /**< from BOOT_INFO_LOWEST */
    BOOT_UPWARDS_FROM_IMAGE, /**< from the image's end */
    BOOT_DOWNWARDS_FROM_TOP,
};

/** Start a plan: check request and size of RAM, make the memory map. */
SIM_MUST_CHECK int boot_plan_memory(struct boot_plan *plan);

/** Plan the segments of the image: each has to be in usable RAM. */
SIM_MUST_CHECK int boot_plan_segments(struct boot_plan *plan,
                                      const struct sim_image_segment *segments, size_t count);

/**
 * Find @p size bytes of usable RAM, on a page boundary, and take them.
 *
 * @param[out] address  untouched if there is no such place, and the error is not set either
 */
SIM_MUST_CHECK int boot_plan_find(struct boot_plan *plan, enum boot_where where, uint64_t size,
                                  uint64_t *address);

/** The same, but with the sentence "no room in RAM for WHAT, N bytes". */
SIM_MUST_CHECK int boot_plan_take(struct boot_plan *plan, enum boot_where where, uint64_t size,
                                  const char *what, uint64_t *address);

/** Plan the initial RAM disk; *address is 0 if there is none. */
SIM_MUST_CHECK int boot_plan_initrd(struct boot_plan *plan, enum boot_where where,
                                    uint64_t *address);

/** Whether an address is in a segment. */
bool boot_plan_has_code(const struct boot_plan *plan, uint64_t address);

/** Write the segments, what the BIOS left, ACPI tables, boot GDT and page tables. */
void boot_write_machine(const struct boot_plan *plan, struct sim_boot_entry *entry);

/** Write the initial RAM disk, if there is one. */
void boot_write_initrd(const struct boot_plan *plan, uint64_t address);

/** Copy bytes into RAM. */
void boot_store(const struct boot_plan *plan, uint64_t address, const void *bytes, size_t size);

/** Copy a string with its NUL; the address behind it. NULL is written as "". */
uint64_t boot_store_text(const struct boot_plan *plan, uint64_t address, const char *text);

/** "NAME: sentence" into the error of the plan. Always -1. */
SIM_PRINTF(2, 3) int boot_refuse(const struct boot_plan *plan, const char *format, ...);

/** The entry point in the note of PVH. false: there is no note; *error set if it is malformed. */
bool boot_find_pvh_entry(const struct sim_image *image, uint64_t *entry, struct sim_error *error);

/** One function for each protocol: plans, writes, and fills in the entry. */
SIM_MUST_CHECK int boot_prepare_pvh(struct boot_plan *plan, struct sim_boot_entry *entry);
SIM_MUST_CHECK int boot_prepare_entry_64(struct boot_plan *plan, struct sim_boot_entry *entry);
SIM_MUST_CHECK int boot_prepare_multiboot(struct boot_plan *plan, struct sim_boot_entry *entry);

/** The sections of an image as multiboot hands them on. */
struct boot_sections {
    uint32_t count; /**< of section headers; 0: they are not handed on */
    uint32_t header_size;
    uint32_t names;   /**< index of the section with the names of sections */
    uint64_t headers; /**< physical address of a copy of the headers */
};

/** Plan a place for section headers and for what is in no segment; none if there is no room. */
void boot_plan_sections(struct boot_plan *plan, struct boot_sections *sections);

/** Write both; headers of sections that were in no segment get the addresses of their copies. */
void boot_write_sections(const struct boot_plan *plan, const struct boot_sections *sections);

#endif
