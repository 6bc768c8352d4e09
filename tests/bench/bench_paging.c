/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Page tables: one call for each page, which walks from the root each time,
 * against one call for the whole range. Both leave the same tables behind.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drydock/arch/hosted_machine.h"
#include "drydock/kernel_api.h"
#include "drydock/paging.h"
#include "tests/bench/bench.h"

enum {
    PAGE = 4096,
    PAGES = 512 * 512,
    FRAMES = 2048
};

static const dd_vaddr start = {0x0000400000000000};
/* Not a multiple of 2 MiB, so that every page is one of 4 KiB. */
static const dd_paddr target = {0x0000000100001000};

static unsigned char *arena;
static uint64_t used;
static uint64_t free_list[FRAMES];
static uint64_t freed;

enum dd_status dd_kernel_frame_alloc(dd_paddr *frame)
{
    if (freed == 0 && used == FRAMES) {
        return DD_ENOMEM;
    }
    *frame = dd_paddr_from(freed > 0 ? free_list[--freed] : used++ * PAGE);
    return DD_OK;
}

void dd_kernel_frame_free(dd_paddr frame)
{
    free_list[freed++] = frame.raw;
}

void *dd_kernel_frame_pointer(dd_paddr frame)
{
    return frame.raw < (uint64_t)FRAMES * PAGE ? arena + frame.raw : NULL;
}

/* CPUID, EFER and INVLPG cost nothing here: the tables are what is measured. */
void dd_hosted_execute(enum dd_hosted_insn insn, struct dd_hosted_operands *operands)
{
    if (insn == DD_HOSTED_RDMSR) {
        operands->rax = 0xD01; /* EFER with NXE */
    } else if (insn == DD_HOSTED_CPUID) {
        operands->rax = 48;
        operands->rdx = 1u << 26; /* 1-GByte pages */
    }
}

static dd_vaddr page_address(uint64_t page)
{
    return dd_vaddr_from(start.raw + page * PAGE);
}

static void expect(enum dd_status status)
{
    if (status != DD_OK) {
        (void)fprintf(stderr, "bench: %s\n", dd_status_name(status));
        exit(EXIT_FAILURE);
    }
}

static void map_pages(const struct dd_address_space *space)
{
    for (uint64_t i = 0; i < PAGES; i++) {
        expect(dd_paging_map_page(space, page_address(i), dd_paddr_from(target.raw + i * PAGE),
                                  DD_PAGE_4K, DD_MAP_WRITE));
    }
}

static void map_range(const struct dd_address_space *space)
{
    expect(dd_paging_map_range(space, start, target, (uint64_t)PAGES * PAGE, DD_MAP_WRITE));
}

static void protect_pages(const struct dd_address_space *space)
{
    for (uint64_t i = 0; i < PAGES; i++) {
        expect(dd_paging_protect_page(space, page_address(i), DD_PAGE_4K, 0));
    }
}

static void protect_range(const struct dd_address_space *space)
{
    expect(dd_paging_protect_range(space, start, (uint64_t)PAGES * PAGE, 0));
}

static void translate_pages(const struct dd_address_space *space)
{
    struct dd_translation translation;

    for (uint64_t i = 0; i < PAGES; i++) {
        expect(dd_paging_translate(space, page_address(i), &translation));
    }
}

static void unmap_pages(const struct dd_address_space *space)
{
    dd_paddr frame;

    for (uint64_t i = 0; i < PAGES; i++) {
        expect(dd_paging_unmap_page(space, page_address(i), DD_PAGE_4K, &frame));
    }
}

static void unmap_range(const struct dd_address_space *space)
{
    expect(dd_paging_unmap_range(space, start, (uint64_t)PAGES * PAGE));
}

static double time_of(void (*run)(const struct dd_address_space *space),
                      const struct dd_address_space *space)
{
    double before = bench_seconds();

    run(space);
    return bench_seconds() - before;
}

void bench_paging(void)
{
    struct dd_address_space space;
    double map = 0;
    double protect = 0;
    double unmap = 0;
    double translate = 0;
    double base = 0;

    arena = aligned_alloc(PAGE, (size_t)FRAMES * PAGE);
    if (arena == NULL) {
        return;
    }
    memset(arena, 0, (size_t)FRAMES * PAGE); /* the first touch of memory is not what is measured */
    expect(dd_paging_create(&space));
    printf("page tables, %d pages of 4 KiB, for each page\n", PAGES);
    map = time_of(map_pages, &space);
    protect = time_of(protect_pages, &space);
    translate = time_of(translate_pages, &space);
    unmap = time_of(unmap_pages, &space);
    base = bench_report("map, a call for each page", map, PAGES, 0);
    (void)bench_report("map, one range", time_of(map_range, &space), PAGES, base);
    base = bench_report("protect, a call for each page", protect, PAGES, 0);
    (void)bench_report("protect, one range", time_of(protect_range, &space), PAGES, base);
    base = bench_report("unmap and free the tables, a call for each page", unmap, PAGES, 0);
    (void)bench_report("unmap and free the tables, one range", time_of(unmap_range, &space), PAGES,
                       base);
    (void)bench_report("translate, a call for each page", translate, PAGES, 0);
    free(arena);
}
