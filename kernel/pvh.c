/* SPDX-License-Identifier: MIT */
/*
 * The start info of PVH: a structure with physical addresses of a command line,
 * of ACPI's root pointer and of a map of memory.
 */
#include "kernel/pvh.h"

#include <stdbool.h>
#include <stddef.h>

#include "drydock/addr.h"
#include "kernel/memory.h"
#include "kernel/physical.h"

enum {
    MAGIC = 0x336ec578,
    VERSION_WITH_MEMORY_MAP = 1,
    MAX_RANGES = 256,
    RANGE_RAM = 1,
    PAGE = 4096
};

struct start_info {
    uint32_t magic;
    uint32_t version;
    uint32_t flags;
    uint32_t module_count;
    uint64_t modules;
    uint64_t command_line;
    uint64_t rsdp;
    uint64_t memory_map; /* from here on: version 1 */
    uint32_t range_count;
    uint32_t reserved;
};

struct range {
    uint64_t base;
    uint64_t size;
    uint32_t type;
    uint32_t reserved;
};

_Static_assert(sizeof(struct start_info) == 56, "hvm_start_info");
_Static_assert(sizeof(struct range) == 24, "hvm_memmap_table_entry");

/* Copy a string; false if it is not where memory is, or does not end in time. */
static bool copy_command_line(uint64_t address, char *copy)
{
    for (size_t i = 0; i < KPVH_MAX_COMMAND_LINE; i++) {
        const char *from = kphysical_memory(address + i, 1);

        if (from == NULL) {
            return false;
        }
        copy[i] = *from;
        if (copy[i] == '\0') {
            return true;
        }
    }
    return false;
}

/* What is left of the RAM around the end of the image; false if nothing is. */
static bool find_free_memory(const struct start_info *info, uint64_t image_end, struct kpvh *boot)
{
    const uint8_t *ranges =
        kphysical_memory(info->memory_map, (uint64_t)info->range_count * sizeof(struct range));

    for (uint32_t i = 0; ranges != NULL && i < info->range_count; i++) {
        struct range range;
        uint64_t end;

        memcpy(&range, ranges + i * sizeof range, sizeof range);
        if (range.type != RANGE_RAM || range.base > image_end || range.base >= KPHYSICAL_END) {
            continue;
        }
        end = range.size > KPHYSICAL_END - range.base ? KPHYSICAL_END : range.base + range.size;
        end = dd_align_down(end, PAGE);
        if (end > image_end) {
            boot->free_base = image_end;
            boot->free_end = end;
            return true;
        }
    }
    return false;
}

const char *kpvh_read(uint64_t start_info, uint64_t image_end, struct kpvh *boot)
{
    const void *start = kphysical_memory(start_info, sizeof(struct start_info));
    struct kpvh found = {.command_line = ""};
    struct start_info info;

    if (start == NULL) {
        return "the PVH start info is out of reach";
    }
    memcpy(&info, start, sizeof info);
    if (info.magic != MAGIC || info.version < VERSION_WITH_MEMORY_MAP) {
        return "the PVH start info has another magic number or no memory map";
    }
    if (info.range_count > MAX_RANGES || !find_free_memory(&info, image_end, &found)) {
        return "the PVH memory map has no RAM behind the image";
    }
    if (info.command_line != 0 && !copy_command_line(info.command_line, found.command_line)) {
        return "the PVH command line is out of reach or too long";
    }
    found.rsdp = info.rsdp;
    *boot = found;
    return NULL;
}
