/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A multiboot header is anywhere in the first 8192 bytes of the file, so that a
 * loader finds it without knowing the file's format. Its address fields say
 * what to load, in an image of any format: bytes before the header up to
 * load_addr, bytes behind it up to load_end_addr, then zeros up to bss_end_addr.
 */
#include "sim/boot/multiboot_header.h"

#include <inttypes.h>
#include <string.h>

enum {
    MAGIC = 0x1BADB002,
    SEARCHED = 8192, /* [Multiboot] 3.1: contained completely within */
    MINIMUM = 12,    /* magic, flags, checksum */
    WITH_ADDRESSES = 32,
    SEARCHED_2 = 32768, /* [Multiboot2] 3.1 */
    MINIMUM_2 = 16,
};

#define MAGIC_2 0xE85250D6u

static uint32_t load(const uint8_t *from)
{
    uint32_t value = 0;

    memcpy(&value, from, sizeof value);
    return value;
}

bool sim_multiboot_find(const uint8_t *bytes, size_t size, struct sim_multiboot_header *header)
{
    size_t end = size < SEARCHED ? size : SEARCHED;

    for (size_t at = 0; at + MINIMUM <= end; at += 4) {
        const uint8_t *found = bytes + at;

        if (load(found) != MAGIC || load(found) + load(found + 4) + load(found + 8) != 0) {
            continue;
        }
        *header = (struct sim_multiboot_header){.offset = at, .flags = load(found + 4)};
        if ((header->flags & SIM_MULTIBOOT_ADDRESSES) != 0 && at + WITH_ADDRESSES <= size) {
            header->header = load(found + 12);
            header->load = load(found + 16);
            header->load_end = load(found + 20);
            header->bss_end = load(found + 24);
            header->entry = load(found + 28);
        }
        return true;
    }
    return false;
}

bool sim_multiboot_2_found(const uint8_t *bytes, size_t size)
{
    size_t end = size < SEARCHED_2 ? size : SEARCHED_2;

    for (size_t at = 0; at + MINIMUM_2 <= end; at += 8) {
        const uint8_t *found = bytes + at;

        if (load(found) == MAGIC_2 &&
            load(found) + load(found + 4) + load(found + 8) + load(found + 12) == 0) {
            return true;
        }
    }
    return false;
}

/* [Multiboot] 3.1.3. A zero says: to the end of the file, and: nothing behind it. */
int sim_multiboot_segment(const struct sim_multiboot_header *header, size_t size,
                          struct sim_image_segment *segment, struct sim_error *error)
{
    uint64_t begin = 0; /* in the file */
    uint64_t load_end = header->load_end;
    uint64_t end = header->bss_end;

    if (header->offset + WITH_ADDRESSES > size) {
        return sim_error_set(error, "the multiboot header ends beyond the file");
    }
    if (header->load > header->header || header->header - header->load > header->offset) {
        return sim_error_set(error,
                             "the multiboot header is at 0x%" PRIx32 ", but load_addr 0x%" PRIx32
                             " is not in the file",
                             header->header, header->load);
    }
    begin = header->offset - (header->header - header->load);
    load_end = load_end != 0 ? load_end : header->load + (size - begin);
    end = end != 0 ? end : load_end;
    if (load_end < header->load || load_end - header->load > size - begin) {
        return sim_error_set(
            error, "the multiboot header's load_end_addr 0x%" PRIx64 " is not in the file",
            load_end);
    }
    if (end < load_end || end == header->load) {
        return sim_error_set(error,
                             "the multiboot header's bss_end_addr 0x%" PRIx64
                             " is below the end of the data, 0x%" PRIx64,
                             end, load_end);
    }
    *segment = (struct sim_image_segment){
        .physical = header->load,
        .linear = header->load,
        .size = end - header->load,
        .file_offset = begin,
        .file_size = load_end - header->load,
    };
    return 0;
}
