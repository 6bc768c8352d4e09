/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A dump that is not text. The first byte says which: 'E', the beginning of an image
 * of an ECAM window, the rest is all ones; 'S', files of a sysfs tree, one after the
 * other; anything else is a file, of whatever form.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "sim/pci/dump/dump_open.h"
#include "sim/pci/dump/ecam_image.h"
#include "sim/pci/dump/sysfs_tree.h"
#include "tests/fuzz/fuzz.h"

static void check_dump(struct sim_dump *dump)
{
    fuzz_require(dump->count > 0, "a dump has a function");
    for (size_t i = 0; i < dump->count; i++) {
        const struct sim_dump_function *function = &dump->functions[i];

        fuzz_require(function->known_size >= 16 && function->known_size <= SIM_CONFIG_SIZE,
                     "a function has a header");
        fuzz_require(sim_dump_find(dump, function->segment, function->bus, function->device,
                                   function->function) == function,
                     "functions are found by their addresses");
    }
    sim_dump_free(dump);
}

/* Open bytes that are in a file. */
static void open_file(const uint8_t *bytes, size_t size)
{
    const struct sim_dump_options options = {.first_bus = 0x40};
    struct sim_dump dump;
    struct sim_error error = {""};
    char path[32];
    int file = memfd_create("fuzz", 0);

    fuzz_require(file >= 0, "there is a file");
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    if (write(file, bytes, size) == (ssize_t)size) {
        if (sim_dump_open(path, &options, &dump, &error) == 0) {
            check_dump(&dump);
        } else {
            fuzz_require(strncmp(error.text, path, strlen(path)) == 0, "a refusal is a sentence");
        }
    }
    (void)close(file);
}

static void open_image(const uint8_t *bytes, size_t size)
{
    uint8_t *image = malloc(SIM_ECAM_BUS_SIZE);

    if (image != NULL) {
        memset(image, 0xFF, SIM_ECAM_BUS_SIZE);
        memcpy(image, bytes, size < SIM_ECAM_BUS_SIZE ? size : SIM_ECAM_BUS_SIZE);
        open_file(image, SIM_ECAM_BUS_SIZE);
        free(image);
    }
}

/* Each file: an address, which file it is, its length, its bytes. */
static void open_tree(const uint8_t *bytes, size_t size)
{
    struct fuzz_input input = {bytes, size};
    struct sim_sysfs tree;
    struct sim_dump dump;
    struct sim_error error = {""};

    sim_sysfs_begin(&tree, "tree");
    while (input.left > 0) {
        uint8_t slot = fuzz_take8(&input);
        uint8_t kind = fuzz_take8(&input);
        size_t length = fuzz_take16(&input);
        const struct sim_sysfs_content content = {
            .address = {kind >> 4, (uint8_t)(kind >> 2 & 3), slot >> 3, slot & 7},
            .file = (kind & 1) != 0 ? SIM_SYSFS_RESOURCE : SIM_SYSFS_CONFIG,
            .bytes = (const char *)input.bytes,
            .size = length < input.left ? length : input.left,
            .padded = (kind & 2) != 0,
        };

        fuzz_require(sim_sysfs_add(&tree, &content, &error) == 0, "there is room for a function");
        input.bytes += content.size;
        input.left -= content.size;
    }
    if (sim_sysfs_end(&tree, &dump, &error) == 0) {
        check_dump(&dump);
    } else {
        fuzz_require(strncmp(error.text, "tree: ", 6) == 0, "a refusal is a sentence");
    }
}

void fuzz_one(const uint8_t *bytes, size_t size)
{
    if (size > 0 && bytes[0] == 'E') {
        open_image(bytes + 1, size - 1);
    } else if (size > 0 && bytes[0] == 'S') {
        open_tree(bytes + 1, size - 1);
    } else {
        open_file(bytes, size);
    }
}
