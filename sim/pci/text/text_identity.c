/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who a function is: the rest of the slot line and the line about the subsystem.
 *
 *     CLASS: NAME (rev 09) (prog-if 00 [VGA controller])              names
 *     CLASS [0300]: NAME [8086:0166] (rev 09)                         -nn
 *     0300: 8086:0166 (rev 09)                                        -n
 *
 * NAME is the vendor's and the device's; where lspci has no name for the device it is
 * "VENDOR Device 9a09", and for neither "Device 1fff:1234" (": Unknown device" in old
 * versions). A name is looked up in the list of names that is here, which need not be
 * the one lspci had. A revision or programming interface of 0 is not printed.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/pci/text/text_parser.h"

static const struct sim_text_bits id_bits = {0x00, 31, 0};
static const struct sim_text_bits revision_bits = {0x08, 7, 0};
static const struct sim_text_bits interface_bits = {0x09, 7, 0};
static const struct sim_text_bits class_bits = {0x0a, 15, 0};

static bool is_hex(const char *text, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!isxdigit((unsigned char)text[i])) {
            return false;
        }
    }
    return true;
}

/* Whether a text is "vvvv:dddd" up to its end or a character. */
static bool is_pair(const char *text, char end)
{
    return strlen(text) >= 9 && is_hex(text, 4) && text[4] == ':' && is_hex(text + 5, 4) &&
           text[9] == end;
}

static struct sim_text_candidates one(uint64_t value)
{
    return (struct sim_text_candidates){.count = 1, .value = value};
}

static struct sim_text_candidates read_pair(const char *text)
{
    return one(strtoul(text + 5, NULL, 16) << 16 | strtoul(text, NULL, 16));
}

/* The device number at the end of "VENDOR Device 9a09" or "VENDOR: Unknown device 9a09", or NULL. */
static char *device_number(char *text)
{
    static const char *const words[] = {": Unknown device ", " Unknown device ", " Device "};
    size_t length = strlen(text);

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t size = strlen(words[i]);

        if (length > size + 4 && is_hex(text + length - 4, 4) &&
            memcmp(text + length - 4 - size, words[i], size) == 0) {
            text[length - 4 - size] = '\0';
            return text + length - 4;
        }
    }
    return NULL;
}

/* The part of a text in its last brackets, if it ends with them, or NULL. */
static const char *last_brackets(const char *text)
{
    const char *open = strrchr(text, '[');

    return open != NULL && text[strlen(text) - 1] == ']' ? open + 1 : NULL;
}

/* A pair of numbers that says all, wherever it stands; NULL if there are only names. */
static const char *find_pair(const char *text)
{
    static const char *const words[] = {"Device ", "Unknown device "};
    const char *brackets = last_brackets(text);

    if (is_pair(text, '\0')) {
        return text;
    }
    if (brackets != NULL && is_pair(brackets, ']')) {
        return brackets;
    }
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t length = strlen(words[i]);

        if (strncmp(text, words[i], length) == 0 && is_pair(text + length, '\0')) {
            return text + length;
        }
    }
    return NULL;
}

/* The vendor of "VENDOR …" when the device is a number already, or not known at all. */
static struct sim_text_candidates read_vendor(const struct sim_text_parser *parser,
                                              const char *text, const char *device)
{
    size_t length = 0;
    struct sim_text_candidates vendors = sim_text_names_vendor(parser->names, text, &length);

    if (device != NULL && text[length] != '\0') {
        vendors = (struct sim_text_candidates){.count = 0};
    }
    vendors.doubt = vendors.count == 0 ? 0xFFFF : vendors.doubt;
    if (device == NULL) {
        vendors.doubt |= UINT64_C(0xFFFF0000);
    } else {
        vendors.value |= (uint64_t)strtoul(device, NULL, 16) << 16;
    }
    return vendors;
}

/* What a name is of: how the sentences about it begin, and the line that it is in. */
struct subject {
    const char *both, *vendor, *device;
    unsigned int line;
};

/* Say what is not certain about an ID, the vendor's in the low half. */
static void remark(const struct sim_text_parser *parser, const struct subject *subject,
                   const char *text, struct sim_text_candidates found)
{
    unsigned int line = subject->line;
    struct sim_pci_address_text name = sim_dump_name(parser->function);
    const char *what = subject->both;

    if (found.doubt == 0) {
        return;
    }
    if ((found.doubt & 0xFFFF) == 0) {
        what = subject->device;
    } else if (found.doubt >> 16 == 0) {
        what = subject->vendor;
    }
    if (parser->names == NULL) {
        sim_dump_remark(parser->cursor, line, "%s: %s unknown: there is no list of names",
                        name.text, what);
    } else if (found.count > 1) {
        sim_dump_remark(parser->cursor, line, "%s: %s ambiguous: %u are called \"%s\"", name.text,
                        what, found.count, text);
    } else {
        sim_dump_remark(parser->cursor, line,
                        "%s: %s unknown: none is called \"%s\" (lspci -nn "
                        "prints numbers)",
                        name.text, what, text);
    }
}

/* Of several values the first is likely. */
static void set(const struct sim_text_parser *parser, struct sim_text_bits bits,
                struct sim_text_candidates found)
{
    (void)sim_text_set(parser->function, bits, found.value, sim_text_ones(bits) & ~found.doubt);
}

static struct sim_text_candidates find_device(const struct sim_text_parser *parser, char *text)
{
    const char *pair = find_pair(text);
    struct sim_text_candidates found;
    char *device = NULL;

    if (pair != NULL) {
        return read_pair(pair);
    }
    found = sim_text_names_device(parser->names, text);
    if (found.count > 0) {
        return found;
    }
    device = device_number(text);
    return read_vendor(parser, text, device);
}

/* Of the class of all other mass storage controllers older lists say that it is "Unknown". */
static struct sim_text_candidates find_class(const struct sim_text_parser *parser, const char *text)
{
    static const char unknown[] = "Unknown ";
    struct sim_text_candidates found = sim_text_names_class(parser->names, text);

    if (found.count == 0 && strncmp(text, unknown, sizeof unknown - 1) == 0) {
        found = sim_text_names_class(parser->names, text + sizeof unknown - 1);
    }
    return found;
}

static void read_class(struct sim_text_parser *parser, char *text)
{
    const struct subject subject = {.vendor = "the class is", .line = parser->function->line};
    struct sim_text_candidates found = {.count = 0, .doubt = 0xFFFF};
    const char *number = last_brackets(text);

    if (number == NULL && strncmp(text, "Class ", 6) == 0) {
        number = text + 6;
    }
    if (number == NULL) {
        number = text;
    }
    if (strlen(number) >= 4 && is_hex(number, 4) && strchr("]", number[4]) != NULL) {
        found = one(strtoul(number, NULL, 16));
    } else {
        struct sim_text_candidates named = find_class(parser, text);

        found = named.count > 0 ? named : found;
    }
    remark(parser, &subject, text, found);
    set(parser, class_bits, found);
}

/* Cut "(WORD xx…" off a text and return what xx is, 0 if it is not there. */
static unsigned int cut_number(char *text, const char *word)
{
    char *at = strstr(text, word);
    unsigned int number = 0;

    if (at != NULL) {
        number = (unsigned int)strtoul(at + strlen(word), NULL, 16) & 0xFF;
        *at = '\0';
    }
    return number;
}

static void trim(char *text)
{
    size_t length = strlen(text);

    while (length > 0 && text[length - 1] == ' ') {
        text[--length] = '\0';
    }
}

void sim_text_read_identity(struct sim_text_parser *parser)
{
    struct sim_dump_function *function = parser->function;
    const struct subject subject = {"vendor and device are", "the vendor is", "the device is",
                                    function->line};
    char text[SIM_TEXT_LINE_SIZE];
    struct sim_text_candidates found;
    char *name = NULL;

    sim_text_take_rest(parser, text, sizeof text);
    (void)sim_text_set(function, interface_bits, cut_number(text, "(prog-if "), 0xFF);
    (void)sim_text_set(function, revision_bits, cut_number(text, "(rev "), 0xFF);
    trim(text);
    name = strstr(text, ": ");
    if (name != NULL) {
        *name = '\0';
        name += 2;
    }
    read_class(parser, text);
    if (name == NULL) {
        return;
    }
    (void)snprintf(parser->name, sizeof parser->name, "%s", name);
    found = find_device(parser, name);
    remark(parser, &subject, parser->name, found);
    set(parser, id_bits, found);
    parser->device = found;
}

/* The IDs of a subsystem from what is printed of them. */
static struct sim_text_candidates find_subsystem(const struct sim_text_parser *parser, char *text)
{
    const char *pair = find_pair(text);
    struct sim_text_candidates found = {.count = 0};
    uint64_t device = 0;
    char *number = NULL;

    if (pair != NULL) {
        return read_pair(pair);
    }
    if (strcmp(text, parser->name) == 0) {
        found = parser->device;
        /* Often the same IDs, often others under the same name. */
        if (device_number(text) == NULL) {
            found.value &= 0xFFFF;
            found.doubt |= UINT64_C(0xFFFF0000);
        }
        return found;
    }
    if (sim_text_get(parser->function, id_bits, &device)) {
        found = sim_text_names_subsystem(parser->names, (uint32_t)device, text);
    }
    if (found.count > 0) {
        return found;
    }
    number = device_number(text);
    return read_vendor(parser, text, number);
}

/* Its name may be that of the function: if that is ambiguous, it was said. */
static struct sim_text_candidates read_subsystem(struct sim_text_parser *parser)
{
    const struct subject subject = {"vendor and device of the subsystem are",
                                    "the vendor of the subsystem is",
                                    "the device of the subsystem is", sim_text_line(parser)};
    char text[SIM_TEXT_LINE_SIZE];
    char whole[SIM_TEXT_LINE_SIZE];
    struct sim_text_candidates found;

    sim_text_take_rest(parser, text, sizeof text);
    memmove(text, text + strspn(text, " "), strlen(text) - strspn(text, " ") + 1);
    memcpy(whole, text, sizeof whole);
    found = find_subsystem(parser, text);
    if (strcmp(whole, parser->name) != 0) {
        remark(parser, &subject, whole, found);
    } else if (parser->device.doubt == 0 && found.doubt != 0) {
        sim_dump_remark(
            parser->cursor, subject.line,
            "%s: the device of the subsystem is unknown: it is called like the function",
            sim_dump_name(parser->function).text);
    }
    found.count = 1;
    return found;
}

void sim_text_read_subsystem(struct sim_text_parser *parser)
{
    parser->subsystem = read_subsystem(parser);
}

void sim_text_read_subsystem_capability(struct sim_text_parser *parser)
{
    struct sim_text_bits bits = {parser->frames[parser->depth - 1].base + 4, 31, 0};

    set(parser, bits, read_subsystem(parser));
}
