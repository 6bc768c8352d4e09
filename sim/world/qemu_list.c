/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The PCI functions in an answer to query-pci: an array of buses, each with an
 * array of devices, and a bridge among them with an array of the devices behind.
 */
#include "sim/world/qemu_list.h"

#include <stdlib.h>

enum {
    MAX_DEPTH = 256, /* as many buses as can be behind each other */
    MAX_FUNCTIONS = 65536
};

struct list {
    struct sim_qemu_function *functions;
    size_t count;
    struct sim_error *error;
};

static int add(struct list *list, const json_int_t number[5])
{
    static const json_int_t limits[5] = {256, 32, 8, 65536, 65536};
    struct sim_qemu_function *larger = NULL;

    for (int i = 0; i < 5; i++) {
        if (number[i] < 0 || number[i] >= limits[i]) {
            return sim_error_set(list->error, "query-pci: a number is out of range");
        }
    }
    if (list->count == MAX_FUNCTIONS) {
        return sim_error_set(list->error, "query-pci: more functions than a segment can have");
    }
    larger = reallocarray(list->functions, list->count + 1, sizeof *larger);
    if (larger == NULL) {
        return sim_error_set(list->error, "query-pci: no memory");
    }
    list->functions = larger;
    list->functions[list->count++] = (struct sim_qemu_function){
        .address = {0, (uint8_t)number[0], (uint8_t)number[1], (uint8_t)number[2]},
        .vendor = (uint16_t)number[3],
        .device = (uint16_t)number[4],
    };
    return 0;
}

static int read_devices(struct list *list, json_t *devices, unsigned int depth)
{
    size_t index = 0;
    json_t *device = NULL;

    if (depth > MAX_DEPTH || !json_is_array(devices)) {
        return sim_error_set(list->error, "query-pci: no list of devices, or nested too deep");
    }
    json_array_foreach(devices, index, device)
    {
        json_int_t number[5];
        json_t *behind = NULL;

        if (json_unpack(device, "{s:I, s:I, s:I, s:{s:I, s:I}, s?{s?o}}", "bus", &number[0], "slot",
                        &number[1], "function", &number[2], "id", "vendor", &number[3], "device",
                        &number[4], "pci_bridge", "devices", &behind) != 0) {
            return sim_error_set(list->error, "query-pci: a device without address or ID");
        }
        if (add(list, number) != 0 ||
            (behind != NULL && read_devices(list, behind, depth + 1) != 0)) {
            return -1;
        }
    }
    return 0;
}

static int compare(const void *left, const void *right)
{
    return sim_pci_address_compare(((const struct sim_qemu_function *)left)->address,
                                   ((const struct sim_qemu_function *)right)->address);
}

int sim_qemu_list_read(json_t *answer, struct sim_qemu_function **functions, size_t *count,
                       struct sim_error *error)
{
    struct list list = {.error = error};
    size_t index = 0;
    json_t *bus = NULL;

    if (!json_is_array(answer)) {
        return sim_error_set(error, "query-pci: no list of buses");
    }
    json_array_foreach(answer, index, bus)
    {
        if (read_devices(&list, json_object_get(bus, "devices"), 0) != 0) {
            free(list.functions);
            return -1;
        }
    }
    if (list.count != 0) {
        qsort(list.functions, list.count, sizeof *list.functions, compare);
    }
    *functions = list.functions;
    *count = list.count;
    return 0;
}
