/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Call frame information says, for every address, how to compute the caller's
 * registers from those of the callee. libdw reads it and answers with DWARF
 * expressions; unwind_expression.c evaluates them with the guest's registers
 * and memory.
 */
#include "sim/boot/image_unwind.h"

#include <elfutils/libdw.h>
#include <stdlib.h>
#include <string.h>

#include "sim/boot/image_internal.h"
#include "sim/report/unwind_expression.h"

struct sim_image_unwind {
    Dwarf_CFI *eh_frame;
    Dwarf *dwarf;           /* its own: the image's is opened for lines only */
    Dwarf_CFI *debug_frame; /* belongs to dwarf */
};

bool sim_image_function_at(const struct sim_image *image, uint64_t address, uint64_t *start,
                           uint64_t *end)
{
    const struct image_symbol *found = NULL;

    for (size_t i = 0; i < image->symbol_count && image->symbols[i].address <= address; i++) {
        found = &image->symbols[i];
    }
    if (found == NULL || address >= found->end) {
        return false;
    }
    *start = found->address;
    *end = found->end;
    return true;
}

bool sim_image_has_functions(const struct sim_image *image)
{
    return image->symbol_count > 0;
}

unsigned int sim_unwind_stack_pointer(const struct sim_unwind_state *state)
{
    return state->bytes == 8 ? 7 : 4;
}

unsigned int sim_unwind_frame_pointer(const struct sim_unwind_state *state)
{
    return state->bytes == 8 ? 6 : 5;
}

struct sim_image_unwind *sim_image_unwind_open(const struct sim_image *image)
{
    struct sim_image_unwind *unwind = NULL;

    if (image->elf == NULL) {
        return NULL;
    }
    unwind = calloc(1, sizeof *unwind);
    if (unwind == NULL) {
        return NULL;
    }
    unwind->eh_frame = dwarf_getcfi_elf(image->elf);
    unwind->dwarf = dwarf_begin_elf(image->elf, DWARF_C_READ, NULL);
    unwind->debug_frame = unwind->dwarf == NULL ? NULL : dwarf_getcfi(unwind->dwarf);
    if (unwind->eh_frame == NULL && unwind->debug_frame == NULL) {
        sim_image_unwind_close(unwind);
        return NULL;
    }
    return unwind;
}

void sim_image_unwind_close(struct sim_image_unwind *unwind)
{
    if (unwind == NULL) {
        return;
    }
    (void)dwarf_cfi_end(unwind->eh_frame);
    (void)dwarf_end(unwind->dwarf);
    free(unwind);
}

static Dwarf_Frame *find_frame(struct sim_image_unwind *unwind, uint64_t address)
{
    Dwarf_Frame *frame = NULL;

    if (unwind->eh_frame != NULL && dwarf_cfi_addrframe(unwind->eh_frame, address, &frame) == 0) {
        return frame;
    }
    if (unwind->debug_frame != NULL &&
        dwarf_cfi_addrframe(unwind->debug_frame, address, &frame) == 0) {
        return frame;
    }
    return NULL;
}

/* The caller's value of one register. SIM_UNWIND_END: it is undefined. */
static enum sim_unwind_result recover(struct unwind_machine *machine, Dwarf_Frame *frame,
                                      int number, uint64_t *value)
{
    Dwarf_Op room[3];
    Dwarf_Op *operations = NULL;
    size_t count = 0;

    if (dwarf_frame_register(frame, number, room, &operations, &count) != 0) {
        return SIM_UNWIND_UNKNOWN;
    }
    if (count == 0 && operations == room) {
        return SIM_UNWIND_END;
    }
    if (count == 0) { /* the callee did not change it */
        if (number < 0 || (unsigned int)number >= SIM_UNWIND_REGISTERS ||
            ((machine->state->known >> number) & 1) == 0) {
            return SIM_UNWIND_UNKNOWN;
        }
        *value = machine->state->value[number];
        return SIM_UNWIND_STEPPED;
    }
    if (!unwind_evaluate(machine, operations, count, value) ||
        (!machine->is_value && !unwind_read_word(machine, *value, value))) {
        return SIM_UNWIND_UNKNOWN;
    }
    return SIM_UNWIND_STEPPED;
}

/*
 * libdw takes RAX for RBX where it says what the ABI preserves (up to 0.188 at least), so that RBX
 * looks undefined in every function that does not save it.
 */
static bool is_preserved(const struct sim_unwind_state *state, unsigned int number)
{
    const unsigned int rbx = 3;

    return state->bytes == 8 && number == rbx && ((state->known >> number) & 1) != 0;
}

static void recover_registers(struct unwind_machine *machine, Dwarf_Frame *frame,
                              struct sim_unwind_state *caller)
{
    caller->known = 0;
    for (unsigned int i = 0; i < SIM_UNWIND_REGISTERS; i++) {
        enum sim_unwind_result result = recover(machine, frame, (int)i, &caller->value[i]);

        if (result == SIM_UNWIND_STEPPED ||
            (result == SIM_UNWIND_END && is_preserved(machine->state, i))) {
            caller->known |= UINT32_C(1) << i;
        }
    }
}

static enum sim_unwind_result step_with(Dwarf_Frame *frame, const struct sim_stack_reader *reader,
                                        struct sim_unwind_state *state)
{
    struct unwind_machine machine = {.state = state, .reader = reader};
    struct sim_unwind_state caller = *state;
    Dwarf_Op *operations = NULL;
    size_t count = 0;
    bool interrupted = false;
    int return_address = dwarf_frame_info(frame, NULL, NULL, &interrupted);
    enum sim_unwind_result result = SIM_UNWIND_UNKNOWN;

    if (dwarf_frame_cfa(frame, &operations, &count) != 0 ||
        !unwind_evaluate(&machine, operations, count, &machine.cfa)) {
        return SIM_UNWIND_UNKNOWN;
    }
    machine.has_cfa = true;
    result = recover(&machine, frame, return_address, &caller.pc);
    if (result == SIM_UNWIND_STEPPED) {
        recover_registers(&machine, frame, &caller);
        caller.exact = interrupted;
        *state = caller;
    }
    return result;
}

enum sim_unwind_result sim_image_unwind_step(struct sim_image_unwind *unwind,
                                             const struct sim_stack_reader *reader,
                                             struct sim_unwind_state *state)
{
    /* A call may be a function's last instruction: then its return address is the next one's. */
    Dwarf_Frame *frame = find_frame(unwind, state->exact ? state->pc : state->pc - 1);
    enum sim_unwind_result result = SIM_UNWIND_UNKNOWN;

    if (frame != NULL) {
        result = step_with(frame, reader, state);
        free(frame);
    }
    return result;
}
