/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which protocol an image asks for. PVH comes first: its note is looked for where
 * ELF says notes are, while the magic number of multiboot could be anything.
 */
#include "sim/boot/boot_protocol.h"

#include <inttypes.h>

#include "sim/boot/boot_internal.h"
#include "sim/boot/multiboot_header.h"

/* Features that this loader knows, of those that a loader has to know. [Multiboot] 3.1.2. */
#define MULTIBOOT_KNOWN                                                    \
    ((uint32_t)SIM_MULTIBOOT_PAGE_ALIGN | (uint32_t)SIM_MULTIBOOT_MEMORY | \
     (uint32_t)SIM_MULTIBOOT_VIDEO)
#define MULTIBOOT_REQUIRED 0xFFFFu

static int check_multiboot(const struct sim_image *image, const struct sim_multiboot_header *header,
                           struct sim_error *error)
{
    uint32_t unknown = header->flags & MULTIBOOT_REQUIRED & ~MULTIBOOT_KNOWN;

    if (unknown != 0) {
        return sim_error_set(error,
                             "%s: the multiboot header requires unknown features, flags 0x%" PRIx32,
                             sim_image_name(image), unknown);
    }
    return 0;
}

int sim_boot_find_protocol(const struct sim_image *image, enum sim_boot_protocol *protocol,
                           struct sim_error *error)
{
    struct sim_multiboot_header header;
    struct sim_error malformed = {""};
    uint64_t entry = 0;
    size_t size = 0;
    const uint8_t *bytes = sim_image_bytes(image, &size);

    if (boot_find_pvh_entry(image, &entry, &malformed)) {
        *protocol = SIM_BOOT_PVH;
        return 0;
    }
    if (malformed.text[0] != '\0') {
        *error = malformed;
        return -1;
    }
    if (sim_multiboot_find(bytes, size, &header)) {
        if (check_multiboot(image, &header, error) != 0) {
            return -1;
        }
        *protocol = SIM_BOOT_MULTIBOOT;
        return 0;
    }
    if (sim_multiboot_2_found(bytes, size)) {
        return sim_error_set(error, "%s: multiboot 2 is not supported; multiboot 1 and PVH are",
                             sim_image_name(image));
    }
    if (sim_image_width(image) != SIM_WIDTH_64) {
        return sim_error_set(error,
                             "%s: a 32-bit image needs a PVH note or a multiboot header in its "
                             "first 8192 bytes",
                             sim_image_name(image));
    }
    *protocol = SIM_BOOT_ENTRY_64;
    return 0;
}

int sim_boot_prepare(const struct sim_image *image, const struct sim_memory *memory,
                     const struct sim_boot_request *request, struct sim_boot_entry *entry,
                     struct sim_error *error)
{
    struct boot_plan plan = {.image = image, .memory = memory, .request = request, .error = error};
    enum sim_boot_protocol protocol = SIM_BOOT_PVH;
    int result = -1;

    if (sim_boot_find_protocol(image, &protocol, error) != 0 || boot_plan_memory(&plan) != 0) {
        return -1;
    }
    switch (protocol) {
    case SIM_BOOT_PVH:
        result = boot_prepare_pvh(&plan, entry);
        break;
    case SIM_BOOT_MULTIBOOT:
        result = boot_prepare_multiboot(&plan, entry);
        break;
    case SIM_BOOT_ENTRY_64:
        result = boot_prepare_entry_64(&plan, entry);
        break;
    }
    return result;
}
