/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The memory of a PC, and who gets which part of it. See boot_protocol.h for the
 * map. A place is the first gap in usable RAM between the parts that are taken.
 */
#include "sim/boot/boot_internal.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum {
    BIOS_DATA_END = 0x500, /* interrupt vectors of real mode and the BIOS data area */
};

int boot_refuse(const struct boot_plan *plan, const char *format, ...)
{
    char sentence[sizeof plan->error->text];
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    return sim_error_set(plan->error, "%s: %s", sim_image_name(plan->image), sentence);
}

static void add_range(struct boot_plan *plan, uint64_t base, uint64_t end,
                      enum boot_memory_type type)
{
    plan->map[plan->map_count++] = (struct boot_range){base, end - base, type};
}

static int check_request(const struct boot_plan *plan)
{
    const struct sim_boot_request *request = plan->request;
    uint64_t ram = plan->memory->size;

    if (ram < SIM_BOOT_MIN_RAM || ram > SIM_BOOT_MAX_RAM || ram % BOOT_PAGE != 0) {
        return boot_refuse(plan, "a kernel cannot be booted with 0x%" PRIx64 " bytes of RAM", ram);
    }
    if (request->cmdline != NULL && strlen(request->cmdline) >= SIM_BOOT_MAX_CMDLINE) {
        return boot_refuse(plan, "the command line is longer than %u bytes",
                           SIM_BOOT_MAX_CMDLINE - 1);
    }
    if (request->initrd_name != NULL && strlen(request->initrd_name) >= SIM_BOOT_MAX_CMDLINE) {
        return boot_refuse(plan, "the name of the initrd is longer than %u bytes",
                           SIM_BOOT_MAX_CMDLINE - 1);
    }
    if (request->ecam_count > SIM_ACPI_MAX_ECAM) {
        return boot_refuse(plan, "more than %u ECAM windows", SIM_ACPI_MAX_ECAM);
    }
    return 0;
}

int boot_plan_memory(struct boot_plan *plan)
{
    if (check_request(plan) != 0) {
        return -1;
    }
    plan->top = plan->memory->size - SIM_ACPI_TABLES_SIZE;
    add_range(plan, 0, BOOT_LOW_END, BOOT_MEMORY_RAM);
    add_range(plan, BOOT_LOW_END, 0xA0000, BOOT_MEMORY_RESERVED);
    add_range(plan, BOOT_RSDP, BOOT_HIGH_BEGIN, BOOT_MEMORY_RESERVED);
    add_range(plan, BOOT_HIGH_BEGIN, plan->top, BOOT_MEMORY_RAM);
    add_range(plan, plan->top, plan->memory->size, BOOT_MEMORY_ACPI);
    for (size_t i = 0; i < plan->request->ecam_count; i++) {
        const struct sim_acpi_ecam *ecam = &plan->request->ecam[i];

        add_range(plan, ecam->base + ((uint64_t)ecam->first_bus << 20),
                  ecam->base + ((uint64_t)(ecam->last_bus + 1u) << 20), BOOT_MEMORY_RESERVED);
    }
    return 0;
}

/* The end of the usable RAM that holds an address; 0 if it is none. */
static uint64_t usable_end(const struct boot_plan *plan, uint64_t address)
{
    if (address >= BIOS_DATA_END && address < BOOT_LOW_END) {
        return BOOT_LOW_END;
    }
    return address >= BOOT_HIGH_BEGIN && address < plan->top ? plan->top : 0;
}

static void take(struct boot_plan *plan, uint64_t begin, uint64_t size)
{
    plan->taken[plan->taken_count++] = (struct boot_taken){begin, begin + size};
}

static uint64_t page_up(uint64_t address)
{
    return (address + BOOT_PAGE - 1) & ~(uint64_t)(BOOT_PAGE - 1);
}

/* Segments may overlap, but not to make the copying longer than RAM is large. */
int boot_plan_segments(struct boot_plan *plan, const struct sim_image_segment *segments,
                       size_t count)
{
    uint64_t left = plan->memory->size;

    plan->segments = segments;
    plan->segment_count = count;
    plan->image_end = BOOT_HIGH_BEGIN;
    for (size_t i = 0; i < count; i++) {
        const struct sim_image_segment *segment = &segments[i];
        uint64_t end = usable_end(plan, segment->physical);

        if (end == 0 || segment->size > end - segment->physical) {
            return boot_refuse(plan,
                               "segment %zu, 0x%" PRIx64 " bytes at 0x%" PRIx64
                               ", is not in usable RAM (0x500 to 0x9fc00, 0x100000 to 0x%" PRIx64
                               ")",
                               segment->number, segment->size, segment->physical, plan->top);
        }
        if (segment->size > left) {
            return boot_refuse(plan, "its segments together are larger than RAM");
        }
        left -= segment->size;
        take(plan, segment->physical, segment->size);
        if (segment->physical + segment->size > plan->image_end) {
            plan->image_end = page_up(segment->physical + segment->size);
        }
    }
    return 0;
}

bool boot_plan_has_code(const struct boot_plan *plan, uint64_t address)
{
    for (size_t i = 0; i < plan->segment_count; i++) {
        if (address >= plan->segments[i].physical &&
            address - plan->segments[i].physical < plan->segments[i].size) {
            return true;
        }
    }
    return false;
}

/* What is taken and overlaps these bytes; NULL if nothing does. */
static const struct boot_taken *find_overlap(const struct boot_plan *plan, uint64_t begin,
                                             uint64_t size)
{
    for (size_t i = 0; i < plan->taken_count; i++) {
        if (begin < plan->taken[i].end && plan->taken[i].begin < begin + size) {
            return &plan->taken[i];
        }
    }
    return NULL;
}

/* Each step leaves something taken behind, so there are few. */
static int find_between(const struct boot_plan *plan, struct boot_taken limits, uint64_t size,
                        uint64_t *address)
{
    uint64_t begin = limits.begin;

    while (begin < limits.end && size <= limits.end - begin) {
        const struct boot_taken *overlap = find_overlap(plan, begin, size);

        if (overlap == NULL) {
            *address = begin;
            return 0;
        }
        begin = page_up(overlap->end);
    }
    return -1;
}

static int find_upwards(const struct boot_plan *plan, uint64_t lowest, uint64_t size,
                        uint64_t *address)
{
    const struct boot_taken low = {lowest, BOOT_LOW_END};
    const struct boot_taken high = {lowest > BOOT_HIGH_BEGIN ? lowest : BOOT_HIGH_BEGIN, plan->top};

    if (find_between(plan, low, size, address) == 0) {
        return 0;
    }
    return find_between(plan, high, size, address);
}

/* Above 1 MiB only. */
static int find_downwards(const struct boot_plan *plan, uint64_t size, uint64_t *address)
{
    uint64_t end = plan->top;

    while (end > BOOT_HIGH_BEGIN && size <= end - BOOT_HIGH_BEGIN) {
        uint64_t begin = (end - size) & ~(uint64_t)(BOOT_PAGE - 1);
        const struct boot_taken *overlap = find_overlap(plan, begin, size);

        if (overlap == NULL) {
            *address = begin;
            return 0;
        }
        end = overlap->begin;
    }
    return -1;
}

int boot_plan_find(struct boot_plan *plan, enum boot_where where, uint64_t size, uint64_t *address)
{
    int result = -1;

    switch (where) {
    case BOOT_UPWARDS_FROM_INFO:
        result = find_upwards(plan, BOOT_INFO_LOWEST, size, address);
        break;
    case BOOT_UPWARDS_FROM_IMAGE:
        result = find_upwards(plan, plan->image_end, size, address);
        break;
    case BOOT_DOWNWARDS_FROM_TOP:
        result = find_downwards(plan, size, address);
        break;
    }
    if (result == 0) {
        take(plan, *address, size);
    }
    return result;
}

int boot_plan_take(struct boot_plan *plan, enum boot_where where, uint64_t size, const char *what,
                   uint64_t *address)
{
    if (boot_plan_find(plan, where, size, address) != 0) {
        return boot_refuse(plan, "no room in RAM for %s, %" PRIu64 " bytes", what, size);
    }
    return 0;
}

int boot_plan_initrd(struct boot_plan *plan, enum boot_where where, uint64_t *address)
{
    *address = 0;
    if (plan->request->initrd == NULL) {
        return 0;
    }
    return boot_plan_take(plan, where, plan->request->initrd_size, "the initrd", address);
}
