/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A flag is listed when its bit is set, under the name the manual gives it at
 * that level of that paging mode. The sentence about the outcome is made by
 * walk_verdict.c.
 */
#include "sim/report/walk_explain.h"

#include <inttypes.h>
#include <stdio.h>

#include "sim/util/text.h"
#include "sim/report/walk_explain_internal.h"

const char *sim_walk_level_name(unsigned int level)
{
    static const char *const names[] = {"entry", "PTE", "PDE", "PDPTE", "PML4E", "PML5E"};

    return names[level < sizeof names / sizeof names[0] ? level : 0];
}

/* Whether the entry maps a page. [SDM 3A] tables 4-5, 4-9, 4-16, 4-18. */
static bool maps_page(enum sim_paging_mode mode, const struct sim_cpu *cpu,
                      const struct sim_walk_step *step)
{
    bool large = walk_has_bit(step->entry, BIT_PS);

    switch (mode) {
    case SIM_PAGING_32_BIT:
        return step->level == 1 || (large && walk_has_bit(cpu->cr4, 4)); /* CR4.PSE */
    case SIM_PAGING_PAE:
        return step->level == 1 || (large && step->level == 2);
    default:
        return step->level == 1 || (large && step->level <= 3);
    }
}

/* Flags that mean the same in every entry, then those of an entry that maps a page. */
static void list_flags(enum sim_paging_mode mode, const struct sim_cpu *cpu,
                       const struct sim_walk_step *step, struct sim_walk_line *line)
{
    static const char *const common[] = {"P", "RW", "US", "PWT", "PCD", "A"};
    bool page = maps_page(mode, cpu, step);
    bool large = page && step->level > 1;
    uint64_t entry = step->entry;

    for (unsigned int bit = 0; bit < sizeof common / sizeof common[0]; bit++) {
        if (walk_has_bit(entry, bit)) {
            sim_text_append(line->text, sizeof line->text, " %s", common[bit]);
        }
    }
    if (page && walk_has_bit(entry, 6)) {
        sim_text_append(line->text, sizeof line->text, " D");
    }
    if (step->level > 1 && walk_has_bit(entry, BIT_PS)) {
        sim_text_append(line->text, sizeof line->text, " PS");
    }
    if (page && walk_has_bit(entry, 8)) {
        sim_text_append(line->text, sizeof line->text, " G");
    }
    if (page && walk_has_bit(entry, large ? BIT_PAT_OF_LARGE : BIT_PAT_OF_PTE)) {
        sim_text_append(line->text, sizeof line->text, " PAT");
    }
    if (walk_has_bit(entry, BIT_XD)) {
        sim_text_append(line->text, sizeof line->text, " XD");
    }
    if (page && mode >= SIM_PAGING_4_LEVEL && walk_has_bit(cpu->cr4, 22)) { /* CR4.PKE */
        sim_text_append(line->text, sizeof line->text, " key %u",
                        (unsigned int)(entry >> BIT_KEY_LOW) & 15);
    }
}

static unsigned int index_of(enum sim_paging_mode mode, uint64_t linear,
                             const struct sim_walk_step *step)
{
    if (mode == SIM_PAGING_PAE && step->level == 3) {
        return (unsigned int)(linear >> 30) & 3; /* four PDPTEs, anywhere in a page */
    }
    return (unsigned int)(step->address & 4095) / step->bytes;
}

static void explain_step(enum sim_paging_mode mode, const struct sim_cpu *cpu, uint64_t linear,
                         const struct sim_walk_step *step, struct sim_walk_line *line)
{
    char name[16];

    (void)snprintf(name, sizeof name, "%s[%u]", sim_walk_level_name(step->level),
                   index_of(mode, linear, step));
    (void)snprintf(line->text, sizeof line->text, "%-11s 0x%" PRIx64 " = 0x%0*" PRIx64 " ", name,
                   step->address, step->bytes * 2, step->entry);
    if (walk_has_bit(step->entry, BIT_P)) {
        list_flags(mode, cpu, step, line);
    } else {
        sim_text_append(line->text, sizeof line->text, " not present");
    }
}

static void explain_title(const struct sim_cpu *cpu, struct sim_access access,
                          struct sim_walk_explanation *explanation)
{
    static const char *const kinds[] = {"read of", "write to", "fetch from"};
    static const char *const modes[] = {"the supervisor", "the processor itself", "the user"};
    static const char *const paging[] = {"paging is off", "32-bit paging", "PAE paging",
                                         "4-level paging", "5-level paging"};
    enum sim_paging_mode mode = sim_mmu_paging_mode(cpu);

    (void)snprintf(explanation->title, sizeof explanation->title, "%s 0x%" PRIx64 " by %s; %s",
                   kinds[access.kind], access.linear, modes[access.mode], paging[mode]);
    if (mode != SIM_PAGING_OFF) {
        sim_text_append(explanation->title, sizeof explanation->title, ", CR3 0x%" PRIx64,
                        cpu->cr3);
    }
}

void sim_walk_explain(const struct sim_cpu *cpu, struct sim_access access,
                      const struct sim_walk *walk, struct sim_walk_explanation *explanation)
{
    enum sim_paging_mode mode = sim_mmu_paging_mode(cpu);

    *explanation = (struct sim_walk_explanation){.count = walk->depth,
                                                 .mapped = walk->outcome == SIM_WALK_MAPPED};
    explain_title(cpu, access, explanation);
    for (unsigned int i = 0; i < walk->depth; i++) {
        struct sim_walk_line *line = &explanation->lines[i];

        explain_step(mode, cpu, access.linear, &walk->steps[i], line);
        line->decided = walk->outcome == SIM_WALK_PAGE_FAULT
                            ? walk->steps[i].level == walk->cause_level
                            : walk->outcome == SIM_WALK_NO_TABLE && i == walk->depth - 1;
    }
    walk_explain_verdict(cpu, access, walk, explanation);
}
