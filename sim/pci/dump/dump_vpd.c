/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Vital Product Data: what the verbose text prints of it becomes bytes again.
 *
 *     Capabilities: [d0] Vital Product Data
 *             Product Name: A network card
 *             Read-only fields:
 *                     [PN] Part number: 1234
 *                     [RV] Reserved: checksum good, 1 byte(s) reserved
 *             Read/write fields:
 *                     [RW] Read-write area: 16 byte(s) free
 *             End
 *
 * The bytes are not in configuration space but behind two registers of it, so no
 * hexadecimal row has them. They are resources of a type, a length and data; those
 * with fields have a keyword of two characters, a length and data for each. Control
 * characters are printed as \x and two digits, and some fields as bytes. The byte
 * after [RV] makes the sum of everything up to it 0. What lspci does not print in
 * full cannot be made. Spec: [PCI 3.0] I.
 */
#include "sim/pci/dump/dump_text.h"

#include <ctype.h>
#include <string.h>

/* Types of resources. */
enum {
    NAME = 0x82,
    READ_ONLY = 0x90,
    READ_WRITE = 0x91,
    END = 0x78,
};

/* A part of a line. */
struct slice {
    const char *at, *end;
};

static bool skip(struct slice *text, const char *prefix)
{
    size_t length = strlen(prefix);

    if ((size_t)(text->end - text->at) < length || memcmp(text->at, prefix, length) != 0) {
        return false;
    }
    text->at += length;
    return true;
}

static bool append(struct sim_dump_function *function, unsigned int byte)
{
    if (function->vpd_size == SIM_DUMP_VPD) {
        return false;
    }
    function->vpd[function->vpd_size++] = (uint8_t)byte;
    return true;
}

static bool append_zeros(struct sim_dump_function *function, unsigned int count)
{
    bool fits = count <= SIM_DUMP_VPD;

    for (unsigned int i = 0; i < count && fits; i++) {
        fits = append(function, 0);
    }
    return fits;
}

/* Two hexadecimal digits. */
static bool take_byte(struct slice *text, unsigned int *byte)
{
    const struct sim_dump_line line = {.text = text->at, .length = (size_t)(text->end - text->at)};

    if (!sim_dump_is_digit(&line, 0) || !sim_dump_is_digit(&line, 1)) {
        return false;
    }
    *byte = sim_dump_number(&line, 0, 2);
    text->at += 2;
    return true;
}

/* A decimal number, as far as there can be so many bytes. */
static unsigned int take_count(struct slice *text)
{
    unsigned int count = 0;

    while (text->at < text->end && isdigit((unsigned char)*text->at) && count <= SIM_DUMP_VPD) {
        count = 10 * count + (unsigned int)(*text->at++ - '0');
    }
    return count;
}

/* A string as lspci prints it. */
static bool append_text(struct sim_dump_function *function, struct slice text)
{
    bool fits = true;

    while (text.at < text.end && fits) {
        unsigned int byte = (unsigned char)*text.at++;

        if (byte == '\\' && !skip(&text, "\\") && (!skip(&text, "x") || !take_byte(&text, &byte))) {
            return false;
        }
        fits = append(function, byte);
    }
    return fits;
}

/* Bytes with a blank between two: 31 30 32. Nothing is appended unless that is all there is. */
static bool append_bytes(struct sim_dump_function *function, struct slice text)
{
    unsigned int before = function->vpd_size;
    unsigned int byte = 0;
    bool goes_on = text.at < text.end;

    while (goes_on && take_byte(&text, &byte) && append(function, byte)) {
        goes_on = skip(&text, " ");
        if (!goes_on && text.at == text.end) {
            return true;
        }
    }
    function->vpd_size = before;
    return text.at == text.end && !goes_on;
}

/* A byte for the checksum, which the lengths before it are part of, and the bytes after it. */
static bool append_checksum(struct sim_dump_vpd *vpd, struct sim_dump_function *function,
                            struct slice text)
{
    vpd->checksum_is_good = skip(&text, "checksum good, ");
    if (!vpd->checksum_is_good && !skip(&text, "checksum bad, ")) {
        return false;
    }
    vpd->checksum_at = function->vpd_size;
    return append_zeros(function, 1 + take_count(&text));
}

/* What stands after the name of a field. */
static bool append_value(struct sim_dump_vpd *vpd, struct sim_dump_function *function,
                         const char *keyword, struct slice value)
{
    if (memcmp(keyword, "RV", 2) == 0) {
        return append_checksum(vpd, function, value);
    }
    if (memcmp(keyword, "RW", 2) == 0) {
        return append_zeros(function, take_count(&value));
    }
    if (memcmp(keyword, "MN", 2) == 0 && append_bytes(function, value)) {
        return true;
    }
    return append_text(function, value);
}

/* The length of a field whose data begin at an offset; whether it may be so long. */
static bool set_length(struct sim_dump_function *function, unsigned int field_at)
{
    unsigned int length = function->vpd_size - field_at;

    function->vpd[field_at - 1] = (uint8_t)length;
    return length <= UINT8_MAX;
}

/* A mailer broke a string at a blank, and perhaps left that out. */
static bool append_rest(struct sim_dump_vpd *vpd, struct sim_dump_function *function,
                        struct slice text)
{
    bool is_apart = function->vpd_size == vpd->field_at ||
                    function->vpd[function->vpd_size - 1] == ' ' || append(function, ' ');

    return is_apart && append_text(function, text) && set_length(function, vpd->field_at);
}

static bool append_field(struct sim_dump_vpd *vpd, struct sim_dump_function *function,
                         struct slice text)
{
    const char *keyword = text.at;
    const char *colon = memchr(text.at, ':', (size_t)(text.end - text.at));
    struct slice name = {keyword, colon};
    struct slice value = {colon, text.end};

    if (vpd->resource_at == 0 || colon == NULL || colon - keyword < 4 ||
        !append(function, (unsigned char)keyword[0]) ||
        !append(function, (unsigned char)keyword[1]) || !append(function, 0)) {
        return false;
    }
    name.at += 2;
    (void)skip(&value, ":");
    (void)skip(&value, " ");
    vpd->field_at = function->vpd_size;
    return (skip(&name, "] Unknown") || skip(&name, "] Extended capability")
                ? append_bytes(function, value)
                : append_value(vpd, function, keyword, value)) &&
           set_length(function, vpd->field_at);
}

/* The length of the resource that has ended is known now, and so is the sum. */
static void close_resource(struct sim_dump_vpd *vpd, struct sim_dump_function *function)
{
    unsigned int length = function->vpd_size - vpd->resource_at;
    unsigned int sum = vpd->checksum_is_good ? 0 : 1;

    if (vpd->resource_at != 0) {
        function->vpd[vpd->resource_at - 2] = (uint8_t)length;
        function->vpd[vpd->resource_at - 1] = (uint8_t)(length >> 8);
    }
    for (unsigned int i = 0; i < vpd->checksum_at; i++) {
        sum += function->vpd[i];
    }
    if (vpd->checksum_at != 0) {
        function->vpd[vpd->checksum_at] = (uint8_t)(0u - sum);
    }
    vpd->resource_at = 0;
    vpd->field_at = 0;
    vpd->checksum_at = 0;
}

static bool open_resource(struct sim_dump_vpd *vpd, struct sim_dump_function *function,
                          unsigned int type)
{
    close_resource(vpd, function);
    if (!append(function, type) || !append_zeros(function, 2)) {
        return false;
    }
    vpd->resource_at = function->vpd_size;
    return true;
}

void sim_dump_end_vpd(struct sim_dump_vpd *vpd, struct sim_dump_function *function)
{
    close_resource(vpd, function);
    vpd->inside = false;
}

/* Take a line of the contents; whether it is understood and fits. */
static bool read_contents(struct sim_dump_vpd *vpd, struct sim_dump_function *function,
                          struct slice text, bool is_broken_off)
{
    unsigned int type = 0;

    if (skip(&text, "Product Name: ")) {
        return open_resource(vpd, function, NAME) && append_text(function, text);
    }
    if (skip(&text, "Read-only fields:")) {
        return open_resource(vpd, function, READ_ONLY);
    }
    if (skip(&text, "Read/write fields:")) {
        return open_resource(vpd, function, READ_WRITE);
    }
    if (skip(&text, "[")) {
        return append_field(vpd, function, text);
    }
    if (is_broken_off && vpd->field_at != 0) {
        return append_rest(vpd, function, text);
    }
    sim_dump_end_vpd(vpd, function);
    if (skip(&text, "End")) {
        return append(function, END);
    }
    if (skip(&text, "Unknown small resource type ")) {
        return take_byte(&text, &type) && append(function, type << 3);
    }
    return skip(&text, "Not readable") || skip(&text, "No end tag found");
}

/* The line without blanks before it, but with those after it: strings may end in blanks. */
static struct slice whole_line(const struct sim_dump_cursor *cursor,
                               const struct sim_dump_line *line)
{
    struct slice text = {line->text, line->text + line->length};

    while (text.at < text.end && isblank((unsigned char)*text.at)) {
        text.at++;
    }
    while (text.end < cursor->next && *text.end == ' ') {
        text.end++;
    }
    return text;
}

void sim_dump_read_vpd(struct sim_dump_vpd *vpd, struct sim_dump_function *function,
                       const struct sim_dump_cursor *cursor, const struct sim_dump_line *line)
{
    struct slice text = whole_line(cursor, line);
    const char *bracket = memchr(text.at, ']', (size_t)(text.end - text.at));

    if (skip(&text, "Capabilities: [")) {
        text.at = bracket == NULL ? text.end : bracket;
        sim_dump_end_vpd(vpd, function);
        vpd->inside =
            skip(&text, "] Vital Product Data") && text.at == text.end && function->vpd_size == 0;
    } else if (vpd->inside && !read_contents(vpd, function, text, text.at == line->text)) {
        sim_dump_remark(cursor, line->number,
                        "Vital Product Data of %s is left out: this is not understood, or too long",
                        sim_dump_name(function).text);
        *vpd = (struct sim_dump_vpd){.inside = false};
        function->vpd_size = 0;
    }
}
