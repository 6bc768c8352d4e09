/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about looking through page tables: what is shown is what the processor uses. */
#include "drydock/arch/insn.h"
#include "drydock/msr_regs.h"
#include "drydock/paging_dump.h"
#include "drydock/paging_visit.h"
#include "tests/claims/paging_bench.h"

/* What a visit counts, and the last page it saw. */
struct count {
    unsigned int pages;
    unsigned int software;
    unsigned int tables;
    struct dd_paging_visited page;
};

static enum dd_status count_entry(void *context, const struct dd_paging_visited *visited)
{
    struct count *count = context;

    count->pages += visited->entry.state == DD_PAGING_PAGE;
    count->software += visited->entry.state == DD_PAGING_SOFTWARE;
    count->tables += visited->entry.state == DD_PAGING_TABLE;
    if (visited->entry.state == DD_PAGING_PAGE) {
        count->page = *visited;
    }
    return DD_OK;
}

static unsigned int width_of(const struct paging_bench *bench)
{
    return dd_paging_linear_width(&bench->space.format);
}

static struct dd_paging_visits visits_of(const struct paging_bench *bench, struct count *count,
                                         dd_vaddr start, uint64_t length)
{
    *count = (struct count){0};
    return (struct dd_paging_visits){.range = {start, length, width_of(bench)},
                                     .tables_max = 8192,
                                     .visit = count_entry,
                                     .context = count};
}

CLAIM(a_visit_sees_a_page_when_it_is_mapped_used_and_unmapped)
{
    struct paging_bench bench;
    dd_vaddr page = paging_place(60, 5 * K);
    struct dd_paging_visits visits;
    struct count count;

    CLAIM_OK(paging_bench_open(&bench));
    CLAIM_OK(paging_bench_map(&bench, page, DD_MAP_WRITE));
    visits = visits_of(&bench, &count, paging_place(60, 0), G);
    CLAIM_OK(dd_paging_visit_range(&bench.space, &visits));
    CLAIM_EQUAL(count.pages, 1);
    CLAIM_EQUAL(count.page.first.raw, page.raw);
    CLAIM_EQUAL(count.page.entry.address.raw, bench.frame.raw);
    CLAIM_EQUAL(count.page.flags & (DD_MAP_ACCESSED | DD_MAP_DIRTY), 0);
    CLAIM_COMPLETES(world_store64(page, 3));
    visits = visits_of(&bench, &count, page, 1);
    CLAIM_OK(dd_paging_visit_range(&bench.space, &visits));
    CLAIM_EQUAL(count.page.flags & (DD_MAP_ACCESSED | DD_MAP_DIRTY),
                DD_MAP_ACCESSED | DD_MAP_DIRTY);
    CLAIM_OK(paging_bench_unmap(&bench, page));
    visits = visits_of(&bench, &count, paging_place(60, 0), G);
    CLAIM_OK(dd_paging_visit_range(&bench.space, &visits));
    CLAIM_EQUAL(count.pages, 0);
    paging_bench_close(&bench);
}

CLAIM(every_page_of_the_address_space_in_use_translates_to_what_a_visit_shows)
{
    struct paging_bench bench;
    struct dd_translation translation = {.size = DD_PAGE_4K};
    struct dd_paging_visits visits;
    struct count count;

    CLAIM_OK(paging_bench_open(&bench));
    visits = visits_of(&bench, &count, dd_vaddr_from(0), UINT64_C(1) << width_of(&bench));
    CLAIM_OK(dd_paging_visit_range(&bench.space, &visits));
    CLAIM_TRUE(count.pages > 0 && count.tables > 0);
    CLAIM_OK(dd_paging_translate(&bench.space, count.page.last, &translation));
    CLAIM_EQUAL(translation.address.raw - (translation.size - 1), count.page.entry.address.raw);
    CLAIM_EQUAL(translation.flags | DD_MAP_ACCESSED | DD_MAP_DIRTY,
                count.page.flags | DD_MAP_ACCESSED | DD_MAP_DIRTY);
    visits.tables_max = 1;
    CLAIM_STATUS(dd_paging_visit_range(&bench.space, &visits), DD_ELOOP);
    paging_bench_close(&bench);
}

/* [SDM 3A] 4.6.1: a store needs R/W in every entry of the path. */
CLAIM(a_path_shows_the_table_that_withholds_a_right)
{
    struct paging_bench bench;
    dd_vaddr page = paging_place(61, 0);
    struct dd_paging_path path = {.count = 0};
    volatile uint64_t *table = NULL;
    unsigned int last = 0;

    CLAIM_OK(paging_bench_open(&bench));
    CLAIM_OK(paging_bench_map(&bench, page, DD_MAP_WRITE));
    CLAIM_OK(dd_paging_path(&bench.space, page, &path));
    last = path.count - 1;
    CLAIM_EQUAL(path.count, bench.space.format.levels);
    CLAIM_EQUAL(path.entries[last].flags & DD_MAP_WRITE, DD_MAP_WRITE);
    table = world_frame_pointer(path.entries[last - 2].entry.address);
    table[dd_table_index(page, 2)] &= ~UINT64_C(2); /* R/W of the PDE */
    dd_invlpg(page);
    CLAIM_OK(dd_paging_path(&bench.space, page, &path));
    CLAIM_EQUAL(path.entries[last - 2].flags & DD_MAP_WRITE, DD_MAP_WRITE);
    CLAIM_EQUAL(path.entries[last - 1].flags & DD_MAP_WRITE, 0);
    CLAIM_EQUAL(path.entries[last].flags & DD_MAP_WRITE, 0);
    CLAIM_FAULTS(world_store64(page, 1), 0x3, page);
    CLAIM_OK(paging_bench_unmap(&bench, page));
    paging_bench_close(&bench);
}

/* ---- In words ---- */

/* The lines of a dump, counted; the first bytes of what follows the addresses of each page. */
struct heard {
    unsigned int lines;
    unsigned int not_mapped;
    char words[3][16];
    unsigned int pages;
};

enum {
    WORDS_AT = 2 * (16 + 1 + 16) + 4, /* behind a range, an arrow, and a range */
};

static void hear(void *context, const char *line)
{
    struct heard *heard = context;
    unsigned int length = 0;

    heard->lines++;
    while (line[length] != '\0') {
        length++;
    }
    if (length > WORDS_AT && line[34] == '-' && heard->pages < 3) {
        for (unsigned int i = 0; i < 15 && line[WORDS_AT + i] != '\0'; i++) {
            heard->words[heard->pages][i] = line[WORDS_AT + i];
        }
        heard->pages++;
    }
    heard->not_mapped += line[37] == 'n' && line[38] == 'o' && line[39] == 't';
}

CLAIM(a_dump_tells_runs_of_pages_and_what_lies_between_them)
{
    struct paging_bench bench;
    struct heard heard = {0};
    struct dd_paging_dump dump = {.emit = hear, .context = &heard, .tables_max = 64};

    CLAIM_OK(paging_bench_open(&bench));
    dump.range = (struct dd_vaddr_range){paging_place(62, 0), G, width_of(&bench)};
    dump.pat = dd_rdmsr(DD_MSR_PAT);
    CLAIM_OK(dd_paging_map_range(&bench.space, paging_place(62, K), bench.frame, 3 * K,
                                 DD_MAP_WRITE | DD_MAP_EXECUTE));
    CLAIM_OK(dd_paging_map_range(&bench.space, paging_place(62, M), dd_paddr_from(0), 2 * M,
                                 DD_MAP_EXECUTE));
    CLAIM_OK(dd_paging_dump(&bench.space, &dump));
    CLAIM_EQUAL(heard.lines, 6);
    CLAIM_EQUAL(heard.not_mapped, 3);
    CLAIM_EQUAL(heard.pages, 2);
    CLAIM_TEXT(heard.words[0], "  4K  rwxs   WB");
    CLAIM_TEXT(heard.words[1], "  2M  r-xs   WB");
    CLAIM_OK(paging_bench_unmap_range(&bench, paging_place(62, K), 3 * K));
    CLAIM_OK(paging_bench_unmap_range(&bench, paging_place(62, M), 2 * M));
    paging_bench_close(&bench);
}
