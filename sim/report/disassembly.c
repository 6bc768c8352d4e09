/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Capstone disassembles one instruction after another; bytes it refuses are
 * stepped over one at a time, so that code after data is still found.
 */
#include "sim/report/disassembly.h"

#include <stdio.h>
#include <string.h>

#include "sim/report/disassembly_internal.h"

static cs_mode mode_of(enum sim_width width)
{
    switch (width) {
    case SIM_WIDTH_32:
        return CS_MODE_32;
    case SIM_WIDTH_16:
        return CS_MODE_16;
    case SIM_WIDTH_64:
        break;
    }
    return CS_MODE_64;
}

bool disassembly_open(struct disassembly_reader *reader, const struct sim_code *code)
{
    *reader = (struct disassembly_reader){
        .bytes = code->bytes, .left = code->size, .address = code->address};
    if (cs_open(CS_ARCH_X86, mode_of(code->width), &reader->capstone) != CS_ERR_OK) {
        return false;
    }
    (void)cs_option(reader->capstone, CS_OPT_SYNTAX, CS_OPT_SYNTAX_ATT);
    (void)cs_option(reader->capstone, CS_OPT_DETAIL, CS_OPT_ON);
    reader->instruction = cs_malloc(reader->capstone);
    if (reader->instruction == NULL) {
        (void)cs_close(&reader->capstone);
        return false;
    }
    return true;
}

void disassembly_close(struct disassembly_reader *reader)
{
    cs_free(reader->instruction, 1);
    (void)cs_close(&reader->capstone);
}

/* Direct calls and jumps have their target as the only operand. */
static void find_target(const struct disassembly_reader *reader, struct sim_disassembly_line *line)
{
    const cs_insn *instruction = reader->instruction;
    const cs_x86 *detail = &instruction->detail->x86;
    bool branches = cs_insn_group(reader->capstone, instruction, CS_GRP_JUMP) ||
                    cs_insn_group(reader->capstone, instruction, CS_GRP_CALL);

    if (branches && detail->op_count == 1 && detail->operands[0].type == X86_OP_IMM) {
        line->has_target = true;
        line->target = (uint64_t)detail->operands[0].imm;
    }
}

/* One line from the next bytes, of which there is at least one. */
static void read_line(struct disassembly_reader *reader, struct sim_disassembly_line *line)
{
    const uint8_t *start = reader->bytes;

    *line = (struct sim_disassembly_line){.address = reader->address};
    line->valid = cs_disasm_iter(reader->capstone, &reader->bytes, &reader->left, &reader->address,
                                 reader->instruction);
    if (line->valid) {
        const cs_insn *instruction = reader->instruction;

        line->size = instruction->size;
        (void)snprintf(line->text, sizeof line->text, "%s%s%.*s", instruction->mnemonic,
                       instruction->op_str[0] == '\0' ? "" : " ", 60, instruction->op_str);
        find_target(reader, line);
    } else {
        line->size = 1;
        (void)snprintf(line->text, sizeof line->text, ".byte 0x%02x", *start);
        reader->bytes = start + 1;
        reader->left--;
        reader->address = line->address + 1;
    }
    memcpy(line->bytes, start, line->size);
}

size_t sim_disassemble(const struct sim_code *code, struct sim_disassembly_line *lines,
                       size_t capacity)
{
    struct disassembly_reader reader;
    size_t count = 0;

    if (!disassembly_open(&reader, code)) {
        return 0;
    }
    while (count < capacity && reader.left > 0) {
        read_line(&reader, &lines[count]);
        count++;
    }
    disassembly_close(&reader);
    return count;
}

/*
 * The last few lines of the code before an offset, oldest first. None if an instruction does not
 * end there: then the code was not read from an instruction's first byte.
 */
static size_t lines_before(const struct sim_code *code, size_t offset,
                           struct sim_disassembly_line lines[SIM_LISTING_BEFORE])
{
    struct disassembly_reader reader;
    struct sim_disassembly_line line;
    size_t count = 0;

    if (!disassembly_open(&reader, code)) {
        return 0;
    }
    while (code->size - reader.left < offset) {
        read_line(&reader, &line);
        if (count == SIM_LISTING_BEFORE) {
            memmove(lines, lines + 1, (SIM_LISTING_BEFORE - 1) * sizeof lines[0]);
            count--;
        }
        lines[count++] = line;
    }
    if (code->size - reader.left != offset) {
        count = 0;
    }
    disassembly_close(&reader);
    return count;
}

void sim_disassemble_around(const struct sim_code *code, uint64_t address,
                            struct sim_listing *listing)
{
    struct sim_code rest = *code;
    size_t offset = (size_t)(address - code->address);

    *listing = (struct sim_listing){.count = 0};
    if (address < code->address || address - code->address >= code->size) {
        return;
    }
    rest.address = address;
    rest.bytes = code->bytes + offset;
    rest.size = code->size - offset;
    listing->marked = lines_before(code, offset, listing->lines);
    listing->count = listing->marked + sim_disassemble(&rest, listing->lines + listing->marked,
                                                       1 + SIM_LISTING_AFTER);
}
