/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tables of capabilities, hal/include/drydock/pci_cap_list.def: every bit of every register
 * is in one field, registers follow each other without gaps, no ID is there twice.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drydock/field.h"
#include "sim/util/attributes.h"
#include "tests/unit/unit.h"

enum row_kind {
    ROW_FIRST,    /* a capability of the first list */
    ROW_EXTENDED, /* one of the extended list */
    ROW_RECORD,
    ROW_REGISTER,
    ROW_FIELD,
};

struct row {
    enum row_kind kind;
    const char *name;
    unsigned int id; /* of a record: bytes */
    unsigned int offset, bytes, count;
    unsigned int hi, lo;
    const char *access;
};

/* clang-format off */
static const struct row rows[] = {
#define C(table, number, words)           {.kind = ROW_FIRST, .name = #table, .id = (number)},
#define E(table, number, words)           {.kind = ROW_EXTENDED, .name = #table, .id = (number)},
#define A(table, size, words)             {.kind = ROW_RECORD, .name = #table, .id = (size)},
#define R(register, at, size, number)     {.kind = ROW_REGISTER, .name = #register, .offset = (at), .bytes = (size), .count = (number)},
#define F(field, high, low, permission)   {.kind = ROW_FIELD, .name = #field, .hi = (high), .lo = (low), .access = #permission},
#include "drydock/pci_cap_list.def"
#undef C
#undef E
#undef A
#undef R
#undef F
};
/* clang-format on */

/* As ck_assert_msg(), which is slow where it holds. */
SIM_PRINTF(2, 3) static void require(bool condition, const char *format, ...)
{
    char text[256];
    va_list arguments;

    if (condition) {
        return;
    }
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    ck_abort_msg("%s", text);
}

#define ROWS (sizeof rows / sizeof rows[0])

/* The row after a register's fields. */
static size_t check_register(size_t index)
{
    const struct row *here = &rows[index];
    uint64_t all = DD_MASK(8 * here->bytes - 1, 0);
    uint64_t seen = 0;

    require(here->bytes == 1 || here->bytes == 2 || here->bytes == 4, "%s has %u bytes", here->name,
            here->bytes);
    require(here->count > 0, "%s is there 0 times", here->name);
    for (index++; index < ROWS && rows[index].kind == ROW_FIELD; index++) {
        const struct row *field = &rows[index];
        uint64_t bits;

        require(field->lo <= field->hi && field->hi < 8 * here->bytes, "%s is outside %s",
                field->name, here->name);
        bits = DD_MASK(field->hi, field->lo);
        require((seen & bits) == 0, "%s overlaps another field of %s", field->name, here->name);
        seen |= bits;
    }
    require(seen == all, "%s has bits in no field", here->name);
    return index;
}

/* The row after a table; the first register begins at `start`. */
static size_t check_table(size_t index, unsigned int start, unsigned int *end)
{
    const char *table = rows[index].name;
    unsigned int next = start;

    index++;
    require(index < ROWS && rows[index].kind == ROW_REGISTER, "%s has no register", table);
    while (index < ROWS && rows[index].kind == ROW_REGISTER) {
        const struct row *here = &rows[index];

        require(here->offset == next, "%s: %s is at %#x, the one before ends at %#x", table,
                here->name, here->offset, next);
        require(here->offset % here->bytes == 0, "%s is not aligned", here->name);
        next += here->bytes * here->count;
        index = check_register(index);
    }
    *end = next;
    return index;
}

START_TEST(every_bit_of_every_register_is_in_one_field_and_registers_have_no_gaps)
{
    unsigned int tables = 0;
    unsigned int end;

    for (size_t i = 0; i < ROWS; tables++) {
        const struct row *head = &rows[i];

        switch (head->kind) {
        case ROW_FIRST:
            i = check_table(i, 2, &end);
            require(end <= 0xC0, "%s is larger than its list's space", head->name);
            break;
        case ROW_EXTENDED:
            i = check_table(i, 4, &end);
            break;
        case ROW_RECORD:
            /* A form of a capability begins after its ID and pointer, as the capability does. */
            i = check_table(i, rows[i + 1].offset <= 4 ? rows[i + 1].offset : 0, &end);
            require(end == head->id, "%s ends at %#x", head->name, end);
            break;
        case ROW_REGISTER:
        case ROW_FIELD:
        default:
            ck_abort_msg("%s is in no table", head->name);
        }
    }
    ck_assert_uint_gt(tables, 15);
}
END_TEST

START_TEST(fields_have_an_access_that_field_h_knows)
{
    static const char *const known[] = {"RW",    "RO",     "WO",  "RW1C", "RSVDP",
                                        "RSVDZ", "HWINIT", "ROS", "RWS",  "RW1CS"};

    for (size_t i = 0; i < ROWS; i++) {
        size_t match = 0;

        if (rows[i].kind != ROW_FIELD) {
            continue;
        }
        while (match < sizeof known / sizeof known[0] &&
               strcmp(known[match], rows[i].access) != 0) {
            match++;
        }
        require(match < sizeof known / sizeof known[0], "%s is %s", rows[i].name, rows[i].access);
    }
}
END_TEST

START_TEST(reserved_fields_say_so_in_their_name)
{
    for (size_t i = 0; i < ROWS; i++) {
        if (rows[i].kind == ROW_FIELD && strncmp(rows[i].access, "RSVD", 4) == 0) {
            require(strstr(rows[i].name, "RESERVED") != NULL, "%s", rows[i].name);
        }
    }
}
END_TEST

/* Forms of a capability may share the table of a register. */
static bool is_same_field(const struct row *one, const struct row *other)
{
    return one->hi == other->hi && one->lo == other->lo && strcmp(one->access, other->access) == 0;
}

static int compare_names(const void *left, const void *right)
{
    const struct row *one = *(const struct row *const *)left;
    const struct row *other = *(const struct row *const *)right;

    return one->kind != other->kind ? (int)one->kind - (int)other->kind
                                    : strcmp(one->name, other->name);
}

START_TEST(no_capability_has_two_tables_and_fields_of_a_name_are_alike)
{
    static const struct row *sorted[ROWS];
    bool has_table[2][0x10000] = {{false}};

    for (size_t i = 0; i < ROWS; i++) {
        sorted[i] = &rows[i];
        if (rows[i].kind <= ROW_EXTENDED) {
            require(!has_table[rows[i].kind][rows[i].id], "%s is not the only one with its ID",
                    rows[i].name);
            has_table[rows[i].kind][rows[i].id] = true;
        }
    }
    qsort(sorted, ROWS, sizeof(const struct row *), compare_names);
    for (size_t i = 1; i < ROWS; i++) {
        require(compare_names(&sorted[i - 1], &sorted[i]) != 0 ||
                    (sorted[i]->kind == ROW_FIELD && is_same_field(sorted[i - 1], sorted[i])) ||
                    sorted[i]->kind == ROW_REGISTER,
                "%s is there twice", sorted[i]->name);
    }
}
END_TEST

/* Some of the latest fields, and of those unlike their neighbours. Sections are of [PCIe 6]. */
static const struct row manual[] = {
    /* 7.7.6.2, 7.7.6.4 */
    {.name = "DD_PCI_PHYSICAL_32GT_MODE_0_SUPPORTED", .hi = 8, .lo = 8, .access = "RO"},
    {.name = "DD_PCI_PHYSICAL_32GT_MODES_RESERVED", .hi = 15, .lo = 11, .access = "RO"},
    {.name = "DD_PCI_PHYSICAL_32GT_REQUEST", .hi = 4, .lo = 4, .access = "RW1CS"},
    {.name = "DD_PCI_PHYSICAL_32GT_MODIFIED_RECEIVED", .hi = 5, .lo = 5, .access = "RO"},
    {.name = "DD_PCI_PHYSICAL_32GT_ENHANCED_CONTROL", .hi = 7, .lo = 6, .access = "RO"},
    {.name = "DD_PCI_PHYSICAL_32GT_PRECODING_ON", .hi = 8, .lo = 8, .access = "RO"},
    {.name = "DD_PCI_PHYSICAL_32GT_PRECODING_REQUEST", .hi = 9, .lo = 9, .access = "RO"},
    {.name = "DD_PCI_PHYSICAL_32GT_NO_EQUALIZATION_RECEIVED", .hi = 10, .lo = 10, .access = "RO"},
    /* 7.7.7.4 */
    {.name = "DD_PCI_PHYSICAL_64GT_PHASE_3", .hi = 3, .lo = 3, .access = "ROS"},
    {.name = "DD_PCI_PHYSICAL_64GT_PRECODING_ON", .hi = 5, .lo = 5, .access = "RO"},
    {.name = "DD_PCI_PHYSICAL_64GT_PRECODING_REQUEST", .hi = 6, .lo = 6, .access = "RO"},
    {.name = "DD_PCI_PHYSICAL_64GT_NO_EQUALIZATION_RECEIVED", .hi = 7, .lo = 7, .access = "RO"},
    /* 7.7.9.2 */
    {.name = "DD_PCI_DEVICE_3_OHC_E_SUPPORT", .hi = 14, .lo = 12, .access = "HWINIT"},
    /* 7.9.19.4 */
    {.name = "DD_PCI_NPEM_ENCLOSURE_STATUS", .hi = 31, .lo = 24, .access = "RW1C"},
    /* 7.9.20.3 */
    {.name = "DD_PCI_ALTERNATE_PROTOCOL_NEGOTIATION_ENABLE", .hi = 8, .lo = 8, .access = "RW"},
    /* 7.9.24.2 to 7.9.24.4 */
    {.name = "DD_PCI_DOE_ATTENTION_SUPPORT", .hi = 12, .lo = 12, .access = "HWINIT"},
    {.name = "DD_PCI_DOE_ASYNC_SUPPORT", .hi = 13, .lo = 13, .access = "HWINIT"},
    {.name = "DD_PCI_DOE_ATTENTION_NOT_NEEDED", .hi = 2, .lo = 2, .access = "RW"},
    {.name = "DD_PCI_DOE_ASYNC_ENABLE", .hi = 3, .lo = 3, .access = "RW"},
    {.name = "DD_PCI_DOE_ASYNC_STATUS", .hi = 3, .lo = 3, .access = "RO"},
    {.name = "DD_PCI_DOE_AT_ATTENTION", .hi = 4, .lo = 4, .access = "RO"},
    /* 7.9.26.4.2, 7.9.26.5.1, 7.9.26.5.3 */
    {.name = "DD_PCI_IDE_LINK_FAIL_RECEIVED", .hi = 31, .lo = 31, .access = "RW1C"},
    {.name = "DD_PCI_IDE_ADDRESS_BLOCKS", .hi = 3, .lo = 0, .access = "RO"},
    {.name = "DD_PCI_IDE_STREAM_FAIL_RECEIVED", .hi = 31, .lo = 31, .access = "RW1C"},
    /* 7.9.17.2 to 7.9.17.4 */
    {.name = "DD_PCI_HIERARCHY_REQUESTER", .hi = 15, .lo = 0, .access = "RO"},
    {.name = "DD_PCI_HIERARCHY_VF_CONFIGURABLE", .hi = 29, .lo = 29, .access = "RO"},
    {.name = "DD_PCI_HIERARCHY_AUTHORITY", .hi = 7, .lo = 0, .access = "RW"},
    {.name = "DD_PCI_HIERARCHY_GUID_143_128", .hi = 15, .lo = 0, .access = "RW"},
    /* 7.8.14.3 to 7.8.14.5 of revision 6.3 */
    {.name = "DD_PCI_NOP_FLIT_RATE", .hi = 13, .lo = 10, .access = "RWS"},
    {.name = "DD_PCI_NOP_FLIT_FIRST_STREAM", .hi = 31, .lo = 24, .access = "RWS"},
    {.name = "DD_PCI_NOP_FLIT_OPCODE", .hi = 8, .lo = 2, .access = "RWS"},
    {.name = "DD_PCI_NOP_FLIT_IN_PROGRESS", .hi = 0, .lo = 0, .access = "RO"},
};

START_TEST(fields_are_where_the_manual_has_them)
{
    const struct row *field = &manual[_i];
    size_t found = 0;

    for (size_t i = 0; i < ROWS; i++) {
        if (rows[i].kind == ROW_FIELD && strcmp(rows[i].name, field->name) == 0) {
            require(is_same_field(&rows[i], field), "%s is %u:%u %s", field->name, rows[i].hi,
                    rows[i].lo, rows[i].access);
            found++;
        }
    }
    require(found == 1, "%s is there %zu times", field->name, found);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pci_cap_tables");
    TCase *tables = tcase_create("tables");

    tcase_add_test(tables, every_bit_of_every_register_is_in_one_field_and_registers_have_no_gaps);
    tcase_add_test(tables, fields_have_an_access_that_field_h_knows);
    tcase_add_test(tables, reserved_fields_say_so_in_their_name);
    tcase_add_test(tables, no_capability_has_two_tables_and_fields_of_a_name_are_alike);
    tcase_add_loop_test(tables, fields_are_where_the_manual_has_them, 0,
                        (int)(sizeof manual / sizeof manual[0]));
    suite_add_tcase(suite, tables);
    return suite;
}
