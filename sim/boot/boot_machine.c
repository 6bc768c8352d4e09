/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is in RAM before any boot loader: the BIOS data area, the extended one,
 * ACPI tables; and what this loader needs to enter the image with: a GDT and
 * page tables, in memory that the map reserves, so that a kernel that has not
 * made its own yet cannot overwrite them by accident.
 */
#include "sim/boot/boot_internal.h"

#include <string.h>

enum {
    FACS = 0xE0040,
    GDT = 0xE0080,
    PML4 = 0xE1000,
    PDPT = 0xE2000,
    ENTRIES = 512,
};

/* Null, 32-bit code, data, 64-bit code, busy TSS with base 0. [SDM 3A] 3.4.5, 7.2.2, 7.2.3. */
static const uint64_t gdt[] = {
    0, 0x00CF9B000000FFFF, 0x00CF93000000FFFF, 0x00AF9B000000FFFF, 0x00008B0000000067, 0,
};

enum {
    SELECTOR_CODE_32 = 0x08,
    SELECTOR_DATA = 0x10,
    SELECTOR_CODE_64 = 0x18,
    SELECTOR_TSS = 0x20,
};

/* The BIOS data area, as far as kernels look at it. */
static const struct bios_byte {
    uint16_t address;
    uint8_t value;
} bios_data[] = {
    {0x400, 0xF8}, {0x401, 0x03}, /* port of COM1 */
    {0x40E, 0xC0}, {0x40F, 0x9F}, /* segment of the extended area */
    {0x410, 0x22}, {0x411, 0x02}, /* equipment: x87, 80 x 25 in colour, one serial port */
    {0x413, 0x7F}, {0x414, 0x02}, /* KiB of base memory: 639 */
    {0x449, 0x03},                /* video mode */
    {0x44A, 0x50},                /* columns */
    {0x463, 0xD4}, {0x464, 0x03}, /* port of the CRT controller */
    {0x484, 0x18},                /* rows, minus one */
    {0x485, 0x10},                /* height of a character */
};

void boot_store(const struct boot_plan *plan, uint64_t address, const void *bytes, size_t size)
{
    memcpy(plan->memory->bytes + address, bytes, size);
}

uint64_t boot_store_text(const struct boot_plan *plan, uint64_t address, const char *text)
{
    size_t size = text == NULL ? 1 : strlen(text) + 1;

    boot_store(plan, address, text == NULL ? "" : text, size);
    return address + size;
}

static void store_entry(const struct boot_plan *plan, uint64_t table, unsigned int index,
                        uint64_t entry)
{
    boot_store(plan, table + sizeof entry * index, &entry, sizeof entry);
}

/* 512 pages of 1 GiB, P, R/W, PS. [SDM 3A] tables 4-15, 4-16. */
static void write_page_tables(const struct boot_plan *plan)
{
    store_entry(plan, PML4, 0, PDPT | UINT64_C(0x003));
    for (unsigned int i = 0; i < ENTRIES; i++) {
        store_entry(plan, PDPT, i, ((uint64_t)i << 30) | UINT64_C(0x083));
    }
}

void boot_write_machine(const struct boot_plan *plan, struct sim_boot_entry *entry)
{
    const struct sim_acpi_places places = {BOOT_RSDP, FACS, plan->top};
    const uint8_t extended_area_kib = 1;

    for (size_t i = 0; i < plan->segment_count; i++) {
        sim_image_copy(plan->image, &plan->segments[i], plan->memory);
    }
    for (size_t i = 0; i < sizeof bios_data / sizeof bios_data[0]; i++) {
        boot_store(plan, bios_data[i].address, &bios_data[i].value, 1);
    }
    boot_store(plan, BOOT_LOW_END, &extended_area_kib, 1);
    sim_acpi_write(plan->memory, &places, plan->request->ecam, plan->request->ecam_count);
    boot_store(plan, GDT, gdt, sizeof gdt);
    entry->gdt = (struct sim_table){GDT, sizeof gdt - 1};
    entry->data = SELECTOR_DATA;
    entry->tr = SELECTOR_TSS;
    entry->cs = SELECTOR_CODE_32;
    if (entry->mode == SIM_ENTRY_64) {
        write_page_tables(plan);
        entry->cs = SELECTOR_CODE_64;
        entry->cr3 = PML4;
    }
}

void boot_write_initrd(const struct boot_plan *plan, uint64_t address)
{
    if (plan->request->initrd != NULL) {
        boot_store(plan, address, plan->request->initrd, plan->request->initrd_size);
    }
}
