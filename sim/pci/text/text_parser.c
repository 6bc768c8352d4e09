/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parser: the text against the tree of blocks, see text_tree.h.
 *
 * It is at some place of the text and has some blocks open, one inside the other.
 * The innermost one that explains what comes next takes it, and those inside of it
 * are closed. What none explains is skipped word by word and remarked once a line.
 */
#include "sim/pci/text/text_parser.h"

#include <ctype.h>
#include <string.h>

#include "sim/pci/text/text_number.h"

/* Of a line this many words are tried, of a function this many lines that are not understood. */
#define MAX_WORDS 64u
#define MAX_LINES 1000u

unsigned int sim_text_line(struct sim_text_parser *parser)
{
    for (; parser->counted < parser->at; parser->counted++) {
        parser->line += *parser->counted == '\n';
    }
    return parser->line;
}

static struct sim_text_match match_at(const struct sim_text_parser *parser, unsigned int base)
{
    return (struct sim_text_match){
        .function = parser->function, .at = parser->at, .end = parser->end, .base = base};
}

static bool may_match(const struct sim_text_parser *parser, const char *pattern)
{
    return sim_text_pattern_may_match(pattern, parser->at, parser->end);
}

bool sim_text_take(struct sim_text_parser *parser, const char *pattern, unsigned int base,
                   unsigned int *index)
{
    struct sim_text_match match = match_at(parser, base);

    if (!sim_text_pattern_match(&match, pattern)) {
        return false;
    }
    parser->at = match.at;
    if (index != NULL) {
        *index = match.index;
    }
    return true;
}

/* Whether a pattern takes text up to the end of its line. */
static bool ends_open(const char *pattern)
{
    size_t length = strlen(pattern);

    return length >= 3 && strcmp(pattern + length - 3, "{*}") == 0;
}

static bool take_item(struct sim_text_parser *parser, const struct sim_text_frame *frame)
{
    for (const char *const *item = frame->node->items; item != NULL && *item != NULL; item++) {
        if (may_match(parser, *item) && sim_text_take(parser, *item, frame->base, NULL)) {
            parser->free_text = ends_open(*item);
            return true;
        }
    }
    return false;
}

/* Of several blocks the last one that is printed is likely to be the last there is. */
static void set_count(struct sim_text_parser *parser, const struct sim_text_frame *frame,
                      const struct sim_text_node *node, unsigned int index)
{
    struct sim_text_bits bits = node->count;

    if (bits.hi != 0) {
        bits.offset += frame->base;
        (void)sim_text_set(parser->function, bits, index + node->first, 0);
    }
}

/* Open a block inside the frame at a depth; frames below it are closed. */
static void open_block(struct sim_text_parser *parser, unsigned int depth,
                       const struct sim_text_node *node, const struct sim_text_match *match)
{
    struct sim_text_frame *frame = &parser->frames[depth];
    unsigned int base = match->base + match->index * match->stride;

    set_count(parser, frame, node, match->index);
    frame->ordinals += match->counted;
    parser->at = match->at;
    parser->depth = depth + 1;
    if (parser->depth < SIM_TEXT_DEPTH) {
        parser->frames[parser->depth++] = (struct sim_text_frame){.node = node, .base = base};
    }
    parser->free_text = ends_open(node->start);
    if (node->read != NULL) {
        node->read(parser);
    }
}

static bool take_node(struct sim_text_parser *parser, unsigned int depth,
                      const struct sim_text_node *node)
{
    const struct sim_text_frame *frame = &parser->frames[depth];
    struct sim_text_match match = match_at(parser, frame->base + node->at);

    match.stride = node->stride;
    match.ordinal = frame->ordinals;
    if (!sim_text_pattern_match(&match, node->start)) {
        return false;
    }
    open_block(parser, depth, node, &match);
    return true;
}

static bool take_block(struct sim_text_parser *parser, unsigned int depth)
{
    const struct sim_text_node *node = parser->frames[depth].node->nodes;

    for (; node != NULL && node->start != NULL; node++) {
        if (may_match(parser, node->start) && take_node(parser, depth, node)) {
            return true;
        }
    }
    return false;
}

static bool take_anything(struct sim_text_parser *parser)
{
    for (unsigned int depth = parser->depth; depth-- > 0;) {
        if (take_item(parser, &parser->frames[depth])) {
            parser->depth = depth + 1;
            return true;
        }
        if (take_block(parser, depth)) {
            return true;
        }
    }
    return false;
}

/* Whether something that begins in a line of its own begins here. */
static bool begins_something(const struct sim_text_parser *parser)
{
    const struct sim_text_node *root = parser->frames[0].node;
    struct sim_text_match match = match_at(parser, 0);

    for (const char *const *item = root->items; *item != NULL; item++) {
        if (may_match(parser, *item) && sim_text_pattern_test(&match, *item)) {
            return true;
        }
    }
    for (const struct sim_text_node *node = root->nodes; node->start != NULL; node++) {
        if (may_match(parser, node->start) && sim_text_pattern_test(&match, node->start)) {
            return true;
        }
    }
    return false;
}

/* Whether the line that begins here was broken off: it begins in the first column. */
static bool is_broken_off(const struct sim_text_parser *parser)
{
    return parser->at < parser->end && !sim_text_is_blank(*parser->at) && !begins_something(parser);
}

/* Whether the line that begins here continues a name: whatever it is, it begins nothing. */
static bool continues_name(struct sim_text_parser line)
{
    while (line.at < line.end && sim_text_is_blank(*line.at) && *line.at != '\n') {
        line.at++;
    }
    return line.at < line.end && *line.at != '\n' && !begins_something(&line);
}

/* Add the rest of the line, white space as one blank. */
static void append_line(struct sim_text_parser *parser, char *text, size_t size)
{
    size_t length = strlen(text);

    for (; parser->at < parser->end && *parser->at != '\n'; parser->at++) {
        if (length + 1 == size) {
            continue;
        }
        if (!sim_text_is_blank(*parser->at)) {
            text[length++] = *parser->at;
        } else if (length > 0 && text[length - 1] != ' ') {
            text[length++] = ' ';
        }
    }
    text[length] = '\0';
}

static void trim(char *text)
{
    size_t length = strlen(text);

    while (length > 0 && text[length - 1] == ' ') {
        text[--length] = '\0';
    }
}

void sim_text_take_rest(struct sim_text_parser *parser, char *text, size_t size)
{
    text[0] = '\0';
    append_line(parser, text, size);
    while (parser->at < parser->end) {
        struct sim_text_parser next = *parser;

        next.at++;
        if (!continues_name(next)) {
            break;
        }
        parser->at++;
        trim(text);
        (void)strncat(text, " ", size - strlen(text) - 1);
        append_line(parser, text, size);
    }
    trim(text);
}

static void skip_line(struct sim_text_parser *parser)
{
    while (parser->at < parser->end && *parser->at != '\n') {
        parser->at++;
    }
}

static void remark_line(struct sim_text_parser *parser, unsigned int line)
{
    size_t length = 0;

    while (length < 80 && parser->at + length < parser->end && parser->at[length] != '\n') {
        length++;
    }
    sim_dump_remark(parser->cursor, line, "not understood: %.*s", (int)length, parser->at);
    parser->remarked = line;
    parser->skipped = 0;
    parser->strange++;
}

/* Say once for a line that something in it is not understood, and skip a word. */
static void skip_word(struct sim_text_parser *parser)
{
    unsigned int line = sim_text_line(parser);

    if (line != parser->remarked) {
        remark_line(parser, line);
    }
    if (parser->strange > MAX_LINES) {
        sim_dump_remark(parser->cursor, line,
                        "more than %u lines are not understood: the rest of %s is left out",
                        MAX_LINES, sim_dump_name(parser->function).text);
        parser->at = parser->end;
    } else if (++parser->skipped > MAX_WORDS) {
        skip_line(parser);
    }
    while (parser->at < parser->end && !sim_text_is_blank(*parser->at)) {
        parser->at++;
    }
}

static void skip_separators(struct sim_text_parser *parser)
{
    while (parser->at < parser->end &&
           (sim_text_is_blank(*parser->at) || *parser->at == ',' || *parser->at == ';')) {
        parser->at++;
    }
}

/* After text that ends where its line does: skip what a mailer broke off it. */
static void skip_broken_off(struct sim_text_parser *parser)
{
    while (parser->at < parser->end && *parser->at == '\n') {
        parser->at++;
        if (!is_broken_off(parser)) {
            break;
        }
        skip_line(parser);
    }
    parser->free_text = false;
}

static void read_text(struct sim_text_parser *parser)
{
    while (true) {
        if (parser->free_text) {
            skip_broken_off(parser);
        }
        skip_separators(parser);
        if (parser->at == parser->end) {
            return;
        }
        if (take_anything(parser)) {
            parser->explained++;
        } else {
            skip_word(parser);
        }
    }
}

/* Whether a bit is known of some bytes. */
static bool knows_any(const struct sim_dump_function *function, unsigned int begin,
                      unsigned int end)
{
    while (begin < end && function->known[begin] == 0) {
        begin++;
    }
    return begin < end;
}

/*
 * The rows that there would be: of a function whose capabilities nobody may read, only the header's.
 * Their line, for whoever asks, is the slot line.
 */
static void set_rows(struct sim_dump_function *function)
{
    static const unsigned int sizes[] = {64, 256, SIM_CONFIG_SIZE};
    unsigned int i = 0;

    while (sizes[i] < SIM_CONFIG_SIZE && knows_any(function, sizes[i], SIM_CONFIG_SIZE)) {
        i++;
    }
    function->known_size = sizes[i];
    for (unsigned int row = 0; row < function->known_size / 16; row++) {
        function->row_line[row] = function->line;
    }
}

bool sim_text_read_function(const struct sim_dump_cursor *cursor,
                            struct sim_dump_function *function, const struct sim_text_names *names,
                            const char *begin, const char *end)
{
    struct sim_text_parser parser = {
        .cursor = cursor,
        .function = function,
        .names = names,
        .begin = begin,
        .at = begin,
        .end = end,
        .counted = begin,
        .line = function->line,
        .frames = {{.node = &sim_text_header_root}},
        .depth = 1,
    };

    sim_text_read_identity(&parser);
    read_text(&parser);
    if (parser.explained == 0) {
        return false;
    }
    sim_text_finish(&parser);
    set_rows(function);
    return true;
}
