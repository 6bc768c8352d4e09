/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where segments begin. Unicorn has register numbers for the bases of FS and GS
 * only; the others are read from a saved context. In 64-bit code they are not
 * used: it has no base but those of FS and GS [SDM 3A] 3.4.4.
 */
#include "sim/engine/engine_unicorn.h"

#include <string.h>

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
