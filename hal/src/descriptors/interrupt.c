/* SPDX-License-Identifier: MIT */
/*
 * The processor tells a handler neither which vector brought it there nor
 * whether an error code lies on the stack. So every vector has its own few
 * instructions of entry code, in interrupt_entry.S; this file describes them in
 * an IDT, and hands frames on to handlers.
 *
 * Most vectors arrive on the stack in use, or on RSP0 from level 3. Four may
 * come where that stack is none: #DF because a bad stack is what causes it; NMI,
 * #MC and #DB because SYSCALL leaves level 3's RSP for some instructions.
 *
 * A table may change while another processor, or the interrupted program below,
 * is in the middle of it. Function and context belong together, so an entry is
 * one pointer to both, read once.
 */
#include "drydock/interrupt.h"

#include <stdatomic.h>

#include "drydock/exception.h"

static uint8_t own_stack(unsigned int vector)
{
    switch (vector) {
    case DD_EXCEPTION_DB:
        return DD_IST_DEBUG;
    case DD_EXCEPTION_NMI:
        return DD_IST_NMI;
    case DD_EXCEPTION_DF:
        return DD_IST_DOUBLE_FAULT;
    case DD_EXCEPTION_MC:
        return DD_IST_MACHINE_CHECK;
    default:
        return 0;
    }
}

enum dd_status dd_interrupt_install(struct dd_idt *idt, uint16_t code_selector,
                                    enum dd_interrupt_stacks stacks)
{
    /* The entry code is the kernel's own: with 57 bits whatever addresses it has are canonical. */
    struct dd_gate gate = {
        .selector = code_selector, .type = DD_GATE_TYPE_INTERRUPT, .linear_width = 57};

    if ((unsigned int)stacks > DD_INTERRUPT_STACKS_OWN) {
        return DD_EARG;
    }
    for (unsigned int vector = 0; vector < DD_INTERRUPT_COUNT; vector++) {
        enum dd_status status;

        gate.handler = dd_vaddr_from(dd_interrupt_entries[vector]);
        gate.ist = stacks == DD_INTERRUPT_STACKS_OWN ? own_stack(vector) : 0;
        status = dd_idt_set_gate(idt, (uint8_t)vector, &gate);
        if (status != DD_OK) {
            return status;
        }
    }
    return DD_OK;
}

enum dd_status dd_interrupt_table_init(struct dd_interrupt_table *table,
                                       const struct dd_interrupt_handler *fallback)
{
    if (fallback->function == NULL) {
        return DD_EARG;
    }
    for (unsigned int vector = 0; vector < DD_INTERRUPT_COUNT; vector++) {
        atomic_init(&table->handlers[vector], NULL);
    }
    table->fallback = fallback;
    return DD_OK;
}

/* With release and acquire, whoever finds the pointer finds what it points to. */
enum dd_status dd_interrupt_set_handler(struct dd_interrupt_table *table, uint8_t vector,
                                        const struct dd_interrupt_handler *handler)
{
    if (handler != NULL && handler->function == NULL) {
        return DD_EARG;
    }
    atomic_store_explicit(&table->handlers[vector], handler, memory_order_release);
    return DD_OK;
}

void dd_interrupt_dispatch(const struct dd_interrupt_table *table, struct dd_interrupt_frame *frame)
{
    const struct dd_interrupt_handler *handler = NULL;

    if (frame->vector < DD_INTERRUPT_COUNT) {
        handler = atomic_load_explicit(&table->handlers[frame->vector], memory_order_acquire);
    }
    if (handler == NULL) {
        handler = table->fallback;
    }
    handler->function(frame, handler->context);
}
