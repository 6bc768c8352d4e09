/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The stack machine of DWARF expressions [DWARF 5] 2.5, as far as call frame
 * information uses it. There are no loops: branches are not known.
 */
#include "sim/report/unwind_expression.h"

#include <dwarf.h>

static bool push(struct unwind_machine *machine, uint64_t value)
{
    if (machine->depth == UNWIND_DEPTH) {
        return false;
    }
    machine->stack[machine->depth++] = value;
    return true;
}

static bool push_register(struct unwind_machine *machine, uint64_t number, uint64_t offset)
{
    return number < SIM_UNWIND_REGISTERS && ((machine->state->known >> number) & 1) != 0 &&
           push(machine, machine->state->value[number] + offset);
}

bool unwind_read_word(const struct unwind_machine *machine, uint64_t address, uint64_t *value)
{
    *value = 0;
    return machine->reader->read(machine->reader->context, address, value, machine->state->bytes);
}

/* Operations on the two topmost values. */
static bool combine(struct unwind_machine *machine, unsigned int atom)
{
    uint64_t right = 0;
    uint64_t *left = NULL;

    if (machine->depth < 2) {
        return false;
    }
    right = machine->stack[--machine->depth];
    left = &machine->stack[machine->depth - 1];
    switch (atom) {
    case DW_OP_plus:
        *left += right;
        return true;
    case DW_OP_minus:
        *left -= right;
        return true;
    case DW_OP_and:
        *left &= right;
        return true;
    case DW_OP_shl:
        *left = right < 64 ? *left << right : 0;
        return true;
    case DW_OP_ge:
        *left = (int64_t)*left >= (int64_t)right ? 1 : 0;
        return true;
    default:
        return false;
    }
}

static bool replace_top(struct unwind_machine *machine, const Dwarf_Op *operation)
{
    uint64_t *top = NULL;

    if (machine->depth == 0) {
        return false;
    }
    top = &machine->stack[machine->depth - 1];
    if (operation->atom == DW_OP_plus_uconst) {
        *top += operation->number;
        return true;
    }
    return unwind_read_word(machine, *top, top); /* DW_OP_deref */
}

static bool execute(struct unwind_machine *machine, const Dwarf_Op *operation)
{
    unsigned int atom = operation->atom;

    if (atom >= DW_OP_lit0 && atom <= DW_OP_lit31) {
        return push(machine, atom - DW_OP_lit0);
    }
    if (atom >= DW_OP_breg0 && atom <= DW_OP_breg31) {
        return push_register(machine, atom - DW_OP_breg0, operation->number);
    }
    if (atom >= DW_OP_const1u && atom <= DW_OP_consts) {
        return push(machine, operation->number);
    }
    if (atom >= DW_OP_reg0 && atom <= DW_OP_reg31) {
        machine->is_value = true;
        return push_register(machine, atom - DW_OP_reg0, 0);
    }
    switch (atom) {
    case DW_OP_regx:
        machine->is_value = true;
        return push_register(machine, operation->number, 0);
    case DW_OP_bregx:
        return push_register(machine, operation->number, operation->number2);
    case DW_OP_call_frame_cfa:
        return machine->has_cfa && push(machine, machine->cfa);
    case DW_OP_stack_value:
        machine->is_value = true;
        return true;
    case DW_OP_plus_uconst:
    case DW_OP_deref:
        return replace_top(machine, operation);
    default:
        return combine(machine, atom);
    }
}

bool unwind_evaluate(struct unwind_machine *machine, const Dwarf_Op *operations, size_t count,
                     uint64_t *result)
{
    machine->depth = 0;
    machine->is_value = false;
    for (size_t i = 0; i < count; i++) {
        if (!execute(machine, &operations[i])) {
            return false;
        }
    }
    if (machine->depth == 0) {
        return false;
    }
    *result = machine->stack[machine->depth - 1];
    return true;
}
