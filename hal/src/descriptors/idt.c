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
#include "drydock/selector.h"
#include "../base/ordinal.h"

static bool is_gate_type(uint64_t type)
{
    return type == DD_GATE_TYPE_INTERRUPT || type == DD_GATE_TYPE_TRAP;
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
    enum dd_status status =
        dd_ordinal_check_virtual(gate->handler, dd_ordinal_virtual_width(gate->linear_width));

    if (!is_gate_type(gate->type) || gate->dpl > 3 || gate->ist > 7 ||
        dd_selector_is_null(gate->selector)) {
        return DD_EARG;
    }
    if (status != DD_OK) {
        return status;
    }
    idt->gates[vector].low = gate_low(gate);
    idt->gates[vector].high = DD_SET(0, DD_GATE_HIGH_OFFSET_63_32, gate->handler.raw >> 32);
    return DD_OK;
}

static bool has_reserved_bits(const struct dd_idt_gate *entry)
{
    return (entry->low & (DD_BITS(DD_GATE_ZERO_7_3) | DD_BITS(DD_GATE_ZERO_12))) != 0 ||
           (entry->high & DD_BITS(DD_GATE_HIGH_RESERVED_31_0)) != 0;
}

enum dd_status dd_idt_get_gate(const struct dd_idt *idt, uint8_t vector, struct dd_gate *gate)
{
    const struct dd_idt_gate *entry = &idt->gates[vector];
    uint64_t type = DD_GET(entry->low, DD_GATE_TYPE);
    dd_vaddr handler = dd_vaddr_from(DD_GET(entry->low, DD_GATE_OFFSET_15_0) |
                                     DD_GET(entry->low, DD_GATE_OFFSET_31_16) << 16 |
                                     DD_GET(entry->high, DD_GATE_HIGH_OFFSET_63_32) << 32);

    if (DD_GET(entry->low, DD_GATE_P) == 0) {
        return DD_ENOENT;
    }
    if (!is_gate_type(type) || has_reserved_bits(entry)) {
        return DD_EMALFORMED;
    }
    *gate = (struct dd_gate){
        .handler = handler,
        .selector = (uint16_t)DD_GET(entry->low, DD_GATE_SELECTOR),
        .type = (enum dd_gate_type)type,
        .dpl = (uint8_t)DD_GET(entry->low, DD_GATE_DPL),
        .ist = (uint8_t)DD_GET(entry->low, DD_GATE_IST),
        .linear_width = dd_vaddr_is_canonical(handler, 48) ? 48 : 57,
    };
    return DD_OK;
}

void dd_idt_clear_gate(struct dd_idt *idt, uint8_t vector)
{
    idt->gates[vector] = (struct dd_idt_gate){0};
}

void dd_idt_load(const struct dd_idt *idt)
{
    struct dd_table_register table = {
        .limit = sizeof *idt - 1,
        .base = dd_vaddr_from((uintptr_t)idt->gates),
    };

    dd_lidt(&table);
}
