/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the functions of a machine say about each other.
 *
 * lspci prints what the operating system knows. A virtual function has the IDs of its
 * physical function there, but its registers read all ones, which is why a scan does
 * not find it: the SR-IOV capability of the physical function says where they are. And
 * whether a device has several functions is not printed, but seen.
 */
#include "sim/pci/text/text_parser.h"

#define FIRST_EXTENDED 0x100u
#define SR_IOV         0x0010u
#define NO_ID          UINT32_MAX

/* All functions, in the order of their addresses. */
struct functions {
    struct sim_dump_function *all;
    size_t count;
};

static uint32_t load(const struct sim_dump_function *function, unsigned int offset,
                     unsigned int bytes)
{
    uint32_t value = 0;

    for (unsigned int i = 0; i < bytes && offset + i < SIM_CONFIG_SIZE; i++) {
        value |= (uint32_t)function->bytes[offset + i] << 8 * i;
    }
    return value;
}

/* Offset of the SR-IOV capability, 0 if there is none; a list has fewer entries than doublewords. */
static unsigned int find_sharing(const struct sim_dump_function *function)
{
    unsigned int offset = FIRST_EXTENDED;

    for (unsigned int i = 0; i < SIM_CONFIG_SIZE / 4 && offset >= FIRST_EXTENDED; i++) {
        if (load(function, offset, 2) == SR_IOV) {
            return offset;
        }
        offset = load(function, offset + 2, 2) >> 4 & 0xFFCu;
    }
    return 0;
}

/* Whether a function was made of text: then one bit of its header type is not known. */
static bool is_text(const struct sim_dump_function *function)
{
    return (function->known[0x0e] & 0x80) == 0;
}

/* The virtual functions of a physical one, by routing IDs: bus << 8 | device << 3 | function. */
struct virtual_functions {
    unsigned int first, stride, count;
};

static unsigned int routing_id(const struct sim_dump_function *function)
{
    return (unsigned int)function->bus << 8 | (unsigned int)function->device << 3 |
           function->function;
}

/* Spec: [PCIe 6] 9.3.3 */
static struct virtual_functions virtual_functions(const struct sim_dump_function *function)
{
    unsigned int sharing = find_sharing(function);
    struct virtual_functions found = {.count = 0};

    if (sharing != 0 && (load(function, sharing + 8, 2) & 1) != 0) {
        found.count = load(function, sharing + 0x10, 2);
        found.first = routing_id(function) + load(function, sharing + 0x14, 2);
        found.stride = load(function, sharing + 0x16, 2);
    }
    return found;
}

static bool has(const struct virtual_functions *functions, unsigned int routing)
{
    unsigned int distance = routing - functions->first;

    if (routing < functions->first || functions->count == 0) {
        return false;
    }
    if (functions->stride == 0) {
        return distance == 0;
    }
    return distance % functions->stride == 0 && distance / functions->stride < functions->count;
}

/* Hide the virtual functions of a physical one. */
static void hide_virtual(const struct functions *functions,
                         const struct sim_dump_function *function)
{
    struct virtual_functions hidden = virtual_functions(function);

    for (size_t i = 0; hidden.count > 0 && i < functions->count; i++) {
        struct sim_dump_function *other = &functions->all[i];

        if (other->segment == function->segment && other != function && is_text(other) &&
            has(&hidden, routing_id(other))) {
            (void)sim_text_set(other, (struct sim_text_bits){0x00, 31, 0}, NO_ID, NO_ID);
        }
    }
}

static bool is_same_device(const struct sim_dump_function *one,
                           const struct sim_dump_function *other)
{
    return one->segment == other->segment && one->bus == other->bus &&
           one->device == other->device && load(other, 0, 4) != NO_ID;
}

void sim_text_relate(struct sim_dump_function *functions, size_t count)
{
    const struct functions all = {functions, count};

    for (size_t i = 0; i < count; i++) {
        hide_virtual(&all, &functions[i]);
    }
    for (size_t i = 0; i < count; i++) {
        bool several = (i > 0 && is_same_device(&functions[i], &functions[i - 1])) ||
                       (i + 1 < count && is_same_device(&functions[i], &functions[i + 1]));

        if (several && is_text(&functions[i])) {
            (void)sim_text_set(&functions[i], (struct sim_text_bits){0x0e, 7, 7}, 1, 0);
        }
    }
}
