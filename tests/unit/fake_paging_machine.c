/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Test doubles of kernel_api.h and of the hosted processor. See the header.
 *
 * The caches do what the manual permits at worst: nothing leaves them but by
 * INVLPG, and INVLPG drops only what concerns its address ([SDM 3A] 4.10.4.1
 * promises more for paging-structure caches; EFER.TCE of AMD does not).
 *
 * Checks are written as `if` and ck_abort_msg() where they are made often: each
 * ck_assert sends its place to the test's parent.
 */
#include "tests/unit/fake_paging_machine.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "drydock/arch/hosted_machine.h"
#include "drydock/kernel_api.h"

struct fake_machine fake;

static _Alignas(4096) uint64_t memory[FAKE_FRAMES][512];
static bool in_use[FAKE_FRAMES];

/* What a walk left in the caches: a page, or a table on the way to one. */
struct cached {
    uint64_t first, last; /* linear addresses it serves */
    uint64_t frame;       /* table: its physical address */
    struct fake_walk walk;
};

static struct cached tlb[FAKE_TLB_ENTRIES];
static struct cached structures[FAKE_TLB_ENTRIES];
static size_t tlb_used;
static size_t structures_used;

void fake_reset(void)
{
    memset(&fake, 0, sizeof fake);
    fake.efer = 0xD00; /* NXE, LMA, LME */
    fake.extended_leaves = 0x80000008;
    fake.features = 0x04000000;  /* bit 26: 1-GByte pages */
    fake.address_sizes = 0x302E; /* 48 linear, 46 physical */
    fake.allocations_left = UINT32_MAX;
    memset(in_use, 0, sizeof in_use);
    memset(memory, 0xA5, sizeof memory);
    tlb_used = 0;
    structures_used = 0;
}

void fake_forget_events(void)
{
    fake.event_count = 0;
}

size_t fake_count_invlpg(void)
{
    size_t count = 0;

    for (size_t i = 0; i < fake.event_count; i++) {
        count += fake.events[i].kind == FAKE_INVLPG;
    }
    return count;
}

static void note(enum fake_event_kind kind, uint64_t address)
{
    if (fake.event_count == FAKE_EVENTS) {
        ck_abort_msg("too many events");
    }
    fake.events[fake.event_count++] = (struct fake_event){kind, address};
}

uint64_t fake_checksum(void)
{
    uint64_t sum = 0xCBF29CE484222325;

    for (size_t frame = 0; frame < FAKE_FRAMES; frame++) {
        const uint64_t *words = memory[frame];

        for (size_t i = 0; in_use[frame] && i < 512; i++) {
            sum = (sum ^ words[i] ^ (frame << 52)) * 0x100000001B3;
        }
    }
    return sum;
}

/* ---- The kernel ---- */

static size_t frame_number(uint64_t physical)
{
    return physical < FAKE_MEMORY ? FAKE_FRAMES : (physical - FAKE_MEMORY) / 4096;
}

enum dd_status dd_kernel_frame_alloc(dd_paddr *frame)
{
    size_t number = 0;

    if (fake.hand_out_unreachable) {
        fake.hand_out_unreachable = false;
        fake.frames_in_use++;
        *frame = dd_paddr_from(0xFFFF0000);
        return DD_OK;
    }
    while (number < FAKE_FRAMES && in_use[number]) {
        number++;
    }
    if (fake.allocations_left == 0 || number == FAKE_FRAMES) {
        return DD_ENOMEM;
    }
    fake.allocations_left--;
    fake.frames_in_use++;
    in_use[number] = true;
    *frame = dd_paddr_from(FAKE_MEMORY + number * 4096);
    return DD_OK;
}

void dd_kernel_frame_free(dd_paddr frame)
{
    size_t number = frame_number(frame.raw);

    note(FAKE_FREE, frame.raw);
    fake.frames_in_use--;
    if (number >= FAKE_FRAMES) {
        return;
    }
    if (!in_use[number]) {
        ck_abort_msg("frame %#lx freed twice", frame.raw);
    }
    for (size_t i = 0; i < structures_used; i++) {
        if (structures[i].frame == frame.raw) {
            ck_abort_msg("table %#lx freed while cached", frame.raw);
        }
    }
    in_use[number] = false;
    memset(memory[number], 0xA5, 4096);
}

void *dd_kernel_frame_pointer(dd_paddr frame)
{
    size_t number = frame_number(frame.raw);

    return number < FAKE_FRAMES ? memory[number] : NULL;
}

/* ---- The processor ---- */

static void drop(struct cached *cache, size_t *used, uint64_t address)
{
    size_t kept = 0;

    for (size_t i = 0; i < *used; i++) {
        if (address < cache[i].first || address > cache[i].last) {
            cache[kept++] = cache[i];
        }
    }
    *used = kept;
}

static void keep(struct cached *cache, size_t *used, struct cached entry)
{
    if (*used == FAKE_TLB_ENTRIES) {
        memmove(cache, cache + 1, (FAKE_TLB_ENTRIES - 1) * sizeof *cache);
        (*used)--;
    }
    cache[(*used)++] = entry;
}

static void cpuid(struct dd_hosted_operands *operands)
{
    uint32_t leaf = (uint32_t)operands->rax;

    memset(operands, 0, sizeof *operands);
    if (leaf == 0x80000000) {
        operands->rax = fake.extended_leaves;
    } else if (leaf == 0x80000001) {
        operands->rdx = fake.features;
    } else if (leaf == 0x80000008) {
        operands->rax = fake.address_sizes;
    } else {
        ck_abort_msg("CPUID %#x", leaf);
    }
}

void dd_hosted_execute(enum dd_hosted_insn insn, struct dd_hosted_operands *operands)
{
    switch (insn) {
    case DD_HOSTED_INVLPG:
        note(FAKE_INVLPG, operands->rdx);
        drop(tlb, &tlb_used, operands->rdx);
        drop(structures, &structures_used, operands->rdx);
        break;
    case DD_HOSTED_READ_CR3:
        operands->rax = fake.cr3;
        break;
    case DD_HOSTED_WRITE_CR3:
        fake.cr3 = operands->rax;
        break;
    case DD_HOSTED_RDMSR:
        ck_assert_uint_eq(operands->rcx, 0xC0000080);
        operands->rax = fake.efer;
        operands->rdx = 0;
        break;
    case DD_HOSTED_CPUID:
        cpuid(operands);
        break;
    default:
        ck_abort_msg("instruction %d", (int)insn);
    }
}

/* [SDM 3A] 4.5.4, figures 4-8 to 4-10: nine bits of the address for each level. */
static unsigned int shift_of(unsigned int level)
{
    return 12 + 9 * (level - 1);
}

uint64_t *fake_entry(const struct dd_address_space *space, uint64_t address, unsigned int level)
{
    uint64_t table = space->root.raw;

    for (unsigned int at = 4;; at--) {
        uint64_t *words = dd_kernel_frame_pointer(dd_paddr_from(table));
        uint64_t *entry = &words[(address >> shift_of(at)) & 511];

        if (at == level) {
            return entry;
        }
        if ((*entry & 1) == 0 || (*entry & 0x80) != 0) {
            return NULL;
        }
        table = *entry & 0x000FFFFFFFFFF000;
    }
}

/* Walk; with `fill`, tables passed and the page found go into the caches. */
static struct fake_walk walk(const struct dd_address_space *space, uint64_t address, bool fill)
{
    struct fake_walk result = {.write = true, .user = true, .execute = true};

    for (unsigned int level = 4; level >= 1; level--) {
        uint64_t entry = *fake_entry(space, address, level);
        uint64_t bytes = UINT64_C(1) << shift_of(level);
        uint64_t first = address & ~(bytes - 1);

        if ((entry & 1) == 0) {
            return (struct fake_walk){0};
        }
        result.write = result.write && (entry & 2) != 0;
        result.user = result.user && (entry & 4) != 0;
        result.execute = result.execute && entry >> 63 == 0;
        if (level == 1 || (entry & 0x80) != 0) {
            result.present = true;
            result.page_bytes = bytes;
            result.physical = (entry & 0x000FFFFFFFFFF000 & ~(bytes - 1)) + (address - first);
        }
        if (fill) {
            struct cached cached = {first, first + (bytes - 1), entry & 0x000FFFFFFFFFF000, result};

            keep(result.present ? tlb : structures, result.present ? &tlb_used : &structures_used,
                 cached);
        }
        if (result.present) {
            return result;
        }
    }
    return result;
}

struct fake_walk fake_translate(const struct dd_address_space *space, uint64_t address)
{
    return walk(space, address, false);
}

static bool equal_walks(struct fake_walk a, struct fake_walk b)
{
    return a.present == b.present && a.physical == b.physical && a.page_bytes == b.page_bytes &&
           a.write == b.write && a.user == b.user && a.execute == b.execute;
}

struct fake_walk fake_access(const struct dd_address_space *space, uint64_t address)
{
    for (size_t i = 0; i < tlb_used; i++) {
        if (address >= tlb[i].first && address <= tlb[i].last) {
            struct fake_walk hit = tlb[i].walk;

            hit.physical = (hit.physical & ~(hit.page_bytes - 1)) + (address - tlb[i].first);
            return hit;
        }
    }
    return walk(space, address, true);
}

bool fake_tlb_is_right(const struct dd_address_space *space)
{
    for (size_t i = 0; i < tlb_used; i++) {
        uint64_t offset = tlb[i].walk.physical & (tlb[i].walk.page_bytes - 1);

        if (!equal_walks(tlb[i].walk, fake_translate(space, tlb[i].first + offset))) {
            return false;
        }
    }
    return true;
}
