/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Test doubles of a kernel's memory and of the hosted processor. See the header.
 *
 * The caches do what the manual permits at worst: nothing leaves them but by
 * an instruction that invalidates, and INVLPG drops only what concerns its
 * address ([SDM 3A] 4.10.4.1 promises more for paging-structure caches; EFER.TCE
 * of AMD does not).
 *
 * Checks are written as `if` and ck_abort_msg() where they are made often: each
 * ck_assert sends its place to the test's parent.
 */
#include "tests/unit/fake_paging_machine.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "drydock/arch/hosted_machine.h"

struct fake_machine fake;

static _Alignas(4096) uint64_t memory[FAKE_FRAMES][512];
static bool in_use[FAKE_FRAMES];

/* What a walk left in the caches: a page, or a table on the way to one. */
struct cached {
    uint64_t first, last; /* linear addresses it serves */
    uint64_t frame;       /* table: its physical address */
    uint16_t pcid;
    bool global;
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
    fake.structured_features = 0; /* bit 10: INVPCID */
    fake.cr4 = 0xA0;              /* PGE, PAE */
    memset(in_use, 0, sizeof in_use);
    memset(memory, 0xA5, sizeof memory);
    tlb_used = 0;
    structures_used = 0;
}

void fake_forget_events(void)
{
    fake.event_count = 0;
}

size_t fake_count(enum fake_event_kind kind)
{
    size_t count = 0;

    for (size_t i = 0; i < fake.event_count; i++) {
        count += fake.events[i].kind == kind;
    }
    return count;
}

size_t fake_count_invlpg(void)
{
    return fake_count(FAKE_INVLPG);
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

static enum dd_status alloc_frame(void *context, dd_paddr *frame)
{
    size_t number = 0;

    ck_assert_ptr_eq(context, &fake);
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
    if (fake.frames_zeroed) {
        memset(memory[number], 0, 4096);
    }
    *frame = dd_paddr_from(FAKE_MEMORY + number * 4096);
    return DD_OK;
}

static void free_frame(void *context, dd_paddr frame)
{
    size_t number = frame_number(frame.raw);

    (void)context;
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

uint64_t *fake_frame(dd_paddr frame)
{
    size_t number = frame_number(frame.raw);

    return number < FAKE_FRAMES ? memory[number] : NULL;
}

static void *frame_pointer(void *context, dd_paddr frame, struct dd_paging_place place)
{
    ck_assert_ptr_eq(context, memory);
    if (place.level > 5) {
        ck_abort_msg("a table of level %u", place.level);
    }
    fake.pointer_calls++;
    return fake_frame(frame);
}

const struct dd_paging_memory fake_memory = {
    .alloc = alloc_frame,
    .free = free_frame,
    .pointer = frame_pointer,
    .allocator = &fake,
    .accessor = memory,
};

struct dd_paging_memory fake_window(void)
{
    return (struct dd_paging_memory){
        .alloc = alloc_frame,
        .free = free_frame,
        .allocator = &fake,
        .window = dd_vaddr_from((uint64_t)(uintptr_t)memory - FAKE_MEMORY),
        .window_bytes = FAKE_MEMORY + sizeof memory,
    };
}

/* ---- The processor ---- */

static uint16_t current_pcid(void)
{
    return (fake.cr4 & 0x20000) != 0 ? fake.cr3 & 0xFFF : 0;
}

/* What an instruction invalidates. */
struct flush {
    bool one_address, one_pcid, keep_global;
    uint64_t address;
    uint16_t pcid;
};

static bool is_dropped(const struct cached *cached, struct flush flush)
{
    if (flush.one_address && (flush.address < cached->first || flush.address > cached->last)) {
        return false;
    }
    if (cached->global) {
        return !flush.keep_global;
    }
    return !flush.one_pcid || cached->pcid == flush.pcid;
}

static void drop(struct flush flush)
{
    size_t kept = 0;

    for (size_t i = 0; i < tlb_used; i++) {
        if (!is_dropped(&tlb[i], flush)) {
            tlb[kept++] = tlb[i];
        }
    }
    tlb_used = kept;
    kept = 0;
    for (size_t i = 0; i < structures_used; i++) {
        if (!is_dropped(&structures[i], flush)) {
            structures[kept++] = structures[i];
        }
    }
    structures_used = kept;
}

/* [SDM 2A] INVPCID: the type is in the register, PCID and address are in memory. */
static void invpcid(uint64_t type, const uint64_t *descriptor)
{
    note(FAKE_INVPCID, type);
    drop((struct flush){.one_address = type == 0,
                        .one_pcid = type < 2,
                        .keep_global = type != 2,
                        .address = descriptor[1],
                        .pcid = (uint16_t)descriptor[0]});
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
    } else if (leaf == 0) {
        operands->rax = 7;
    } else if (leaf == 7) {
        operands->rbx = fake.structured_features;
    } else {
        ck_abort_msg("CPUID %#x", leaf);
    }
}

void dd_hosted_execute(enum dd_hosted_insn insn, struct dd_hosted_operands *operands)
{
    switch (insn) {
    case DD_HOSTED_INVLPG:
        note(FAKE_INVLPG, operands->rdx);
        drop((struct flush){.one_address = true,
                            .one_pcid = true,
                            .address = operands->rdx,
                            .pcid = current_pcid()});
        break;
    case DD_HOSTED_INVPCID:
        invpcid(operands->rax, operands->input);
        break;
    case DD_HOSTED_READ_CR3:
        operands->rax = fake.cr3;
        break;
    case DD_HOSTED_WRITE_CR3:
        note(FAKE_WRITE_CR3, operands->rax);
        fake.cr3 = operands->rax & ~(UINT64_C(1) << 63);
        if (operands->rax >> 63 == 0) {
            drop((struct flush){.one_pcid = true, .keep_global = true, .pcid = current_pcid()});
        }
        break;
    case DD_HOSTED_READ_CR4:
        operands->rax = fake.cr4;
        break;
    case DD_HOSTED_WRITE_CR4:
        note(FAKE_WRITE_CR4, operands->rax);
        if (((fake.cr4 ^ operands->rax) & 0x80) != 0) {
            drop((struct flush){0});
        }
        fake.cr4 = operands->rax;
        break;
    case DD_HOSTED_INVLPGB:
        note(FAKE_INVLPGB, operands->rax);
        break;
    case DD_HOSTED_TLBSYNC:
        note(FAKE_TLBSYNC, 0);
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

/* The address in an entry; memory that is encrypted is at the same address as any other. */
static uint64_t address_bits(const struct dd_address_space *space)
{
    uint64_t bits = 0x000FFFFFFFFFF000;

    return space->format.encryption == DD_ENCRYPTION_NONE
               ? bits
               : bits & ~(UINT64_C(1) << space->format.encryption_bit);
}

uint64_t *fake_entry(const struct dd_address_space *space, uint64_t address, unsigned int level)
{
    uint64_t table = space->root.raw;

    for (unsigned int at = space->format.levels;; at--) {
        uint64_t *words = fake_frame(dd_paddr_from(table));
        uint64_t *entry = &words[(address >> shift_of(at)) & 511];

        if (at == level) {
            return entry;
        }
        if ((*entry & 1) == 0 || (*entry & 0x80) != 0) {
            return NULL;
        }
        table = *entry & address_bits(space);
    }
}

/* Walk; with `fill`, tables passed and the page found go into the caches. */
static struct fake_walk walk(const struct dd_address_space *space, uint64_t address, bool fill)
{
    struct fake_walk result = {.write = true, .user = true, .execute = true};

    for (unsigned int level = space->format.levels; level >= 1; level--) {
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
            struct cached cached = {.first = first,
                                    .last = first + (bytes - 1),
                                    .frame = entry & 0x000FFFFFFFFFF000,
                                    .pcid = current_pcid(),
                                    .global = result.present && (entry & 0x100) != 0,
                                    .walk = result};

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
        if (address >= tlb[i].first && address <= tlb[i].last &&
            (tlb[i].global || tlb[i].pcid == current_pcid())) {
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
