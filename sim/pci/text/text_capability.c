/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Capabilities: where they are, what they are, and how they hang together.
 *
 *     Capabilities: [50] Power Management version 3
 *     Capabilities: [100 v1] Advanced Error Reporting
 *     Capabilities: <access denied>
 *
 * lspci prints them only if the Status register says that there are any; with -v no other line says
 * that. It prints both lists in the order of their pointers, so each pointer leads to the next offset
 * in the text, and does not look at the low two bits of a pointer. The first list ends with a
 * pointer of 0; the extended one may also end where lspci could not read on, so its last pointer is
 * not known. Spec: [PCI 3.0] 6.2.3, 6.7; [PCIe 6] 7.6.
 */
#include "sim/pci/text/text_parser.h"

#define FIRST_EXTENDED    0x100u
#define TYPE_CARDBUS      2u
#define CLASS_CARDBUS     0x0607u
#define SUBSYSTEM         0x2Cu
#define SUBSYSTEM_CARDBUS 0x40u

static void set(struct sim_text_parser *parser, struct sim_text_bits bits, uint64_t value,
                uint64_t known)
{
    (void)sim_text_set(parser->function, bits, value, known);
}

/* Open the block of a capability at an offset; whether its first words are known. */
static bool open_capability(struct sim_text_parser *parser, unsigned int offset)
{
    bool extended = offset >= FIRST_EXTENDED;
    const struct sim_text_node *node = extended ? sim_text_extended : sim_text_capabilities;
    unsigned int bits = extended ? 16 : 8;

    for (; node->start != NULL; node++) {
        if (!sim_text_pattern_may_match(node->start, parser->at, parser->end) ||
            !sim_text_take(parser, node->start, offset, NULL)) {
            continue;
        }
        if (node->id != SIM_TEXT_ID_PRINTED) {
            set(parser, (struct sim_text_bits){offset, bits - 1, 0}, node->id,
                (UINT64_C(1) << bits) - 1 - node->doubt);
        }
        parser->frames[parser->depth++] = (struct sim_text_frame){.node = node, .base = offset};
        (void)sim_text_take(parser, " <?>", 0,
                            NULL); /* a version that knew no more than the name */
        if (node->read != NULL) {
            node->read(parser);
        }
        return true;
    }
    return false;
}

static void add_entry(struct sim_text_chain *chain, unsigned int offset)
{
    if (chain->count < SIM_TEXT_ENTRIES) {
        chain->offsets[chain->count++] = offset;
    } else {
        chain->cut = true;
    }
}

void sim_text_read_capability(struct sim_text_parser *parser)
{
    const struct sim_text_bits has_list = {0x06, 4, 4};
    struct sim_text_chain *chain = NULL;
    unsigned int offset = 0;

    parser->frames[0].node = &sim_text_tail_root;
    parser->depth = 1;
    set(parser, has_list, 1, 1);
    if (sim_text_take(parser, " <access denied>", 0, NULL) ||
        sim_text_take(parser, " <available only to root>", 0, NULL)) {
        parser->first.cut = true;
        return;
    }
    if (!sim_text_take(parser, " [{I}", 0, &offset)) {
        parser->first.cut = true;
        return;
    }
    parser->has_version = sim_text_take(parser, " v{d@2.3:0}] ", offset, NULL);
    if (!parser->has_version) {
        (void)sim_text_take(parser, "] ", 0, NULL);
    }
    chain = offset >= FIRST_EXTENDED ? &parser->extended : &parser->first;
    if (offset < 0x40) {
        chain->cut = true;
        return;
    }
    add_entry(chain, offset);
    if (sim_text_take(parser, "<chain looped>", 0, NULL)) {
        chain->cut = true;
    } else if (sim_text_take(parser, "<chain broken>", 0, NULL)) {
        set(parser, (struct sim_text_bits){offset, 7, 0}, 0xFF, 0xFF);
        chain->cut = true;
    } else {
        parser->free_text = !open_capability(parser, offset);
    }
}

/*
 * A serial number begins with its highest byte. Versions of lspci that did not print the versions
 * of capabilities yet printed it the other way round, but neither does -v today: then the order
 * is only likely.
 */
void sim_text_read_serial_number(struct sim_text_parser *parser)
{
    static const char forward[] = " {x@b.7:0}-{x@a.7:0}-{x@9.7:0}-{x@8.7:0}-"
                                  "{x@7.7:0}-{x@6.7:0}-{x@5.7:0}-{x@4.7:0}";
    static const char likely[] = "{u@4.63:0}";
    unsigned int base = parser->frames[parser->depth - 1].base;

    if (sim_text_take(parser, forward, base, NULL) && !parser->has_version) {
        (void)sim_text_take(parser, likely, base, NULL);
    }
}

static void link_first(struct sim_text_parser *parser, unsigned int pointer)
{
    const struct sim_text_chain *chain = &parser->first;

    for (unsigned int i = 0; i < chain->count; i++) {
        set(parser, (struct sim_text_bits){pointer, 7, 2}, chain->offsets[i] >> 2, 0x3F);
        pointer = chain->offsets[i] + 1;
    }
    if (chain->count > 0 && !chain->cut) {
        set(parser, (struct sim_text_bits){pointer, 7, 2}, 0, 0x3F);
    }
}

/* The first is always in one place: if it was not understood, it is likely to lead to the next. */
static void link_extended(struct sim_text_parser *parser)
{
    const struct sim_text_bits first = {FIRST_EXTENDED, 31, 22};
    const struct sim_text_chain *chain = &parser->extended;

    if (chain->count > 0 && chain->offsets[0] != FIRST_EXTENDED) {
        set(parser, first, chain->offsets[0] >> 2, 0);
    }

    for (unsigned int i = 1; i < chain->count; i++) {
        set(parser, (struct sim_text_bits){chain->offsets[i - 1], 31, 22}, chain->offsets[i] >> 2,
            0x3FF);
    }
}

/* The type of header that the lines are about. */
static unsigned int header_type(const struct sim_text_parser *parser)
{
    uint64_t class = 0;
    bool cardbus = sim_text_get(parser->function, (struct sim_text_bits){0x0a, 15, 0}, &class) &&
                   class == CLASS_CARDBUS;

    if (!parser->has_bus) {
        return 0;
    }
    return parser->has_cardbus || cardbus ? TYPE_CARDBUS : 1;
}

/*
 * A header that lspci does not know and prints nothing about; a pin of FFh is a ? too. If that is
 * because all is ones, so are the IDs: the printed ones are what the system remembers.
 */
static void read_unknown_header(struct sim_text_parser *parser, uint64_t type)
{
    const struct sim_text_bits revision = {0x08, 7, 0};
    uint64_t value = 0;

    set(parser, (struct sim_text_bits){0x3d, 7, 0}, 0, 0);
    if (type == 0x7F && sim_text_get(parser->function, revision, &value) && value == 0xFF) {
        set(parser, (struct sim_text_bits){0x00, 31, 0}, UINT32_MAX, UINT32_MAX);
        set(parser, (struct sim_text_bits){0x08, 31, 0}, UINT32_MAX, UINT32_MAX);
    }
}

void sim_text_finish(struct sim_text_parser *parser)
{
    const struct sim_text_bits type_bits = {0x0e, 6, 0};
    unsigned int type = header_type(parser);
    uint64_t printed = 0;

    if (sim_text_get(parser->function, type_bits, &printed)) {
        read_unknown_header(parser, printed);
        return;
    }
    set(parser, type_bits, type, 0x7F);
    if (parser->subsystem.count > 0 && type != 1) {
        unsigned int offset = type == TYPE_CARDBUS ? SUBSYSTEM_CARDBUS : SUBSYSTEM;

        set(parser, (struct sim_text_bits){offset, 31, 0},
            parser->subsystem.value & ~parser->subsystem.doubt,
            UINT32_MAX & ~parser->subsystem.doubt);
    }
    link_first(parser, type == TYPE_CARDBUS ? 0x14 : 0x34);
    link_extended(parser);
}
