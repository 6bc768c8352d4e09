/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The IDT. A gate of zeros is how a kernel says that it does not expect the
 * vector. Everything else is checked as a delivery at CPL 0 would meet it.
 * [SDM 3A] 6.10, 6.11, 6.14.1.
 */
#include "sim/report/descriptor_audit_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    VECTORS = 256
};

/* The gates while they are read: neighbours with the same problem share a sentence. */
struct gates {
    const struct sim_table *table;
    uint32_t bytes; /* of a gate: 8 or 16 */
    unsigned int first;
    char problem[320]; /* of gates first to the last one read; empty: none */
};

static void flush_problem(struct audit *audit, struct gates *gates, unsigned int next)
{
    if (gates->problem[0] == '\0') {
        return;
    }
    if (next - gates->first == 1) {
        audit_report(audit, "IDT[%u]: %s", gates->first, gates->problem);
    } else {
        audit_report(audit, "IDT[%u..%u]: %s", gates->first, next - 1, gates->problem);
    }
    gates->problem[0] = '\0';
}

static void note_problem(struct audit *audit, struct gates *gates, unsigned int vector,
                         const char *problem)
{
    if (strcmp(gates->problem, problem) != 0) {
        flush_problem(audit, gates, vector);
        gates->first = vector;
        (void)snprintf(gates->problem, sizeof gates->problem, "%s", problem);
    }
}

static bool type_exists(const struct audit *audit, unsigned int type)
{
    bool legacy = type == 5 || type == 6 || type == 7;

    return type == SIM_TYPE_INTERRUPT_GATE || type == SIM_TYPE_TRAP_GATE ||
           (audit->mode == SIM_DESCRIPTORS_LEGACY && legacy);
}

/* A handler for this vector that is entered by INT n finds no error code on its stack. */
static bool opens_error_code(const struct audit *audit, const struct sim_gate *gate,
                             unsigned int vector)
{
    return audit->ring[3] && gate->dpl == 3 && sim_vector_has_error_code(vector);
}

static bool check_target(const struct audit *audit, const struct sim_gate *gate, char *problem,
                         size_t size)
{
    char entry[280];

    if (!audit_check_code(audit, gate->selector, problem, size)) {
        return false;
    }
    if (audit->mode == SIM_DESCRIPTORS_IA32E &&
        !audit_check_entry(audit, gate->handler, entry, sizeof entry)) {
        (void)snprintf(problem, size, "the handler %s", entry);
        return false;
    }
    return true;
}

/* Whether a TSS is there to be asked about stacks: kernels load the IDT before it. The TSS at 0 is
   the loader's: PVH prescribes one. */
static bool stacks_known(const struct audit *audit)
{
    const struct sim_cpu *cpu = audit->mmu->cpu;

    return ((cpu->tr & 0xFFFC) != 0 && cpu->tss.base != 0) || (audit->what & SIM_AUDIT_TSS) != 0;
}

static bool check_ist(const struct audit *audit, const struct sim_gate *gate, char *problem,
                      size_t size)
{
    if (gate->ist == 0 || !stacks_known(audit)) {
        return true;
    }
    if ((audit->mmu->cpu->tr & 0xFFFC) == 0) {
        (void)snprintf(problem, size, "uses IST%u, but no TSS is loaded", gate->ist);
        return false;
    }
    return audit_check_ist(audit, gate->ist, problem, size);
}

/* Returns whether nothing is wrong with the gate. */
static bool check_gate(const struct audit *audit, const struct sim_gate *gate, unsigned int vector,
                       char *problem, size_t size)
{
    if ((audit->what & SIM_AUDIT_IDT) == 0) { /* a TSS was loaded after the IDT */
        return !gate->present || check_ist(audit, gate, problem, size);
    }
    if (!gate->present) {
        bool forgotten =
            type_exists(audit, gate->type) && gate->handler != 0 && gate->selector != 0;

        (void)snprintf(problem, size, "is complete, but not present: P is 0");
        return !forgotten;
    }
    if (!type_exists(audit, gate->type)) {
        (void)snprintf(problem, size,
                       "type 0x%x is neither an interrupt gate (0xe) nor a trap gate (0xf)",
                       gate->type);
        return false;
    }
    if (gate->type == 5) {
        return true; /* a task gate: a TSS instead of a handler */
    }
    if (opens_error_code(audit, gate, vector)) {
        (void)snprintf(problem, size,
                       "DPL 3 lets ring 3 enter it by INT, without the error code it expects");
        return false;
    }
    return check_target(audit, gate, problem, size) && check_ist(audit, gate, problem, size);
}

static bool read_gate(const struct audit *audit, const struct gates *gates, unsigned int vector,
                      uint64_t half[2])
{
    half[0] = 0;
    half[1] = 0;
    return sim_mmu_peek(audit->mmu, gates->table->base + (uint64_t)vector * gates->bytes, half,
                        gates->bytes);
}

static void count_gate(struct audit *audit, const uint64_t half[2], const struct sim_gate *gate)
{
    audit->summary.gates += gate->present ? 1 : 0;
    audit->summary.empty_gates += half[0] == 0 && half[1] == 0 ? 1 : 0;
}

/* Gates that the limit covers completely. Returns the number of the next one. */
static unsigned int check_gates(struct audit *audit, struct gates *gates)
{
    unsigned int vector = 0;
    uint64_t half[2];

    for (; vector < VECTORS && (vector + 1) * gates->bytes - 1 <= gates->table->limit; vector++) {
        char problem[sizeof gates->problem] = "";
        struct sim_gate gate;

        if (!read_gate(audit, gates, vector, half)) {
            flush_problem(audit, gates, vector);
            audit_report(audit, "IDT[%u] at 0x%" PRIx64 " cannot be read under this CR3", vector,
                         gates->table->base + (uint64_t)vector * gates->bytes);
            return VECTORS;
        }
        gate = sim_gate_decode(audit->mode, half[0], half[1]);
        count_gate(audit, half, &gate);
        if (check_gate(audit, &gate, vector, problem, sizeof problem)) {
            problem[0] = '\0';
        }
        note_problem(audit, gates, vector, problem);
    }
    flush_problem(audit, gates, vector);
    return vector;
}

/* A gate of which only some bytes are within the limit. */
static void check_cut(struct audit *audit, const struct gates *gates, unsigned int vector)
{
    uint32_t limit = gates->table->limit;
    uint64_t half[2];

    if (vector >= VECTORS || limit <= vector * gates->bytes ||
        !read_gate(audit, gates, vector, half)) {
        return;
    }
    if (sim_gate_decode(audit->mode, half[0], half[1]).present) {
        audit_report(audit, "IDT[%u] crosses the limit 0x%" PRIx32, vector, limit);
    }
}

static void check_shape(struct audit *audit, const struct gates *gates)
{
    const struct sim_table *table = gates->table;

    if (table->base % 8 != 0) {
        audit_advise(audit, "IDT base 0x%" PRIx64 " is not aligned to 8 bytes", table->base);
    }
    if (table->limit % gates->bytes != gates->bytes - 1) {
        audit_advise(audit, "IDT limit 0x%" PRIx32 " is not one less than a multiple of %" PRIu32,
                     table->limit, gates->bytes);
    }
}

/* One handler cannot return from both kinds of frame. */
static void compare_handlers(struct audit *audit, const struct gates *gates)
{
    uint64_t half[2];
    struct sim_gate with = {.present = false};

    if ((audit->what & SIM_AUDIT_ADVICE) == 0 || gates->table->limit < 15 * gates->bytes - 1 ||
        !read_gate(audit, gates, 14, half)) {
        return;
    }
    with = sim_gate_decode(audit->mode, half[0], half[1]);
    for (unsigned int vector = 0; vector < 7 && with.present; vector++) {
        struct sim_gate without;

        if (!read_gate(audit, gates, vector, half)) {
            return;
        }
        without = sim_gate_decode(audit->mode, half[0], half[1]);
        if (without.present && without.handler == with.handler) {
            audit_advise(audit,
                         "IDT[14] shares its handler 0x%" PRIx64
                         " with IDT[%u], which pushes no error code",
                         with.handler, vector);
            return;
        }
    }
}

void audit_idt(struct audit *audit)
{
    const struct sim_table *table = &audit->mmu->cpu->idt;
    struct gates gates = {.table = table, .bytes = audit->mode == SIM_DESCRIPTORS_IA32E ? 16 : 8};

    audit_begin(audit, (audit->what & SIM_AUDIT_IDT) != 0 ? SIM_AUDIT_IDT : SIM_AUDIT_TSS);
    if (table->limit == 0 || audit->muted) {
        return;
    }
    if (!audit_is_canonical(audit, table->base)) {
        audit_report(audit, "IDT base 0x%" PRIx64 " is not canonical", table->base);
    } else {
        unsigned int next = check_gates(audit, &gates);

        if ((audit->what & SIM_AUDIT_IDT) != 0) {
            check_shape(audit, &gates);
            check_cut(audit, &gates, next);
            compare_handlers(audit, &gates);
        }
    }
    audit_end(audit, "IDT");
}
