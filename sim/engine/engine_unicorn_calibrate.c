/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finding what Unicorn's API does not give access to.
 *
 * Four words of the processor's state matter to the machine and have no
 * register number: the exception in flight, the error code, whether the last
 * interrupt was INT n, and the privilege level. All are 32-bit words of the
 * blob that uc_context_save fills in, at offsets that change from version to
 * version. Trial runs give each of them a sequence of values that no other word
 * has:
 *
 *                     before   #GP 0x78   #GP 0x70   INT 0x20   INT 6   #PF at CPL 3
 *   in flight             -1         13         13         -1      -1             14
 *   error code             0       0x78       0x70          0       0           0x15
 *   software               0          0          0          1       1              0
 *   privilege              p          p          p          p       p            p^3
 *
 * The base of FS and that of GS do have register numbers; they tell where the
 * segment registers are. The six lie in the order in which instructions number
 * them, as far apart as FS and GS are. Before each base is the selector, which
 * confirms it for CS and SS; after it are limit and flags, which SS confirms.
 *
 * If a word is not found exactly once, this version works differently and no
 * machine is made. INT 6 is tried because Unicorn treats it like an invalid
 * opcode and leaves RIP where it was; the trial tells by how much it lags.
 */
#include "sim/engine/engine_unicorn.h"

#include <stdlib.h>
#include <string.h>

enum trial {
    TRIAL_NONE,
    TRIAL_SELECTOR_78,
    TRIAL_SELECTOR_70,
    TRIAL_INT,
    TRIAL_INT_6,
    TRIAL_USER,
    TRIAL_COUNT
};

/* mov $0xABCD0078, %eax; mov %eax, %ds: beyond the limit of the boot GDT. */
static const uint8_t load_selector_78[] = {0xB8, 0x78, 0x00, 0xCD, 0xAB, 0x8E, 0xD8};
static const uint8_t load_selector_70[] = {0xB8, 0x70, 0x00, 0xCD, 0xAB, 0x8E, 0xD8};
static const uint8_t software_interrupt[] = {0xCD, 0x20};
static const uint8_t software_interrupt_6[] = {0xCD, 0x06};

/*
 * pushq $SS; pushq $RSP; pushq $2; pushq $CS; pushq $RIP; iretq. Three bytes are filled in.
 * The page it goes to is a supervisor page, so the first fetch at CPL 3 faults.
 */
static const uint8_t go_to_user[] = {0x6A, 0x00, 0x68, 0x00, 0x00, 0x05, 0x00, 0x6A, 0x02,
                                     0x6A, 0x00, 0x68, 0x00, 0x00, 0x01, 0x00, 0x48, 0xCF};
enum {
    USER_SS_BYTE = 1,
    USER_CS_BYTE = 10
};

struct calibration {
    struct sim_engine *engine;
    const struct sim_memory *memory;
    uint64_t page;
    size_t size; /* of a context, in bytes */
    char *contexts[TRIAL_COUNT];
};

/* Runs code in the boot state and keeps the context it ends in. Whether it raised @p vector. */
static bool run_trial(struct calibration *calibration, enum trial trial, const uint8_t *code,
                      size_t size, unsigned int vector)
{
    struct sim_engine *engine = calibration->engine;

    memcpy(engine->context, calibration->contexts[TRIAL_NONE], calibration->size);
    (void)uc_context_restore(engine->unicorn, engine->context);
    memcpy(calibration->memory->bytes + calibration->page, code, size);
    sim_engine_forget_range(engine, calibration->page, size);
    (void)unicorn_set(engine, UC_X86_REG_RIP, calibration->page);
    unicorn_run_raw(engine, 16);
    (void)uc_context_save(engine->unicorn, engine->context);
    memcpy(calibration->contexts[trial], engine->context, calibration->size);
    return engine->event.stop == SIM_ENGINE_EXCEPTION && engine->event.exception.vector == vector;
}

static bool run_trials(struct calibration *calibration, const struct sim_engine_boot *boot)
{
    uint8_t user[sizeof go_to_user];

    if (!run_trial(calibration, TRIAL_INT_6, software_interrupt_6, sizeof software_interrupt_6,
                   6)) {
        return false;
    }
    calibration->engine->int_6_lag = calibration->page + sizeof software_interrupt_6 -
                                     unicorn_get(calibration->engine, UC_X86_REG_RIP);
    memcpy(user, go_to_user, sizeof user);
    user[USER_SS_BYTE] = (uint8_t)boot->user_data;
    user[USER_CS_BYTE] = (uint8_t)boot->user_code;
    return run_trial(calibration, TRIAL_SELECTOR_78, load_selector_78, sizeof load_selector_78,
                     13) &&
           run_trial(calibration, TRIAL_SELECTOR_70, load_selector_70, sizeof load_selector_70,
                     13) &&
           run_trial(calibration, TRIAL_INT, software_interrupt, sizeof software_interrupt, 0x20) &&
           run_trial(calibration, TRIAL_USER, user, sizeof user, 14);
}

/* Offset of the only word with these values; the size of a context if there is not exactly one. */
static size_t find_word(const struct calibration *calibration, const uint32_t values[TRIAL_COUNT])
{
    size_t found = calibration->size;
    unsigned int count = 0;

    for (size_t offset = 0; offset + 4 <= calibration->size; offset += 4) {
        bool matches = true;

        for (int trial = 0; trial < TRIAL_COUNT; trial++) {
            matches =
                matches && memcmp(calibration->contexts[trial] + offset, &values[trial], 4) == 0;
        }
        if (matches) {
            found = offset;
            count++;
        }
    }
    return count == 1 ? found : calibration->size;
}

/* The same for a word that is unchanged except that its two low bits go from 0 to 3 at CPL 3. */
static size_t find_modes(const struct calibration *calibration)
{
    size_t found = calibration->size;
    unsigned int count = 0;

    for (size_t offset = 0; offset + 4 <= calibration->size; offset += 4) {
        uint32_t before = 0;
        uint32_t user = 0;

        memcpy(&before, calibration->contexts[TRIAL_NONE] + offset, sizeof before);
        memcpy(&user, calibration->contexts[TRIAL_USER] + offset, sizeof user);
        if ((before & 3) == 0 && user == (before | 3) && before != 0 &&
            memcmp(&before, calibration->contexts[TRIAL_INT] + offset, 4) == 0 &&
            memcmp(&before, calibration->contexts[TRIAL_SELECTOR_78] + offset, 4) == 0) {
            found = offset;
            count++;
        }
    }
    return count == 1 ? found : calibration->size;
}

static bool is_64_bit_code(const char *context, size_t offset)
{
    uint32_t modes = 0;

    memcpy(&modes, context + offset, sizeof modes);
    return (modes & UNICORN_MODE_CODE_64) != 0;
}

static int find_words(struct calibration *calibration, struct unicorn_words *words,
                      struct sim_error *error)
{
    static const uint32_t in_flight[TRIAL_COUNT] = {UINT32_MAX, 13, 13, UINT32_MAX, UINT32_MAX, 14};
    static const uint32_t error_code[TRIAL_COUNT] = {0, 0x78, 0x70, 0, 0, 0x15};
    static const uint32_t software[TRIAL_COUNT] = {0, 0, 0, 1, 1, 0};

    words->in_flight = find_word(calibration, in_flight);
    words->error_code = find_word(calibration, error_code);
    words->software = find_word(calibration, software);
    words->modes = find_modes(calibration);
    if (words->in_flight == calibration->size) {
        return unicorn_error(error, "cannot find where it keeps the exception in flight");
    }
    if (words->error_code == calibration->size) {
        return unicorn_error(error, "cannot find where it keeps error codes");
    }
    if (words->software == calibration->size) {
        return unicorn_error(error, "cannot find where it keeps whether INT n was executed");
    }
    if (words->modes == calibration->size ||
        !is_64_bit_code(calibration->contexts[TRIAL_NONE], words->modes)) {
        return unicorn_error(error, "cannot find where it keeps the privilege level");
    }
    return 0;
}

/* Offset of the only 64-bit word with this value in the engine's state now. */
static size_t find_base(const struct calibration *calibration, uint64_t value)
{
    struct sim_engine *engine = calibration->engine;
    size_t found = calibration->size;
    unsigned int count = 0;

    (void)uc_context_save(engine->unicorn, engine->context);
    for (size_t offset = 0; offset + sizeof value <= calibration->size; offset += 4) {
        if (memcmp((const char *)engine->context + offset, &value, sizeof value) == 0) {
            found = offset;
            count++;
        }
    }
    return count == 1 ? found : calibration->size;
}

/* Whether limit and flags of SS are where they are expected; boot segments have no limit. */
static bool has_descriptor(const struct calibration *calibration, const struct sim_cpu *cpu,
                           const char *stack_segment)
{
    const char *base = stack_segment + UNICORN_SEGMENT_SELECTOR;
    const uint8_t *descriptor = calibration->memory->bytes + cpu->gdt.base + (cpu->ss & 0xFFF8u);
    const uint32_t limit = UINT32_MAX;

    return memcmp(base + UNICORN_SEGMENT_LIMIT, &limit, sizeof limit) == 0 &&
           memcmp(base + UNICORN_SEGMENT_FLAGS, descriptor + 4, 4) == 0;
}

static int find_segments(const struct calibration *calibration, const struct sim_cpu *cpu,
                         struct unicorn_words *words, struct sim_error *error)
{
    const uint64_t bases[2] = {UINT64_C(0x123456789ABC), UINT64_C(0x23456789ABCD)};
    struct sim_engine *engine = calibration->engine;
    const char *context = calibration->contexts[TRIAL_NONE];
    size_t fs = 0;
    size_t gs = 0;

    (void)unicorn_set(engine, UC_X86_REG_FS_BASE, bases[0]);
    (void)unicorn_set(engine, UC_X86_REG_GS_BASE, bases[1]);
    fs = find_base(calibration, bases[0]);
    gs = find_base(calibration, bases[1]);
    if (fs >= gs || gs == calibration->size ||
        fs < SIM_SEGMENT_FS * (gs - fs) + UNICORN_SEGMENT_SELECTOR) {
        return unicorn_error(error, "cannot find where it keeps the segment registers");
    }
    words->segment_stride = gs - fs;
    words->es_base = fs - SIM_SEGMENT_FS * words->segment_stride;
    context += words->es_base - UNICORN_SEGMENT_SELECTOR;
    if (memcmp(context + SIM_SEGMENT_CS * words->segment_stride, &cpu->cs, sizeof cpu->cs) != 0 ||
        memcmp(context + SIM_SEGMENT_SS * words->segment_stride, &cpu->ss, sizeof cpu->ss) != 0) {
        return unicorn_error(error, "keeps the segment registers in another order");
    }
    return has_descriptor(calibration, cpu, context + SIM_SEGMENT_SS * words->segment_stride)
               ? 0
               : unicorn_error(error, "keeps descriptors in another form");
}

int unicorn_calibrate(struct sim_engine *engine, const struct sim_memory *memory,
                      const struct sim_engine_boot *boot, struct sim_error *error)
{
    struct calibration calibration = {.engine = engine, .memory = memory, .page = boot->trial_page};
    char *contexts = NULL;
    int result = -1;

    calibration.size = uc_context_size(engine->unicorn);
    contexts = calloc(TRIAL_COUNT, calibration.size);
    if (contexts == NULL) {
        return sim_error_set(error, "out of memory");
    }
    for (size_t trial = 0; trial < TRIAL_COUNT; trial++) {
        calibration.contexts[trial] = contexts + trial * calibration.size;
    }
    (void)uc_context_save(engine->unicorn, engine->context);
    memcpy(calibration.contexts[TRIAL_NONE], engine->context, calibration.size);
    if (run_trials(&calibration, boot)) {
        result = find_words(&calibration, &engine->words, error);
        if (result == 0) {
            result = find_segments(&calibration, &boot->cpu, &engine->words, error);
        }
    } else {
        result = unicorn_error(error, "does not raise the exceptions of the trial runs");
    }
    memcpy(engine->context, calibration.contexts[TRIAL_NONE], calibration.size);
    (void)uc_context_restore(engine->unicorn, engine->context);
    memset(memory->bytes + boot->trial_page, 0, 64);
    sim_engine_forget_range(engine, boot->trial_page, 64);
    free(contexts);
    return result;
}
