/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/claims/pci_script.h"

#include <stdbool.h>
#include <stddef.h>

static struct {
    uint8_t bytes[4096];
    uint8_t writable[4096];
    uint8_t clearable[4096];
    uint32_t left; /* accesses that are answered */
    unsigned int writes;
    uint64_t waited;
} script;

const struct dd_pci_address pci_script_address = {.bus = 0};

static void wait(void *context, uint32_t microseconds)
{
    (void)context;
    script.waited += microseconds;
}

const struct dd_delay pci_script_delay = {wait, NULL};

static bool answers(struct dd_pci_address address)
{
    if (address.bus != 0 || address.device != 0 || address.function != 0 || script.left == 0) {
        return false;
    }
    script.left -= script.left == PCI_SCRIPT_NEVER ? 0 : 1;
    return true;
}

static uint32_t script_read(const struct dd_pci_access *access, struct dd_pci_address address,
                            uint16_t offset, enum dd_pci_width width)
{
    uint32_t value = 0;

    (void)access;
    if (!answers(address)) {
        return UINT32_MAX;
    }
    for (unsigned int i = 0; i < (unsigned int)width; i++) {
        value |= (uint32_t)script.bytes[offset + i] << 8 * i;
    }
    return value;
}

static void script_write(const struct dd_pci_access *access, struct dd_pci_address address,
                         uint16_t offset, enum dd_pci_width width, uint32_t value)
{
    (void)access;
    script.writes++;
    if (!answers(address)) {
        return;
    }
    for (unsigned int i = 0; i < (unsigned int)width; i++) {
        unsigned int at = offset + i;
        unsigned int written = value >> 8 * i & 0xFF;
        unsigned int kept = script.bytes[at] & ~(written & script.clearable[at]);

        script.bytes[at] = (uint8_t)((kept & ~(unsigned int)script.writable[at]) |
                                     (written & script.writable[at]));
    }
}

static void put(uint8_t *bytes, uint32_t value)
{
    for (unsigned int i = 0; i < 4; i++) {
        bytes[i] = (uint8_t)(value >> 8 * i);
    }
}

struct dd_pci_access pci_script_open(void)
{
    static const struct dd_pci_ops ops = {script_read, script_write};

    for (unsigned int i = 0; i < sizeof script.bytes; i++) {
        script.bytes[i] = 0;
        script.writable[i] = 0;
        script.clearable[i] = 0;
    }
    script.left = PCI_SCRIPT_NEVER;
    script.writes = 0;
    script.waited = 0;
    put(&script.bytes[0x00], 0x12348086);
    put(&script.bytes[0x04], 0x00100000);
    script.bytes[0x34] = 0x40;
    return (struct dd_pci_access){.ops = &ops, .size = 4096, .last_bus = 255};
}

struct dd_pci_access pci_script_open_extended(uint32_t header)
{
    struct dd_pci_access access = pci_script_open();

    pci_script_put(PCI_SCRIPT_EXTENDED, header);
    return access;
}

void pci_script_put(unsigned int offset, uint32_t value)
{
    put(&script.bytes[offset], value);
}

uint32_t pci_script_get(unsigned int offset)
{
    uint32_t value = 0;

    for (unsigned int i = 0; i < 4; i++) {
        value |= (uint32_t)script.bytes[offset + i] << 8 * i;
    }
    return value;
}

void pci_script_allow(unsigned int offset, uint32_t bits)
{
    put(&script.writable[offset], bits);
}

void pci_script_clear(unsigned int offset, uint32_t bits)
{
    put(&script.clearable[offset], bits);
}

void pci_script_vanish_after(uint32_t accesses)
{
    script.left = accesses;
}

unsigned int pci_script_writes(void)
{
    return script.writes;
}

uint64_t pci_script_waited(void)
{
    return script.waited;
}
