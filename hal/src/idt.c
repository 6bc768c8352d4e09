/* SPDX-License-Identifier: MIT */
/*
 * A gate is 16 bytes in 64-bit mode. The handler's address is scattered over
 * three fields, and most mistakes in it show only when the interrupt arrives:
 * a null selector, an address that is not canonical or a gate that is not
 * present turn one exception into another, three of them into a reset. So a
 * gate that could not work is refused when it is described.
 */
#include "drydock/idt.h"

#include "drydock/arch/insn.h"
#include "drydock/descriptor_regs.h"

static bool is_null(uint16_t selector)
{
    return (selector & ~DD_BITS(DD_SELECTOR_RPL)) == 0;
}

static uint64_t gate_low(const struct dd_gate *gate)
{
    uint64_t low = DD_SET(0, DD_GATE_OFFSET_15_0, gate->handler.raw);

    low = DD_SET(low, DD_GATE_SELECTOR, gate->selector);
    low = DD_SET(low, DD_GATE_IST, gate->ist);
    low = DD_SET(low, DD_GATE_TYPE, gate->type);
    low = DD_SET(low, DD_GATE_DPL, gate->dpl);
    low = DD_SET(low, DD_GATE_P, 1);
    return DD_SET(low, DD_GATE_OFFSET_31_16, gate->handler.raw >> 16);
}

void dd_idt_init(struct dd_idt *idt)
{
    *idt = (struct dd_idt){0};
}

enum dd_status dd_idt_set_gate(struct dd_idt *idt, uint8_t vector, const struct dd_gate *gate)
{
    if ((gate->type != DD_GATE_TYPE_INTERRUPT && gate->type != DD_GATE_TYPE_TRAP) ||
        gate->dpl > 3 || gate->ist > 7 || is_null(gate->selector)) {
        return DD_EARG;
    }
    if (!dd_vaddr_is_canonical(gate->handler, 48)) {
        return DD_ECANONICAL;
    }
    idt->gates[vector].low = gate_low(gate);
    idt->gates[vector].high = DD_SET(0, DD_GATE_HIGH_OFFSET_63_32, gate->handler.raw >> 32);
    return DD_OK;
}

void dd_idt_load(const struct dd_idt *idt)
{
    struct dd_table_register table = {
        .limit = sizeof *idt - 1,
        .base = dd_vaddr_from((uintptr_t)idt->gates),
    };

    dd_lidt(&table);
}
