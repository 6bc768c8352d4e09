/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is learnt about code when Unicorn translates it: how many instructions a
 * basic block has, so that time can be counted block by block, and where its
 * system instructions are, so that a run stops before them and nowhere else.
 *
 * Unicorn reports a block after translating it and before executing it, also
 * when it is translated again because its bytes have changed. Hooks take effect
 * with the next translation; so a block in which a system instruction was found
 * is thrown away, and the run is ended and started again where it was.
 */
#include "sim/cpu/data_segment.h"
#include "sim/engine/engine_unicorn.h"

#include <stdlib.h>
#include <string.h>

enum {
    MAX_BLOCK = 8192, /* bytes of one basic block; Unicorn ends one in the page after its first */
    OPCODE_POPF = 0x9D,
    OPCODE_IRET = 0xCF,
    OPCODE_STI = 0xFB
};

#define PAGE UINT64_C(4096)

static enum sim_width width_of(uint32_t modes)
{
    if ((modes & UNICORN_MODE_CODE_64) != 0) {
        return SIM_WIDTH_64;
    }
    return (modes & UNICORN_MODE_CODE_32) != 0 ? SIM_WIDTH_32 : SIM_WIDTH_16;
}

uint64_t unicorn_count_between(struct sim_engine *engine, uint64_t address, uint64_t end)
{
    enum sim_width width = width_of(unicorn_modes(engine));
    uint8_t bytes[MAX_BLOCK];
    uint64_t size = end - address;
    uint64_t count = 0;
    size_t length = 0;

    if (address >= end || size > sizeof bytes ||
        uc_vmem_read(engine->unicorn, address, UC_PROT_EXEC, bytes, size) != UC_ERR_OK) {
        return 0;
    }
    for (uint64_t at = 0; at < size; at += length) {
        length = sim_instruction_length(bytes + at, size - at, width);
        length = length == 0 ? size - at : length; /* one that Unicorn does not know */
        count++;
    }
    return count;
}

/* Code of a basic block, with what follows it in its page. */
struct block_code {
    uint64_t address; /* linear */
    size_t size;      /* of the block, as Unicorn sees it */
    size_t readable;  /* bytes below, at least `size` */
    enum sim_width width;
    unsigned int privilege;
    uint8_t bytes[MAX_BLOCK];
};

/* Whether the bytes end in the middle of an instruction of the block. */
static bool is_cut(const struct block_code *code)
{
    size_t length = 0;

    for (size_t at = 0; at < code->size; at += length) {
        length = sim_instruction_length(code->bytes + at, code->readable - at, code->width);
        if (length == 0) {
            return true;
        }
    }
    return false;
}

/* Reading for once what the guest does not: a page that cannot be read is no fault of its own. */
static bool peek(struct sim_engine *engine, uint64_t address, uint8_t *bytes, size_t size)
{
    bool running = engine->running;
    bool done = false;

    engine->running = false;
    done = uc_vmem_read(engine->unicorn, address, UC_PROT_EXEC, bytes, size) == UC_ERR_OK;
    engine->running = running;
    return done;
}

/*
 * A block that ends with an instruction Unicorn does not know lacks the last bytes of that
 * instruction, the SIB byte and the displacement of INVPCID, which may be in the next page.
 */
static bool read_block(struct sim_engine *engine, const uc_tb *block, struct block_code *code)
{
    size_t in_page = PAGE - block->pc % PAGE;
    uint32_t modes = unicorn_modes(engine);

    code->width = width_of(modes);
    code->privilege = modes & UNICORN_MODE_PRIVILEGE;
    code->address = block->pc;
    code->size = block->size < MAX_BLOCK ? block->size : MAX_BLOCK;
    code->readable = code->size + SIM_INSTRUCTION_MAX - 1;
    if (code->readable > in_page) {
        code->readable = code->size > in_page ? code->size : in_page;
    }
    if (uc_vmem_read(engine->unicorn, code->address, UC_PROT_EXEC, code->bytes, code->readable) !=
        UC_ERR_OK) {
        return false;
    }
    if (code->readable <= MAX_BLOCK - SIM_INSTRUCTION_MAX && is_cut(code) &&
        peek(engine, code->address + code->readable, code->bytes + code->readable,
             SIM_INSTRUCTION_MAX - 1)) {
        code->readable += SIM_INSTRUCTION_MAX - 1;
    }
    return true;
}

/* Whether stops were added in a block that has already been translated without them. */
static bool add_stops(struct sim_engine *engine, const struct block_code *code)
{
    size_t length = 0;
    bool added = false;

    for (size_t at = 0;
         sim_instruction_find(code->bytes, code->readable, code->width, &at, &length) &&
         at < code->size;
         at += length) {
        added = unicorn_stop_at_instruction(engine, code->address + at, length) || added;
    }
    return added;
}

/*
 * Stops that depend on the mode. At CPL 3 ports may be forbidden, and Unicorn does not ask; and POPF
 * may load AC, after which the machine looks. Outside 64-bit code segments have limits, and the
 * machine looks when one is loaded. Whether stops were added.
 */
static bool add_mode_stops(struct sim_engine *engine, const struct block_code *code)
{
    bool is_user = code->privilege == 3;
    bool has_segments = code->width != SIM_WIDTH_64;
    struct sim_instruction_io io;
    size_t length = 0;
    bool added = false;

    for (size_t at = 0; (is_user || has_segments) && at < code->size; at += length) {
        const uint8_t *bytes = code->bytes + at;

        length = sim_instruction_length(bytes, code->readable - at, code->width);
        if (length == 0) {
            break;
        }
        if ((is_user && sim_instruction_io(bytes, length, code->width, &io)) ||
            (has_segments && sim_instruction_loads_segment(bytes, length, code->width))) {
            added = unicorn_stop_at_instruction(engine, code->address + at, length) || added;
        } else if (is_user && bytes[length - 1] == OPCODE_POPF) {
            added = unicorn_look_after(engine, code->address + at) || added;
        }
    }
    return added;
}

/* The bytes of an instruction; 0 if none can be read. */
static size_t peek_code(struct sim_engine *engine, uint64_t address, uint8_t *bytes)
{
    size_t in_page = PAGE - address % PAGE;
    size_t size = SIM_INSTRUCTION_MAX;

    if (peek(engine, address, bytes, size)) {
        return size;
    }
    size = in_page < size ? in_page : size;
    return peek(engine, address, bytes, size) ? size : 0;
}

size_t unicorn_system_instruction(struct sim_engine *engine, uint64_t address, size_t before)
{
    uint8_t bytes[SIM_INSTRUCTION_MAX];
    size_t size = peek_code(engine, address, bytes);
    enum sim_width width = width_of(unicorn_modes(engine));
    size_t length = sim_instruction_length(bytes, size, width);
    struct sim_instruction_io io;

    if (length == 0) {
        return before;
    }
    return sim_instruction_kind(bytes, length, width) != SIM_KIND_OTHER ||
                   sim_instruction_io(bytes, length, width, &io) ||
                   (width != SIM_WIDTH_64 && sim_instruction_loads_segment(bytes, length, width) &&
                    !unicorn_loads_unlimited(engine, bytes, length, width))
               ? length
               : 0;
}

static bool note_alignment(struct sim_engine *engine, const uc_tb *block,
                           const struct block_code *code)
{
    const struct sim_basic_block whole = {
        .rip = code->address,
        .bytes = code->bytes,
        .size = code->size,
        .readable = code->readable,
        .code = code->width,
    };

    return unicorn_note_alignment(engine, block->pc, &whole);
}

/* Whether the bytes of STI, POPF or IRET are among those of a block, be it within others. */
static bool may_enable(const struct block_code *code)
{
    return memchr(code->bytes, OPCODE_STI, code->readable) != NULL ||
           memchr(code->bytes, OPCODE_POPF, code->readable) != NULL ||
           memchr(code->bytes, OPCODE_IRET, code->readable) != NULL;
}

static void on_generated(uc_engine *unicorn, uc_tb *block, uc_tb *previous, void *context)
{
    struct sim_engine *engine = context;
    struct block_code code;
    bool is_read = false;
    bool added = false;

    (void)previous;
    engine->clock.in_block = engine->clock.in_block && engine->trap.armed;
    is_read = read_block(engine, block, &code);
    unicorn_remember_block(engine, block, !is_read || may_enable(&code));
    if (!is_read) {
        return;
    }
    added = sim_instruction_suspect(code.bytes, code.readable) && add_stops(engine, &code);
    added = add_mode_stops(engine, &code) || added;
    added = note_alignment(engine, block, &code) || added;
    if (!added) {
        return;
    }
    (void)uc_ctl_remove_cache(unicorn, block->pc, block->pc + block->size);
    engine->again = engine->running && engine->clock.held;
    if (engine->again) {
        (void)uc_emu_stop(unicorn);
    } else {
        unicorn_stop(engine, SIM_ENGINE_ATTENTION);
    }
}

bool unicorn_add_code_hooks(struct sim_engine *engine)
{
    return unicorn_add_hook(engine, UC_HOOK_EDGE_GENERATED,
                            (union unicorn_hook){.generated = on_generated}, UNICORN_EVERYWHERE, 0);
}

void unicorn_free_code(struct sim_engine *engine)
{
    unicorn_free_blocks(engine);
    unicorn_free_stops(engine);
}
