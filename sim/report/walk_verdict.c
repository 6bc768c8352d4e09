/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Why a walk ended as it did. The walker says which entry decided and for what
 * reason (cause, cause_level, bad_bits); here is only the wording.
 */
#include <inttypes.h>

#include "sim/util/text.h"
#include "sim/report/walk_explain_internal.h"

/* What a reserved bit is, so that neighbours of one kind are named together. */
enum reserved_kind {
    RESERVED_XD,
    RESERVED_ADDRESS, /* above MAXPHYADDR */
    RESERVED_PS,
    RESERVED_OFFSET, /* address bits below the size of a large page */
    RESERVED_OTHER,
};

static enum reserved_kind kind_of(const struct sim_cpu *cpu, const struct sim_walk_step *step,
                                  unsigned int bit)
{
    bool large = step->level > 1 && walk_has_bit(step->entry, BIT_PS);

    if (bit == BIT_XD && (cpu->efer & 0x800) == 0) { /* EFER.NXE */
        return RESERVED_XD;
    }
    if (step->bytes == 8 && bit >= cpu->physical_bits && bit < 52) {
        return RESERVED_ADDRESS;
    }
    if (bit == BIT_PS) {
        return RESERVED_PS;
    }
    return large && bit > BIT_PAT_OF_LARGE && bit < 30 ? RESERVED_OFFSET : RESERVED_OTHER;
}

static void append_reserved(const struct sim_cpu *cpu, enum reserved_kind kind, char *text,
                            size_t size)
{
    switch (kind) {
    case RESERVED_XD:
        sim_text_append(text, size, " (XD, while EFER.NXE is 0)");
        return;
    case RESERVED_ADDRESS:
        sim_text_append(text, size, " (the physical address has %u bits)", cpu->physical_bits);
        return;
    case RESERVED_PS:
        sim_text_append(text, size, " (PS, which does not exist at this level)");
        return;
    case RESERVED_OFFSET:
        sim_text_append(text, size, " (the large page is not aligned to its size)");
        return;
    case RESERVED_OTHER:
        return;
    }
}

/* "reserved bits 51:40 (…) and bit 63 (…) are set in the PDE". */
static void explain_reserved(const struct sim_cpu *cpu, const struct sim_walk *walk,
                             const struct sim_walk_step *step, char *text, size_t size)
{
    const char *separator = "";
    unsigned int high = 64;

    sim_text_append(text, size, "the %s has reserved bits set:", sim_walk_level_name(step->level));
    while (high > 0) {
        unsigned int low = --high;
        enum reserved_kind kind = kind_of(cpu, step, high);

        if (!walk_has_bit(walk->bad_bits, high)) {
            continue;
        }
        while (low > 0 && walk_has_bit(walk->bad_bits, low - 1) &&
               kind_of(cpu, step, low - 1) == kind) {
            low--;
        }
        if (low == high) {
            sim_text_append(text, size, "%s bit %u", separator, high);
        } else {
            sim_text_append(text, size, "%s bits %u:%u", separator, high, low);
        }
        separator = ",";
        append_reserved(cpu, kind, text, size);
        high = low;
    }
}

static const struct sim_walk_step *deciding_step(const struct sim_walk *walk)
{
    for (unsigned int i = 0; i < walk->depth; i++) {
        if (walk->steps[i].level == walk->cause_level) {
            return &walk->steps[i];
        }
    }
    return NULL;
}

static void explain_fault(const struct sim_cpu *cpu, struct sim_access access,
                          const struct sim_walk *walk, char *text, size_t size)
{
    const struct sim_walk_step *step = deciding_step(walk);
    const char *name = sim_walk_level_name(walk->cause_level);
    const char *below = walk->cause_level > walk->rights.leaf && walk->rights.leaf != 0
                            ? ", and so is everything below it"
                            : "";

    switch (walk->cause) {
    case SIM_CAUSE_NONE:
        break;
    case SIM_CAUSE_NOT_PRESENT:
        sim_text_append(text, size, "the %s is not present%s", name,
                        step != NULL && step->entry != 0 ? ": its bit 0 is clear, others are not"
                                                         : "");
        break;
    case SIM_CAUSE_RESERVED:
        if (step != NULL) {
            explain_reserved(cpu, walk, step, text, size);
        }
        break;
    case SIM_CAUSE_SUPERVISOR_ONLY:
        sim_text_append(text, size, "the %s is for the supervisor only (U/S 0)%s", name, below);
        break;
    case SIM_CAUSE_SMEP:
        sim_text_append(text, size, "CR4.SMEP is 1: the supervisor cannot execute user pages");
        break;
    case SIM_CAUSE_SMAP:
        sim_text_append(text, size, "CR4.SMAP is 1: the supervisor cannot touch user pages%s",
                        access.mode == SIM_MODE_SUPERVISOR ? " while RFLAGS.AC is 0" : "");
        break;
    case SIM_CAUSE_NO_EXECUTE:
        sim_text_append(text, size, "the %s is not executable (XD 1)%s", name, below);
        break;
    case SIM_CAUSE_READ_ONLY:
        sim_text_append(text, size, "the %s is read-only (R/W 0)%s%s", name, below,
                        access.mode == SIM_MODE_USER ? "" : "; CR0.WP is 1");
        break;
    case SIM_CAUSE_PROTECTION_KEY:
        sim_text_append(text, size, "protection key %u forbids it: %s is 0x%" PRIx32,
                        walk->rights.key, walk->rights.supervisor == 0 ? "PKRU" : "IA32_PKRS",
                        walk->rights.supervisor == 0 ? cpu->pkru : cpu->pkrs);
        break;
    }
}

static const char *size_name(uint64_t page_size)
{
    switch (page_size) {
    case UINT64_C(1) << 30:
        return "1 GiB";
    case UINT64_C(1) << 22:
        return "4 MiB";
    case UINT64_C(1) << 21:
        return "2 MiB";
    default:
        return "4 KiB";
    }
}

/* Bits 51:12 of the entry that names a table, or of CR3. */
static void explain_no_table(const struct sim_cpu *cpu, const struct sim_walk *walk, char *text,
                             size_t size)
{
    const struct sim_walk_step *last = walk->depth == 0 ? NULL : &walk->steps[walk->depth - 1];

    sim_text_append(text, size, "%s names a table at 0x%" PRIx64 ", where there is no RAM",
                    last == NULL ? "CR3" : sim_walk_level_name(last->level),
                    (last == NULL ? cpu->cr3 : last->entry) & UINT64_C(0x000FFFFFFFFFF000));
}

void walk_explain_verdict(const struct sim_cpu *cpu, struct sim_access access,
                          const struct sim_walk *walk, struct sim_walk_explanation *explanation)
{
    char *text = explanation->verdict;
    size_t size = sizeof explanation->verdict;

    switch (walk->outcome) {
    case SIM_WALK_MAPPED:
        sim_text_append(text, size, "allowed: physical 0x%" PRIx64 ", in a page of %s",
                        walk->physical, size_name(walk->page_size));
        break;
    case SIM_WALK_PAGE_FAULT:
        explain_fault(cpu, access, walk, text, size);
        break;
    case SIM_WALK_NONCANONICAL:
        sim_text_append(text, size, "the address is not canonical: bits 63:%u are not all equal",
                        sim_mmu_paging_mode(cpu) == SIM_PAGING_5_LEVEL ? 56 : 47);
        break;
    case SIM_WALK_NO_TABLE:
        explain_no_table(cpu, walk, text, size);
        break;
    }
}
