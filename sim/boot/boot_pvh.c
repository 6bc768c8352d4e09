/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * PVH: the image names its 32-bit entry point in an ELF note, and gets a start
 * info in EBX. The 64-bit entry is drydock's own; it hands over the same start
 * info. Spec: Xen, docs/misc/pvh.pandoc and public/arch-x86/hvm/start_info.h.
 */
#include "sim/boot/boot_internal.h"

#include <inttypes.h>
#include <string.h>

enum {
    PHYS32_ENTRY = 18, /* public/elfnote.h */
    MAGIC = 0x336EC578,
    VERSION_WITH_MEMORY_MAP = 1,
    STACK_SIZE = 16384,
};

struct start_info {
    uint32_t magic;
    uint32_t version;
    uint32_t flags;
    uint32_t module_count;
    uint64_t modules;
    uint64_t command_line;
    uint64_t rsdp;
    uint64_t memory_map;
    uint32_t range_count;
    uint32_t reserved;
};

struct module {
    uint64_t address;
    uint64_t size;
    uint64_t command_line;
    uint64_t reserved;
};

struct range {
    uint64_t base;
    uint64_t size;
    uint32_t type;
    uint32_t reserved;
};

_Static_assert(sizeof(struct start_info) == 56, "hvm_start_info");
_Static_assert(sizeof(struct module) == 32, "hvm_modlist_entry");
_Static_assert(sizeof(struct range) == 24, "hvm_memmap_table_entry");

bool boot_find_pvh_entry(const struct sim_image *image, uint64_t *entry, struct sim_error *error)
{
    struct sim_image_note note;

    if (!sim_image_find_note(image, "Xen", PHYS32_ENTRY, &note)) {
        return false;
    }
    if (note.size != sizeof(uint32_t) && note.size != sizeof(uint64_t)) {
        (void)sim_error_set(error, "%s: the PVH note has %zu bytes instead of 4 or 8",
                            sim_image_name(image), note.size);
        return false;
    }
    *entry = 0;
    memcpy(entry, note.bytes, note.size);
    return true;
}

/* The block of boot information: these one after the other, then the strings. */
struct block {
    struct start_info info;
    struct module module;
    struct range map[BOOT_MAX_RANGES];
};

static size_t text_size(const char *text)
{
    return text == NULL ? 1 : strlen(text) + 1;
}

static int plan_block(struct boot_plan *plan, uint64_t *address)
{
    uint64_t size = sizeof(struct block) + text_size(plan->request->cmdline) +
                    text_size(plan->request->initrd_name);

    return boot_plan_take(plan, BOOT_UPWARDS_FROM_INFO, size, "the start info", address);
}

static void write_block(const struct boot_plan *plan, uint64_t address, uint64_t initrd)
{
    const struct sim_boot_request *request = plan->request;
    uint64_t texts = address + sizeof(struct block);
    struct block block = {
        .info =
            {
                .magic = MAGIC,
                .version = VERSION_WITH_MEMORY_MAP,
                .rsdp = BOOT_RSDP,
                .memory_map = address + offsetof(struct block, map),
                .range_count = (uint32_t)plan->map_count,
            },
    };

    if (request->cmdline != NULL) {
        block.info.command_line = texts;
        texts = boot_store_text(plan, texts, request->cmdline);
    }
    if (request->initrd != NULL) {
        block.info.module_count = 1;
        block.info.modules = address + offsetof(struct block, module);
        block.module = (struct module){initrd, request->initrd_size, texts, 0};
        (void)boot_store_text(plan, texts, request->initrd_name);
    }
    for (size_t i = 0; i < plan->map_count; i++) {
        const struct boot_range *range = &plan->map[i];

        block.map[i] = (struct range){range->base, range->size, range->type, 0};
    }
    boot_store(plan, address, &block, sizeof block);
}

int boot_prepare_pvh(struct boot_plan *plan, struct sim_boot_entry *entry)
{
    struct sim_boot_entry found = {.protocol = SIM_BOOT_PVH, .mode = SIM_ENTRY_32};
    size_t count = 0;
    const struct sim_image_segment *segments = sim_image_segments(plan->image, &count);
    uint64_t initrd = 0;

    if (!boot_find_pvh_entry(plan->image, &found.rip, plan->error) ||
        boot_plan_segments(plan, segments, count) != 0) {
        return -1;
    }
    if (!boot_plan_has_code(plan, found.rip)) {
        return boot_refuse(plan, "the PVH entry point 0x%" PRIx64 " is in no segment", found.rip);
    }
    if (plan_block(plan, &found.rbx) != 0 ||
        boot_plan_initrd(plan, BOOT_DOWNWARDS_FROM_TOP, &initrd) != 0) {
        return -1;
    }
    boot_write_machine(plan, &found);
    boot_write_initrd(plan, initrd);
    write_block(plan, found.rbx, initrd);
    *entry = found;
    return 0;
}

int boot_prepare_entry_64(struct boot_plan *plan, struct sim_boot_entry *entry)
{
    struct sim_boot_entry found = {.protocol = SIM_BOOT_ENTRY_64, .mode = SIM_ENTRY_64};
    size_t count = 0;
    const struct sim_image_segment *segments = sim_image_segments(plan->image, &count);
    uint64_t stack = 0;
    uint64_t initrd = 0;

    if (!sim_image_entry(plan->image, &found.rip)) {
        return boot_refuse(plan, "the entry point is in no segment");
    }
    if (boot_plan_segments(plan, segments, count) != 0 || plan_block(plan, &found.rdi) != 0 ||
        boot_plan_take(plan, BOOT_UPWARDS_FROM_INFO, STACK_SIZE, "the stack", &stack) != 0 ||
        boot_plan_initrd(plan, BOOT_DOWNWARDS_FROM_TOP, &initrd) != 0) {
        return -1;
    }
    found.stack = stack + STACK_SIZE - sizeof(uint64_t);
    boot_write_machine(plan, &found);
    boot_write_initrd(plan, initrd);
    write_block(plan, found.rdi, initrd);
    *entry = found;
    return 0;
}
