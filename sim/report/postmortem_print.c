/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The post-mortem for people: what happened first, then why, then where, then the rest. */
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "sim/report/postmortem_internal.h"
#include "sim/util/text.h"

enum {
    COLUMNS = 100
};

void paper_heading(const struct paper *paper, const char *format, ...)
{
    char text[COLUMNS + 1];
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    (void)fprintf(paper->file, "\n%s%s%s\n", paper->strong, text, paper->plain);
}

/* How much of a text goes on a line of @p width: up to the last space, or all of a long word. */
static size_t line_length(const char *text, size_t width)
{
    size_t length = strlen(text);

    if (length <= width) {
        return length;
    }
    for (size_t i = width; i > width / 2; i--) {
        if (text[i] == ' ') {
            return i;
        }
    }
    return width;
}

void paper_wrap(const struct paper *paper, const char *first, unsigned int indent, const char *text)
{
    size_t used = strlen(first);

    (void)fputs(first, paper->file);
    for (;;) {
        size_t length = line_length(text, COLUMNS - used);

        (void)fprintf(paper->file, "%.*s\n", (int)length, text);
        text += length;
        text += strspn(text, " ");
        if (*text == '\0') {
            return;
        }
        (void)fprintf(paper->file, "%*s", (int)indent, "");
        used = indent;
    }
}

/* "0x101234 function+0x12 (file.c:123)". */
static void describe_place(const struct sim_postmortem_place *place, char *text, size_t size)
{
    (void)snprintf(text, size, "0x%" PRIx64, place->address);
    if (place->symbol[0] != '\0') {
        sim_text_append(text, size, " %s", place->symbol);
    }
    if (place->source[0] != '\0') {
        sim_text_append(text, size, " (%s)", place->source);
    }
}

static void print_summary(const struct paper *paper, const struct sim_postmortem *postmortem)
{
    char text[320];

    (void)fputs(paper->alarm, paper->file);
    paper_wrap(paper, "", 4, postmortem->title);
    (void)fputs(paper->plain, paper->file);
    describe_place(&postmortem->at, text, sizeof text);
    paper_wrap(paper, "  at          ", 14, text);
    if (postmortem->has_address) {
        (void)fprintf(paper->file, "  address     0x%" PRIx64 "\n", postmortem->address);
    }
    if (postmortem->has_error_code) {
        (void)fprintf(paper->file, "  error code  0x%" PRIx32 "\n", postmortem->error_code);
    }
    if (postmortem->reason[0] != '\0' && postmortem->step_count == 0 &&
        strstr(postmortem->title, postmortem->reason) == NULL) {
        paper_wrap(paper, "  reason      ", 14, postmortem->reason);
    }
    for (size_t i = 0; i < postmortem->notes.count; i++) {
        if (strstr(postmortem->title, postmortem->notes.text[i]) == NULL) {
            paper_wrap(paper, "  note        ", 14, postmortem->notes.text[i]);
        }
    }
}

static void print_line(const struct paper *paper, const struct sim_postmortem *postmortem, size_t i)
{
    const struct sim_disassembly_line *line = &postmortem->listing.lines[i];
    bool marked = i == postmortem->listing.marked;
    char bytes[3 * SIM_DISASSEMBLY_BYTES + 1] = "";
    char first[96];
    char text[256];

    for (unsigned int k = 0; k < line->size; k++) {
        sim_text_append(bytes, sizeof bytes, "%02x ", line->bytes[k]);
    }
    (void)snprintf(first, sizeof first, "%s0x%-16" PRIx64 "  %-24s ", marked ? "  -> " : "     ",
                   line->address, bytes);
    (void)snprintf(text, sizeof text, "%s", line->text);
    if (postmortem->target[i][0] != '\0') {
        sim_text_append(text, sizeof text, " <%s>", postmortem->target[i]);
    }
    (void)fputs(marked ? paper->alarm : "", paper->file);
    paper_wrap(paper, first, 50, text);
    (void)fputs(marked ? paper->plain : "", paper->file);
}

static void print_code(const struct paper *paper, const struct sim_postmortem *postmortem)
{
    static const char *const widths[] = {"64-bit", "32-bit", "16-bit"};

    paper_heading(paper, "Code (%s)", widths[postmortem->cpu.code]);
    for (size_t i = 0; i < postmortem->listing.count; i++) {
        print_line(paper, postmortem, i);
    }
    if (postmortem->listing.count == 0) {
        (void)fprintf(paper->file, "     0x%" PRIx64 " cannot be read\n", postmortem->at.address);
    }
}

static void print_walk(const struct paper *paper, const struct sim_walk_explanation *walk)
{
    paper_wrap(paper, "     ", 9, walk->title);
    for (size_t i = 0; i < walk->count; i++) {
        const struct sim_walk_line *line = &walk->lines[i];

        (void)fputs(line->decided ? paper->alarm : "", paper->file);
        paper_wrap(paper, line->decided ? "  -> " : "     ", 9, line->text);
        (void)fputs(line->decided ? paper->plain : "", paper->file);
    }
    paper_wrap(paper, "     = ", 9, walk->verdict);
}

static void print_delivery(const struct paper *paper, const struct sim_postmortem *postmortem)
{
    if (postmortem->step_count == 0) {
        return;
    }
    paper_heading(paper, "Why it was not delivered");
    for (size_t i = 0; i < postmortem->step_count; i++) {
        const struct sim_postmortem_step *step = &postmortem->steps[i];
        char first[48];

        (void)snprintf(first, sizeof first, "  %zu. %s: ", i + 1, step->name);
        paper_wrap(paper, first, 9, step->text);
        for (size_t k = 0; k < step->notes.count; k++) {
            paper_wrap(paper, "     ", 9, step->notes.text[k]);
        }
        if (step->has_walk) {
            print_walk(paper, &step->walk);
        }
    }
}

/* A function that calls itself for ever is printed once. */
static size_t count_repeats(const struct sim_postmortem *postmortem, size_t i)
{
    size_t next = i + 1;

    while (next < postmortem->frame_count &&
           postmortem->frames[next].address == postmortem->frames[i].address) {
        next++;
    }
    return next - i;
}

static void print_backtrace(const struct paper *paper, const struct sim_postmortem *postmortem)
{
    static const char *const how[] = {"", "", "", ", guessed"};

    paper_heading(paper, "Backtrace");
    for (size_t i = 0; i < postmortem->frame_count;) {
        size_t repeats = count_repeats(postmortem, i);
        char first[32];
        char text[400];

        (void)snprintf(first, sizeof first, "  #%-3zu ", i);
        describe_place(&postmortem->frames[i], text, sizeof text);
        sim_text_append(text, sizeof text, "%s", how[postmortem->frame_source[i]]);
        if (repeats > 1) {
            sim_text_append(text, sizeof text, ", %zu times", repeats);
        }
        paper_wrap(paper, first, 11, text);
        i += repeats;
    }
    if (postmortem->frames_cut) {
        (void)fputs("  and more\n", paper->file);
    }
}

static void print_findings(const struct paper *paper, const struct sim_postmortem *postmortem)
{
    if (postmortem->finding_count > 0) {
        paper_heading(paper, "Findings (%zu of %" PRIu64 ")", postmortem->finding_count,
                      postmortem->findings_in_all);
    }
    for (size_t i = 0; i < postmortem->finding_count; i++) {
        const struct sim_finding *finding = &postmortem->findings[i];
        char text[1024];
        char place[320];

        describe_place(&postmortem->finding_at[i], place, sizeof place);
        (void)snprintf(text, sizeof text, "%s: %s; at %s", sim_finding_kind_name(finding->kind),
                       finding->text, place);
        if (finding->count > 1) {
            sim_text_append(text, sizeof text, ", %" PRIu64 " times", finding->count);
        }
        paper_wrap(paper, "  * ", 4, text);
    }
    if (postmortem->unneeded_flushes > 0) {
        paper_heading(paper, "TLB flushes that invalidated nothing that had changed: %" PRIu64,
                      postmortem->unneeded_flushes);
    }
}

static void print_events(const struct paper *paper, const struct sim_postmortem *postmortem)
{
    if (postmortem->event_count == 0) {
        return;
    }
    paper_heading(paper, "Last events (%zu of %" PRIu64 ", nanoseconds of virtual time)",
                  postmortem->event_count, postmortem->events_in_all);
    for (size_t i = 0; i < postmortem->event_count; i++) {
        char text[320];

        sim_trace_describe(&postmortem->events[i], text, sizeof text);
        if (postmortem->event_at[i].symbol[0] != '\0') {
            sim_text_append(text, sizeof text, " %s", postmortem->event_at[i].symbol);
        }
        paper_wrap(paper, "  ", 14, text);
    }
}

void sim_postmortem_print(FILE *file, const struct sim_postmortem *postmortem)
{
    struct paper paper = {file, "", "", ""};

    if (isatty(fileno(file)) == 1) {
        paper = (struct paper){file, "\033[1m", "\033[1;31m", "\033[0m"};
    }
    print_summary(&paper, postmortem);
    print_code(&paper, postmortem);
    if (postmortem->has_walk) {
        paper_heading(&paper, "Page walk");
        print_walk(&paper, &postmortem->walk);
    }
    print_delivery(&paper, postmortem);
    print_backtrace(&paper, postmortem);
    paper_registers(&paper, postmortem);
    print_findings(&paper, postmortem);
    print_events(&paper, postmortem);
}
