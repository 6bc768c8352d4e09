/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The TLB with its audit: a sequence of translations, writes to the tables,
 * flushes, copies and restores. After a flush of everything it has to agree
 * with the page walker.
 */
#include <inttypes.h>
#include <stdio.h>

#include "sim/mmu/tlb.h"
#include "tests/fuzz/fuzz.h"

enum {
    RAM_BYTES = 0x10000,
    MAX_STEPS = 400
};

enum step {
    STEP_TRANSLATE,
    STEP_WRITE_ENTRY,
    STEP_WRITE_ANYTHING,
    STEP_FLUSH,
    STEP_FLUSH_ALL,
    STEP_LOAD_CR3,
    STEP_LOAD_CR4,
    STEP_LOAD_OTHER,
    STEP_SETTLE,
    STEP_AUDIT,
    STEP_COPY,
    STEP_RESTORE,
    STEP_COUNT
};

static uint8_t ram[RAM_BYTES], copied_ram[RAM_BYTES];
static const struct sim_memory memory = {.bytes = ram, .size = RAM_BYTES};

/* The TLB under test and what belongs to it. */
struct subject {
    struct sim_cpu cpu;
    struct sim_findings findings;
    struct sim_tlb *tlb, *copy;
    uint64_t rip;
};

static void describe(void *context, uint64_t rip, char *text, size_t size)
{
    (void)context;
    (void)snprintf(text, size, "0x%" PRIx64, rip);
}

static void store(uint64_t physical, uint64_t value)
{
    memcpy(ram + physical, &value, sizeof value);
}

static void set_up(struct subject *subject)
{
    const struct sim_tlb_names names = {describe, NULL};

    memset(ram, 0, sizeof ram);
    store(0x1000, 0x2007);
    store(0x2000, 0x3007);
    store(0x3000, 0x4007);
    store(0x3008, 0x87);
    store(0x4000, 0x8007);
    store(0x4008, 0x9107);
    *subject = (struct subject){
        .cpu = {.cr0 = 0x80010033,
                .cr3 = 0x1000,
                .cr4 = 0x6A0,
                .efer = 0xD01,
                .physical_bits = 40,
                .cs = 8,
                .code = SIM_WIDTH_64,
                .stack = SIM_WIDTH_64},
    };
    subject->tlb = sim_tlb_create(&memory, &subject->findings, &names);
    fuzz_require(subject->tlb != NULL, "there is memory for a TLB");
}

/* Mostly addresses whose tables are in RAM. */
static uint64_t take_address(struct fuzz_input *input)
{
    uint8_t choice = fuzz_take8(input);

    if (choice == 0xFF) {
        return fuzz_take64(input);
    }
    return (uint64_t)(choice & 7) << 12 | (uint64_t)(choice >> 3 & 1) << 21 |
           (uint64_t)(choice >> 4 & 1) << 30 | (uint64_t)(choice >> 5 & 1) << 39 |
           ((choice & 0x40) != 0 ? 0xFF8u : 0);
}

static struct sim_access take_access(struct fuzz_input *input)
{
    struct sim_access access = {.linear = take_address(input)};

    access.kind = (enum sim_access_kind)fuzz_choose(input, 3);
    access.mode = (enum sim_access_mode)fuzz_choose(input, 3);
    return access;
}

static void translate(struct subject *subject, struct sim_access access)
{
    struct sim_tlb_result result =
        sim_tlb_translate(subject->tlb, &subject->cpu, access, subject->rip);

    if (result.walk.outcome == SIM_WALK_MAPPED) {
        fuzz_require((access.kind != SIM_ACCESS_READ || result.may_read) &&
                         (access.kind != SIM_ACCESS_WRITE || result.may_write) &&
                         (access.kind != SIM_ACCESS_FETCH || result.may_fetch),
                     "what was allowed just now is allowed");
    }
}

static void flush_all(struct subject *subject)
{
    const struct sim_tlb_flush everything = {.kind = SIM_TLB_ALL, .requested = true};

    sim_tlb_flush(subject->tlb, &subject->cpu, &everything, subject->rip);
}

/* An empty TLB is the page walker. */
static void compare(struct subject *subject, struct sim_access access)
{
    struct sim_walk walk;
    struct sim_tlb_result result;

    flush_all(subject);
    walk = sim_mmu_walk(&subject->cpu, &memory, access);
    result = sim_tlb_translate(subject->tlb, &subject->cpu, access, subject->rip);
    fuzz_require(result.walk.outcome == walk.outcome, "the outcome is the walker's");
    if (walk.outcome == SIM_WALK_MAPPED) {
        fuzz_require(result.walk.physical == walk.physical, "the address is the walker's");
    }
    if (walk.outcome == SIM_WALK_PAGE_FAULT) {
        fuzz_require(result.walk.error_code == walk.error_code, "the error is the walker's");
    }
}

static void write_entry(struct subject *subject, struct fuzz_input *input)
{
    uint64_t physical = 0x1000 + 0x1000u * fuzz_choose(input, 6) + 8u * fuzz_choose(input, 4);
    uint64_t flags = fuzz_take16(input);
    uint64_t value = (flags & 0x1FF) | (flags >> 9 & 15) << 12 | (flags >> 15) << 63;

    sim_tlb_note_write(subject->tlb, physical, 8, subject->rip);
    store(physical, value);
}

static void write_anything(struct subject *subject, struct fuzz_input *input)
{
    uint64_t value = fuzz_take64(input);
    unsigned int size = 1u << fuzz_choose(input, 4);
    uint64_t physical = fuzz_take16(input) & ~(size - 1u);

    sim_tlb_note_write(subject->tlb, physical, size, subject->rip);
    memcpy(ram + physical, &value, size);
    fuzz_require(!sim_tlb_watches(subject->tlb, UINT64_MAX - 8), "only RAM is watched");
}

static void flush(struct subject *subject, struct fuzz_input *input)
{
    struct sim_tlb_flush what = {.linear = take_address(input)};

    what.kind = (enum sim_tlb_flush_kind)fuzz_choose(input, SIM_TLB_ALL + 1);
    what.pcid = fuzz_take16(input) & 0xFFF;
    what.requested = (fuzz_take8(input) & 1) != 0;
    sim_tlb_flush(subject->tlb, &subject->cpu, &what, subject->rip);
}

/* PGE, PAE, LA57, PCIDE, SMEP, SMAP and PKE as the machine does it: with a flush. */
static void load_cr4(struct subject *subject, struct fuzz_input *input)
{
    static const uint64_t bits[] = {UINT64_C(1) << 7,  UINT64_C(1) << 4,  UINT64_C(1) << 5,
                                    UINT64_C(1) << 12, UINT64_C(1) << 17, UINT64_C(1) << 20,
                                    UINT64_C(1) << 21, UINT64_C(1) << 22};

    subject->cpu.cr4 ^= bits[fuzz_choose(input, sizeof bits / sizeof bits[0])];
    flush_all(subject);
}

static void load_other(struct subject *subject, struct fuzz_input *input)
{
    subject->cpu.pkru = fuzz_take32(input);
    switch (fuzz_choose(input, 4)) {
    case 0:
        subject->cpu.cr0 ^= UINT64_C(1) << 16; /* WP */
        break;
    case 1:
        subject->cpu.efer ^= UINT64_C(1) << 11; /* NXE */
        break;
    case 2:
        subject->cpu.rflags ^= UINT64_C(1) << 18; /* AC */
        break;
    default:
        subject->cpu.cr0 ^= UINT64_C(1) << 31; /* PG, LMA with it */
        subject->cpu.efer ^= UINT64_C(1) << 10;
        flush_all(subject);
        break;
    }
}

static void load_cr3(struct subject *subject, struct fuzz_input *input)
{
    const struct sim_tlb_flush what = {
        .kind = SIM_TLB_PCID, .pcid = fuzz_choose(input, 4) & 0xFFF, .requested = true};

    if ((fuzz_take8(input) & 1) != 0) {
        sim_tlb_flush(subject->tlb, &subject->cpu, &what, subject->rip);
    }
    subject->cpu.cr3 = (0x1000u + 0x1000u * fuzz_choose(input, 3)) | what.pcid;
}

static void restore(struct subject *subject)
{
    struct sim_error error;

    if (subject->copy != NULL) {
        fuzz_require(sim_tlb_restore(subject->tlb, subject->copy, &error) == 0,
                     "a copy can be gone back to");
        memcpy(ram, copied_ram, sizeof ram);
    }
}

static void audit_step(struct subject *subject, enum step step)
{
    switch (step) {
    case STEP_SETTLE:
        if (sim_tlb_settle(subject->tlb)) {
            subject->rip++;
        }
        break;
    case STEP_AUDIT:
        (void)sim_tlb_audit(subject->tlb, &subject->cpu);
        (void)sim_tlb_unneeded_flushes(subject->tlb);
        break;
    case STEP_COPY:
        sim_tlb_destroy(subject->copy);
        subject->copy = sim_tlb_copy(subject->tlb);
        memcpy(copied_ram, ram, sizeof ram);
        break;
    default:
        restore(subject);
        break;
    }
}

static void take_step(struct subject *subject, struct fuzz_input *input)
{
    enum step step = (enum step)fuzz_choose(input, STEP_COUNT);

    subject->rip = 0x1000 + (input->left & 0xFF);
    switch (step) {
    case STEP_TRANSLATE:
        translate(subject, take_access(input));
        break;
    case STEP_WRITE_ENTRY:
        write_entry(subject, input);
        break;
    case STEP_WRITE_ANYTHING:
        write_anything(subject, input);
        break;
    case STEP_FLUSH:
        flush(subject, input);
        break;
    case STEP_FLUSH_ALL:
        compare(subject, take_access(input));
        break;
    case STEP_LOAD_CR3:
        load_cr3(subject, input);
        break;
    case STEP_LOAD_CR4:
        load_cr4(subject, input);
        break;
    case STEP_LOAD_OTHER:
        load_other(subject, input);
        break;
    default:
        audit_step(subject, step);
        break;
    }
}

void fuzz_one(const uint8_t *bytes, size_t size)
{
    struct fuzz_input input = {bytes, size};
    struct subject subject;

    set_up(&subject);
    for (unsigned int i = 0; i < MAX_STEPS && input.left > 0; i++) {
        take_step(&subject, &input);
    }
    sim_tlb_destroy(subject.copy);
    sim_tlb_destroy(subject.tlb);
    sim_findings_free(&subject.findings);
}
