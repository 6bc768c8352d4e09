/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where segments begin. Unicorn has register numbers for the bases of FS and GS
 * only; the others are read from a saved context. In 64-bit code they are not
 * used: it has no base but those of FS and GS [SDM 3A] 3.4.4.
 */
#include "sim/cpu/data_segment.h"
#include "sim/engine/engine_unicorn.h"

#include <string.h>

#define CR0_PE    (UINT64_C(1) << 0)
#define CR0_AM    (UINT64_C(1) << 18)
#define RFLAGS_VM (UINT64_C(1) << 17)
#define RFLAGS_AC (UINT64_C(1) << 18)

uint64_t unicorn_segment_base(const struct sim_engine *engine, enum sim_segment_register segment)
{
    const struct unicorn_words *words = &engine->words;
    uint64_t base = 0;

    memcpy(&base, (const char *)engine->context + words->es_base + segment * words->segment_stride,
           sizeof base);
    return base;
}

/* In one run, another CS means another selector: GDTR and CR0 are only changed between two. */
static const struct unicorn_code_segment *find_code_segment(struct sim_engine *engine)
{
    struct unicorn_code_segment *segment = &engine->code_segment;
    uint16_t selector = (uint16_t)unicorn_get(engine, UC_X86_REG_CS);

    if (!segment->known || selector != segment->selector) {
        bool is_64_bit = (unicorn_modes(engine) & UNICORN_MODE_CODE_64) != 0;

        *segment = (struct unicorn_code_segment){true, selector, is_64_bit,
                                                 unicorn_segment_base(engine, SIM_SEGMENT_CS)};
    }
    return segment;
}

uint64_t unicorn_linear_rip(struct sim_engine *engine)
{
    const struct unicorn_code_segment *segment = find_code_segment(engine);
    uint64_t rip = unicorn_get(engine, UC_X86_REG_RIP);

    return segment->is_64_bit ? rip : (segment->base + rip) & UINT32_MAX;
}

uint64_t sim_engine_segment_base(struct sim_engine *engine, enum sim_segment_register segment)
{
    if (find_code_segment(engine)->is_64_bit) {
        return segment == SIM_SEGMENT_FS   ? unicorn_get(engine, UC_X86_REG_FS_BASE)
               : segment == SIM_SEGMENT_GS ? unicorn_get(engine, UC_X86_REG_GS_BASE)
                                           : 0;
    }
    (void)uc_context_save(engine->unicorn, engine->context);
    return unicorn_segment_base(engine, segment);
}

/* At CPL 0 the tables are there to be read, as the instruction is about to do. */
static bool read_data(struct sim_engine *engine, uint64_t linear, void *data, size_t size)
{
    return uc_vmem_read(engine->unicorn, linear, UC_PROT_READ, data, size) == UC_ERR_OK;
}

static bool read_selector(struct sim_engine *engine, const uint8_t *bytes, size_t length,
                          enum sim_width width, uint16_t *selector)
{
    unsigned int number = SIM_NO_REGISTER;
    uint64_t top = unicorn_get(engine, UC_X86_REG_RSP);

    switch (sim_instruction_selector_source(bytes, length, width, &number)) {
    case SIM_SELECTOR_REGISTER:
        *selector = (uint16_t)unicorn_get_general(engine, number);
        return true;
    case SIM_SELECTOR_STACK:
        if ((unicorn_modes(engine) & UNICORN_MODE_STACK_32) == 0) {
            top &= UINT16_MAX;
        }
        top = (top + unicorn_segment_base(engine, SIM_SEGMENT_SS)) & UINT32_MAX;
        return read_data(engine, top, selector, sizeof *selector);
    default:
        return false;
    }
}

bool unicorn_loads_unlimited(struct sim_engine *engine, const uint8_t *bytes, size_t length,
                             enum sim_width width)
{
    uc_x86_mmr gdt = {0};
    struct sim_segment segment;
    uint64_t descriptor = 0;
    uint16_t selector = 0;

    if ((unicorn_get(engine, UC_X86_REG_CS) & 3) != 0 ||
        !read_selector(engine, bytes, length, width, &selector)) {
        return false;
    }
    (void)uc_reg_read(engine->unicorn, UC_X86_REG_GDTR, &gdt);
    if ((selector & 4u) != 0 || (selector & 0xFFFCu) == 0 || (selector | 7u) > gdt.limit ||
        !read_data(engine, gdt.base + (selector & 0xFFF8u), &descriptor, sizeof descriptor)) {
        return false;
    }
    segment = sim_segment_decode(0, descriptor);
    return !sim_segment_is_limited(&segment);
}

void sim_engine_get_segments(struct sim_engine *engine,
                             struct sim_segment segments[SIM_TASK_SEGMENTS])
{
    const struct unicorn_words *words = &engine->words;

    (void)uc_context_save(engine->unicorn, engine->context);
    for (size_t i = 0; i < SIM_TASK_SEGMENTS; i++) {
        const char *base =
            (const char *)engine->context + words->es_base + i * words->segment_stride;

        segments[i] = (struct sim_segment){.address = 0};
        memcpy(&segments[i].base, base, sizeof segments[i].base);
        memcpy(&segments[i].limit, base + UNICORN_SEGMENT_LIMIT, sizeof segments[i].limit);
        memcpy(&segments[i].attributes, base + UNICORN_SEGMENT_FLAGS,
               sizeof segments[i].attributes);
    }
}

/* Asked for before each run; RFLAGS.AC says no nearly always. */
bool sim_engine_checks_alignment(struct sim_engine *engine)
{
    uint64_t rflags = unicorn_get(engine, UC_X86_REG_RFLAGS);
    uint64_t cr0 = 0;

    if ((rflags & RFLAGS_AC) == 0) {
        return false;
    }
    cr0 = unicorn_get(engine, UC_X86_REG_CR0);
    return (cr0 & CR0_AM) != 0 && (cr0 & CR0_PE) != 0 &&
           ((rflags & RFLAGS_VM) != 0 || (unicorn_get(engine, UC_X86_REG_CS) & 3) == 3);
}
