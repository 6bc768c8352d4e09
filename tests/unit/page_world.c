/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See the header. Bits are typed from the manual. */
#include "tests/unit/page_world.h"

#include <check.h>
#include <string.h>

#include "drydock/arch/hosted_machine.h"

struct page_world world;
uint64_t world_roots[2];

static _Alignas(4096) uint64_t arena[WORLD_FRAMES][512];
static uint64_t owners[WORLD_FRAMES]; /* number of the call that allocated a frame; 0: free */
static uint64_t current_call;

/* Frame 0 is never handed out: address 0 is an easy mistake. */
enum {
    FIRST_FRAME = 1
};

void world_complain(const char *what)
{
    if (world.complaint == NULL) {
        world.complaint = what;
    }
}

void world_reset(void)
{
    memset(&world, 0, offsetof(struct page_world, stale)); /* the rest is not looked at */
    memset(owners, 0, sizeof owners);
    current_call = 1;
    memset(world_roots, 0, sizeof world_roots);
    world.allocations_left = UINT32_MAX;
    world.efer = 0xD00; /* NXE, LMA, LME */
    world.cr4 = 0xA0;   /* PGE, PAE */
}

void world_begin_call(void)
{
    current_call++;
}

unsigned int world_available(void)
{
    unsigned int left = WORLD_FRAMES - FIRST_FRAME - world.frames_in_use;

    return left < world.allocations_left ? left : world.allocations_left;
}

uint64_t *world_frame(uint64_t physical)
{
    return physical < sizeof arena && physical % 4096 == 0 ? arena[physical / 4096] : NULL;
}

const struct sim_memory *world_memory(void)
{
    static const struct sim_memory memory = {.bytes = (uint8_t *)arena, .size = sizeof arena};

    return &memory;
}

/* ---- The allocator ---- */

static enum dd_status alloc_frame(void *context, dd_paddr *frame)
{
    size_t i = FIRST_FRAME;

    (void)context;
    if (world_available() == 0) {
        return DD_ENOMEM;
    }
    while (owners[i] != 0) {
        i++;
    }
    world.allocations_left--;
    world.frames_in_use++;
    owners[i] = current_call;
    memset(arena[i], world.frames_zeroed ? 0 : 0xA5, 4096);
    *frame = dd_paddr_from(i * 4096);
    return DD_OK;
}

static void free_frame(void *context, dd_paddr frame)
{
    const uint64_t *words = world_frame(frame.raw);
    uint64_t *owner = &owners[frame.raw / 4096 % WORLD_FRAMES];

    (void)context;
    if (words == NULL || *owner == 0) {
        world_complain("a frame was freed that was not in use");
        return;
    }
    if (*owner != current_call && world.settling == 0) {
        world_complain("a frame was freed before it was settled");
    }
    if (*owner != current_call && world_is_stale(world.settling)) {
        world_complain("a frame was freed while caches may lead to it");
    }
    *owner = 0;
    world.frames_in_use--;
    memset(world_frame(frame.raw), 0x5A, 4096);
}

/* Whether the table of a place, reached from a root, is this frame. */
static bool leads_to(uint64_t root, struct dd_paging_place place, uint64_t frame)
{
    unsigned int level = (world.cr4 & 0x1000) != 0 ? 5 : 4;

    for (; root != 0 && level > place.level; level--) {
        uint64_t entry = world_frame(root)[place.vaddr.raw >> (3 + 9 * level) & 511];

        if ((entry & 1) == 0) {
            return false;
        }
        root = entry & (sizeof arena - 4096);
    }
    return root == frame;
}

static void *frame_pointer(void *context, dd_paddr frame, struct dd_paging_place place)
{
    (void)context;
    world.pointer_calls++;
    if (place.level != 0 && !leads_to(world_roots[0], place, frame.raw) &&
        !leads_to(world_roots[1], place, frame.raw)) {
        world_complain("a table was asked for at a place where it is not");
    }
    return world_frame(frame.raw);
}

const struct dd_paging_memory world_by_function = {
    .alloc = alloc_frame, .free = free_frame, .pointer = frame_pointer};

const struct dd_paging_memory *world_by_window(void)
{
    static struct dd_paging_memory memory;

    memory = (struct dd_paging_memory){
        .alloc = alloc_frame,
        .free = free_frame,
        .window = dd_vaddr_of(arena),
        .window_bytes = sizeof arena,
        .frames = world.frames_zeroed ? DD_PAGING_FRAMES_ZEROED : DD_PAGING_FRAMES_UNDEFINED,
    };
    return &memory;
}

/* ---- Caches ---- */

void world_add_stale(struct stale stale)
{
    if (world.stale_count == WORLD_STALE) {
        world_complain("too much is stale");
        return;
    }
    for (unsigned int i = 0; i < 8; i++) {
        unsigned int here = stale.count > i * 64 ? stale.count - i * 64 : 0;

        stale.left[i] = here >= 64 ? UINT64_MAX : (UINT64_C(1) << here) - 1;
    }
    world.stale[world.stale_count++] = stale;
}

/* What an instruction drops: pages of some contexts, from one address or all. */
struct drop {
    bool one_address, every_pcid, global, translations_only;
    uint64_t address;
    unsigned int pcid;
};

static bool drops_context(const struct stale *stale, const struct drop *drop)
{
    return stale->global ? drop->global : drop->every_pcid || stale->pcid == drop->pcid;
}

bool world_is_stale(unsigned int batch)
{
    for (size_t i = 0; i < world.stale_count; i++) {
        if (world.stale[i].batch == batch) {
            return true;
        }
    }
    return false;
}

void world_move_stale(unsigned int into, unsigned int from)
{
    for (size_t i = 0; i < world.stale_count; i++) {
        if (world.stale[i].batch == from) {
            world.stale[i].batch = into;
        }
    }
}

static bool is_stale(const struct stale *stale)
{
    uint64_t any = 0;

    for (size_t i = 0; i < 8; i++) {
        any |= stale->left[i];
    }
    return any != 0;
}

static void drop(struct drop drop)
{
    size_t kept = 0;

    for (size_t i = 0; i < world.stale_count; i++) {
        struct stale *stale = &world.stale[i];
        uint64_t page = (drop.address - stale->first) / stale->bytes;

        if (drops_context(stale, &drop) && !drop.one_address) {
            continue;
        }
        if (drops_context(stale, &drop) && page < stale->count) {
            stale->left[page / 64] &= ~(UINT64_C(1) << page % 64);
        }
        if (is_stale(stale)) {
            world.stale[kept++] = *stale;
        }
    }
    world.stale_count = kept;
}

static unsigned int current_pcid(void)
{
    return (world.cr4 & 0x20000) != 0 ? world.cr3 & 0xFFF : 0;
}

static bool is_canonical(uint64_t address)
{
    unsigned int unused = (world.cr4 & 0x1000) != 0 ? 7 : 16;

    return (uint64_t)((int64_t)(address << unused) >> unused) == address;
}

/* [SDM 2A] INVPCID: the type is in the register, PCID and address are in memory. */
static void invpcid(uint64_t type, const uint64_t *descriptor)
{
    if (type > 3 || descriptor[0] > 0xFFF || (type == 0 && !is_canonical(descriptor[1])) ||
        (world.structured_features & 0x400) == 0) {
        world_complain("an INVPCID that faults");
    }
    drop((struct drop){.one_address = type == 0,
                       .every_pcid = type >= 2,
                       .global = type == 2,
                       .address = descriptor[1],
                       .pcid = (unsigned int)descriptor[0]});
}

/* [AMD64 v3] INVLPGB: EAX[5:0] says what is valid, ECX counts the pages after the first one. */
static void invlpgb(const struct dd_hosted_operands *operands)
{
    struct drop what = {.one_address = (operands->rax & 1) != 0,
                        .every_pcid = (operands->rax & 2) == 0,
                        .global = (operands->rax & 8) != 0,
                        .pcid = operands->rdx >> 16 & 0xFFF};
    uint64_t bytes = (operands->rcx >> 31 & 1) != 0 ? 0x200000 : 0x1000;

    what.address = operands->rax & ~UINT64_C(0xFFF);
    if ((operands->rax & 0x10) != 0) {
        world_complain("an INVLPGB that leaves paging-structure caches");
    }
    for (uint64_t i = 0; i <= (operands->rcx & 0xFFFF); i++) {
        if (what.one_address && !is_canonical(what.address)) {
            world_complain("an INVLPGB with an address that is not canonical");
        }
        drop(what);
        what.address += bytes;
    }
}

static void cpuid(struct dd_hosted_operands *operands)
{
    uint32_t leaf = (uint32_t)operands->rax;

    memset(operands, 0, sizeof *operands);
    operands->rax = leaf == 0 ? 7 : leaf == 0x80000000 ? 0x80000008 : 0;
    if (leaf == 0x80000001) {
        operands->rdx = world.features;
    } else if (leaf == 0x80000008) {
        operands->rax = world.address_sizes;
    } else if (leaf == 7) {
        operands->rbx = world.structured_features;
    }
}

static void write_cr4(uint64_t value)
{
    if (((world.cr4 ^ value) & 0x80) != 0) {
        drop((struct drop){.every_pcid = true, .global = true});
    }
    world.cr4 = value;
}

static void write_cr3(uint64_t value)
{
    world.cr3 = value & ~(UINT64_C(1) << 63);
    if (value >> 63 == 0) {
        drop((struct drop){.pcid = current_pcid()});
    }
}

void dd_hosted_execute(enum dd_hosted_insn insn, struct dd_hosted_operands *operands)
{
    switch (insn) {
    case DD_HOSTED_INVLPG:
        if (!is_canonical(operands->rdx)) {
            world_complain("an INVLPG with an address that is not canonical");
        }
        drop((struct drop){
            .one_address = true, .global = true, .address = operands->rdx, .pcid = current_pcid()});
        break;
    case DD_HOSTED_INVPCID:
        invpcid(operands->rax, operands->input);
        break;
    case DD_HOSTED_INVLPGB:
        invlpgb(operands);
        break;
    case DD_HOSTED_TLBSYNC:
        break;
    case DD_HOSTED_READ_CR3:
        operands->rax = world.cr3;
        break;
    case DD_HOSTED_WRITE_CR3:
        write_cr3(operands->rax);
        break;
    case DD_HOSTED_READ_CR4:
        operands->rax = world.cr4;
        break;
    case DD_HOSTED_WRITE_CR4:
        write_cr4(operands->rax);
        break;
    case DD_HOSTED_RDMSR:
        operands->rax = world.efer;
        operands->rdx = 0;
        break;
    case DD_HOSTED_CPUID:
        cpuid(operands);
        break;
    default:
        world_complain("an instruction that is not expected");
    }
}
