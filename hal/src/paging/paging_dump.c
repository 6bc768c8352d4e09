/* SPDX-License-Identifier: MIT */
/*
 * Page tables in words. Entries are visited upwards; one that goes on where the
 * last one ended, in the same way, makes the run longer, any other ends it. What
 * lies between two runs is not mapped. Lines are put together in a place on the
 * stack of known size: there is nobody to allocate one.
 */
#include "drydock/paging_dump.h"

#include <stdbool.h>
#include <stddef.h>

#include "drydock/paging_visit.h"
#include "drydock/text.h"

/* ---- Lines ---- */

static void put_address(struct dd_text *line, uint64_t address)
{
    dd_text_format(line, "%016lx", (unsigned long)address);
}

static void put_range(struct dd_text *line, uint64_t first, uint64_t last)
{
    dd_text_format(line, "%016lx-%016lx", (unsigned long)first, (unsigned long)last);
}

/* ---- Runs ---- */

/* Entries that say the same; the first of them. */
struct run {
    bool is_there;
    struct dd_paging_visited entry;
    uint64_t last; /* address */
};

struct dumping {
    const struct dd_address_space *space;
    const struct dd_paging_dump *dump;
    struct run run;
    uint64_t next; /* place after the last run: addresses without sign extension have no hole */
};

static const unsigned int history = DD_MAP_ACCESSED | DD_MAP_DIRTY;

static uint64_t place_of(const struct dumping *dumping, uint64_t address)
{
    return address & DD_MASK(dumping->dump->range.width - 1, 0);
}

static void emit(const struct dumping *dumping, const struct dd_text *line)
{
    dumping->dump->emit(dumping->dump->context, line->buffer);
}

static const char *size_name(unsigned int level)
{
    static const char *const names[] = {"", "4K", "2M", "1G", "512G", "256T"};

    return names[level];
}

static void put_page(struct dd_text *line, const struct dumping *dumping, const struct run *run)
{
    const struct dd_paging_visited *page = &run->entry;
    unsigned int flags = page->flags;
    uint64_t first = page->entry.address.raw;
    unsigned long key = DD_GET(flags, DD_MAP_KEY_FIELD);
    unsigned long software = DD_GET(flags, DD_MAP_SOFTWARE_FIELD);
    const char *cache = dd_cache_type_name(dd_cache_type_of(dumping->dump->pat, flags));

    dd_text_put(line, " -> ");
    put_range(line, first, first + (run->last - page->first.raw));
    dd_text_put(line, "  ");
    dd_text_put(line, size_name(page->entry.level));
    dd_text_put(line, "  r");
    dd_text_put(line, (flags & DD_MAP_WRITE) != 0 ? "w" : "-");
    dd_text_put(line, (flags & DD_MAP_EXECUTE) != 0 ? "x" : "-");
    dd_text_put(line, (flags & DD_MAP_USER) != 0 ? "u" : "s");
    dd_text_put(line, cache[2] == '\0' ? "   " : "  "); /* aligned at the right */
    dd_text_put(line, cache);
    dd_text_put(line, (flags & DD_MAP_GLOBAL) != 0 ? " global" : "");
    dd_text_put(line, (flags & DD_MAP_ENCRYPTED) != 0 ? " encrypted" : "");
    if (key != 0) {
        dd_text_format(line, " key %lu", key);
    }
    if (software != 0) {
        dd_text_format(line, " software 0x%lx", software);
    }
    dd_text_put(line, first == page->first.raw ? " identity" : "");
}

/* What is no page: its state, or why it is not entered. */
static void put_other(struct dd_text *line, const struct dd_paging_visited *other)
{
    dd_text_put(line, "    ");
    dd_text_put(line, dd_paging_state_name(other->entry.state));
    dd_text_put(line, " ");
    put_address(line, other->entry.raw);
    dd_text_put(line, ", ");
    dd_text_put(line, size_name(other->entry.level));
    if (other->entry.state == DD_PAGING_TABLE) {
        dd_text_put(line, other->status == DD_ELOOP ? ", its own ancestor" : ", out of reach");
    }
}

static void end_run(struct dumping *dumping)
{
    struct run *run = &dumping->run;
    char buffer[DD_PAGING_DUMP_LINE];
    struct dd_text line;

    if (!run->is_there) {
        return;
    }
    dd_text_init(&line, buffer, sizeof buffer);
    put_range(&line, run->entry.first.raw, run->last);
    if (run->entry.entry.state == DD_PAGING_PAGE) {
        put_page(&line, dumping, run);
    } else {
        put_other(&line, &run->entry);
    }
    emit(dumping, &line);
    run->is_there = false;
}

/* Tell of places from where the last run ended up to another one; each half for itself. */
static void tell_gap(struct dumping *dumping, uint64_t end)
{
    unsigned int width = dumping->dump->range.width;
    uint64_t half = UINT64_C(1) << (width - 1);

    while (dumping->next < end) {
        char buffer[DD_PAGING_DUMP_LINE];
        struct dd_text line;
        uint64_t here = dumping->next < half && end > half ? half : end;

        dd_text_init(&line, buffer, sizeof buffer);
        put_range(&line, dd_vaddr_truncate(dumping->next, width).raw,
                  dd_vaddr_truncate(here - 1, width).raw);
        dd_text_put(&line, "    not mapped");
        emit(dumping, &line);
        dumping->next = here;
    }
}

/* Whether an entry goes on where the run ends, saying the same. */
static bool continues(const struct run *run, const struct dd_paging_visited *visited)
{
    const struct dd_paging_entry *old = &run->entry.entry;
    const struct dd_paging_entry *entry = &visited->entry;

    if (!run->is_there || run->last + 1 != visited->first.raw || old->level != entry->level ||
        old->state != entry->state) {
        return false;
    }
    if (entry->state != DD_PAGING_PAGE) {
        return old->raw == entry->raw && run->entry.status == visited->status;
    }
    return ((run->entry.flags ^ visited->flags) & ~history) == 0 &&
           entry->address.raw - old->address.raw == visited->first.raw - run->entry.first.raw;
}

static enum dd_status visit(void *context, const struct dd_paging_visited *visited)
{
    struct dumping *dumping = context;

    if (visited->entry.state == DD_PAGING_TABLE && visited->status == DD_OK) {
        return DD_OK;
    }
    if (!continues(&dumping->run, visited)) {
        end_run(dumping);
        tell_gap(dumping, place_of(dumping, visited->first.raw));
        dumping->run.is_there = true;
        dumping->run.entry = *visited;
    }
    dumping->run.last = visited->last.raw;
    dumping->next = place_of(dumping, visited->last.raw) + 1;
    return DD_OK;
}

static void tell_head(const struct dumping *dumping)
{
    const struct dd_paging_format *format = &dumping->space->format;
    char buffer[DD_PAGING_DUMP_LINE];
    struct dd_text line;

    dd_text_init(&line, buffer, sizeof buffer);
    dd_text_format(&line, "%u levels, root %016lx, %u physical bits", format->levels,
                   (unsigned long)dumping->space->root.raw, format->physical_width);
    dd_text_put(&line, format->no_execute ? ", no-execute" : "");
    dd_text_put(&line, format->pages_1g ? ", 1-GByte pages" : "");
    if (format->encryption != DD_ENCRYPTION_NONE) {
        dd_text_format(&line, ", encryption bit %u", format->encryption_bit);
    }
    if (dumping->space->pcid != 0) {
        dd_text_format(&line, ", PCID %u", dumping->space->pcid);
    }
    emit(dumping, &line);
}

enum dd_status dd_paging_dump(const struct dd_address_space *space,
                              const struct dd_paging_dump *dump)
{
    struct dumping dumping = {.space = space, .dump = dump};
    struct dd_paging_visits visits = {.range = dump->range,
                                      .tables_max = dump->tables_max,
                                      .visit = dump->emit != NULL ? visit : NULL,
                                      .context = &dumping};
    enum dd_status status = DD_OK;

    if (dump->emit != NULL && dump->range.width == dd_paging_linear_width(&space->format)) {
        dumping.next = place_of(&dumping, dump->range.start.raw);
        tell_head(&dumping);
    }
    status = dd_paging_visit_range(space, &visits);
    if (status == DD_OK) {
        end_run(&dumping);
        tell_gap(&dumping, place_of(&dumping, dump->range.start.raw) + dump->range.length);
    }
    return status;
}
