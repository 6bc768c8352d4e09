/* SPDX-License-Identifier: MIT */
/*
 * Vital Product Data in words. Reading it takes a write and a wait for each dword,
 * so it is read only if the caller says how to wait.
 */
#include "drydock/pci_vpd.h"
#include "pci_print.h"

/* How the data of a field is printed. */
enum format {
    FORMAT_TEXT,
    FORMAT_BINARY,
    FORMAT_CHECKSUM,
    FORMAT_FREE,
};

/* A keyword of fields; with second '*' any that begins so. Spec: [PCI 3.0] I.3. */
struct keyword {
    char first, second;
    enum format format;
    const char *name;
};

static const struct keyword keywords[] = {
    {'C', 'C', FORMAT_TEXT, "CCIN"},
    {'C', 'P', FORMAT_BINARY, "Extended capability"},
    {'E', 'C', FORMAT_TEXT, "Engineering changes"},
    {'F', 'C', FORMAT_TEXT, "Feature code"},
    {'F', 'N', FORMAT_TEXT, "FRU"},
    {'M', 'N', FORMAT_TEXT, "Manufacture ID"},
    {'N', 'A', FORMAT_TEXT, "Network address"},
    {'P', 'N', FORMAT_TEXT, "Part number"},
    {'R', 'M', FORMAT_TEXT, "Firmware version"},
    {'R', 'V', FORMAT_CHECKSUM, "Reserved"},
    {'R', 'W', FORMAT_FREE, "Read-write area"},
    {'S', 'N', FORMAT_TEXT, "Serial number"},
    {'V', '*', FORMAT_TEXT, "Vendor specific"},
    {'Y', 'A', FORMAT_TEXT, "Asset tag"},
    {'Y', '*', FORMAT_TEXT, "System specific"},
    {'Z', '*', FORMAT_TEXT, "Product specific"},
};

static const struct keyword *find_keyword(const char *text)
{
    static const struct keyword unknown = {'*', '*', FORMAT_BINARY, "Unknown"};

    for (size_t i = 0; i < sizeof keywords / sizeof keywords[0]; i++) {
        if (keywords[i].first == text[0] &&
            (keywords[i].second == '*' || keywords[i].second == text[1])) {
            return &keywords[i];
        }
    }
    return &unknown;
}

/* A NUL at the end is one of a C string. */
static void put_character(struct dd_text *line, uint8_t character, bool is_last)
{
    if (character == '\\') {
        dd_text_put(line, "\\\\");
    } else if (character < ' ' || character == 0x7F) {
        if (character != 0 || !is_last) {
            dd_text_format(line, "\\x%02x", character);
        }
    } else {
        dd_text_put_character(line, (char)character);
    }
}

static enum dd_status put_text(struct dd_text *line, struct dd_pci_vpd *vpd, uint16_t at,
                               uint16_t length)
{
    for (uint16_t i = 0; i < length; i++) {
        uint8_t byte;
        enum dd_status status = dd_pci_vpd_read(vpd, (uint16_t)(at + i), &byte, 1);

        if (status != DD_OK) {
            return status;
        }
        put_character(line, byte, i + 1u == length);
    }
    return DD_OK;
}

static enum dd_status put_binary(struct dd_text *line, struct dd_pci_vpd *vpd,
                                 const struct dd_pci_vpd_field *field)
{
    for (uint16_t i = 0; i < field->length; i++) {
        uint8_t byte;
        enum dd_status status = dd_pci_vpd_read(vpd, (uint16_t)(field->at + i), &byte, 1);

        if (status != DD_OK) {
            return status;
        }
        dd_text_format(line, i == 0 ? "%02x" : " %02x", byte);
    }
    return DD_OK;
}

static enum dd_status put_data(struct dd_text *line, struct dd_pci_vpd *vpd,
                               const struct dd_pci_vpd_field *field, enum format format)
{
    enum dd_status status;

    switch (format) {
    case FORMAT_TEXT:
        return put_text(line, vpd, field->at, field->length);
    case FORMAT_BINARY:
        return put_binary(line, vpd, field);
    case FORMAT_CHECKSUM:
        status = dd_pci_vpd_check(vpd);
        dd_text_format(line, "checksum %s, %d byte(s) reserved", status == DD_OK ? "good" : "bad",
                       field->length - 1);
        return status == DD_ENODEV ? status : DD_OK;
    case FORMAT_FREE:
    default:
        dd_text_format(line, "%u byte(s) free", field->length);
        return DD_OK;
    }
}

static enum dd_status print_fields(struct pci_printing *printing, struct dd_pci_vpd *vpd,
                                   const struct dd_pci_vpd_item *item)
{
    struct dd_text *line = &printing->line;
    struct dd_pci_vpd_field field;
    uint16_t at = 0;
    enum dd_status status;

    dd_text_put(line, item->tag == DD_PCI_VPD_READ_ONLY ? "\t\tRead-only fields:"
                                                        : "\t\tRead/write fields:");
    dd_pci_print_end(printing);
    status = dd_pci_vpd_next_field(vpd, item, &at, &field);
    while (status == DD_OK) {
        const struct keyword *keyword = find_keyword(field.keyword);

        dd_text_put(line, "\t\t\t[");
        put_character(line, (uint8_t)field.keyword[0], false);
        put_character(line, (uint8_t)field.keyword[1], true);
        dd_text_format(line, "] %s: ", keyword->name);
        status = put_data(line, vpd, &field, keyword->format);
        dd_pci_print_end(printing);
        if (status == DD_OK) {
            status = dd_pci_vpd_next_field(vpd, item, &at, &field);
        }
    }
    return status == DD_ENOENT || status == DD_EMALFORMED ? DD_OK : status;
}

/* DD_ENOTSUP: a resource of which nothing is known ends the list. */
static enum dd_status print_item(struct pci_printing *printing, struct dd_pci_vpd *vpd,
                                 const struct dd_pci_vpd_item *item)
{
    enum dd_status status;

    switch (item->tag) {
    case DD_PCI_VPD_IDENTIFIER:
        dd_text_put(&printing->line, "\t\tProduct Name: ");
        status = put_text(&printing->line, vpd, item->at, item->length);
        dd_pci_print_end(printing);
        return status;
    case DD_PCI_VPD_READ_ONLY:
    case DD_PCI_VPD_READ_WRITE:
        return print_fields(printing, vpd, item);
    default:
        dd_text_format(&printing->line, "\t\tUnknown %s resource type %02x, will not decode more.",
                       item->tag >= 0x80 ? "large" : "small", item->tag & 0x7Fu);
        dd_pci_print_end(printing);
        return DD_ENOTSUP;
    }
}

static enum dd_status print_items(struct pci_printing *printing, struct dd_pci_vpd *vpd)
{
    struct dd_pci_vpd_item item;
    uint16_t at = 0;
    enum dd_status status = dd_pci_vpd_next(vpd, &at, &item);

    while (status == DD_OK) {
        status = print_item(printing, vpd, &item);
        if (status == DD_OK) {
            status = dd_pci_vpd_next(vpd, &at, &item);
        }
    }
    if (status == DD_ENODEV || status == DD_ENOTSUP) {
        return status == DD_ENOTSUP ? DD_OK : status;
    }
    if (status == DD_ENOENT) {
        dd_text_put(&printing->line, "\t\tEnd");
    } else {
        dd_text_put(&printing->line, vpd->has_last ? "\t\tNo end tag found" : "\t\tNot readable");
    }
    dd_pci_print_end(printing);
    return DD_OK;
}

enum dd_status dd_pci_print_vpd(struct pci_printing *printing)
{
    const struct dd_pci_print *print = printing->print;
    const struct dd_pci_vpd_place place = {print->access, print->address,
                                           printing->capability.offset};
    struct dd_pci_vpd vpd;
    enum dd_status status = dd_pci_vpd_open(&vpd, &place, print->delay);

    if (status != DD_OK) {
        return status;
    }
    dd_text_put(&printing->line, "Vital Product Data");
    dd_pci_print_end(printing);
    if (print->delay == NULL) {
        dd_text_put(&printing->line, "\t\tNot readable");
        dd_pci_print_end(printing);
        return DD_OK;
    }
    return print_items(printing, &vpd);
}
