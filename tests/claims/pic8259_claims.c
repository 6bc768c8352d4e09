/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Claims about the 8259 pair. The timer makes requests; polls take them where no
 * processor does. Every claim ends with all lines masked and nothing in service.
 */
#include "drydock/pic8259.h"
#include "drydock/pit8254.h"
#include "tests/claims/controllers.h"

static enum dd_status init(void)
{
    return dd_pic8259_init(CONTROLLERS_PIC_VECTOR, CONTROLLERS_PIC_SECOND_VECTOR);
}

/* [8259A] "Initialization Command Words", "Operation Command Word 1". */
CLAIM(pic_is_all_masked_and_idle_after_init)
{
    CLAIM_OK(init());
    CLAIM_EQUAL(dd_pic8259_read_imr(), 0xFFFF);
    CLAIM_EQUAL(dd_pic8259_read_isr(), 0x0000);
}

CLAIM(pic_init_rejects_vectors_of_exceptions_and_between_multiples_of_8)
{
    CLAIM_OK(init());
    CLAIM_OK(dd_pic8259_unmask(4));
    CLAIM_STATUS(dd_pic8259_init(0x08, 0x70), DD_EARG);
    CLAIM_STATUS(dd_pic8259_init(0x20, 0x2A), DD_EARG);
    CLAIM_STATUS(dd_pic8259_init(0x30, 0x30), DD_EARG);
    CLAIM_EQUAL(dd_pic8259_read_imr(), 0xFFEF);
    dd_pic8259_disable();
}

CLAIM(pic_masks_are_changed_line_by_line)
{
    CLAIM_OK(init());
    for (uint8_t irq = 0; irq < 16; irq++) {
        uint16_t others = irq < 8 ? 0xFFFF : 0xFFFB; /* the connection is open, too */

        if (irq == 2) {
            continue;
        }
        dd_pic8259_disable();
        CLAIM_OK(dd_pic8259_unmask(irq));
        CLAIM_EQUAL(dd_pic8259_read_imr(), others & ~(1u << irq) & 0xFFFF);
        CLAIM_OK(dd_pic8259_mask(irq));
        CLAIM_EQUAL(dd_pic8259_read_imr(), others);
    }
    dd_pic8259_disable();
    CLAIM_EQUAL(dd_pic8259_read_imr(), 0xFFFF);
    CLAIM_STATUS(dd_pic8259_unmask(2), DD_EARG);
    CLAIM_STATUS(dd_pic8259_mask(16), DD_EARG);
    CLAIM_EQUAL(dd_pic8259_read_imr(), 0xFFFF);
}

/* [PIIX3] 2.5.3.8. */
CLAIM(pic_lines_become_levels_and_edges_again)
{
    uint16_t before = dd_pic8259_read_triggers();

    for (uint8_t irq = 0; irq < 16; irq++) {
        bool can_be = (0xDEF8u >> irq & 1) != 0;

        CLAIM_STATUS(dd_pic8259_set_trigger(irq, DD_PIC8259_LEVEL), can_be ? DD_OK : DD_EARG);
        CLAIM_EQUAL(dd_pic8259_read_triggers() >> irq & 1, can_be);
        CLAIM_STATUS(dd_pic8259_set_trigger(irq, DD_PIC8259_EDGE), can_be ? DD_OK : DD_EARG);
        CLAIM_EQUAL(dd_pic8259_read_triggers(), before & (0xFFFEu << irq | ((1u << irq) - 1)));
        if (can_be && (before >> irq & 1) != 0) {
            CLAIM_OK(dd_pic8259_set_trigger(irq, DD_PIC8259_LEVEL));
        }
        CLAIM_EQUAL(dd_pic8259_read_triggers(), before);
    }
}

/* [8259A] "Interrupt Mask Register": a masked line requests, but nobody is interrupted. */
CLAIM(pic_shows_the_request_of_a_masked_line_and_polls_it_not)
{
    uint8_t irq = 77;

    CLAIM_OK(controllers_quiet_timer());
    CLAIM_OK(init());
    CLAIM_EQUAL(dd_pic8259_read_irr() & 1, 0);
    CLAIM_OK(controllers_fire_timer());
    CLAIM_EQUAL(dd_pic8259_read_imr(), 0xFFFF);
    CLAIM_EQUAL(dd_pic8259_read_irr() & 1, 1);
    CLAIM_STATUS(dd_pic8259_poll(&irq), DD_ENOENT);
    CLAIM_EQUAL(irq, 77);
    CLAIM_EQUAL(dd_pic8259_read_isr(), 0);
}

/* [8259A] "Poll Command", "End of Interrupt". */
CLAIM(pic_serves_a_line_until_its_end)
{
    uint8_t irq = 77;

    CLAIM_OK(controllers_fire_timer());
    CLAIM_OK(dd_pic8259_unmask(0));
    CLAIM_OK(dd_pic8259_poll(&irq));
    CLAIM_EQUAL(irq, 0);
    CLAIM_EQUAL(dd_pic8259_read_isr(), 0x0001);
    CLAIM_EQUAL(dd_pic8259_read_irr() & 1, 0);
    CLAIM_OK(dd_pic8259_eoi(1, DD_PIC8259_EOI_SPECIFIC));
    CLAIM_EQUAL(dd_pic8259_read_isr(), 0x0001);
    CLAIM_OK(dd_pic8259_eoi(0, DD_PIC8259_EOI_SPECIFIC));
    CLAIM_EQUAL(dd_pic8259_read_isr(), 0x0000);
    dd_pic8259_disable();
}

CLAIM(pic_nonspecific_end_is_for_the_line_in_service)
{
    uint8_t irq = 77;

    CLAIM_OK(controllers_fire_timer());
    CLAIM_OK(dd_pic8259_unmask(0));
    CLAIM_OK(dd_pic8259_poll(&irq));
    CLAIM_OK(dd_pic8259_eoi(7, DD_PIC8259_EOI_NONSPECIFIC));
    CLAIM_EQUAL(dd_pic8259_read_isr(), 0x0000);
    dd_pic8259_disable();
}

/* [8259A] "Edge and Level Triggered Modes": no in-service bit. */
CLAIM(pic_irq_7_and_15_are_spurious_without_service)
{
    CLAIM_OK(init());
    CLAIM_TRUE(dd_pic8259_dismiss_spurious(7));
    CLAIM_TRUE(dd_pic8259_dismiss_spurious(15));
    CLAIM_TRUE(!dd_pic8259_dismiss_spurious(6));
    CLAIM_TRUE(!dd_pic8259_dismiss_spurious(14));
    CLAIM_EQUAL(dd_pic8259_read_isr(), 0);
}

/* Through LINT0 of the local APIC as ExtINT, virtual wire mode. [SDM 3A] 10.5.1. */
CLAIM(pic_interrupts_the_processor_with_the_vector_of_init)
{
    SKIP_WITHOUT_HANDLERS();

    struct dd_local_apic apic;

    CLAIM_OK(controllers_quiet_timer());
    CLAIM_OK(controllers_open_local_apic(&apic));
    CLAIM_OK(controllers_set_pins(&apic));
    CLAIM_OK(init());
    CLAIM_OK(dd_pic8259_unmask(0));
    controllers_watch(&apic);
    controllers_let_in();
    CLAIM_EQUAL(arrival_count, 0);
    CLAIM_OK(controllers_fire_timer());
    controllers_let_in();
    CLAIM_EQUAL(arrival_count, 0); /* masked by the initialization */
    CLAIM_OK(dd_pic8259_unmask(0));
    controllers_let_in();
    controllers_watch_end();
    CLAIM_EQUAL(arrival_count, 1);
    CLAIM_EQUAL(arrivals[0].vector, 0x20);
    CLAIM_EQUAL(dd_pic8259_read_isr(), 0);
    dd_pic8259_disable();
    controllers_close();
}
