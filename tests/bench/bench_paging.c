/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Page tables: the library's ranges, cursor, pools and batches against a walk
 * from the root for each page. Each pair leaves the same pages behind, which is
 * compared by a hash. The library and both loops are compiled as a kernel is.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "drydock/arch/hosted_machine.h"
#include "tests/bench/bench.h"
#include "tests/bench/paging_loops.h"

enum {
    PAGE = 4096,
    PAGES = 1000000,
    TABLES = 2048,          /* enough for a row of PAGES */
    SPARSE_TABLES = 480000, /* enough for PAGES pages far from each other */
    RUNS = 5,
    WORKS_MAX = 8
};

#define TEBIBYTE_PAGES (UINT64_C(1) << 28)

static struct bench_memory memory;

static enum dd_status alloc_frame(void *context, dd_paddr *frame)
{
    struct bench_memory *from = context;

    if (from->freed == 0 && from->used == from->frames) {
        return DD_ENOMEM;
    }
    *frame = dd_paddr_from(from->freed > 0 ? from->free_list[--from->freed] : from->used++ * PAGE);
    return DD_OK;
}

static void free_frame(void *context, dd_paddr frame)
{
    struct bench_memory *to = context;

    to->free_list[to->freed++] = frame.raw;
}

/* Instructions cost nothing here: the tables are what is measured. */
void dd_hosted_execute(enum dd_hosted_insn insn, struct dd_hosted_operands *operands)
{
    if (insn == DD_HOSTED_RDMSR) {
        operands->rax = 0xD01; /* EFER with NXE */
    } else if (insn == DD_HOSTED_CPUID) {
        operands->rax = 48;
        operands->rdx = 1u << 26; /* 1-GByte pages */
    }
}

static void fail(const char *what)
{
    (void)fprintf(stderr, "bench: %s\n", what);
    exit(EXIT_FAILURE);
}

/* Memory that is there already: the first touch is not what is measured. */
static void open_memory(uint64_t frames)
{
    size_t bytes = (size_t)frames * PAGE;

    memory = (struct bench_memory){.frames = frames};
    memory.arena = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memory.free_list = calloc(frames, sizeof *memory.free_list);
    if (memory.arena == MAP_FAILED || memory.free_list == NULL) {
        fail("no memory");
    }
    (void)madvise(memory.arena, bytes, MADV_HUGEPAGE);
    memset(memory.arena, 0xA5, bytes);
}

static void close_memory(void)
{
    free(memory.free_list);
    (void)munmap(memory.arena, (size_t)memory.frames * PAGE);
}

static struct dd_paging_memory describe_memory(enum dd_paging_frames frames)
{
    return (struct dd_paging_memory){
        .alloc = alloc_frame,
        .free = free_frame,
        .allocator = &memory,
        .window = dd_vaddr_of(memory.arena),
        .window_bytes = memory.frames * PAGE,
        .frames = frames,
    };
}

static uint64_t *table_at(uint64_t frame)
{
    return (uint64_t *)(void *)(memory.arena + frame);
}

/* All pages below a table, wherever the tables themselves are. */
static uint64_t hash_pages(uint64_t hash, uint64_t frame, unsigned int level, bool *is_empty)
{
    const uint64_t *table = table_at(frame);

    for (uint64_t i = 0; i < 512; i++) {
        if (table[i] == 0) {
            continue;
        }
        hash = (hash ^ i ^ (uint64_t)level << 32) * UINT64_C(0x100000001B3);
        if (level == 1) {
            *is_empty = false;
            hash = (hash ^ table[i]) * UINT64_C(0x100000001B3);
        } else {
            hash = hash_pages(hash, table[i] & UINT64_C(0x000FFFFFFFFFF000), level - 1, is_empty);
        }
    }
    return hash;
}

static uint64_t hash_space(const struct dd_address_space *space)
{
    bool is_empty = true;

    return hash_pages(UINT64_C(0xCBF29CE484222325), space->root.raw, 4, &is_empty);
}

/* One thing to measure: what is there before, the work, and which result it has to have. */
struct work {
    const char *name;
    bench_paging_loop *prepare[2]; /* or NULL */
    bench_paging_loop *run;
    enum dd_paging_frames frames;
    bool keep_tables; /* the prepared pages are cleared, their tables stay */
};

static void clear_pages(uint64_t frame, unsigned int level)
{
    uint64_t *table = table_at(frame);

    for (unsigned int i = 0; i < 512; i++) {
        if (level == 1) {
            table[i] = 0;
        } else if (table[i] != 0) {
            clear_pages(table[i] & UINT64_C(0x000FFFFFFFFFF000), level - 1);
        }
    }
}

static double run_once(const struct work *work, const struct bench_pages *pages, uint64_t *hash)
{
    struct dd_paging_memory description = describe_memory(work->frames);
    struct dd_address_space space;
    double before = 0;

    if (work->frames == DD_PAGING_FRAMES_ZEROED) {
        memset(memory.arena, 0, memory.used * PAGE);
    }
    memory.used = 0;
    memory.freed = 0;
    if (dd_paging_create(&space, &description) != DD_OK) {
        fail("no root");
    }
    space.exclusive = true; /* as the loops beside it */
    for (int i = 0; i < 2 && work->prepare[i] != NULL; i++) {
        if (!work->prepare[i](&space, pages)) {
            fail(work->name);
        }
    }
    if (work->keep_tables) {
        clear_pages(space.root.raw, 4);
    }
    before = bench_seconds();
    if (!work->run(&space, pages)) {
        fail(work->name);
    }
    before = bench_seconds() - before;
    *hash = hash_space(&space);
    return before;
}

/*
 * All works in turn; the best time of each so far counts: what other programs do to the caches only
 * adds. Each leaves the same pages behind.
 */
static void run_in_turn(const struct work *works, size_t count, const struct bench_pages *pages,
                        double *best)
{
    uint64_t expected = 0;

    for (size_t i = 0; i < count; i++) {
        uint64_t hash = 0;
        double seconds = run_once(&works[i], pages, &hash);

        best[i] = best[i] == 0 || seconds < best[i] ? seconds : best[i];
        expected = i == 0 ? hash : expected;
        if (hash != expected) {
            fail("the tables differ");
        }
    }
}

/* The first work is the baseline of the others: how many times faster. */
static void measure(const struct work *works, size_t count, const struct bench_pages *pages,
                    int runs)
{
    double best[WORKS_MAX] = {0};
    double baseline = 0;

    for (int run = 0; run < runs; run++) {
        run_in_turn(works, count, pages, best);
    }
    for (size_t i = 0; i < count; i++) {
        double each = bench_report(works[i].name, best[i], (double)pages->count, baseline);

        baseline = i == 0 ? each : baseline;
    }
}

static void bench_row(void)
{
    static const struct bench_pages row = {.first = 0x0000400000000000,
                                           .target = 0x0000000100001000, /* no 2-MByte pages */
                                           .count = PAGES};
    static const struct work map[] = {
        {.name = "map, a walk for each page", .run = bench_walk_map},
        {.name = "map, a call for each page", .run = bench_map_pages},
        {.name = "map, a cursor", .run = bench_map_cursor},
        {.name = "map, one range", .run = bench_map_range},
    };
    static const struct work existing[] = {
        {"map into tables there are, a walk each", {bench_walk_map}, bench_walk_map, 0, true},
        {"map into tables there are, one range", {bench_walk_map}, bench_map_range, 0, true},
    };
    static const struct work protect[] = {
        {.name = "protect, a walk for each page",
         .prepare = {bench_walk_map},
         .run = bench_walk_protect},
        {.name = "protect, a call for each page",
         .prepare = {bench_walk_map},
         .run = bench_protect_pages},
        {.name = "protect, one range", .prepare = {bench_walk_map}, .run = bench_protect_range},
    };
    static const struct work unmap[] = {
        {.name = "unmap and free the tables, a walk each",
         .prepare = {bench_walk_map},
         .run = bench_walk_unmap},
        {.name = "unmap and free the tables, a call each",
         .prepare = {bench_walk_map},
         .run = bench_unmap_pages},
        {.name = "unmap and free the tables, one range",
         .prepare = {bench_walk_map},
         .run = bench_unmap_range},
    };

    open_memory(TABLES);
    printf("page tables, %d pages of 4 KiB in a row, for each page\n", PAGES);
    measure(map, sizeof map / sizeof map[0], &row, RUNS);
    measure(existing, sizeof existing / sizeof existing[0], &row, RUNS);
    measure(protect, sizeof protect / sizeof protect[0], &row, RUNS);
    measure(unmap, sizeof unmap / sizeof unmap[0], &row, RUNS);
    close_memory();
}

/* Distinct pages all over 1 TiB: multiplication by an odd number mixes the 28 bits without loss. */
static dd_vaddr *make_sparse(void)
{
    dd_vaddr *vaddrs = calloc(PAGES, sizeof *vaddrs);

    for (uint64_t i = 0; vaddrs != NULL && i < PAGES; i++) {
        uint64_t page = i;

        for (int round = 0; round < 3; round++) {
            page = page * UINT64_C(0x9E3779B1) % TEBIBYTE_PAGES;
            page ^= page >> 13;
        }
        vaddrs[i] = dd_vaddr_from(page * PAGE);
    }
    return vaddrs;
}

static void bench_sparse(void)
{
    dd_vaddr *vaddrs = make_sparse();
    struct bench_pages sparse = {.target = 0x0000000100001000, .vaddrs = vaddrs, .count = PAGES};
    static const struct work map[] = {
        {.name = "map, a walk for each page", .run = bench_walk_map},
        {.name = "map, a call each", .run = bench_map_pages},
        {.name = "map, a call each, frames come zeroed",
         .run = bench_map_pages,
         .frames = DD_PAGING_FRAMES_ZEROED},
        {.name = "map, a walk each, frames come zeroed",
         .run = bench_walk_map,
         .frames = DD_PAGING_FRAMES_ZEROED},
        {.name = "map, in batches, frames come zeroed",
         .run = bench_map_many,
         .frames = DD_PAGING_FRAMES_ZEROED},
    };
    static const struct work translate[] = {
        {.name = "translate, a walk each",
         .prepare = {bench_walk_map},
         .run = bench_walk_translate},
        {.name = "translate, a call each",
         .prepare = {bench_walk_map},
         .run = bench_translate_pages},
        {.name = "translate, in batches", .prepare = {bench_walk_map}, .run = bench_translate_many},
    };

    if (vaddrs == NULL) {
        fail("no memory");
    }
    open_memory(SPARSE_TABLES);
    printf("\npage tables, %d pages of 4 KiB all over 1 TiB, for each page\n", PAGES);
    measure(map, sizeof map / sizeof map[0], &sparse, 3);
    measure(translate, sizeof translate / sizeof translate[0], &sparse, 3);
    close_memory();
    free(vaddrs);
}

void bench_paging(void)
{
    bench_row();
    bench_sparse();
}
