/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Unit tests of sim/boot/acpi_tables.c: every table byte by byte by the offsets of [ACPI 6.5] 5.2, and
 * the kernel's reader as a second opinion.
 */
#include <string.h>

#include "kernel/acpi.h"
#include "kernel/physical.h"
#include "sim/boot/acpi_tables.h"
#include "tests/unit/unit.h"

enum {
    RSDP = 0xE0000,
    FACS = 0xE0040,
    TABLES = 0x1FF000,
    SIZE = 0x200000
};

static uint8_t ram[SIZE];
static const struct sim_memory memory = {.bytes = ram, .size = SIZE};
static const struct sim_acpi_places places = {RSDP, FACS, TABLES};
static const struct sim_acpi_ecam ecam[2] = {{0xB0000000, 0, 0, 0xFF},
                                             {UINT64_C(0x8123400000), 0x1234, 0x10, 0x1F}};

/* What kernel/acpi.c reads through. */
const void *kphysical_memory(uint64_t address, uint64_t length)
{
    return address >= SIZE || length > SIZE - address ? NULL : ram + address;
}

static void setup(void)
{
    memset(ram, 0xEE, sizeof ram);
    sim_acpi_write(&memory, &places, ecam, 2);
}

/* A number of 1 to 8 bytes. */
static uint64_t at(uint64_t address, unsigned int width)
{
    uint64_t value = 0;

    for (unsigned int i = 0; i < width; i++) {
        value |= (uint64_t)ram[address + i] << 8 * i;
    }
    return value;
}

static void check_sum(uint64_t address, uint64_t length)
{
    uint8_t sum = 0;

    for (uint64_t i = 0; i < length; i++) {
        sum = (uint8_t)(sum + ram[address + i]);
    }
    ck_assert_uint_eq(sum, 0);
}

/* Table 5.4: the header. */
static void check_table(uint64_t table, const char *signature, uint64_t length, uint64_t revision)
{
    ck_assert_uint_eq(table % 16, 0);
    ck_assert_uint_ge(table, TABLES);
    ck_assert_uint_le(table + length, SIZE);
    ck_assert_mem_eq(ram + table, signature, 4);
    ck_assert_uint_eq(at(table + 4, 4), length);
    ck_assert_uint_eq(at(table + 8, 1), revision);
    ck_assert_mem_eq(ram + table + 10, "DRYDCKSIMULATE", 14);
    check_sum(table, length);
}

/* The table number @p index of the XSDT. */
static uint64_t table_of_xsdt(unsigned int index)
{
    return at(at(RSDP + 24, 8) + 36 + 8ul * index, 8);
}

/* 5.2.5.3. */
START_TEST(the_root_pointer_has_both_checksums)
{
    ck_assert_mem_eq(ram + RSDP, "RSD PTR ", 8);
    check_sum(RSDP, 20);
    check_sum(RSDP, 36);
    ck_assert_mem_eq(ram + RSDP + 9, "DRYDCK", 6);
    ck_assert_uint_eq(at(RSDP + 15, 1), 2);
    ck_assert_uint_eq(at(RSDP + 20, 4), 36);
    ck_assert_uint_eq(at(RSDP + 33, 3), 0);
    ck_assert_uint_eq(at(RSDP + 36, 4), 0xEEEEEEEE);
}
END_TEST

/* 5.2.7, 5.2.8. */
START_TEST(rsdt_and_xsdt_list_the_same_tables)
{
    uint64_t rsdt = at(RSDP + 16, 4);
    uint64_t xsdt = at(RSDP + 24, 8);

    check_table(rsdt, "RSDT", 48, 1);
    check_table(xsdt, "XSDT", 60, 1);
    for (unsigned int i = 0; i < 3; i++) {
        ck_assert_uint_eq(at(rsdt + 36 + 4ul * i, 4), at(xsdt + 36 + 8ul * i, 8));
    }
    ck_assert_mem_eq(ram + table_of_xsdt(0), "FACP", 4);
    ck_assert_mem_eq(ram + table_of_xsdt(1), "APIC", 4);
    ck_assert_mem_eq(ram + table_of_xsdt(2), "MCFG", 4);
}
END_TEST

/* Table 5.9: offset, width and value of all fields that are not 0. */
START_TEST(the_fadt_has_its_fields)
{
    static const struct {
        unsigned int offset, width;
        uint64_t value;
    } fields[] = {
        {36, 4, FACS},                     /* FIRMWARE_CTRL */
        {45, 1, 1},                        /* Preferred_PM_Profile: desktop */
        {46, 2, 9},                        /* SCI_INT */
        {56, 4, 0x600},                    /* PM1a_EVT_BLK */
        {64, 4, 0x604},                    /* PM1a_CNT_BLK */
        {76, 4, 0x608},                    /* PM_TMR_BLK */
        {88, 1, 4},                        /* PM1_EVT_LEN */
        {89, 1, 2},                        /* PM1_CNT_LEN */
        {91, 1, 4},                        /* PM_TMR_LEN */
        {96, 2, 0xFFFF},                   /* P_LVL2_LAT above 100: not supported */
        {98, 2, 0xFFFF},                   /* P_LVL3_LAT above 1000: not supported */
        {108, 1, 0x32},                    /* CENTURY */
        {109, 2, 3},                       /* IAPC_BOOT_ARCH: LEGACY_DEVICES, 8042 */
        {112, 4, 0x575},                   /* flags: bits 0, 2, 4, 5, 6, 8, 10 */
        {116, 4, 0x01000801},              /* RESET_REG: I/O, 8 bits, at bit 0, byte access */
        {120, 8, 0xCF9},      {128, 1, 6}, /* RESET_VALUE */
        {131, 1, 5},                       /* minor version */
        {148, 4, 0x02002001},              /* X_PM1a_EVT_BLK: I/O, 32 bits, word access */
        {152, 8, 0x600},      {172, 4, 0x02001001}, /* X_PM1a_CNT_BLK: 16 bits */
        {176, 8, 0x604},      {208, 4, 0x03002001}, /* X_PM_TMR_BLK: 32 bits, doubleword access */
        {212, 8, 0x608},
    };
    uint64_t fadt = table_of_xsdt(0);
    uint64_t dsdt = at(fadt + 40, 4);

    check_table(fadt, "FACP", 276, 6);
    ck_assert_uint_eq(at(fadt + 140, 8), dsdt); /* X_DSDT */
    memset(ram + fadt + 40, 0, 4);
    memset(ram + fadt + 140, 0, 8);
    for (unsigned int i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        uint64_t field = fadt + fields[i].offset;

        ck_assert_msg(at(field, fields[i].width) == fields[i].value, "offset %u is 0x%jx",
                      fields[i].offset, (uintmax_t)at(field, fields[i].width));
        memset(ram + field, 0, fields[i].width);
    }
    for (uint64_t i = 36; i < 276; i++) {
        ck_assert_msg(ram[fadt + i] == 0, "offset %ju is not 0", (uintmax_t)i);
    }
}
END_TEST

/* Table 5.13. */
START_TEST(the_facs_has_a_length_and_a_version)
{
    ck_assert_mem_eq(ram + FACS, "FACS", 4);
    ck_assert_uint_eq(at(FACS + 4, 4), 64);
    ck_assert_uint_eq(at(FACS + 32, 1), 2);
    for (unsigned int i = 8; i < 64; i++) {
        ck_assert(i == 32 || ram[FACS + i] == 0);
    }
    ck_assert_uint_eq(ram[FACS + 64], 0xEE);
}
END_TEST

/* 20.2.5.1, 20.2.5.4: Name (_S5, Package () { 0, 0, 0, 0 }). */
START_TEST(the_dsdt_says_how_to_power_off)
{
    static const uint8_t code[] = {0x08, '_', 'S', '5', '_', 0x12, 0x06, 0x04, 0, 0, 0, 0};
    uint64_t dsdt = at(table_of_xsdt(0) + 40, 4);

    check_table(dsdt, "DSDT", 48, 2);
    ck_assert_mem_eq(ram + dsdt + 36, code, sizeof code);
}
END_TEST

/* 5.2.12: local APIC, I/O APIC, two overrides, NMI at LINT1. */
START_TEST(the_madt_describes_the_interrupt_controllers)
{
    static const uint8_t expected[] = {
        0x00, 0x00, 0xE0, 0xFE, 1,    0,    0,    0,                   /* address, PCAT_COMPAT */
        0,    8,    0,    0,    1,    0,    0,    0,                   /* 5.2.12.2 */
        1,    12,   0,    0,    0x00, 0x00, 0xC0, 0xFE, 0,    0, 0, 0, /* 5.2.12.3 */
        2,    10,   0,    0,    2,    0,    0,    0,    0,    0, /* 5.2.12.5: IRQ 0 is GSI 2 */
        2,    10,   0,    9,    9,    0,    0,    0,    0x0D, 0, /* active high, level */
        4,    6,    0xFF, 0,    0,    1, /* 5.2.12.7: all processors, LINT1 */
    };
    uint64_t madt = table_of_xsdt(1);

    check_table(madt, "APIC", 90, 6);
    ck_assert_mem_eq(ram + madt + 36, expected, sizeof expected);
}
END_TEST

/* [PCIFW 3.2] tables 4-2 and 4-3. */
START_TEST(the_mcfg_lists_the_windows)
{
    uint64_t mcfg = table_of_xsdt(2);

    check_table(mcfg, "MCFG", 76, 1);
    ck_assert_uint_eq(at(mcfg + 36, 8), 0);
    ck_assert_uint_eq(at(mcfg + 44, 8), 0xB0000000);
    ck_assert_uint_eq(at(mcfg + 52, 2), 0);
    ck_assert_uint_eq(at(mcfg + 54, 1), 0);
    ck_assert_uint_eq(at(mcfg + 55, 1), 0xFF);
    ck_assert_uint_eq(at(mcfg + 56, 4), 0);
    ck_assert_uint_eq(at(mcfg + 60, 8), 0x8123400000);
    ck_assert_uint_eq(at(mcfg + 68, 2), 0x1234);
    ck_assert_uint_eq(at(mcfg + 70, 1), 0x10);
    ck_assert_uint_eq(at(mcfg + 71, 1), 0x1F);
}
END_TEST

START_TEST(there_is_no_mcfg_without_windows)
{
    sim_acpi_write(&memory, &places, NULL, 0);
    check_table(at(RSDP + 16, 4), "RSDT", 44, 1);
    check_table(at(RSDP + 24, 8), "XSDT", 52, 1);
}
END_TEST

START_TEST(the_kernel_finds_the_windows)
{
    struct kecam windows[4];

    ck_assert_uint_eq(kacpi_find_ecam(RSDP, windows, 4), 2);
    ck_assert_uint_eq(windows[0].base, 0xB0000000);
    ck_assert_uint_eq(windows[1].base, 0x8123400000);
    ck_assert_uint_eq(windows[1].segment, 0x1234);
    ck_assert_uint_eq(windows[1].first_bus, 0x10);
    ck_assert_uint_eq(windows[1].last_bus, 0x1F);
}
END_TEST

START_TEST(the_most_windows_fit_the_room_for_tables)
{
    static struct sim_acpi_ecam many[128];
    uint64_t last = 0;

    sim_acpi_write(&memory, &places, many, 128);
    last = at(RSDP + 24, 8);
    check_table(table_of_xsdt(2), "MCFG", 44 + 128 * 16, 1);
    check_table(last, "XSDT", 60, 1); /* within the 4096 bytes */
}
END_TEST

START_TEST(nothing_else_is_written)
{
    ck_assert_int_eq(memcmp(ram, ram + 1, RSDP - 1), 0);
    ck_assert_uint_eq(ram[RSDP - 1], 0xEE);
    ck_assert_int_eq(memcmp(ram + FACS + 64, ram + FACS + 65, TABLES - FACS - 65), 0);
    ck_assert_uint_eq(ram[TABLES - 1], 0xEE);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("acpi_tables");
    TCase *tables = tcase_create("tables");

    tcase_add_checked_fixture(tables, setup, NULL);
    tcase_add_test(tables, the_root_pointer_has_both_checksums);
    tcase_add_test(tables, rsdt_and_xsdt_list_the_same_tables);
    tcase_add_test(tables, the_fadt_has_its_fields);
    tcase_add_test(tables, the_facs_has_a_length_and_a_version);
    tcase_add_test(tables, the_dsdt_says_how_to_power_off);
    tcase_add_test(tables, the_madt_describes_the_interrupt_controllers);
    tcase_add_test(tables, the_mcfg_lists_the_windows);
    tcase_add_test(tables, there_is_no_mcfg_without_windows);
    tcase_add_test(tables, the_kernel_finds_the_windows);
    tcase_add_test(tables, the_most_windows_fit_the_room_for_tables);
    tcase_add_test(tables, nothing_else_is_written);
    suite_add_tcase(suite, tables);
    return suite;
}
