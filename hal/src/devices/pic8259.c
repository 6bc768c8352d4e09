/* SPDX-License-Identifier: MIT */
/*
 * The 8259A pair.
 *
 * A chip has two ports. Four initialization words begin with one that is known
 * by bit 4 at the even port; the others follow at the odd port. Afterwards the
 * odd port is the mask, and the even port takes commands, which say by bits 4
 * and 3 what they are, and reads as IRR or ISR, whichever was asked for last.
 *
 * An interrupt of the second chip is one of input 2 at the first as well, so it
 * is in service at both and ended at both. When a request vanishes before the
 * processor asks for the vector, the chip gives that of its input 7 and nothing
 * is in service: only ISR tells such a spurious interrupt from a real one. If
 * the second chip did that, the first still has its input 2 in service.
 */
#include "drydock/pic8259.h"

#include "drydock/apic.h"
#include "drydock/arch/insn.h"
#include "drydock/field.h"
#include "drydock/pic_regs.h"

enum {
    LINES = 8, /* of a chip */
    IRQS = 16,
    CASCADE = 2,  /* the input of the first chip that the second is connected to */
    SPURIOUS = 7, /* the input whose vector a chip gives for a request that is gone */
    ALL_LINES = 0xFF
};

/* What a read of the even port gives: values of OCW3.RIS. */
enum readable {
    IRR = 0,
    ISR = 1
};

static const struct chip {
    uint16_t even, odd;
} first = {DD_PIC_PORT_FIRST_EVEN, DD_PIC_PORT_FIRST_ODD},
  second = {DD_PIC_PORT_SECOND_EVEN, DD_PIC_PORT_SECOND_ODD};

static const struct chip *chip_of(uint8_t irq)
{
    return irq < LINES ? &first : &second;
}

static uint8_t line_of(uint8_t irq)
{
    return (uint8_t)(1u << irq % LINES);
}

static bool is_device(uint8_t irq)
{
    return irq < IRQS && irq != CASCADE;
}

static bool is_vector_base(uint8_t vector)
{
    return vector >= DD_APIC_VECTOR_MIN && vector % LINES == 0;
}

static void write_mask(const struct chip *chip, uint8_t mask)
{
    dd_out8(chip->odd, mask);
}

static uint8_t read_mask(const struct chip *chip)
{
    return dd_in8(chip->odd);
}

/* `place` is ICW3: for the first chip the inputs with a chip behind them, for the second its input. */
static void initialize(const struct chip *chip, uint8_t vector, uint8_t place)
{
    dd_out8(chip->even, (uint8_t)(DD_BITS(DD_PIC_ICW1_IS_ICW1) | DD_BITS(DD_PIC_ICW1_IC4)));
    dd_out8(chip->odd, vector);
    dd_out8(chip->odd, place);
    dd_out8(chip->odd, (uint8_t)DD_BITS(DD_PIC_ICW4_UPM));
}

enum dd_status dd_pic8259_init(uint8_t first_vector, uint8_t second_vector)
{
    const uint8_t probe = (uint8_t)(ALL_LINES & ~line_of(CASCADE));
    uint8_t kept;

    if (!is_vector_base(first_vector) || !is_vector_base(second_vector) ||
        first_vector == second_vector) {
        return DD_EARG;
    }
    initialize(&first, first_vector, line_of(CASCADE));
    initialize(&second, second_vector, (uint8_t)DD_SET(0, DD_PIC_ICW3_ID, CASCADE));
    write_mask(&second, ALL_LINES);
    write_mask(&first, probe);
    kept = read_mask(&first);
    write_mask(&first, ALL_LINES);
    return kept == probe ? DD_OK : DD_ENODEV;
}

void dd_pic8259_disable(void)
{
    write_mask(&first, ALL_LINES);
    write_mask(&second, ALL_LINES);
}

enum dd_status dd_pic8259_mask(uint8_t irq)
{
    const struct chip *chip = chip_of(irq);

    if (!is_device(irq)) {
        return DD_EARG;
    }
    write_mask(chip, (uint8_t)(read_mask(chip) | line_of(irq)));
    return DD_OK;
}

enum dd_status dd_pic8259_unmask(uint8_t irq)
{
    const struct chip *chip = chip_of(irq);

    if (!is_device(irq)) {
        return DD_EARG;
    }
    write_mask(chip, (uint8_t)(read_mask(chip) & ~line_of(irq)));
    if (chip == &second) {
        write_mask(&first, (uint8_t)(read_mask(&first) & ~line_of(CASCADE)));
    }
    return DD_OK;
}

static uint16_t elcr_of(uint8_t irq)
{
    return irq < LINES ? DD_PIC_PORT_FIRST_ELCR : DD_PIC_PORT_SECOND_ELCR;
}

enum dd_status dd_pic8259_set_trigger(uint8_t irq, enum dd_pic8259_trigger trigger)
{
    const uint64_t selectable =
        DD_BITS(DD_PIC_ELCR_IRQ7_3) | DD_BITS(DD_PIC_ELCR_IRQ12_9) | DD_BITS(DD_PIC_ELCR_IRQ15_14);
    uint8_t value;

    if (irq >= IRQS || (selectable >> irq & 1) == 0 ||
        (trigger != DD_PIC8259_EDGE && trigger != DD_PIC8259_LEVEL)) {
        return DD_EARG;
    }
    value = (uint8_t)(dd_in8(elcr_of(irq)) & ~line_of(irq));
    if (trigger == DD_PIC8259_LEVEL) {
        value |= line_of(irq);
    }
    dd_out8(elcr_of(irq), value);
    return dd_in8(elcr_of(irq)) == value ? DD_OK : DD_ENOTSUP;
}

uint16_t dd_pic8259_read_triggers(void)
{
    uint8_t low = dd_in8(DD_PIC_PORT_FIRST_ELCR);

    return (uint16_t)(dd_in8(DD_PIC_PORT_SECOND_ELCR) << LINES | low);
}

static void send_eoi(const struct chip *chip, uint8_t input, enum dd_pic8259_eoi kind)
{
    uint64_t command = DD_BITS(DD_PIC_OCW2_EOI);

    if (kind == DD_PIC8259_EOI_SPECIFIC) {
        command |= DD_BITS(DD_PIC_OCW2_SL) | DD_SET(0, DD_PIC_OCW2_LEVEL, input);
    }
    dd_out8(chip->even, (uint8_t)command);
}

enum dd_status dd_pic8259_eoi(uint8_t irq, enum dd_pic8259_eoi kind)
{
    if (!is_device(irq)) {
        return DD_EARG;
    }
    send_eoi(chip_of(irq), irq % LINES, kind);
    if (irq >= LINES) {
        send_eoi(&first, CASCADE, kind);
    }
    return DD_OK;
}

static uint8_t read_even(const struct chip *chip, enum readable what)
{
    const uint64_t command = DD_SET(0, DD_PIC_OCW3_SELECT, DD_PIC_OCW3_SELECT_OCW3) |
                             DD_BITS(DD_PIC_OCW3_RR) | DD_SET(0, DD_PIC_OCW3_RIS, what);

    dd_out8(chip->even, (uint8_t)command);
    return dd_in8(chip->even);
}

bool dd_pic8259_dismiss_spurious(uint8_t irq)
{
    const struct chip *chip = chip_of(irq);

    if (irq >= IRQS || irq % LINES != SPURIOUS || (read_even(chip, ISR) & line_of(irq)) != 0) {
        return false;
    }
    if (chip == &second) {
        send_eoi(&first, CASCADE, DD_PIC8259_EOI_SPECIFIC);
    }
    return true;
}

static uint8_t poll(const struct chip *chip)
{
    const uint64_t command =
        DD_SET(0, DD_PIC_OCW3_SELECT, DD_PIC_OCW3_SELECT_OCW3) | DD_BITS(DD_PIC_OCW3_P);

    dd_out8(chip->even, (uint8_t)command);
    return dd_in8(chip->even);
}

enum dd_status dd_pic8259_poll(uint8_t *irq)
{
    uint8_t answer = poll(&first);
    uint8_t base = 0;

    if (DD_GET(answer, DD_PIC_POLL_INTERRUPT) == 0) {
        return DD_ENOENT;
    }
    if (DD_GET(answer, DD_PIC_POLL_LEVEL) == CASCADE) {
        answer = poll(&second);
        base = LINES;
        if (DD_GET(answer, DD_PIC_POLL_INTERRUPT) == 0) {
            send_eoi(&first, CASCADE, DD_PIC8259_EOI_SPECIFIC);
            return DD_ENOENT;
        }
    }
    *irq = (uint8_t)(base + DD_GET(answer, DD_PIC_POLL_LEVEL));
    return DD_OK;
}

static uint16_t read_both(enum readable what)
{
    uint8_t low = read_even(&first, what);

    return (uint16_t)(read_even(&second, what) << LINES | low);
}

uint16_t dd_pic8259_read_irr(void)
{
    return read_both(IRR);
}

uint16_t dd_pic8259_read_isr(void)
{
    return read_both(ISR);
}

uint16_t dd_pic8259_read_imr(void)
{
    uint8_t low = read_mask(&first);

    return (uint16_t)(read_mask(&second) << LINES | low);
}
