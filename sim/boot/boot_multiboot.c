/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Multiboot 1: the image is loaded by the address fields of its header if it has
 * them, otherwise by its ELF headers. It gets an information structure in EBX,
 * whose flags say which fields are valid. Spec: [Multiboot] 3.2, 3.3.
 */
#include "sim/boot/boot_internal.h"

#include <inttypes.h>
#include <string.h>

#include "sim/boot/multiboot_header.h"

enum {
    MAGIC = 0x2BADB002,
    INFO_MEMORY = 1 << 0,
    INFO_COMMAND_LINE = 1 << 2,
    INFO_MODULES = 1 << 3,
    INFO_SECTIONS = 1 << 5,
    INFO_MEMORY_MAP = 1 << 6,
    INFO_LOADER_NAME = 1 << 9,
    RANGE_SIZE = 20, /* of an entry of the map, without the field that says so */
};

static const char loader_name[] = "drydock";

/* [Multiboot] 3.3, up to the fields of the framebuffer, which stay 0. */
struct info {
    uint32_t flags;
    uint32_t memory_lower, memory_upper; /* KiB */
    uint32_t boot_device;
    uint32_t command_line;
    uint32_t module_count, modules;
    uint32_t section_count, section_header_size, section_headers, section_names;
    uint32_t map_length, map;
    uint32_t drives_length, drives;
    uint32_t configuration_table;
    uint32_t loader_name;
    uint32_t apm_table;
    uint32_t video[11];
};

struct module {
    uint32_t begin, end;
    uint32_t text;
    uint32_t reserved;
};

/* An entry of the map. The 64-bit fields are not aligned, so they are in halves. */
struct range {
    uint32_t entry_size;
    uint32_t base_low, base_high;
    uint32_t size_low, size_high;
    uint32_t type;
};

_Static_assert(sizeof(struct info) == 116, "[Multiboot] 3.3");
_Static_assert(sizeof(struct module) == 16, "[Multiboot] 3.3");
_Static_assert(sizeof(struct range) == 24, "[Multiboot] 3.3");

/* The block of boot information: these one after the other, then the strings. */
struct block {
    struct info info;
    struct module module;
    struct range map[BOOT_MAX_RANGES];
};

/* What is placed for this protocol. */
struct layout {
    uint64_t block;
    uint64_t initrd;
    struct boot_sections sections;
};

/* The image's file name, then what the user gave. */
static size_t command_line_size(const struct boot_plan *plan)
{
    const char *cmdline = plan->request->cmdline;

    return strlen(sim_image_name(plan->image)) + 1 + (cmdline == NULL ? 0 : strlen(cmdline)) + 1;
}

static uint64_t store_command_line(const struct boot_plan *plan, uint64_t address)
{
    const char *slash = strrchr(sim_image_name(plan->image), '/');
    const char *cmdline = plan->request->cmdline;

    address =
        boot_store_text(plan, address, slash == NULL ? sim_image_name(plan->image) : slash + 1);
    if (cmdline != NULL && cmdline[0] != '\0') {
        boot_store(plan, address - 1, " ", 1);
        address = boot_store_text(plan, address, cmdline);
    }
    return address;
}

static void fill_map(const struct boot_plan *plan, struct block *block)
{
    for (size_t i = 0; i < plan->map_count; i++) {
        const struct boot_range *range = &plan->map[i];

        block->map[i] = (struct range){
            .entry_size = RANGE_SIZE,
            .base_low = (uint32_t)range->base,
            .base_high = (uint32_t)(range->base >> 32),
            .size_low = (uint32_t)range->size,
            .size_high = (uint32_t)(range->size >> 32),
            .type = range->type,
        };
    }
}

static void fill_sections(const struct boot_sections *sections, struct info *info)
{
    if (sections->count > 0) {
        info->flags |= INFO_SECTIONS;
        info->section_count = sections->count;
        info->section_header_size = sections->header_size;
        info->section_headers = (uint32_t)sections->headers;
        info->section_names = sections->names;
    }
}

static void write_block(const struct boot_plan *plan, const struct layout *layout)
{
    const struct sim_boot_request *request = plan->request;
    uint64_t loader = layout->block + sizeof(struct block);
    uint64_t command_line = boot_store_text(plan, loader, loader_name);
    uint64_t module_text = store_command_line(plan, command_line);
    struct block block = {
        .info =
            {
                .flags = INFO_MEMORY | INFO_COMMAND_LINE | INFO_MEMORY_MAP | INFO_LOADER_NAME,
                .memory_lower = BOOT_LOW_END / 1024,
                .memory_upper = (uint32_t)((plan->top - BOOT_HIGH_BEGIN) / 1024),
                .command_line = (uint32_t)command_line,
                .map_length = (uint32_t)(plan->map_count * sizeof(struct range)),
                .map = (uint32_t)(layout->block + offsetof(struct block, map)),
                .loader_name = (uint32_t)loader,
            },
    };

    if (request->initrd != NULL) {
        block.info.flags |= INFO_MODULES;
        block.info.module_count = 1;
        block.info.modules = (uint32_t)(layout->block + offsetof(struct block, module));
        block.module = (struct module){
            .begin = (uint32_t)layout->initrd,
            .end = (uint32_t)(layout->initrd + request->initrd_size),
            .text = (uint32_t)module_text,
        };
        (void)boot_store_text(plan, module_text, request->initrd_name);
    }
    fill_map(plan, &block);
    fill_sections(&layout->sections, &block.info);
    boot_store(plan, layout->block, &block, sizeof block);
}

/* Where the image goes and starts: by the header's address fields if there are any, else by ELF. */
static int plan_image(struct boot_plan *plan, struct sim_image_segment *raw, uint64_t *entry)
{
    struct sim_multiboot_header header = {0};
    struct sim_error reason = {""};
    size_t size = 0;
    size_t count = 1;
    const uint8_t *bytes = sim_image_bytes(plan->image, &size);
    const struct sim_image_segment *segments = raw;

    (void)sim_multiboot_find(bytes, size, &header);
    if ((header.flags & SIM_MULTIBOOT_ADDRESSES) != 0) {
        if (sim_multiboot_segment(&header, size, raw, &reason) != 0) {
            return boot_refuse(plan, "%s", reason.text);
        }
        *entry = header.entry;
    } else {
        segments = sim_image_segments(plan->image, &count);
        if (!sim_image_entry(plan->image, entry)) {
            return boot_refuse(plan, "the entry point is in no segment");
        }
    }
    if (boot_plan_segments(plan, segments, count) != 0) {
        return -1;
    }
    if (!boot_plan_has_code(plan, *entry)) {
        return boot_refuse(plan, "the entry point 0x%" PRIx64 " is in no segment", *entry);
    }
    return 0;
}

/* The module right behind the image, as GRUB and QEMU do; sections behind that. */
static int plan_layout(struct boot_plan *plan, struct layout *layout)
{
    const char *name = plan->request->initrd_name;
    uint64_t size = sizeof(struct block) + sizeof loader_name + command_line_size(plan) +
                    (name == NULL ? 0 : strlen(name)) + 1;

    if (boot_plan_take(plan, BOOT_UPWARDS_FROM_INFO, size, "the multiboot information",
                       &layout->block) != 0 ||
        boot_plan_initrd(plan, BOOT_UPWARDS_FROM_IMAGE, &layout->initrd) != 0) {
        return -1;
    }
    boot_plan_sections(plan, &layout->sections);
    return 0;
}

int boot_prepare_multiboot(struct boot_plan *plan, struct sim_boot_entry *entry)
{
    struct sim_boot_entry found = {.protocol = SIM_BOOT_MULTIBOOT, .mode = SIM_ENTRY_32};
    struct layout layout = {0};
    struct sim_image_segment raw;

    if (plan_image(plan, &raw, &found.rip) != 0 || plan_layout(plan, &layout) != 0) {
        return -1;
    }
    found.rax = MAGIC;
    found.rbx = layout.block;
    boot_write_machine(plan, &found);
    boot_write_initrd(plan, layout.initrd);
    boot_write_sections(plan, &layout.sections);
    write_block(plan, &layout);
    *entry = found;
    return 0;
}
