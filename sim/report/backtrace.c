/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Three ways to find a caller, the most reliable first: what the compiler wrote
 * down, the chain of frame pointers, and, for the innermost frame only, a
 * return address that is still on top of the stack because the code was entered
 * a moment ago - or because a call led to nowhere.
 */
#include "sim/report/backtrace.h"

/* A frame pointer further above the stack pointer than this, or below it, is none. */
#define FRAME_MAX (UINT64_C(1) << 20)

struct walker {
    const struct sim_image *image;
    const struct sim_stack_reader *reader;
    struct sim_image_unwind *unwind; /* NULL: no call frame information */
    struct sim_unwind_state state;
};

/* In the order of DWARF numbers. */
static void start_64(const struct sim_registers *registers, struct sim_unwind_state *state)
{
    const uint64_t values[SIM_UNWIND_REGISTERS] = {
        registers->rax, registers->rdx, registers->rcx, registers->rbx,
        registers->rsi, registers->rdi, registers->rbp, registers->rsp,
        registers->r8,  registers->r9,  registers->r10, registers->r11,
        registers->r12, registers->r13, registers->r14, registers->r15};

    *state =
        (struct sim_unwind_state){.pc = registers->rip, .exact = true, .bytes = 8, .known = 0xFFFF};
    for (unsigned int i = 0; i < SIM_UNWIND_REGISTERS; i++) {
        state->value[i] = values[i];
    }
}

static void start_32(const struct sim_registers *registers, struct sim_unwind_state *state)
{
    const uint64_t values[8] = {registers->rax, registers->rcx, registers->rdx, registers->rbx,
                                registers->rsp, registers->rbp, registers->rsi, registers->rdi};

    *state = (struct sim_unwind_state){
        .pc = registers->rip & UINT32_MAX, .exact = true, .bytes = 4, .known = 0xFF};
    for (unsigned int i = 0; i < 8; i++) {
        state->value[i] = values[i] & UINT32_MAX;
    }
}

static bool read_word(const struct walker *walker, uint64_t address, uint64_t *value)
{
    *value = 0;
    return walker->reader->read(walker->reader->context, address, value, walker->state.bytes);
}

static bool is_known(const struct walker *walker, unsigned int number)
{
    return ((walker->state.known >> number) & 1) != 0;
}

static bool is_code(const struct walker *walker, uint64_t address)
{
    uint64_t start = 0;
    uint64_t end = 0;

    return walker->image == NULL || !sim_image_has_functions(walker->image) ||
           sim_image_function_at(walker->image, address, &start, &end);
}

/* Only the stack and frame pointers are known afterwards. */
static void become_caller(struct walker *walker, uint64_t pc, uint64_t stack, uint64_t frame)
{
    unsigned int sp = sim_unwind_stack_pointer(&walker->state);
    unsigned int fp = sim_unwind_frame_pointer(&walker->state);

    walker->state.pc = pc;
    walker->state.exact = false;
    walker->state.value[sp] = stack;
    walker->state.value[fp] = frame;
    walker->state.known = UINT32_C(1) << sp | UINT32_C(1) << fp;
}

/* The saved frame pointer and, above it, the return address. */
static bool step_by_frame_pointer(struct walker *walker)
{
    unsigned int sp = sim_unwind_stack_pointer(&walker->state);
    unsigned int fp = sim_unwind_frame_pointer(&walker->state);
    uint64_t stack = walker->state.value[sp];
    uint64_t frame = walker->state.value[fp];
    uint64_t word = walker->state.bytes;
    uint64_t saved = 0;
    uint64_t pc = 0;

    if (!is_known(walker, sp) || !is_known(walker, fp) || frame % word != 0 ||
        frame - stack > FRAME_MAX || !read_word(walker, frame, &saved) ||
        !read_word(walker, frame + word, &pc)) {
        return false;
    }
    if (saved != 0 && saved <= frame) {
        return false;
    }
    become_caller(walker, pc, frame + 2 * word, saved);
    return true;
}

/* How many words the code at RIP has pushed onto the return address; negative: unknown. */
static int pushed_words(const struct walker *walker)
{
    const uint8_t push_rbp = 0x55;
    uint64_t pc = walker->state.pc;
    uint64_t start = 0;
    uint64_t end = 0;
    uint8_t before = 0;

    if (walker->image == NULL || !sim_image_has_functions(walker->image)) {
        return -1;
    }
    if (!sim_image_function_at(walker->image, pc, &start, &end) || pc == start) {
        return 0; /* a call to nowhere, or the first instruction */
    }
    if (pc - start <= 5 && walker->reader->read(walker->reader->context, pc - 1, &before, 1) &&
        before == push_rbp) {
        return 1;
    }
    return -1;
}

/* Before the function has a frame of its own. */
static bool step_from_stack_top(struct walker *walker)
{
    uint64_t stack = walker->state.value[sim_unwind_stack_pointer(&walker->state)];
    uint64_t frame = walker->state.value[sim_unwind_frame_pointer(&walker->state)];
    int pushed = pushed_words(walker);
    uint64_t word = walker->state.bytes;
    uint64_t pc = 0;

    if (pushed < 0) {
        return false;
    }
    stack += (uint64_t)pushed * word;
    if (!read_word(walker, stack, &pc) || pc == 0 || !is_code(walker, pc - 1)) {
        return false;
    }
    become_caller(walker, pc, stack + word, frame);
    return true;
}

/* Returns whether there is a caller, and how it was found. */
static bool step(struct walker *walker, size_t depth, enum sim_frame_source *source)
{
    if (walker->unwind != NULL) {
        enum sim_unwind_result result =
            sim_image_unwind_step(walker->unwind, walker->reader, &walker->state);

        *source = SIM_FRAME_CFI;
        if (result != SIM_UNWIND_UNKNOWN) {
            return result == SIM_UNWIND_STEPPED;
        }
    }
    *source = SIM_FRAME_STACK_TOP;
    if (depth == 1 && step_from_stack_top(walker)) {
        return true;
    }
    *source = SIM_FRAME_POINTER;
    return step_by_frame_pointer(walker);
}

static void collect(struct walker *walker, struct sim_backtrace *backtrace)
{
    enum sim_frame_source source = SIM_FRAME_INNERMOST;

    while (step(walker, backtrace->count, &source)) {
        const struct sim_unwind_state *state = &walker->state;

        if (state->pc == 0 || (!state->exact && !is_code(walker, state->pc - 1))) {
            return;
        }
        if (backtrace->count == SIM_BACKTRACE_FRAMES) {
            backtrace->cut = true;
            return;
        }
        backtrace->frames[backtrace->count++] = (struct sim_frame){state->pc, state->exact, source};
    }
}

void sim_backtrace_collect(const struct sim_registers *registers, enum sim_width width,
                           const struct sim_image *image, const struct sim_stack_reader *reader,
                           struct sim_backtrace *backtrace)
{
    struct walker walker = {.image = image, .reader = reader};

    *backtrace = (struct sim_backtrace){.count = 1};
    backtrace->frames[0] = (struct sim_frame){registers->rip, true, SIM_FRAME_INNERMOST};
    if (width == SIM_WIDTH_16) {
        return;
    }
    if (width == SIM_WIDTH_64) {
        start_64(registers, &walker.state);
    } else {
        start_32(registers, &walker.state);
    }
    walker.unwind = image == NULL ? NULL : sim_image_unwind_open(image);
    collect(&walker, backtrace);
    sim_image_unwind_close(walker.unwind);
}
