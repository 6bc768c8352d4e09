/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An image of an ECAM window as a dump. The address is in the place: bits 27:20 are
 * the bus, 19:15 the device, 14:12 the function ([PCIe 6] 7.2.2). Reads that no
 * function answers give all ones.
 *
 * A device with one function may ignore the number of the function: then it is in
 * the image eight times.
 */
#include "sim/pci/dump/ecam_image.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "sim/pci/dump/dump_text.h"
#include "sim/util/file.h"

#define BUSES             256u
#define FUNCTIONS_OF_BUS  256u
#define CONVENTIONAL_SIZE 256u

/* An image while it is read. */
struct image {
    const uint8_t *bytes;
    unsigned int places; /* functions there could be */
    uint8_t first_bus;
    struct sim_dump_function *functions;
    size_t count, capacity;
    struct sim_dump_cursor cursor;
};

static const uint8_t *place_of(const struct image *image, unsigned int number)
{
    return image->bytes + (size_t)number * SIM_CONFIG_SIZE;
}

static bool answers(const uint8_t *bytes)
{
    return (bytes[0] & bytes[1]) != 0xFF && (bytes[0] | bytes[1]) != 0;
}

/* Whether a place shows function 0 of its device once more. */
static bool is_echo(const struct image *image, unsigned int number)
{
    const uint8_t *first = place_of(image, number & ~7u);

    return (number & 7) != 0 && answers(first) && (first[0x0E] & 0x80) == 0 &&
           memcmp(first, place_of(image, number), SIM_CONFIG_SIZE) == 0;
}

static unsigned int size_of(const uint8_t *bytes)
{
    for (unsigned int i = CONVENTIONAL_SIZE; i < SIM_CONFIG_SIZE; i++) {
        if (bytes[i] != 0xFF) {
            return SIM_CONFIG_SIZE;
        }
    }
    return CONVENTIONAL_SIZE;
}

static int take_function(struct image *image, unsigned int number)
{
    const uint8_t *bytes = place_of(image, number);
    unsigned int size = size_of(bytes);
    struct sim_dump_function *function = NULL;

    if (image->count == image->capacity) {
        image->capacity = image->capacity == 0 ? 16 : 2 * image->capacity;
        function = reallocarray(image->functions, image->capacity, sizeof *function);
        if (function == NULL) {
            return -1;
        }
        image->functions = function;
    }
    function = &image->functions[image->count++];
    *function = (struct sim_dump_function){
        .bus = (uint8_t)(image->first_bus + number / FUNCTIONS_OF_BUS),
        .device = (uint8_t)(number / 8 % 32),
        .function = (uint8_t)(number % 8),
        .known_size = size,
    };
    memcpy(function->bytes, bytes, size);
    memset(function->known, 0xFF, size);
    return 0;
}

static int take_functions(struct image *image, struct sim_error *error)
{
    const char *path = image->cursor.path;

    for (unsigned int number = 0; number < image->places; number++) {
        if (!answers(place_of(image, number)) || is_echo(image, number)) {
            continue;
        }
        if (image->count == SIM_DUMP_MAX_FUNCTIONS) {
            return sim_error_set(error, "%s: more than %u functions", path, SIM_DUMP_MAX_FUNCTIONS);
        }
        if (take_function(image, number) != 0) {
            return sim_error_set(error, "%s: out of memory", path);
        }
    }
    if (image->count == 0) {
        return sim_error_set(error, "%s: no PCI function in it: every vendor ID is 0 or ffff",
                             path);
    }
    return 0;
}

/* How many buses a file of this size has; 0 if it is no image. */
static unsigned int count_buses(size_t size)
{
    return size % SIM_ECAM_BUS_SIZE == 0 ? (unsigned int)(size / SIM_ECAM_BUS_SIZE) : 0;
}

int sim_ecam_read(const char *path, uint8_t first_bus, struct sim_dump *dump,
                  struct sim_error *error)
{
    const struct sim_file_limit limit = {BUSES, "an image of an ECAM window"};
    struct sim_dump_remarks remarks = {.count = 0};
    struct image image = {.first_bus = first_bus, .cursor = {.path = path, .remarks = &remarks}};
    struct sim_file file;
    unsigned int buses = 0;
    int result = 0;

    if (sim_file_read(path, &limit, &file, error) != 0) {
        return -1;
    }
    buses = count_buses(file.size);
    image.bytes = (const uint8_t *)file.bytes;
    image.places = buses * FUNCTIONS_OF_BUS;
    if (buses == 0 || first_bus + buses > BUSES) {
        result = sim_error_set(error,
                               "%s: not an image of an ECAM window from bus %02x on: those have "
                               "1 to %u MiB, 1 MiB for each bus",
                               path, first_bus, BUSES - first_bus);
    } else {
        result = take_functions(&image, error);
    }
    sim_file_free(&file);
    if (result != 0) {
        free(image.functions);
        return -1;
    }
    return sim_dump_give_away(
        &(struct sim_dump_reading){&image.cursor, image.functions, image.count, SIM_DUMP_ECAM},
        dump, error);
}
