/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An image is read whole, then its segments are found, by the program headers of
 * ELF or by a multiboot header. All of them are checked against the file when it
 * is opened, and against RAM before the first byte is copied.
 */
#include "sim/boot/image_internal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sim/util/file.h"
#include "sim/boot/multiboot_header.h"

static int read_file(struct sim_image *image, struct sim_error *error)
{
    const struct sim_file_limit limit = {(unsigned int)(SIM_IMAGE_MAX_BYTES >> 20), "an image"};
    struct sim_file file;

    if (sim_file_read(image->path, &limit, &file, error) != 0) {
        return -1;
    }
    image->bytes = file.bytes;
    image->size = file.size;
    return image->size == 0 ? sim_error_set(error, "%s: is empty", image->path) : 0;
}

/* Why a file that may well be a kernel is none that can be used. [Linux] Documentation/arch/x86/boot.rst:
   "HdrS" at 0x202. [RFC 1952] 2.3.1. */
static const char *describe_stranger(const struct sim_image *image)
{
    static const struct {
        size_t offset;
        const char *bytes, *what;
    } strangers[] = {
        {0x202, "HdrS", "a bzImage: what can be run is the vmlinux in it"},
        {0, "\x1F\x8B", "compressed by gzip"},
        {0, "MZ", "a program for UEFI"},
    };

    for (size_t i = 0; i < sizeof strangers / sizeof strangers[0]; i++) {
        size_t length = strlen(strangers[i].bytes);

        if (image->size >= strangers[i].offset + length &&
            memcmp(image->bytes + strangers[i].offset, strangers[i].bytes, length) == 0) {
            return strangers[i].what;
        }
    }
    return "not an ELF file, and no multiboot header says where it belongs";
}

static int read_flat(struct sim_image *image, struct sim_error *error)
{
    struct sim_multiboot_header header;
    struct sim_error reason = {""};

    image->width = SIM_WIDTH_32;
    if (!sim_multiboot_find((const uint8_t *)image->bytes, image->size, &header) ||
        (header.flags & SIM_MULTIBOOT_ADDRESSES) == 0) {
        return sim_error_set(error, "%s: %s", image->path, describe_stranger(image));
    }
    if (sim_multiboot_segment(&header, image->size, &image->segments[0], &reason) != 0) {
        return sim_error_set(error, "%s: %s", image->path, reason.text);
    }
    image->segment_count = 1;
    return 0;
}

/* Understands the bytes of a file, or closes the image. */
static struct sim_image *finish_open(struct sim_image *image, struct sim_error *error)
{
    int result = image_is_elf(image) ? image_read_elf(image, error) : read_flat(image, error);

    if (result == 0 && image_read_symbols(image) != 0) {
        result = sim_error_set(error, "%s: out of memory", image->path);
    }
    if (result != 0) {
        sim_image_close(image);
        return NULL;
    }
    return image;
}

static struct sim_image *new_image(const char *name, struct sim_error *error)
{
    struct sim_image *image = calloc(1, sizeof *image);

    if (image != NULL) {
        image->path = strdup(name);
    }
    if (image == NULL || image->path == NULL) {
        (void)sim_error_set(error, "out of memory");
        sim_image_close(image);
        return NULL;
    }
    return image;
}

struct sim_image *sim_image_open(const char *path, struct sim_error *error)
{
    struct sim_image *image = new_image(path, error);

    if (image == NULL) {
        return NULL;
    }
    if (read_file(image, error) != 0) {
        sim_image_close(image);
        return NULL;
    }
    return finish_open(image, error);
}

struct sim_image *sim_image_open_bytes(const char *name, const void *bytes, size_t size,
                                       struct sim_error *error)
{
    struct sim_image *image = new_image(name, error);

    if (image == NULL) {
        return NULL;
    }
    if (size > 0 && size <= SIM_IMAGE_MAX_BYTES) {
        image->bytes = malloc(size);
    }
    if (image->bytes == NULL) {
        (void)sim_error_set(error, "%s: no memory for an image of %zu bytes", name, size);
        sim_image_close(image);
        return NULL;
    }
    memcpy(image->bytes, bytes, size);
    image->size = size;
    return finish_open(image, error);
}

void sim_image_close(struct sim_image *image)
{
    if (image == NULL) {
        return;
    }
    free(image->lines.rows);
    free(image->symbols);
    (void)dwarf_end(image->dwarf);
    (void)elf_end(image->elf);
    free(image->bytes);
    free(image->path);
    free(image);
}

const char *sim_image_name(const struct sim_image *image)
{
    return image->path;
}

enum sim_width sim_image_width(const struct sim_image *image)
{
    return image->width;
}

const uint8_t *sim_image_bytes(const struct sim_image *image, size_t *size)
{
    *size = image->size;
    return (const uint8_t *)image->bytes;
}

const struct sim_image_segment *sim_image_segments(const struct sim_image *image, size_t *count)
{
    *count = image->segment_count;
    return image->segments;
}

/* Segments may overlap, but not to make the copying longer than RAM is large. */
static int check_place(const struct sim_image *image, const struct sim_memory *memory,
                       uint64_t lowest, struct sim_error *error)
{
    uint64_t left = memory->size;

    for (size_t i = 0; i < image->segment_count; i++) {
        const struct sim_image_segment *segment = &image->segments[i];

        if (segment->physical < lowest) {
            return sim_error_set(error,
                                 "%s: segment %zu at 0x%" PRIx64 " is below 0x%" PRIx64
                                 ", which belongs to the machine",
                                 image->path, segment->number, segment->physical, lowest);
        }
        if (segment->physical > memory->size || segment->size > memory->size - segment->physical) {
            return sim_error_set(error,
                                 "%s: segment %zu, 0x%" PRIx64 " bytes at 0x%" PRIx64
                                 ", does not fit RAM of 0x%" PRIx64 " bytes",
                                 image->path, segment->number, segment->size, segment->physical,
                                 memory->size);
        }
        if (segment->size > left) {
            return sim_error_set(error, "%s: its segments together are larger than RAM",
                                 image->path);
        }
        left -= segment->size;
    }
    return 0;
}

int sim_image_place(const struct sim_image *image, const struct sim_memory *memory, uint64_t lowest,
                    struct sim_error *error)
{
    if (check_place(image, memory, lowest, error) != 0) {
        return -1;
    }
    for (size_t i = 0; i < image->segment_count; i++) {
        sim_image_copy(image, &image->segments[i], memory);
    }
    return 0;
}

void sim_image_copy(const struct sim_image *image, const struct sim_image_segment *segment,
                    const struct sim_memory *memory)
{
    uint8_t *to = memory->bytes + segment->physical;

    memcpy(to, image->bytes + segment->file_offset, segment->file_size);
    memset(to + segment->file_size, 0, segment->size - segment->file_size);
}

uint64_t sim_image_end(const struct sim_image *image)
{
    uint64_t end = 0;

    for (size_t i = 0; i < image->segment_count; i++) {
        const struct sim_image_segment *segment = &image->segments[i];

        if (segment->physical + segment->size > end) {
            end = segment->physical + segment->size;
        }
    }
    return (end + 4095) & ~UINT64_C(4095);
}
