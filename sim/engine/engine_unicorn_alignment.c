/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stopping before an instruction whose operand has to be aligned and is not.
 *
 * A hook at an instruction costs time at all others that have one: Unicorn goes
 * through the list of all hooks each time. Most of these instructions need none,
 * since the low bits of their operand are known when their basic block is entered
 * (sim/cpu/low_bits.h): a few registers are looked at then. An instruction gets a
 * hook when nothing is foreseen, or the first time it would be misaligned; its
 * block is then translated again. The hook looks at the registers again.
 */
#include "sim/engine/engine_unicorn.h"

#include <stdlib.h>

enum {
    MAX_CHECKS = 1 << 18 /* of all blocks: then there are hooks */
};

/* As instructions number them. [SDM 2] table 3-1 */
static const int general_registers[16] = {
    UC_X86_REG_RAX, UC_X86_REG_RCX, UC_X86_REG_RDX, UC_X86_REG_RBX, UC_X86_REG_RSP, UC_X86_REG_RBP,
    UC_X86_REG_RSI, UC_X86_REG_RDI, UC_X86_REG_R8,  UC_X86_REG_R9,  UC_X86_REG_R10, UC_X86_REG_R11,
    UC_X86_REG_R12, UC_X86_REG_R13, UC_X86_REG_R14, UC_X86_REG_R15,
};

uint64_t unicorn_get_general(struct sim_engine *engine, unsigned int number)
{
    return number == SIM_NO_REGISTER ? 0 : unicorn_get(engine, general_registers[number]);
}

bool unicorn_is_misaligned(struct sim_engine *engine, const struct sim_aligned_operand *operand)
{
    uint64_t sum = operand->displacement + unicorn_get_general(engine, operand->base) +
                   (unicorn_get_general(engine, operand->index) << operand->shift) +
                   sim_engine_segment_base(engine, operand->segment);

    return sum % SIM_SSE_ALIGNMENT != 0;
}

/* Registers that were read on entry to a block. */
struct entry_registers {
    struct sim_engine *engine;
    unsigned int known; /* bit by number */
    uint64_t values[16];
};

static uint64_t read_once(struct entry_registers *registers, unsigned int number)
{
    if (number == SIM_NO_REGISTER) {
        return 0;
    }
    if ((registers->known & 1u << number) == 0) {
        registers->values[number] = unicorn_get_general(registers->engine, number);
        registers->known |= 1u << number;
    }
    return registers->values[number];
}

static bool is_aligned(struct entry_registers *registers, const struct sim_aligned_operand *entry)
{
    uint64_t sum = entry->displacement + read_once(registers, entry->base) +
                   (read_once(registers, entry->index) << entry->shift);

    if (entry->address != SIM_WIDTH_64 || entry->segment > SIM_SEGMENT_DS) {
        sum += sim_engine_segment_base(registers->engine, entry->segment);
    }
    return sum % SIM_SSE_ALIGNMENT == 0;
}

bool unicorn_is_aligned_on_entry(struct sim_engine *engine, struct unicorn_block *block)
{
    struct entry_registers registers;
    bool aligned = true;

    registers.engine = engine;
    registers.known = 0;
    for (size_t i = 0; i < block->checks->count && aligned; i++) {
        const struct unicorn_check *check = &block->checks->list[i];

        aligned = is_aligned(&registers, &check->entry);
        if (!aligned) {
            (void)unicorn_stop_if_misaligned(engine, block->address + check->at, check->length,
                                             &check->operand);
        }
    }
    if (!aligned) {
        unicorn_forget_checks(&engine->blocks, block);
        (void)uc_ctl_remove_cache(engine->unicorn, block->address, block->address + block->size);
    }
    return aligned;
}

/* What sim_alignment_scan is for. */
struct note {
    struct sim_engine *engine;
    struct unicorn_block *block; /* or NULL */
    uint64_t address;            /* of the block */
    bool added;
};

/* Whether another access of the block, which is executed before, has the same low bits. */
static bool is_checked(const struct unicorn_checks *checks, const struct sim_aligned_operand *entry)
{
    for (size_t i = 0; checks != NULL && i < checks->count; i++) {
        const struct sim_aligned_operand *other = &checks->list[i].entry;

        if (other->base == entry->base && other->index == entry->index &&
            other->shift == entry->shift && other->segment == entry->segment &&
            other->address == entry->address &&
            (other->displacement - entry->displacement) % SIM_SSE_ALIGNMENT == 0) {
            return true;
        }
    }
    return false;
}

static bool append_check(struct note *note, const struct sim_aligned_access *access)
{
    struct unicorn_block *block = note->block;
    struct unicorn_checks *checks = NULL;
    size_t count = 0;

    if (block == NULL || note->engine->blocks.check_count == MAX_CHECKS) {
        return false;
    }
    if (is_checked(block->checks, &access->entry)) {
        return true;
    }
    count = block->checks == NULL ? 0 : block->checks->count;
    checks = realloc(block->checks, sizeof *checks + (count + 1) * sizeof checks->list[0]);
    if (checks == NULL) {
        return false;
    }
    block->checks = checks;
    note->engine->blocks.check_count++;
    checks->count = count + 1;
    checks->list[count] = (struct unicorn_check){
        .at = (uint32_t)access->at,
        .length = (uint32_t)access->length,
        .operand = access->operand,
        .entry = access->entry,
    };
    return true;
}

static bool is_always_aligned(const struct sim_aligned_access *access)
{
    const struct sim_aligned_operand *entry = &access->entry;

    return access->is_foreseen && entry->base == SIM_NO_REGISTER &&
           entry->index == SIM_NO_REGISTER && entry->displacement % SIM_SSE_ALIGNMENT == 0 &&
           entry->segment <= SIM_SEGMENT_DS && entry->address == SIM_WIDTH_64;
}

static void note_access(void *context, const struct sim_aligned_access *access)
{
    struct note *note = context;
    uint64_t address = note->address + access->at;

    if (is_always_aligned(access) || unicorn_stops_if_misaligned(note->engine, address) ||
        (access->is_foreseen && append_check(note, access))) {
        return;
    }
    note->added =
        unicorn_stop_if_misaligned(note->engine, address, access->length, &access->operand) ||
        note->added;
}

bool unicorn_note_alignment(struct sim_engine *engine, uint64_t address,
                            const struct sim_basic_block *code)
{
    struct note note = {
        .engine = engine,
        .block = unicorn_find_block(engine, address, (uint32_t)code->size),
        .address = address,
    };

    if (note.block != NULL) {
        unicorn_forget_checks(&engine->blocks, note.block);
    }
    if (sim_alignment_suspect(code->bytes, code->size)) {
        sim_alignment_scan(code, note_access, &note);
    }
    return note.added;
}

void unicorn_forget_checks(struct unicorn_blocks *blocks, struct unicorn_block *block)
{
    blocks->check_count -= block->checks == NULL ? 0 : block->checks->count;
    free(block->checks);
    block->checks = NULL;
}
