/* SPDX-License-Identifier: MIT */
/*
 * Address spaces as a whole. 4-level paging is a tree of tables of 512 entries
 * with its root in CR3; nine bits of the linear address select the entry at
 * each of the levels 4 to 1, and an entry either references the table of the
 * next level or maps a page. [SDM 3A] 4.5.4. How wide a physical address is,
 * whether 1-GByte pages exist and whether bit 63 may be used differ between
 * processors and modes; all three are asked once and kept in the handle.
 */
#include "drydock/paging.h"

#include <stddef.h>

#include "drydock/arch/insn.h"
#include "drydock/cr_regs.h"
#include "drydock/kernel_api.h"
#include "paging_entry.h"
#include "paging_walk.h"

/* CPUID of extended functions. [SDM 2A] CPUID, table 3-8. */
enum {
    CPUID_PAGES_1G_LO = 26, /* EDX of 80000001H */
    CPUID_PAGES_1G_HI = 26,
    CPUID_PHYSICAL_WIDTH_LO = 0, /* EAX of 80000008H */
    CPUID_PHYSICAL_WIDTH_HI = 7,
    PHYSICAL_WIDTH_DEFAULT = 36, /* without leaf 80000008H. [SDM 3A] 4.1.4 */
    PHYSICAL_WIDTH_MAX = 52,
    LOWER_HALF_ENTRIES = DD_PAGING_ENTRIES / 2,
};

static const uint32_t cpuid_extended_max = 0x80000000;
static const uint32_t cpuid_extended_features = 0x80000001;
static const uint32_t cpuid_address_sizes = 0x80000008;

static uint8_t physical_width(void)
{
    uint64_t width = PHYSICAL_WIDTH_DEFAULT;

    if (dd_cpuid(cpuid_extended_max, 0).eax >= cpuid_address_sizes) {
        width = DD_GET(dd_cpuid(cpuid_address_sizes, 0).eax, CPUID_PHYSICAL_WIDTH);
    }
    return (uint8_t)(width < PHYSICAL_WIDTH_MAX ? width : PHYSICAL_WIDTH_MAX);
}

static struct dd_address_space describe(dd_paddr root)
{
    uint32_t features = dd_cpuid(cpuid_extended_features, 0).edx;

    return (struct dd_address_space){
        .root = root,
        .no_execute = DD_GET(dd_rdmsr(DD_MSR_EFER), DD_EFER_NXE) != 0,
        .pages_1g = DD_GET(features, CPUID_PAGES_1G) != 0,
        .physical_width = physical_width(),
    };
}

enum dd_status dd_paging_frame_alloc(dd_paddr *frame)
{
    dd_paddr allocated = {0};
    enum dd_status status = dd_kernel_frame_alloc(&allocated);

    if (status != DD_OK) {
        return status;
    }
    if (dd_kernel_frame_pointer(allocated) == NULL) {
        dd_kernel_frame_free(allocated);
        return DD_EMALFORMED;
    }
    *frame = allocated;
    return DD_OK;
}

volatile uint64_t *dd_paging_frame_clear(dd_paddr frame)
{
    volatile uint64_t *table = dd_kernel_frame_pointer(frame);

    for (unsigned int i = 0; i < DD_PAGING_ENTRIES; i++) {
        table[i] = 0;
    }
    return table;
}

enum dd_status dd_paging_create(struct dd_address_space *space)
{
    dd_paddr root = {0};
    enum dd_status status = dd_paging_frame_alloc(&root);

    if (status != DD_OK) {
        return status;
    }
    dd_paging_frame_clear(root);
    *space = describe(root);
    return DD_OK;
}

void dd_paging_current(struct dd_address_space *space)
{
    *space = describe(dd_paddr_from(dd_read_cr3() & DD_BITS(DD_CR3_ADDRESS)));
}

void dd_paging_activate(const struct dd_address_space *space)
{
    dd_write_cr3(space->root.raw);
}

/* Free what the first `count` entries of a table reference; those that lead nowhere are skipped. */
static void free_tables(const volatile uint64_t *table, unsigned int level, unsigned int count)
{
    for (unsigned int i = 0; i < count; i++) {
        uint64_t entry = table[i];
        const volatile uint64_t *child = NULL;

        if (dd_paging_entry_is_present(entry) && dd_paging_entry_is_table(level, entry)) {
            child = dd_kernel_frame_pointer(dd_paging_entry_table(entry));
        }
        if (child != NULL) {
            free_tables(child, level - 1, DD_PAGING_ENTRIES);
            dd_kernel_frame_free(dd_paging_entry_table(entry));
        }
    }
}

void dd_paging_destroy(const struct dd_address_space *space)
{
    const volatile uint64_t *root = dd_kernel_frame_pointer(space->root);

    if (root != NULL) {
        free_tables(root, DD_PAGING_TOP_LEVEL, LOWER_HALF_ENTRIES);
        dd_kernel_frame_free(space->root);
    }
}

static enum dd_page_size page_size(unsigned int level)
{
    switch (level) {
    case 1:
        return DD_PAGE_4K;
    case 2:
        return DD_PAGE_2M;
    default:
        return DD_PAGE_1G;
    }
}

enum dd_status dd_paging_translate(const struct dd_address_space *space, dd_vaddr vaddr,
                                   struct dd_translation *translation)
{
    struct dd_paging_walk walk;
    enum dd_status status = DD_OK;

    if (!dd_vaddr_is_canonical(vaddr, DD_PAGING_ADDRESS_WIDTH)) {
        return DD_ECANONICAL;
    }
    status = dd_paging_walk_start(&walk, space);
    if (status == DD_OK) {
        status = dd_paging_walk_to(&walk, vaddr.raw, 1);
    }
    if (status != DD_OK) {
        return status;
    }
    if (!dd_paging_entry_is_present(walk.entry)) {
        return DD_ENOTMAPPED;
    }

    uint64_t offset = vaddr.raw & (dd_paging_entry_bytes(walk.level) - 1);
    unsigned int withheld = DD_PAGING_RIGHTS & ~walk.path[walk.level].rights;

    translation->address = dd_paddr_from(dd_paging_entry_page(walk.level, walk.entry).raw + offset);
    translation->size = page_size(walk.level);
    translation->flags = dd_paging_entry_flags(walk.level, walk.entry) & ~withheld;
    return DD_OK;
}
