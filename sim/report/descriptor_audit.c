/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The processor looks at a descriptor when a selector is loaded or a gate is
 * used, which may be long after it was written, or never during a test. The
 * audit looks at all of them at once. This file has the frame and the checks
 * that several tables need.
 */
#include "sim/report/descriptor_audit_internal.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sim/util/text.h"
#include "sim/report/walk_explain.h"

void audit_begin(struct audit *audit, enum sim_audit_table table)
{
    audit->muted = (audit->what & table) == 0;
    audit->sentences = 0;
}

void audit_end(struct audit *audit, const char *table)
{
    if (audit->sentences > SIM_AUDIT_SENTENCES) {
        sim_finding_add(audit->findings, SIM_FINDING_DESCRIPTOR, audit->mmu->cpu->rip,
                        "%s: %u more problems", table, audit->sentences - SIM_AUDIT_SENTENCES);
    }
    audit->muted = false;
    audit->sentences = 0;
}

/* On demand, what was found when a table was loaded stays a finding about that instruction. */
static uint64_t instruction_of(const struct audit *audit, const char *text)
{
    const struct sim_findings *findings = audit->findings;

    for (size_t i = 0; i < findings->count; i++) {
        const struct sim_finding *known = &findings->list[i];

        if ((audit->what & SIM_AUDIT_ALL) == SIM_AUDIT_ALL &&
            known->kind == SIM_FINDING_DESCRIPTOR && strcmp(known->text, text) == 0) {
            return known->rip;
        }
    }
    return audit->mmu->cpu->rip;
}

static void report(struct audit *audit, const char *format, va_list arguments)
{
    char text[400];

    if (audit->muted) {
        return;
    }
    audit->summary.problems++;
    audit->sentences++;
    if (audit->sentences <= SIM_AUDIT_SENTENCES) {
        (void)vsnprintf(text, sizeof text, format, arguments);
        sim_finding_add(audit->findings, SIM_FINDING_DESCRIPTOR, instruction_of(audit, text), "%s",
                        text);
    }
}

void audit_report(struct audit *audit, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    report(audit, format, arguments);
    va_end(arguments);
}

void audit_advise(struct audit *audit, const char *format, ...)
{
    va_list arguments;

    if ((audit->what & SIM_AUDIT_ADVICE) != 0) {
        va_start(arguments, format);
        report(audit, format, arguments);
        va_end(arguments);
    }
}

bool audit_is_canonical(const struct audit *audit, uint64_t linear)
{
    unsigned int bits = sim_mmu_paging_mode(audit->mmu->cpu) == SIM_PAGING_5_LEVEL ? 57 : 48;
    uint64_t high = linear >> (bits - 1);

    return audit->mode == SIM_DESCRIPTORS_LEGACY || high == 0 || high == UINT64_MAX >> (bits - 1);
}

/* The descriptor a selector names; false with a problem if there is none. */
static bool read_descriptor(const struct audit *audit, uint16_t selector,
                            struct sim_descriptor *descriptor, char *problem, size_t size)
{
    const struct sim_cpu *cpu = audit->mmu->cpu;
    bool local = (selector & 4) != 0;
    const struct sim_table *table = local ? &cpu->ldt : &cpu->gdt;
    const char *name = local ? "LDT" : "GDT";
    uint64_t low = 0;

    if ((selector & 0xFFFC) == 0) {
        (void)snprintf(problem, size, "the selector is null");
        return false;
    }
    if ((selector | 7u) > table->limit || (local && (cpu->ldtr & 0xFFFC) == 0)) {
        (void)snprintf(problem, size, "selector 0x%x is outside the %s (limit 0x%" PRIx32 ")",
                       selector, name, table->limit);
        return false;
    }
    if (!sim_mmu_peek(audit->mmu, table->base + (selector & 0xFFF8u), &low, sizeof low)) {
        (void)snprintf(problem, size, "selector 0x%x: the %s at 0x%" PRIx64 " cannot be read",
                       selector, name, table->base);
        return false;
    }
    *descriptor = sim_descriptor_decode(low);
    return true;
}

bool audit_check_code(const struct audit *audit, uint16_t selector, char *problem, size_t size)
{
    struct sim_descriptor found;
    bool conforming = false;

    if (!read_descriptor(audit, selector, &found, problem, size)) {
        return false;
    }
    conforming = (found.type & 4) != 0;
    if (!sim_descriptor_is_code(&found)) {
        (void)snprintf(problem, size, "selector 0x%x is a %s segment", selector,
                       found.code_or_data ? "data" : "system");
    } else if (audit->mode == SIM_DESCRIPTORS_IA32E && found.l && found.db) {
        (void)snprintf(problem, size, "code segment 0x%x has both L and D", selector);
    } else if (audit->mode == SIM_DESCRIPTORS_IA32E && !found.l) {
        (void)snprintf(problem, size, "selector 0x%x is not a 64-bit code segment: L is 0",
                       selector);
    } else if (!found.present) {
        (void)snprintf(problem, size, "selector 0x%x is not present", selector);
    } else if (found.dpl != 0 && !conforming) {
        (void)snprintf(problem, size, "selector 0x%x has DPL %u: ring 0 cannot enter it", selector,
                       found.dpl);
    } else {
        return true;
    }
    return false;
}

/* Why the tables refuse an access; false if they do, or if it does not lead to RAM. */
static bool check_access(const struct audit *audit, struct sim_access access, char *why,
                         size_t size)
{
    struct sim_walk walk = sim_mmu_walk(audit->mmu->cpu, audit->mmu->memory, access);
    struct sim_walk_explanation explanation;

    if (walk.outcome != SIM_WALK_MAPPED) {
        sim_walk_explain(audit->mmu->cpu, access, &walk, &explanation);
        (void)snprintf(why, size, "%s: %s",
                       walk.cause > SIM_CAUSE_RESERVED ? "is mapped, but not for this"
                                                       : "is not mapped under this CR3",
                       explanation.verdict);
        return false;
    }
    if (walk.physical >= audit->mmu->memory->size) {
        (void)snprintf(why, size, "is mapped to 0x%" PRIx64 ", where there is no RAM",
                       walk.physical);
        return false;
    }
    return true;
}

bool audit_check_entry(const struct audit *audit, uint64_t address, char *problem, size_t size)
{
    struct sim_access fetch = {address, SIM_ACCESS_FETCH, SIM_MODE_SUPERVISOR};
    char why[200];

    if (!audit_is_canonical(audit, address)) {
        (void)snprintf(problem, size, "0x%" PRIx64 " is not canonical", address);
        return false;
    }
    if (!check_access(audit, fetch, why, sizeof why)) {
        (void)snprintf(problem, size, "0x%" PRIx64 " %s", address, why);
        return false;
    }
    return true;
}

/* Where an exception with an error code pushes its frame: 48 bytes below the aligned top. */
bool audit_check_stack(const struct audit *audit, uint64_t top, char *problem, size_t size)
{
    uint64_t end = top & ~UINT64_C(15);
    struct sim_access push = {end - 1, SIM_ACCESS_WRITE, SIM_MODE_IMPLICIT_SUPERVISOR};

    if (!audit_is_canonical(audit, top)) {
        (void)snprintf(problem, size, "is not canonical");
        return false;
    }
    if (!check_access(audit, push, problem, size)) {
        return false;
    }
    push.linear = end - 48;
    return check_access(audit, push, problem, size);
}

struct sim_audit_summary sim_audit_descriptors(const struct sim_mmu *mmu, unsigned int what,
                                               struct sim_findings *findings)
{
    struct audit audit = {
        .mmu = mmu, .findings = findings, .what = what, .mode = sim_descriptor_mode_of(mmu->cpu)};

    if ((mmu->cpu->cr0 & 1) == 0) { /* PE: real mode */
        return audit.summary;
    }
    audit_segments(&audit); /* first: what rings there are decides about the rest */
    if (audit.mode == SIM_DESCRIPTORS_IA32E) {
        audit_tss(&audit);
    }
    audit_idt(&audit);
    return audit.summary;
}
