/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Claims about what tables are made of: selectors, descriptors and gates. All arithmetic. */
#include "drydock/descriptor.h"
#include "drydock/idt.h"
#include "drydock/selector.h"
#include "drydock/tss.h"
#include "tests/claims/claim.h"

/* [SDM 3A] figure 3-6: index 15:3, TI 2, RPL 1:0. */
CLAIM(selectors_are_range_checked)
{
    uint16_t selector = 0x5A5A;

    CLAIM_STATUS(dd_selector_make(8192, DD_SELECTOR_GDT, 0, &selector), DD_EARG);
    CLAIM_STATUS(dd_selector_make(1, DD_SELECTOR_GDT, 4, &selector), DD_EARG);
    CLAIM_STATUS(dd_selector_make(1, (enum dd_selector_table)2, 0, &selector), DD_EARG);
    CLAIM_EQUAL(selector, 0x5A5A);
    CLAIM_OK(dd_selector_make(8191, DD_SELECTOR_LDT, 3, &selector));
    CLAIM_EQUAL(selector, 0xFFFF);
    CLAIM_OK(dd_selector_make(5, DD_SELECTOR_GDT, 3, &selector));
    CLAIM_EQUAL(selector, 0x2B);
    CLAIM_EQUAL(dd_selector_index(0xFFFF), 8191);
    CLAIM_EQUAL(dd_selector_table(0x2F), DD_SELECTOR_LDT);
    CLAIM_EQUAL(dd_selector_rpl(0x2E), 2);
    CLAIM_STATUS(dd_selector_set_rpl(4, &selector), DD_EARG);
    CLAIM_EQUAL(selector, 0x2B);
    CLAIM_OK(dd_selector_set_rpl(1, &selector));
    CLAIM_EQUAL(selector, 0x29);
}

/* [SDM 3A] 3.4.2. */
CLAIM(a_null_selector_is_null_with_any_rpl)
{
    for (unsigned int i = 0; i < 16; i++) {
        CLAIM_EQUAL(dd_selector_is_null((uint16_t)i), i < 4);
    }
}

/* [SDM 3A] figure 3-8. The first six are also those of Linux. */
CLAIM(segments_of_every_size_have_the_descriptors_of_the_manual)
{
    static const uint64_t expected[10] = {
        0x00AF9B000000FFFF, 0x00CF93000000FFFF, 0x00AFFB000000FFFF, 0x00CFF3000000FFFF,
        0x00CF9B000000FFFF, 0x00CFFB000000FFFF, 0x00009B000000FFFF, 0x000093000000FFFF,
        0x0000FB000000FFFF, 0x0000F3000000FFFF};
    struct dd_descriptor made = {0};

    for (unsigned int i = 0; i < 10; i++) {
        CLAIM_OK(dd_descriptor_make_flat((enum dd_segment)i, &made));
        CLAIM_EQUAL(made.low, expected[i]);
        CLAIM_EQUAL(made.high, 0);
        CLAIM_EQUAL(dd_descriptor_entries(&made), 1);
    }
    CLAIM_STATUS(dd_descriptor_make_flat((enum dd_segment)10, &made), DD_EARG);
    CLAIM_EQUAL(made.low, expected[9]);
}

CLAIM(a_segment_that_no_descriptor_can_say_is_refused)
{
    const struct dd_segment_parts good = {
        .limit = 0xFFFFF, .type = 0xA, .size = DD_SEGMENT_32_BIT, .present = true};
    struct dd_segment_parts parts = good;
    struct dd_descriptor made = {.low = 0x5A};

    parts.limit = 0x100000; /* with G, the low 12 bits are 1: [SDM 3A] 3.4.5 */
    CLAIM_STATUS(dd_descriptor_make_segment(&parts, &made), DD_EARG);
    parts = good;
    parts.type = 16;
    CLAIM_STATUS(dd_descriptor_make_segment(&parts, &made), DD_EARG);
    parts = good;
    parts.dpl = 4;
    CLAIM_STATUS(dd_descriptor_make_segment(&parts, &made), DD_EARG);
    parts = good;
    parts.type = 2;
    parts.size = DD_SEGMENT_64_BIT;
    CLAIM_STATUS(dd_descriptor_make_segment(&parts, &made), DD_EARG);
    CLAIM_STATUS(
        dd_descriptor_make_system(DD_DESCRIPTOR_TSS_AVAILABLE, dd_vaddr_from(0), 102, &made),
        DD_EARG);
    CLAIM_STATUS(dd_descriptor_make_system(DD_DESCRIPTOR_TSS_BUSY, dd_vaddr_from(0), 103, &made),
                 DD_EARG);
    CLAIM_STATUS(dd_descriptor_make_system(DD_DESCRIPTOR_LDT, dd_vaddr_from(0), 0x100000, &made),
                 DD_EARG);
    CLAIM_EQUAL(made.low, 0x5A);
    CLAIM_OK(dd_descriptor_make_segment(&good, &made));
    CLAIM_EQUAL(made.low, 0x004F9A000000FFFF);
}

/* [SDM 3A] figure 3-8, table 3-2. */
CLAIM(descriptors_say_what_they_were_made_of)
{
    const struct dd_segment_parts parts = {.base = 0x89ABCDEF,
                                           .limit = 0x12345FFF,
                                           .type = 0x6,
                                           .dpl = 2,
                                           .size = DD_SEGMENT_16_BIT,
                                           .present = true,
                                           .available = true};
    struct dd_descriptor made = {0};
    struct dd_segment_parts read = {0};
    dd_vaddr base = {0};

    CLAIM_OK(dd_descriptor_make_segment(&parts, &made));
    CLAIM_EQUAL(made.low, 0x8991D6ABCDEF2345);
    CLAIM_EQUAL(dd_descriptor_kind(&made), DD_DESCRIPTOR_DATA);
    CLAIM_EQUAL(dd_descriptor_dpl(&made), 2);
    CLAIM_OK(dd_descriptor_read_segment(&made, &read));
    CLAIM_EQUAL(read.base, 0x89ABCDEF);
    CLAIM_EQUAL(read.limit, 0x12345FFF);
    CLAIM_EQUAL(read.type, 6);
    CLAIM_EQUAL(read.dpl, 2);
    CLAIM_EQUAL(read.size, DD_SEGMENT_16_BIT);
    CLAIM_TRUE(read.present && read.available);
    CLAIM_STATUS(dd_descriptor_read_base(&made, &base), DD_EARG);
    made.low = 0x00EF9B000000FFFF; /* L and D/B */
    CLAIM_STATUS(dd_descriptor_read_segment(&made, &read), DD_EMALFORMED);
    CLAIM_OK(dd_descriptor_make_system(DD_DESCRIPTOR_LDT, dd_vaddr_from(0xFFFF8123456789AB), 0x17,
                                       &made));
    CLAIM_EQUAL(made.low, 0x4500826789AB0017);
    CLAIM_EQUAL(made.high, 0xFFFF8123);
    CLAIM_EQUAL(dd_descriptor_kind(&made), DD_DESCRIPTOR_LDT);
    CLAIM_EQUAL(dd_descriptor_entries(&made), 2);
    CLAIM_OK(dd_descriptor_read_base(&made, &base));
    CLAIM_EQUAL(base.raw, 0xFFFF8123456789AB);
    CLAIM_STATUS(dd_descriptor_read_segment(&made, &read), DD_EARG);
}

/* [SDM 3A] figure 5-9. */
CLAIM(call_gates_have_the_layout_of_the_manual)
{
    struct dd_call_gate gate = {
        .handler = dd_vaddr_from(0xFFFFFFFF81234567), .selector = 0x08, .dpl = 3};
    struct dd_descriptor made = {0};

    CLAIM_OK(dd_descriptor_make_call_gate(&gate, &made));
    CLAIM_EQUAL(made.low, 0x8123EC0000084567);
    CLAIM_EQUAL(made.high, 0x00000000FFFFFFFF);
    CLAIM_EQUAL(dd_descriptor_kind(&made), DD_DESCRIPTOR_CALL_GATE);
    CLAIM_EQUAL(dd_descriptor_entries(&made), 2);
    gate.dpl = 4;
    CLAIM_STATUS(dd_descriptor_make_call_gate(&gate, &made), DD_EARG);
    gate.dpl = 0;
    gate.selector = 3;
    CLAIM_STATUS(dd_descriptor_make_call_gate(&gate, &made), DD_EARG);
    gate.selector = 8;
    gate.handler = dd_vaddr_from(0x0000800000000000);
    CLAIM_STATUS(dd_descriptor_make_call_gate(&gate, &made), DD_ECANONICAL);
}

/* [SDM 3A] figure 6-8. */
CLAIM(a_gate_reads_back_as_it_was_set)
{
    static struct dd_idt idt;
    const struct dd_gate set = {.handler = dd_vaddr_from(0xFFFF8123456789AB),
                                .selector = 0x2B,
                                .type = DD_GATE_TYPE_TRAP,
                                .dpl = 3,
                                .ist = 5};
    struct dd_gate gate = {0};

    dd_idt_init(&idt);
    CLAIM_STATUS(dd_idt_get_gate(&idt, 77, &gate), DD_ENOENT);
    CLAIM_OK(dd_idt_set_gate(&idt, 77, &set));
    CLAIM_OK(dd_idt_get_gate(&idt, 77, &gate));
    CLAIM_EQUAL(gate.handler.raw, 0xFFFF8123456789AB);
    CLAIM_EQUAL(gate.selector, 0x2B);
    CLAIM_EQUAL(gate.type, DD_GATE_TYPE_TRAP);
    CLAIM_EQUAL(gate.dpl, 3);
    CLAIM_EQUAL(gate.ist, 5);
    gate.ist = 0;
    CLAIM_OK(dd_idt_set_gate(&idt, 77, &gate));
    CLAIM_EQUAL(idt.gates[77].low, 0x4567EF00002B89AB);
    idt.gates[77].low |= UINT64_C(1) << 35;
    CLAIM_STATUS(dd_idt_get_gate(&idt, 77, &gate), DD_EMALFORMED);
    idt.gates[77].low = 0x45678500002B89AB; /* a task gate */
    CLAIM_STATUS(dd_idt_get_gate(&idt, 77, &gate), DD_EMALFORMED);
    dd_idt_clear_gate(&idt, 77);
    CLAIM_EQUAL(idt.gates[77].low | idt.gates[77].high, 0);
}

/* [SDM 1] 3.3.7.1: bits 63:56 are equal with 57 bits, 63:47 with 48. */
CLAIM(addresses_of_57_bits_are_canonical_if_the_processor_has_them)
{
    static struct dd_idt idt;
    const dd_vaddr only57 = dd_vaddr_from(0x00FFFFFFFFFFF000);
    struct dd_gate gate = {.handler = only57, .selector = 8, .type = DD_GATE_TYPE_INTERRUPT};
    struct dd_tss tss;

    dd_tss_init(&tss);
    CLAIM_STATUS(dd_tss_set_stack(&tss, DD_TSS_RSP0, only57, 48), DD_ECANONICAL);
    CLAIM_STATUS(dd_tss_set_stack(&tss, DD_TSS_RSP0, only57, 0), DD_EARG);
    CLAIM_EQUAL(tss.rsp[0].raw, 0);
    CLAIM_OK(dd_tss_set_stack(&tss, DD_TSS_RSP0, only57, 57));
    dd_idt_init(&idt);
    CLAIM_STATUS(dd_idt_set_gate(&idt, 3, &gate), DD_ECANONICAL);
    gate.linear_width = 57;
    CLAIM_OK(dd_idt_set_gate(&idt, 3, &gate));
    CLAIM_OK(dd_idt_get_gate(&idt, 3, &gate));
    CLAIM_EQUAL(gate.linear_width, 57);
    gate.handler = dd_vaddr_from(0x0100000000000000);
    CLAIM_STATUS(dd_idt_set_gate(&idt, 3, &gate), DD_ECANONICAL);
}
