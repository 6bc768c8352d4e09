/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The machine's own MMU at work: translations for the engine, the page faults
 * that come of refused ones, and what the audit learns about writes.
 *
 * The engine does not say on whose behalf it accesses memory. At CPL 3 an access
 * may still be the processor's own, when a segment register is loaded and the
 * descriptor is read from a table that user code cannot read. Such an access is
 * refused first, recognised by the instruction, and allowed the second time. If
 * the processor also marks the descriptor as accessed, it is the write that is
 * refused next, and both are allowed the third time.
 */
#include "sim/machine/machine_access.h"
#include "sim/machine/machine_debug.h"
#include "sim/machine/machine_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    VECTOR_SS = 12,
    VECTOR_GP = 13,
    VECTOR_PF = 14,
    ERROR_WRITE = 1 << 1 /* W/R of a page fault. [SDM 3A] 4.7 */
};

#define PAGE      UINT64_C(4096)
#define PAGE_MASK (PAGE - 1)

/* Control registers change between runs of the engine only: system instructions end one. */
static const struct sim_cpu *translating_cpu(struct sim_machine *machine)
{
    if (machine->translating_is_valid) {
        sim_engine_get_mode(machine->engine, &machine->translating);
    } else {
        machine_get_cpu(machine, &machine->translating);
        machine->translating_is_valid = machine->running;
    }
    return &machine->translating;
}

static enum sim_access_mode mode_of(const struct sim_machine *machine, const struct sim_cpu *cpu,
                                    uint64_t page)
{
    if (machine->implicit && machine->implicit_page == page) {
        return SIM_MODE_IMPLICIT_SUPERVISOR;
    }
    return sim_cpu_privilege(cpu) == 3 ? SIM_MODE_USER : SIM_MODE_SUPERVISOR;
}

/* For snapshots: which pages of RAM change, and which have been executed. */
static void note_use(struct sim_machine *machine, const struct sim_engine_page *page,
                     enum sim_access_kind kind)
{
    if (page->writable) {
        sim_memory_mark_dirty(&machine->memory, page->physical);
    }
    if (kind == SIM_ACCESS_FETCH) {
        machine->is_code[page->physical / PAGE] = true;
    }
}

bool machine_translate(void *context, uint64_t page, enum sim_access_kind kind,
                       struct sim_engine_page *answer)
{
    struct sim_machine *machine = context;
    const struct sim_cpu *cpu = translating_cpu(machine);
    const struct sim_access access = {page, kind, mode_of(machine, cpu, page)};
    struct sim_tlb_result result =
        sim_tlb_translate(machine->tlb, cpu, access, sim_cpu_linear_rip(cpu));
    enum machine_server server = MACHINE_RAM;

    if (result.walk.outcome != SIM_WALK_MAPPED) {
        if (!machine->refused) { /* the engine asks for pages around it afterwards */
            machine->refused = true;
            machine->refusal = result.walk;
        }
        return false;
    }
    machine->implicit =
        machine->implicit && (page != machine->implicit_page || kind != machine->implicit_kind);
    answer->physical = result.walk.physical & ~PAGE_MASK;
    answer->readable = result.may_read;
    answer->executable = result.may_fetch;
    answer->watched = machine_debug_watches(machine, page);
    if (answer->watched && kind == SIM_ACCESS_FETCH) {
        answer->readable = false; /* reads are asked for */
    }
    /* Asked again for the first write, which makes the page dirty. */
    answer->writable = kind == SIM_ACCESS_WRITE && result.may_write;
    answer->unsettled = sim_tlb_has_new_table(machine->tlb);
    server = machine_who_serves(machine, answer->physical);
    if (server == MACHINE_RAM) {
        answer->watched = answer->watched || (kind == SIM_ACCESS_WRITE &&
                                              sim_tlb_is_table(machine->tlb, answer->physical));
        note_use(machine, answer, kind);
    } else if (kind != SIM_ACCESS_FETCH) { /* the engine executes RAM only, and says so */
        answer->physical += MACHINE_ALIAS;
    }
    return true;
}

/* Where a byte of code is in RAM, and how many follow it in its page. */
static const uint8_t *find_code(struct sim_machine *machine, const struct sim_cpu *cpu,
                                uint64_t linear, size_t *left)
{
    const struct sim_access access = {linear, SIM_ACCESS_FETCH,
                                      sim_cpu_privilege(cpu) == 3 ? SIM_MODE_USER
                                                                  : SIM_MODE_SUPERVISOR};
    struct sim_walk walk =
        machine->tlb == NULL
            ? sim_mmu_walk(cpu, &machine->memory, access)
            : sim_tlb_translate(machine->tlb, cpu, access, sim_cpu_linear_rip(cpu)).walk;

    *left = PAGE - linear % PAGE;
    if (walk.outcome != SIM_WALK_MAPPED || walk.physical >= machine->memory.size) {
        return NULL;
    }
    return machine->memory.bytes + walk.physical;
}

size_t machine_read_code(struct sim_machine *machine, const struct sim_cpu *cpu, uint8_t *code,
                         size_t size)
{
    uint64_t rip = sim_cpu_linear_rip(cpu);
    size_t done = 0;

    while (done < size) {
        size_t part = 0;
        const uint8_t *from = find_code(machine, cpu, rip + done, &part);

        if (from == NULL) {
            break;
        }
        part = part < size - done ? part : size - done;
        memcpy(code + done, from, part);
        done += part;
    }
    return done;
}

void machine_note_write(void *context, uint64_t physical, unsigned int size)
{
    struct sim_machine *machine = context;

    if (sim_tlb_watches(machine->tlb, physical)) {
        sim_tlb_note_write(machine->tlb, physical, size, sim_engine_rip(machine->engine));
    }
}

void machine_settle_writes(void *context)
{
    struct sim_machine *machine = context;

    bool has_new_table = sim_tlb_has_new_table(machine->tlb);

    if (sim_tlb_settle(machine->tlb) || has_new_table) {
        sim_engine_flush_tlb(machine->engine);
    }
}

void sim_machine_note_dma(struct sim_machine *machine, uint64_t physical, uint64_t size)
{
    for (uint64_t page = physical / PAGE; page * PAGE < physical + size; page++) {
        /* Translated code cannot be dropped while it runs. */
        machine->code_changed = machine->code_changed || machine->is_code[page];
        if (machine->tlb != NULL && sim_tlb_watches(machine->tlb, page * PAGE)) {
            sim_tlb_note_write(machine->tlb, page * PAGE, PAGE, sim_engine_rip(machine->engine));
        }
    }
    sim_engine_request_attention(machine->engine);
}

/* Deals with what devices wrote, between two runs of the engine. */
void machine_finish_dma(struct sim_machine *machine)
{
    if (machine->code_changed) {
        machine->code_changed = false;
        sim_engine_forget_code(machine->engine);
    }
    if (machine->tlb != NULL) {
        machine_settle_writes(machine);
    }
}

static bool is_within(const struct sim_table *table, uint64_t linear)
{
    return linear >= (table->base & ~UINT64_C(7)) && linear - table->base <= table->limit;
}

/* Whether the processor itself reads a descriptor here for an instruction at CPL 3. */
static bool is_descriptor_access(struct sim_machine *machine, const struct sim_cpu *cpu,
                                 const struct sim_engine_event *event)
{
    uint8_t code[SIM_INSTRUCTION_MAX];

    if (sim_cpu_privilege(cpu) != 3 || event->kind == SIM_ACCESS_FETCH ||
        (machine->implicit && machine->implicit_page == (event->linear & ~PAGE_MASK)) ||
        !(is_within(&cpu->gdt, event->linear) || is_within(&cpu->ldt, event->linear))) {
        return false;
    }
    return sim_instruction_reads_descriptor(
        code, machine_read_code(machine, cpu, code, sizeof code), cpu->code);
}

/*
 * The engine reads first when an instruction reads and writes; a processor asks for the right to
 * write at once.
 */
static uint32_t error_code_of(struct sim_machine *machine, const struct sim_cpu *cpu,
                              const struct sim_engine_event *event)
{
    const struct sim_walk *walk = &machine->refusal;
    const struct sim_access access = {event->linear, SIM_ACCESS_WRITE,
                                      mode_of(machine, cpu, event->linear & ~PAGE_MASK)};
    uint8_t code[SIM_INSTRUCTION_MAX];

    if (event->kind != SIM_ACCESS_READ) {
        return walk->error_code;
    }
    if (!sim_instruction_modifies(code, machine_read_code(machine, cpu, code, sizeof code),
                                  cpu->code)) {
        return walk->error_code;
    }
    if (walk->cause > SIM_CAUSE_RESERVED) {
        return sim_mmu_check_rights(cpu, &walk->rights, access).error_code;
    }
    return walk->error_code | ERROR_WRITE;
}

/* RSP and RBP address the stack segment. [SDM 1] 3.7.4 */
static bool deliver_noncanonical(struct sim_machine *machine, const struct sim_cpu *cpu,
                                 const struct sim_engine_event *event, struct sim_result *result)
{
    char cause[96];
    const char *what = "the address";
    struct sim_exception exception = {.vector = VECTOR_GP, .has_error_code = true};
    uint64_t distance = event->linear - cpu->rsp + PAGE;
    uint8_t code[SIM_INSTRUCTION_MAX];

    if (event->kind == SIM_ACCESS_FETCH) {
        what = machine_undo_branch(machine, event) ? "the branch's target" : what;
    } else if ((distance < 2 * PAGE || /* PUSH, POP, CALL, RET */
                sim_instruction_uses_stack_segment(
                    code, machine_read_code(machine, cpu, code, sizeof code), cpu->code))) {
        exception.vector = VECTOR_SS;
    }
    (void)snprintf(cause, sizeof cause, "%s 0x%" PRIx64 " is not canonical", what, event->linear);
    return machine_deliver(machine, &exception, cause, result);
}

bool machine_handle_refusal(struct sim_machine *machine, const struct sim_engine_event *event,
                            struct sim_result *result)
{
    const struct sim_walk *walk = &machine->refusal;
    struct sim_cpu cpu;

    machine_get_cpu(machine, &cpu);
    if (is_descriptor_access(machine, &cpu, event)) {
        machine->implicit = true;
        machine->implicit_page = event->linear & ~PAGE_MASK;
        machine->implicit_kind = event->kind;
        return true;
    }
    machine->implicit = false;
    if (machine_is_beyond_segment(machine, event->linear, 1, event->kind)) {
        return machine_handle_forbidden(machine, result);
    }
    if (walk->outcome == SIM_WALK_NONCANONICAL) {
        return deliver_noncanonical(machine, &cpu, event, result);
    }
    if (walk->outcome == SIM_WALK_NO_TABLE) {
        machine->last_delivery.step_count = 0; /* nothing is delivered */
        machine->last_cause[0] = '\0';
        *result = machine_stop(machine, SIM_STOP_FAULT,
                               "a page table for 0x%" PRIx64 " is not in RAM", event->linear);
        result->fault.vector = VECTOR_PF;
        result->fault.cr2 = event->linear;
        return false;
    }
    return machine_deliver_page_fault(machine, error_code_of(machine, &cpu, event), event->linear,
                                      "", result);
}
