/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * GDT and LDT. Entries that are not present belong to the software and are
 * skipped. In IA-32e mode a present LDT, TSS or call gate takes two entries,
 * of which the upper must not look like a descriptor. [SDM 3A] 3.5.2, 5.8.3.1.
 */
#include "sim/report/descriptor_audit_internal.h"

#include <inttypes.h>

/* A table while it is read. */
struct walk {
    const char *name;
    const struct sim_table *table;
    uint16_t ti; /* bit 2 of selectors into it */
};

static uint16_t selector_of(const struct walk *walk, uint32_t offset)
{
    return (uint16_t)(offset | walk->ti);
}

static void check_code_or_data(struct audit *audit, const struct sim_descriptor *found,
                               uint16_t selector)
{
    bool expand_down = (found->type & 12) == 4;

    if (sim_descriptor_is_code(found)) {
        audit->ring[found->dpl] = true;
        if (found->l && found->db) {
            audit_report(audit, "code segment 0x%x has both L and D", selector);
        }
    } else if (expand_down && found->limit == UINT32_MAX) {
        audit_advise(audit,
                     "data segment 0x%x is expand-down with limit 0xffffffff: outside 64-bit mode "
                     "no offset in it is valid",
                     selector);
    }
}

static void check_tss_or_ldt(struct audit *audit, const struct sim_descriptor *found,
                             uint16_t selector)
{
    const char *name = found->type == SIM_TYPE_LDT ? "LDT" : "TSS";

    if (found->upper_type != 0) {
        audit_report(audit, "%s descriptor 0x%x: bits 12:8 of its last doubleword are 0x%x, not 0",
                     name, selector, found->upper_type);
    }
    if (!audit_is_canonical(audit, found->base)) {
        audit_report(audit, "%s descriptor 0x%x: base 0x%" PRIx64 " is not canonical", name,
                     selector, found->base);
    }
    if (found->type != SIM_TYPE_LDT && found->limit < 0x67) {
        audit_report(audit, "TSS descriptor 0x%x: limit 0x%" PRIx32 " is below 0x67", selector,
                     found->limit);
    }
}

static void check_call_gate(struct audit *audit, const struct sim_gate *gate, uint64_t high,
                            uint16_t selector)
{
    if (((high >> 40) & 0x1F) != 0) {
        audit_report(audit, "call gate 0x%x: bits 12:8 of its last doubleword are not 0", selector);
    }
    if (!audit_is_canonical(audit, gate->handler)) {
        audit_report(audit, "call gate 0x%x: its target 0x%" PRIx64 " is not canonical", selector,
                     gate->handler);
    }
}

/* IA-32e mode. Returns how many bytes the descriptor has. */
static uint32_t check_system(struct audit *audit, const struct walk *walk, uint32_t offset,
                             uint64_t low)
{
    struct sim_descriptor found = sim_descriptor_decode(low);
    struct sim_gate gate;
    uint16_t selector = selector_of(walk, offset);
    bool exists = found.type == SIM_TYPE_CALL_GATE ||
                  (walk->ti == 0 && (found.type == SIM_TYPE_LDT || found.type == SIM_TYPE_TSS ||
                                     found.type == SIM_TYPE_BUSY_TSS));
    uint64_t high = 0;

    if (!exists) {
        audit_report(audit, "%s: system descriptor 0x%x has type 0x%x, which %s", walk->name,
                     selector, found.type,
                     found.type == SIM_TYPE_INTERRUPT_GATE || found.type == SIM_TYPE_TRAP_GATE
                         ? "belongs into the IDT"
                         : "does not exist there in IA-32e mode");
        return 8;
    }
    if (offset + 15 > walk->table->limit ||
        !sim_mmu_peek(audit->mmu, walk->table->base + offset + 8, &high, sizeof high)) {
        audit_report(audit, "%s: the 16 bytes of system descriptor 0x%x cross the limit 0x%" PRIx32,
                     walk->name, selector, walk->table->limit);
        return 16;
    }
    if (found.type == SIM_TYPE_CALL_GATE) {
        gate = sim_gate_decode(SIM_DESCRIPTORS_IA32E, low, high);
        check_call_gate(audit, &gate, high, selector);
    } else {
        found = sim_descriptor_decode_system(low, high);
        check_tss_or_ldt(audit, &found, selector);
    }
    return 16;
}

/* Without IA-32e mode only the types that never existed. [SDM 3A] table 3-2. */
static void check_legacy_system(struct audit *audit, const struct walk *walk, uint16_t selector,
                                unsigned int type)
{
    if (type == 0 || type == 8 || type == 10 || type == 13) {
        audit_report(audit, "%s: system descriptor 0x%x has the reserved type 0x%x", walk->name,
                     selector, type);
    }
}

/* Returns how many bytes the descriptor has. */
static uint32_t check_entry(struct audit *audit, const struct walk *walk, uint32_t offset,
                            uint64_t low)
{
    struct sim_descriptor found = sim_descriptor_decode(low);

    if (!found.present) {
        return 8;
    }
    if (!audit->muted) {
        audit->summary.segments++;
    }
    if (found.code_or_data) {
        check_code_or_data(audit, &found, selector_of(walk, offset));
        return 8;
    }
    if (audit->mode == SIM_DESCRIPTORS_IA32E) {
        return check_system(audit, walk, offset, low);
    }
    check_legacy_system(audit, walk, selector_of(walk, offset), found.type);
    return 8;
}

static void check_shape(struct audit *audit, const struct walk *walk)
{
    const struct sim_table *table = walk->table;

    if (!audit_is_canonical(audit, table->base)) {
        audit_report(audit, "%s base 0x%" PRIx64 " is not canonical", walk->name, table->base);
    }
    if (table->base % 8 != 0) {
        audit_advise(audit, "%s base 0x%" PRIx64 " is not aligned to 8 bytes", walk->name,
                     table->base);
    }
    if (table->limit % 8 != 7) {
        audit_advise(audit, "%s limit 0x%" PRIx32 " is not one less than a multiple of 8",
                     walk->name, table->limit);
    }
}

/* The last descriptor if only its first bytes are within the limit. */
static void check_cut(struct audit *audit, const struct walk *walk, uint32_t offset)
{
    uint64_t low = 0;

    if (offset <= walk->table->limit && walk->table->limit % 8 != 0 &&
        sim_mmu_peek(audit->mmu, walk->table->base + offset, &low, sizeof low) &&
        sim_descriptor_decode(low).present) {
        audit_report(audit, "%s: descriptor 0x%x crosses the limit 0x%" PRIx32, walk->name,
                     selector_of(walk, offset), walk->table->limit);
    }
}

/* From @p first on: entry 0 of a GDT is never used. */
static void check_table(struct audit *audit, const struct walk *walk, uint32_t first)
{
    uint32_t limit = walk->table->limit < 0xFFFF ? walk->table->limit : 0xFFFF;
    uint32_t offset = first;

    check_shape(audit, walk);
    while (offset + 7 <= limit) {
        uint64_t low = 0;

        if (!sim_mmu_peek(audit->mmu, walk->table->base + offset, &low, sizeof low)) {
            audit_report(audit, "%s: 0x%" PRIx64 " cannot be read, so selectors from 0x%x on fail",
                         walk->name, walk->table->base + offset, selector_of(walk, offset));
            return;
        }
        offset += check_entry(audit, walk, offset, low);
    }
    check_cut(audit, walk, offset);
}

void audit_segments(struct audit *audit)
{
    const struct sim_cpu *cpu = audit->mmu->cpu;

    audit_begin(audit, SIM_AUDIT_GDT);
    if (cpu->gdt.limit != 0) {
        check_table(audit, &(struct walk){"GDT", &cpu->gdt, 0}, 8);
    }
    audit_end(audit, "GDT");
    audit_begin(audit, SIM_AUDIT_LDT);
    if ((cpu->ldtr & 0xFFFC) != 0 && cpu->ldt.limit != 0) {
        check_table(audit, &(struct walk){"LDT", &cpu->ldt, 4}, 0);
    }
    audit_end(audit, "LDT");
}
