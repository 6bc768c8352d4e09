/* SPDX-License-Identifier: MIT */
/*
 * A function on a link describes itself by up to seven groups of three registers,
 * capabilities, control and status. What a group says about a link or a slot is
 * there only for functions that have one; version 1 ended the capability after
 * the last group that applied, so the registers behind it are not ours to read.
 *
 * Control and status of a group share a dword and are read with one access.
 */
#include "drydock/pci_express.h"

#include <stdbool.h>

#include "pci_cap_read.h"
#include "pci_express_kind.h"

/* ---- Which registers there are ---- */

static bool has_link(unsigned int type)
{
    return type != DD_PCI_EXPRESS_INTEGRATED_ENDPOINT && type != DD_PCI_EXPRESS_EVENT_COLLECTOR;
}

unsigned int dd_pci_express_groups(uint16_t capabilities)
{
    const unsigned int type = (unsigned int)DD_GET(capabilities, DD_PCI_EXPRESS_PORT_TYPE);
    const bool has_second = DD_GET(capabilities, DD_PCI_EXPRESS_VERSION) >= 2;
    unsigned int groups = DD_PCI_EXPRESS_GROUP_DEVICE;

    if (has_second) {
        groups |= DD_PCI_EXPRESS_GROUP_DEVICE_2;
    }
    if (has_link(type)) {
        groups |= DD_PCI_EXPRESS_GROUP_LINK;
        groups |= has_second ? DD_PCI_EXPRESS_GROUP_LINK_2 : 0;
    }
    /* Only there Slot Implemented means something. */
    if (pci_express_is_above_link(type) &&
        DD_GET(capabilities, DD_PCI_EXPRESS_SLOT_IMPLEMENTED) != 0) {
        groups |= DD_PCI_EXPRESS_GROUP_SLOT;
        groups |= has_second ? DD_PCI_EXPRESS_GROUP_SLOT_2 : 0;
    }
    if (type == DD_PCI_EXPRESS_ROOT_PORT || type == DD_PCI_EXPRESS_EVENT_COLLECTOR) {
        groups |= DD_PCI_EXPRESS_GROUP_ROOT;
    }
    return groups;
}

/* Bytes from the capability's start to the end of the last of its groups. */
static unsigned int size_of(unsigned int groups)
{
    static const uint8_t ends[] = {0x0C, 0x14, 0x1C, 0x24, 0x2C, 0x34, 0x3C};
    unsigned int size = 0;

    for (unsigned int i = 0; i < sizeof ends; i++) {
        size = (groups >> i & 1) != 0 ? ends[i] : size;
    }
    return size;
}

/* ---- Reading them ---- */

/* Two registers of 16 bits that share a dword. */
static void read_pair(struct pci_cap_reader *reader, unsigned int at, uint16_t *low, uint16_t *high)
{
    uint32_t pair = dd_pci_cap_read32(reader, at);

    *low = (uint16_t)pair;
    *high = (uint16_t)(pair >> 16);
}

static void read_first_groups(struct pci_cap_reader *reader, struct dd_pci_express *express)
{
    express->device_capabilities = dd_pci_cap_read32(reader, DD_PCI_EXPRESS_DEVICE_CAPABILITIES);
    read_pair(reader, DD_PCI_EXPRESS_DEVICE_CONTROL, &express->device_control,
              &express->device_status);
    if ((express->groups & DD_PCI_EXPRESS_GROUP_LINK) != 0) {
        express->link_capabilities = dd_pci_cap_read32(reader, DD_PCI_EXPRESS_LINK_CAPABILITIES);
        read_pair(reader, DD_PCI_EXPRESS_LINK_CONTROL, &express->link_control,
                  &express->link_status);
    }
    if ((express->groups & DD_PCI_EXPRESS_GROUP_SLOT) != 0) {
        express->slot_capabilities = dd_pci_cap_read32(reader, DD_PCI_EXPRESS_SLOT_CAPABILITIES);
        read_pair(reader, DD_PCI_EXPRESS_SLOT_CONTROL, &express->slot_control,
                  &express->slot_status);
    }
    if ((express->groups & DD_PCI_EXPRESS_GROUP_ROOT) != 0) {
        read_pair(reader, DD_PCI_EXPRESS_ROOT_CONTROL, &express->root_control,
                  &express->root_capabilities);
        express->root_status = dd_pci_cap_read32(reader, DD_PCI_EXPRESS_ROOT_STATUS);
    }
}

static void read_second_groups(struct pci_cap_reader *reader, struct dd_pci_express *express)
{
    if ((express->groups & DD_PCI_EXPRESS_GROUP_DEVICE_2) != 0) {
        express->device_capabilities_2 =
            dd_pci_cap_read32(reader, DD_PCI_EXPRESS_DEVICE_CAPABILITIES_2);
        read_pair(reader, DD_PCI_EXPRESS_DEVICE_CONTROL_2, &express->device_control_2,
                  &express->device_status_2);
    }
    if ((express->groups & DD_PCI_EXPRESS_GROUP_LINK_2) != 0) {
        express->link_capabilities_2 =
            dd_pci_cap_read32(reader, DD_PCI_EXPRESS_LINK_CAPABILITIES_2);
        read_pair(reader, DD_PCI_EXPRESS_LINK_CONTROL_2, &express->link_control_2,
                  &express->link_status_2);
    }
    if ((express->groups & DD_PCI_EXPRESS_GROUP_SLOT_2) != 0) {
        express->slot_capabilities_2 =
            dd_pci_cap_read32(reader, DD_PCI_EXPRESS_SLOT_CAPABILITIES_2);
        read_pair(reader, DD_PCI_EXPRESS_SLOT_CONTROL_2, &express->slot_control_2,
                  &express->slot_status_2);
    }
}

enum dd_status dd_pci_express_read(const struct dd_pci_access *access,
                                   struct dd_pci_address address, uint16_t offset,
                                   struct dd_pci_express *express)
{
    const struct pci_cap_place place = {access, address, offset};
    struct dd_pci_express result = {.offset = offset};
    struct pci_cap_reader reader;
    enum dd_status status = dd_pci_cap_open(&reader, &place, size_of(DD_PCI_EXPRESS_GROUP_DEVICE));

    if (status != DD_OK) {
        return status;
    }
    result.capabilities = dd_pci_cap_read16(&reader, DD_PCI_EXPRESS_CAPABILITIES);
    result.groups = dd_pci_express_groups(result.capabilities);
    if (dd_pci_cap_fits(&reader, size_of(result.groups))) {
        read_first_groups(&reader, &result);
        read_second_groups(&reader, &result);
        status = dd_pci_cap_close(&reader);
    } else {
        status = dd_pci_cap_close(&reader);
        status = status == DD_OK ? DD_EMALFORMED : status;
    }
    if (status == DD_OK) {
        *express = result;
    }
    return status;
}

/* ---- Numbers ---- */

enum dd_pci_express_type dd_pci_express_type(const struct dd_pci_express *express)
{
    return (enum dd_pci_express_type)DD_GET(express->capabilities, DD_PCI_EXPRESS_PORT_TYPE);
}

uint32_t dd_pci_express_speed(unsigned int code)
{
    static const uint32_t speeds[] = {0, 2500, 5000, 8000, 16000, 32000, 64000};

    return code < sizeof speeds / sizeof speeds[0] ? speeds[code] : 0;
}

unsigned int dd_pci_express_width(unsigned int code)
{
    switch (code) {
    case 1:
    case 2:
    case 4:
    case 8:
    case 12:
    case 16:
    case 32:
        return code;
    default:
        return 0;
    }
}

/* Upper bounds in ns, the same for what a port needs and for what an endpoint can bear. */
static const uint32_t l0s_bounds[] = {64,   128,  256,  512,
                                      1000, 2000, 4000, DD_PCI_EXPRESS_UNBOUNDED};
static const uint32_t l1_bounds[] = {1000,  2000,  4000,  8000,
                                     16000, 32000, 64000, DD_PCI_EXPRESS_UNBOUNDED};

uint32_t dd_pci_express_l0s_exit(const struct dd_pci_express *express)
{
    return l0s_bounds[DD_GET(express->link_capabilities, DD_PCI_EXPRESS_L0S_EXIT)];
}

uint32_t dd_pci_express_l1_exit(const struct dd_pci_express *express)
{
    return l1_bounds[DD_GET(express->link_capabilities, DD_PCI_EXPRESS_L1_EXIT)];
}

uint32_t dd_pci_express_l0s_acceptable(const struct dd_pci_express *express)
{
    return l0s_bounds[DD_GET(express->device_capabilities, DD_PCI_EXPRESS_L0S_ACCEPTABLE)];
}

uint32_t dd_pci_express_l1_acceptable(const struct dd_pci_express *express)
{
    return l1_bounds[DD_GET(express->device_capabilities, DD_PCI_EXPRESS_L1_ACCEPTABLE)];
}

/* From this value on, in whole watts, it is one of a list of steps of 25 W. */
#define POWER_STEPS_FIRST     0xF0u
#define POWER_STEPS_BEGIN     250000u
#define POWER_STEP            25000u
#define POWER_VALUE_UNBOUNDED 0xFFu

uint32_t dd_pci_express_power_limit(unsigned int value, unsigned int scale)
{
    static const uint16_t units[] = {1000, 100, 10, 1};

    if (scale == 0 && value >= POWER_VALUE_UNBOUNDED) {
        return DD_PCI_EXPRESS_UNBOUNDED;
    }
    if (scale == 0 && value >= POWER_STEPS_FIRST) {
        return POWER_STEPS_BEGIN + (value - POWER_STEPS_FIRST) * POWER_STEP;
    }
    return value * (uint32_t)units[scale % 4];
}
