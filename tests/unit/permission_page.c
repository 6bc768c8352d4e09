/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The page of the permission matrix: made by the library in the RAM of a machine. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drydock/arch/insn.h"
#include "drydock/tlb.h"
#include "sim/cpu/cpu.h"
#include "sim/machine/seam.h"
#include "tests/unit/permission_matrix.h"

#define TABLES UINT64_C(0x700000) /* frames for tables */
#define RAM    UINT64_C(0x1000000)

#define EFER     0xC0000080u
#define EFER_NXE UINT64_C(0x800)

/* Entry bits. [SDM 3A] tables 4-14 to 4-20. */
#define ENTRY_P  UINT64_C(1)
#define ENTRY_RW UINT64_C(2)
#define ENTRY_US UINT64_C(4)
#define ENTRY_XD (UINT64_C(1) << 63)

/* What a kernel may keep in an entry that is not present: everything else is set. */
#define NOT_PRESENT (UINT64_MAX - 1)

static const enum dd_page_size sizes[] = {0, DD_PAGE_4K, DD_PAGE_2M, DD_PAGE_1G};

static enum dd_status alloc_frame(void *context, dd_paddr *frame)
{
    struct permission_matrix *matrix = context;

    if (matrix->frame_count == 0) {
        return DD_ENOMEM;
    }
    *frame = matrix->frames[--matrix->frame_count];
    return DD_OK;
}

static void free_frame(void *context, dd_paddr frame)
{
    struct permission_matrix *matrix = context;

    matrix->frames[matrix->frame_count++] = frame;
}

static void note_stop(void *context, const struct sim_result *result)
{
    struct permission_matrix *matrix = context;

    sim_result_describe(result, matrix->failure, sizeof matrix->failure);
    (void)fprintf(stderr, "the permission matrix: %s\n", matrix->failure);
    abort();
}

bool permission_matrix_open(struct permission_matrix *matrix, struct sim_machine *machine)
{
    uint8_t *ram = sim_machine_ram(machine, 0, RAM);
    uint64_t efer = 0;

    memset(matrix, 0, sizeof *matrix);
    matrix->machine = machine;
    matrix->tlb = sim_tlb_create(sim_machine_memory(machine), NULL, NULL);
    if (ram == NULL || matrix->tlb == NULL) {
        (void)snprintf(matrix->failure, sizeof matrix->failure, "no memory");
        return false;
    }
    matrix->memory = (struct dd_paging_memory){
        .alloc = alloc_frame,
        .free = free_frame,
        .allocator = matrix,
        .window = dd_vaddr_from((uint64_t)(uintptr_t)ram),
        .window_bytes = RAM,
        .frames = DD_PAGING_FRAMES_UNDEFINED,
    };
    for (; matrix->frame_count < PERMISSION_FRAMES; matrix->frame_count++) {
        matrix->frames[matrix->frame_count] =
            dd_paddr_from(TABLES + UINT64_C(0x1000) * matrix->frame_count);
    }
    sim_seam_use(machine, note_stop, matrix);
    efer = dd_rdmsr(EFER);
    for (unsigned int nxe = 0; nxe < 2; nxe++) {
        dd_wrmsr(EFER, (efer & ~EFER_NXE) | (nxe != 0 ? EFER_NXE : 0));
        dd_paging_current(&matrix->spaces[nxe], &matrix->memory);
    }
    dd_wrmsr(EFER, efer);
    return true;
}

void permission_matrix_close(struct permission_matrix *matrix)
{
    sim_seam_use(NULL, NULL, NULL);
    sim_tlb_destroy(matrix->tlb);
}

/* Index 85 in the root, then 170, 255, 340, 425: no two alike. */
static uint64_t linear_of(unsigned int levels, unsigned int leaf)
{
    uint64_t index = 85;
    uint64_t linear = 0;

    for (unsigned int level = levels; level >= leaf; level--) {
        linear |= index << (12 + 9 * (level - 1));
        index += 85;
    }
    return linear;
}

/* The library's status for the page as the tables are now. [SDM 3A] 4.5.4 */
static enum dd_status translation_status(const struct permission_tables *tables, bool nxe)
{
    uint8_t reserved = nxe ? 0 : tables->no_execute;

    if (tables->not_present != 0 && tables->not_present >= reserved) {
        return DD_ENOTMAPPED;
    }
    return reserved != 0 ? DD_EMALFORMED : DD_OK;
}

static bool check_translation(struct permission_matrix *matrix)
{
    const struct permission_tables *tables = matrix->tables;
    const struct permission_setting setting = {.nxe = matrix->nxe};
    struct dd_translation translation = {{0}, DD_PAGE_4K, 0};
    unsigned int flags = (tables->read_only == 0 ? DD_MAP_WRITE : 0u) |
                         (tables->supervisor == 0 ? DD_MAP_USER : 0u) |
                         (tables->no_execute == 0 ? DD_MAP_EXECUTE : 0u) | DD_MAP_KEY(matrix->key);
    enum dd_status status = dd_paging_translate(&matrix->spaces[matrix->nxe ? 1 : 0],
                                                dd_vaddr_from(matrix->linear + 8), &translation);
    char words[256];

    if (status == translation_status(tables, matrix->nxe) &&
        (status != DD_OK ||
         (translation.address.raw == PERMISSION_FRAME + 8 && translation.flags == flags &&
          translation.size == sizes[tables->leaf]))) {
        return true;
    }
    permission_describe(tables, &setting, words, sizeof words);
    (void)snprintf(matrix->failure, sizeof matrix->failure,
                   "%s: dd_paging_translate() says %s, address 0x%lx, flags 0x%x, not 0x%x", words,
                   dd_status_name(status), translation.address.raw, translation.flags, flags);
    return false;
}

/* Where the entries are: found without the library. */
static bool find_entries(struct permission_matrix *matrix)
{
    uint64_t table = matrix->spaces[0].root.raw;

    for (unsigned int level = matrix->tables->levels;; level--) {
        uint64_t *entries = sim_machine_ram(matrix->machine, table & 0x000FFFFFFFFFF000, 4096);

        if (entries == NULL) {
            (void)snprintf(matrix->failure, sizeof matrix->failure,
                           "the table of level %u is at 0x%lx", level, table);
            return false;
        }
        matrix->entries[level] = &entries[matrix->linear >> (12 + 9 * (level - 1)) & 0x1FF];
        if (level == matrix->tables->leaf) {
            return true;
        }
        table = *matrix->entries[level];
    }
}

/* What the library has no flag for: tables that withhold, and XD with NXE = 0. */
static uint64_t withhold(const struct permission_matrix *matrix, unsigned int level, uint64_t entry)
{
    const struct permission_tables *tables = matrix->tables;
    bool is_table = level > tables->leaf;

    if (level == tables->not_present) {
        return is_table ? entry & ~ENTRY_P : entry;
    }
    if (is_table && level == tables->read_only) {
        entry &= ~ENTRY_RW;
    }
    if (is_table && level == tables->supervisor) {
        entry &= ~ENTRY_US;
    }
    if (level == tables->no_execute && (is_table || !matrix->nxe)) {
        entry |= ENTRY_XD;
    }
    return entry;
}

static enum dd_status map(struct permission_matrix *matrix)
{
    const struct permission_tables *tables = matrix->tables;
    const struct dd_address_space *space = &matrix->spaces[matrix->nxe ? 1 : 0];
    enum dd_page_size size = sizes[tables->leaf];
    uint64_t offset = PERMISSION_FRAME & ((uint64_t)size - 1);
    uint64_t page = linear_of(tables->levels, tables->leaf);
    unsigned int flags = (tables->read_only == tables->leaf ? 0u : DD_MAP_WRITE) |
                         (tables->supervisor == tables->leaf ? 0u : DD_MAP_USER) |
                         (tables->no_execute == tables->leaf ? 0u : DD_MAP_EXECUTE) |
                         DD_MAP_KEY(matrix->key);
    struct dd_tlb_pending nothing;

    matrix->linear = page + offset;
    if (tables->not_present == tables->leaf) {
        dd_tlb_pending_init(&nothing);
        return dd_paging_set_software(space, dd_vaddr_from(page), size, NOT_PRESENT, &nothing);
    }
    return dd_paging_map_page(space, dd_vaddr_from(page), dd_paddr_from(PERMISSION_FRAME - offset),
                              size, flags);
}

bool permission_matrix_map(struct permission_matrix *matrix, const struct permission_tables *tables,
                           bool nxe)
{
    const struct sim_tlb_flush all = {.kind = SIM_TLB_ALL};
    const struct sim_cpu cpu = {.cr0 = 0x80000033, .cr3 = matrix->spaces[0].root.raw};
    enum dd_status status = DD_OK;

    matrix->tables = tables;
    matrix->nxe = nxe;
    matrix->key = 1 + (matrix->key + 1) % 15;
    status = map(matrix);
    if (status != DD_OK) {
        (void)snprintf(matrix->failure, sizeof matrix->failure, "dd_paging_map_page() says %s",
                       dd_status_name(status));
        return false;
    }
    if (!find_entries(matrix)) {
        return false;
    }
    if (!nxe && tables->not_present != tables->leaf &&
        (*matrix->entries[tables->leaf] & ENTRY_XD) != 0) {
        (void)snprintf(matrix->failure, sizeof matrix->failure,
                       "dd_paging_map_page() sets XD, which is reserved with NXE = 0");
        return false;
    }
    for (unsigned int level = tables->leaf; level <= tables->levels; level++) {
        matrix->initial[level] = withhold(matrix, level, *matrix->entries[level]);
    }
    permission_matrix_rewind(matrix);
    sim_tlb_flush(matrix->tlb, &cpu, &all, 0);
    return check_translation(matrix);
}

bool permission_matrix_unmap(struct permission_matrix *matrix)
{
    const struct permission_tables *tables = matrix->tables;
    const struct dd_address_space *space = &matrix->spaces[matrix->nxe ? 1 : 0];
    uint64_t page = linear_of(tables->levels, tables->leaf);
    struct dd_tlb_pending pending;
    enum dd_status status = DD_OK;

    for (unsigned int level = tables->leaf; level <= tables->levels; level++) {
        uint64_t *entry = matrix->entries[level];

        if (*entry != NOT_PRESENT) {
            *entry = (*entry | ENTRY_P) & (matrix->nxe ? UINT64_MAX : ~ENTRY_XD);
        }
    }
    dd_tlb_pending_init(&pending);
    status = dd_paging_clear(space, dd_vaddr_from(page), sizes[tables->leaf], &pending, NULL);
    if (status == DD_OK) {
        status = dd_tlb_settle_here(&pending);
    }
    if (status != DD_OK || matrix->frame_count != PERMISSION_FRAMES) {
        (void)snprintf(matrix->failure, sizeof matrix->failure,
                       "dd_paging_clear() says %s, %u frames are left", dd_status_name(status),
                       matrix->frame_count);
        return false;
    }
    return true;
}
