/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Registers by the tables of hal/: which fields differ, under the manual's names.
 *
 * A field counts if both dumps know all of its bits. Not compared are reserved
 * fields and those that software clears by writing 1, which tell what has happened.
 */
#include <ctype.h>
#include <string.h>

#include "drydock/field.h"
#include "sim/pci/diff/pci_diff_internal.h"

/* What ACCESS of a table's line means here. */
enum access {
    ACCESS_COMPARED,
    ACCESS_PASSED_OVER,
    ACCESS_RW = ACCESS_COMPARED,
    ACCESS_RO = ACCESS_COMPARED,
    ACCESS_WO = ACCESS_PASSED_OVER,
    ACCESS_RW1C = ACCESS_PASSED_OVER,
    ACCESS_HWINIT = ACCESS_COMPARED,
    ACCESS_ROS = ACCESS_COMPARED,
    ACCESS_RWS = ACCESS_COMPARED,
    ACCESS_RW1CS = ACCESS_PASSED_OVER,
    ACCESS_RSVDP = ACCESS_PASSED_OVER,
    ACCESS_RSVDZ = ACCESS_PASSED_OVER,
};

enum kind {
    KIND_FIELD,
    KIND_REGISTER,
    KIND_FIRST_LIST, /* begins the table of a capability */
    KIND_EXTENDED,
    KIND_PART, /* begins the table of something that is not compared */
};

/* A line of a table. */
struct row {
    const char *name;
    enum kind kind;
    uint16_t id;
    uint16_t offset;
    uint8_t bytes, count; /* of a register */
    uint8_t hi, lo;       /* of a field */
    enum access access;
};

#define R(text, position, width, number) \
    {.name = #text,                      \
     .kind = KIND_REGISTER,              \
     .offset = (position),               \
     .bytes = (width),                   \
     .count = (number)},
#define F(text, high, low, rights) \
    {.name = #text, .kind = KIND_FIELD, .hi = (high), .lo = (low), .access = ACCESS_##rights},
#define C(text, number, words) {.kind = KIND_FIRST_LIST, .id = (number)},
#define E(text, number, words) {.kind = KIND_EXTENDED, .id = (number)},
#define A(text, length, words) {.kind = KIND_PART},
static const struct row common_rows[] = {
#include "drydock/regs/pci_header_common.def"
};
static const struct row type0_rows[] = {
#include "drydock/regs/pci_header_type0.def"
};
static const struct row type1_rows[] = {
#include "drydock/regs/pci_header_type1.def"
};
static const struct row type2_rows[] = {
#include "drydock/regs/pci_header_type2.def"
};
static const struct row capability_rows[] = {
#include "drydock/pci_cap_list.def"
};
#undef A
#undef E
#undef C
#undef F
#undef R

/* Rows to compare, and where. */
struct table {
    const struct row *rows;
    size_t count;
    const char *prefix;         /* of what is said */
    unsigned int before, after; /* where the registers begin */
    unsigned int length;        /* bytes that there are at both places */
};

/* "DD_PCI_COMMAND_BUS_MASTER" in words: "command bus master". */
static void make_words(const char *name, char *words, size_t size)
{
    static const char prefix[] = "DD_PCI_";

    name += strncmp(name, prefix, sizeof prefix - 1) == 0 ? sizeof prefix - 1 : 0;
    (void)snprintf(words, size, "%s", name);
    for (char *letter = words; *letter != '\0'; letter++) {
        *letter = (char)(*letter == '_' ? ' ' : tolower((unsigned char)*letter));
    }
}

static void format_value(char *text, size_t size, const struct row *field, uint32_t value)
{
    if (field->hi == field->lo) {
        (void)snprintf(text, size, "%s", value != 0 ? "on" : "off");
    } else {
        (void)snprintf(text, size, value < 10 ? "%x" : "0x%x", value);
    }
}

/* Compare a field of registers at two places. */
static void compare_field(struct diff_comparison *comparison, const struct table *table,
                          const struct row *field, const struct row *reg, unsigned int index)
{
    struct sim_pci_pair *pair = comparison->pair;
    unsigned int offset = reg->offset + index * reg->bytes;
    uint32_t mask = (uint32_t)DD_MASK(field->hi, field->lo);
    uint32_t before = diff_load(pair->before, table->before + offset, reg->bytes) & mask;
    uint32_t after = diff_load(pair->after, table->after + offset, reg->bytes) & mask;
    char words[80];
    char number[16] = "";
    char texts[2][24];

    if (before == after || field->access == ACCESS_PASSED_OVER ||
        !diff_both_know(pair, table->before + offset, table->after + offset, mask)) {
        return;
    }
    make_words(field->name, words, sizeof words);
    if (reg->count > 1) {
        (void)snprintf(number, sizeof number, " %u", index);
    }
    format_value(texts[0], sizeof texts[0], field, before >> field->lo);
    format_value(texts[1], sizeof texts[1], field, after >> field->lo);
    diff_add(pair, texts[0], texts[1], "%s%s%s", table->prefix, words, number);
}

/* Compare one of the equal registers of a row, unless its bytes are done or not all there. */
static void compare_register(struct diff_comparison *comparison, const struct table *table,
                             const struct row *reg, unsigned int index)
{
    const struct row *end = table->rows + table->count;
    unsigned int offset = reg->offset + index * reg->bytes;

    if (offset + reg->bytes > table->length || comparison->done[table->before + offset]) {
        return;
    }
    for (const struct row *field = reg + 1; field < end && field->kind == KIND_FIELD; field++) {
        compare_field(comparison, table, field, reg, index);
    }
    memset(&comparison->done[table->before + offset], true, reg->bytes);
}

static void compare_table(struct diff_comparison *comparison, const struct table *table)
{
    for (size_t i = 0; i < table->count; i++) {
        const struct row *reg = &table->rows[i];

        for (unsigned int index = 0; reg->kind == KIND_REGISTER && index < reg->count; index++) {
            compare_register(comparison, table, reg, index);
        }
    }
}

#define TABLE(array)                                      \
    {                                                     \
        array, sizeof array / sizeof *array, "", 0, 0, 64 \
    }

void diff_header(struct diff_comparison *comparison)
{
    static const struct table common = TABLE(common_rows);
    static const struct table types[] = {TABLE(type0_rows), TABLE(type1_rows), TABLE(type2_rows)};
    unsigned int type = comparison->pair->before->bytes[0x0E] & 0x7F;

    compare_table(comparison, &common);
    if (type < sizeof types / sizeof *types) {
        compare_table(comparison, &types[type]);
    }
}

/* Find the rows of a capability; none if it has no table. */
static void find_rows(const struct diff_entry *entry, struct table *table)
{
    const struct row *end = capability_rows + sizeof capability_rows / sizeof *capability_rows;
    const struct row *row = capability_rows;
    enum kind wanted = entry->extended ? KIND_EXTENDED : KIND_FIRST_LIST;

    while (row < end && (row->kind != wanted || row->id != entry->id)) {
        row++;
    }
    table->rows = row + (row < end);
    for (row = table->rows; row < end && row->kind <= KIND_REGISTER; row++) {
        table->count++;
    }
}

void diff_fields(struct diff_comparison *comparison, const struct diff_entry *before,
                 const struct diff_entry *after)
{
    unsigned int length = before->end - before->offset;
    unsigned int other = after->end - after->offset;
    struct diff_entry_name name = diff_name_entry(after);
    char prefix[sizeof name.text + 2];
    struct table table = {.before = before->offset, .after = after->offset, .prefix = prefix};

    (void)snprintf(prefix, sizeof prefix, "%s ", name.text);
    table.length = length < other ? length : other;
    find_rows(before, &table);
    compare_table(comparison, &table);
}
