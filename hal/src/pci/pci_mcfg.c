/* SPDX-License-Identifier: MIT */
/*
 * MCFG is an ACPI table: a header of 36 bytes, which begins with the signature and
 * the length, 8 reserved bytes, and one entry of 16 bytes for each window. All
 * numbers have their lowest byte first.
 */
#include "drydock/pci_mcfg.h"

#include "drydock/field.h"

enum {
    HEADER_SIZE = 36,
    TABLE_LENGTH = 4,  /* offset of the length in bytes, header included */
    TABLE_ENTRIES = 44 /* offset of the first entry */
};

/* An entry: offsets, and its length. Spec: [PCIFW 3.2] table 4-3. */
enum {
    ENTRY_BASE = 0,
    ENTRY_SEGMENT = 8,
    ENTRY_FIRST_BUS = 10,
    ENTRY_LAST_BUS = 11,
    ENTRY_SIZE = 16
};

#define BUS_BYTES (UINT64_C(1) << 20)

static uint64_t read_number(const uint8_t *bytes, unsigned int size)
{
    uint64_t number = 0;

    for (unsigned int i = 0; i < size; i++) {
        number |= (uint64_t)bytes[i] << (8 * i);
    }
    return number;
}

static size_t count_entries(const uint8_t *table)
{
    size_t length = (size_t)read_number(table + TABLE_LENGTH, 4);

    return length < TABLE_ENTRIES ? 0 : (length - TABLE_ENTRIES) / ENTRY_SIZE;
}

enum dd_status dd_pci_mcfg_check(const void *table, size_t size, size_t *count)
{
    const uint8_t *bytes = table;
    size_t length;
    uint8_t sum = 0;

    if (size < HEADER_SIZE) {
        return DD_EMALFORMED;
    }
    if (bytes[0] != 'M' || bytes[1] != 'C' || bytes[2] != 'F' || bytes[3] != 'G') {
        return DD_ENOENT;
    }
    length = (size_t)read_number(bytes + TABLE_LENGTH, 4);
    if (length < HEADER_SIZE || length > size) {
        return DD_EMALFORMED;
    }
    for (size_t i = 0; i < length; i++) {
        sum = (uint8_t)(sum + bytes[i]);
    }
    if (sum != 0) {
        return DD_EMALFORMED;
    }
    *count = count_entries(bytes);
    return DD_OK;
}

enum dd_status dd_pci_mcfg_read(const void *table, size_t index, struct dd_pci_mcfg_window *window)
{
    const uint8_t *bytes = table;
    const uint8_t *entry;
    uint64_t base;
    uint64_t last;

    if (index >= count_entries(bytes)) {
        return DD_EARG;
    }
    entry = bytes + TABLE_ENTRIES + ENTRY_SIZE * index;
    base = read_number(entry + ENTRY_BASE, 8);
    last = (entry[ENTRY_LAST_BUS] + UINT64_C(1)) * BUS_BYTES - 1;
    if (entry[ENTRY_FIRST_BUS] > entry[ENTRY_LAST_BUS] || !dd_is_aligned(base, BUS_BYTES) ||
        base > UINT64_MAX - last) {
        return DD_EMALFORMED;
    }
    *window = (struct dd_pci_mcfg_window){
        .base = {base},
        .segment = (uint32_t)read_number(entry + ENTRY_SEGMENT, 2),
        .first_bus = entry[ENTRY_FIRST_BUS],
        .last_bus = entry[ENTRY_LAST_BUS],
    };
    return DD_OK;
}
