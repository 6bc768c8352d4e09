/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The TSS of 64-bit mode is a list of stacks: RSP0 to RSP2 for the rings, IST1
 * to IST7 for gates that name one; and the place of the I/O permission map.
 * [SDM 3A] figure 8-11.
 */
#include "sim/report/descriptor_audit_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Byte offsets in the TSS, and its size. */
enum tss_layout {
    TSS_RSP0 = 4,
    TSS_IST1 = 36,
    TSS_MAP_BASE = 102,
    TSS_BYTES = 104,
};

static bool read_slot(const struct audit *audit, uint32_t offset, void *value, size_t size)
{
    const struct sim_table *tss = &audit->mmu->cpu->tss;

    return offset + size - 1 <= tss->limit &&
           sim_mmu_peek(audit->mmu, tss->base + offset, value, size);
}

bool audit_check_ist(const struct audit *audit, unsigned int ist, char *problem, size_t size)
{
    uint64_t top = 0;
    char why[240];

    if (!read_slot(audit, TSS_IST1 + 8 * (ist - 1), &top, sizeof top)) {
        (void)snprintf(problem, size, "TSS.IST%u is outside the TSS or cannot be read", ist);
        return false;
    }
    if (top == 0) {
        (void)snprintf(problem, size, "TSS.IST%u is 0", ist);
        return false;
    }
    if ((audit->what & SIM_AUDIT_TSS) == 0 && !audit_check_stack(audit, top, why, sizeof why)) {
        (void)snprintf(problem, size, "TSS.IST%u 0x%" PRIx64 " %s", ist, top, why);
        return false;
    }
    return true;
}

static void check_stack(struct audit *audit, const char *name, uint64_t top)
{
    char why[240];

    if (!audit_check_stack(audit, top, why, sizeof why)) {
        audit_report(audit, "TSS.%s 0x%" PRIx64 " %s", name, top, why);
    } else if (top % 16 != 0) {
        audit_advise(audit, "TSS.%s 0x%" PRIx64 " is not aligned to 16 bytes", name, top);
    }
}

static void check_stacks(struct audit *audit)
{
    char name[8];
    uint64_t top = 0;

    for (unsigned int ring = 0; ring < 3; ring++) {
        bool used = ring == 0 || audit->ring[ring];

        if (used && read_slot(audit, TSS_RSP0 + 8 * ring, &top, sizeof top) && top != 0) {
            (void)snprintf(name, sizeof name, "RSP%u", ring);
            check_stack(audit, name, top);
        }
    }
    for (unsigned int ist = 1; ist <= 7; ist++) {
        if (read_slot(audit, TSS_IST1 + 8 * (ist - 1), &top, sizeof top) && top != 0) {
            (void)snprintf(name, sizeof name, "IST%u", ist);
            check_stack(audit, name, top);
        }
    }
}

/* The permission map of ring 3 must not lie over the stacks. [SDM 1] 19.5.2. */
static void check_map(struct audit *audit)
{
    uint16_t base = 0;

    if (audit->ring[3] && read_slot(audit, TSS_MAP_BASE, &base, sizeof base) && base < TSS_BYTES &&
        base <= audit->mmu->cpu->tss.limit) {
        audit_report(audit,
                     "TSS I/O map base 0x%x is below 0x68: ring 3 gets the ports that zero bits of "
                     "the TSS's stacks stand for",
                     base);
    }
}

/* LTR copied base and limit: what became of the descriptor since then has no effect. */
static void compare_descriptor(struct audit *audit)
{
    const struct sim_cpu *cpu = audit->mmu->cpu;
    uint64_t half[2] = {0};
    struct sim_descriptor found;

    if ((cpu->tr & 0xFFF8u) + 15 > cpu->gdt.limit ||
        !sim_mmu_peek(audit->mmu, cpu->gdt.base + (cpu->tr & 0xFFF8u), half, sizeof half)) {
        return;
    }
    found = sim_descriptor_decode_system(half[0], half[1]);
    if (found.code_or_data || found.type != SIM_TYPE_BUSY_TSS || found.base != cpu->tss.base) {
        audit_advise(audit,
                     "TR 0x%x uses the TSS at 0x%" PRIx64
                     ", but its descriptor in the GDT is no longer a busy TSS there",
                     cpu->tr, cpu->tss.base);
    }
}

void audit_tss(struct audit *audit)
{
    const struct sim_cpu *cpu = audit->mmu->cpu;
    uint8_t bytes[TSS_BYTES];

    if ((cpu->tr & 0xFFFC) == 0) {
        return;
    }
    audit_begin(audit, SIM_AUDIT_TSS);
    if (cpu->tss.limit < TSS_BYTES - 1) {
        audit_report(audit, "TSS limit 0x%" PRIx32 " is below 0x67", cpu->tss.limit);
    }
    if (!audit_is_canonical(audit, cpu->tss.base)) {
        audit_report(audit, "TSS base 0x%" PRIx64 " is not canonical", cpu->tss.base);
    } else if (!sim_mmu_peek(audit->mmu, cpu->tss.base, bytes, sizeof bytes)) {
        audit_report(audit, "the TSS at 0x%" PRIx64 " is not mapped under this CR3", cpu->tss.base);
    } else {
        check_stacks(audit);
        check_map(audit);
        compare_descriptor(audit);
    }
    audit_end(audit, "TSS");
}
