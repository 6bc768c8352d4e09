/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random accesses to local APIC, I/O APIC and MSI from a fixed seed: whatever a guest and its
 * devices do, the sanitizers stay silent and what the manual says of priorities holds.
 */
#include "sim/devices/io_apic.h"
#include "sim/devices/msi.h"
#include "tests/unit/apic_case.h"

static struct sim_io_apic io;
static uint64_t seed;

/* splitmix64 */
static uint64_t random_bits(void)
{
    uint64_t bits = seed += UINT64_C(0x9E3779B97F4A7C15);

    bits = (bits ^ bits >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    bits = (bits ^ bits >> 27) * UINT64_C(0x94D049BB133111EB);
    return bits ^ bits >> 31;
}

/* Small, one bit, or anything. */
static uint64_t random_value(void)
{
    uint64_t bits = random_bits();

    switch (bits & 3) {
    case 0:
        return bits >> 56;
    case 1:
        return UINT64_C(1) << (bits >> 58);
    case 2:
        return bits >> 44;
    default:
        return random_bits();
    }
}

static void connect(void)
{
    const struct sim_complaint complaint = {.raise = take_complaint};
    struct sim_apic_port port;

    setup();
    apic.wiring.end_of_interrupt = sim_io_apic_end_of_interrupt;
    apic.wiring.end_of_interrupt_sink = &io;
    port = sim_local_apic_port(&apic);
    sim_io_apic_init(&io, &port, &complaint);
}

static void access_io_apic(uint64_t value)
{
    static const uint64_t offsets[] = {0x00, 0x10, 0x40};
    const struct sim_region page = sim_io_apic_mmio(&io, SIM_IO_APIC_BASE);
    uint64_t offset = (value & 3) == 3 ? value & 0xFFC : offsets[value & 3];

    page.write(page.device, offset, 4, (uint32_t)random_value());
    (void)page.read(page.device, offset, 4);
}

static void access_msr(uint64_t value)
{
    static const uint32_t others[] = {0x1B, 0x6E0};
    uint32_t index = (value & 7) == 0 ? others[value >> 3 & 1] : 0x800 + (value >> 3 & 0x3F);
    uint64_t old = 0;

    (void)rdmsr(index, &old);
    if (index == 0x1B) { /* a mode, mostly */
        (void)wrmsr(index, 0xFEE00100 | (random_bits() & 0xC00));
    } else {
        (void)wrmsr(index, random_value());
    }
}

static uint64_t read_ppr(void)
{
    uint64_t ppr = 0;

    return rdmsr(0x80A, &ppr) ? ppr : load(0xA0);
}

/* What was taken is in service: PPR is of its class or above. [SDM 3A] 10.8.3.1. */
static void take_checked(void)
{
    const struct sim_interrupt_source source = sim_local_apic_source(&apic);
    unsigned int before = pair_acknowledged;
    unsigned int vector = 0;

    (void)source.take_nmi(source.self);
    if (!source.pending(source.self)) {
        return;
    }
    vector = source.acknowledge(source.self);
    ck_assert_uint_ge(vector, 16);
    ck_assert_uint_lt(vector, 256);
    ck_assert(pair_acknowledged != before || read_ppr() >> 4 >= vector >> 4);
}

static void drive_input(unsigned int input, bool level)
{
    const struct sim_line line = sim_io_apic_input(&io, input);

    sim_line_set(&line, level);
}

static void step(void)
{
    const struct sim_apic_port port = sim_local_apic_port(&apic);
    uint64_t value = random_bits();

    switch (value >> 60) {
    case 0:
    case 1:
    case 2:
        store(value & 0xFF0, (uint32_t)random_value());
        break;
    case 3:
        (void)load(value & 0xFFF);
        break;
    case 4:
    case 5:
        access_msr(value);
        break;
    case 6:
    case 7:
        access_io_apic(value);
        break;
    case 8:
        drive_input(value & 31, (value & 32) != 0);
        break;
    case 9:
        drive(value & 3, (value & 32) != 0);
        break;
    case 10:
        (void)sim_msi_write(&port, 0xFEE00000 | (value & 0xFFFFF), (uint32_t)random_value());
        break;
    case 11:
        store(0xF0, 0x1FF);
        pair_requests = true;
        break;
    case 12:
        reach(now.now + (random_value() >> 16));
        ck_assert(deadline() > now.now);
        break;
    default:
        take_checked();
        break;
    }
}

START_TEST(nothing_a_guest_does_breaks_the_controllers)
{
    for (uint64_t round = 1; round <= 20; round++) {
        seed = round;
        connect();
        for (unsigned int i = 0; i < 20000; i++) {
            step();
        }
    }
}
END_TEST

START_TEST(the_same_accesses_give_the_same_state)
{
    struct sim_local_apic_state once;

    seed = 99;
    connect();
    for (unsigned int i = 0; i < 20000; i++) {
        step();
    }
    once = apic.state;
    seed = 99;
    connect();
    for (unsigned int i = 0; i < 20000; i++) {
        step();
    }
    ck_assert_mem_eq(once.isr, apic.state.isr, sizeof once.isr);
    ck_assert_mem_eq(once.irr, apic.state.irr, sizeof once.irr);
    ck_assert_mem_eq(once.lvt, apic.state.lvt, sizeof once.lvt);
    ck_assert_mem_eq(&once.timer, &apic.state.timer, sizeof once.timer);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("apic_random");
    TCase *random_case = tcase_create("random");

    tcase_set_timeout(random_case, 60);
    tcase_add_test(random_case, nothing_a_guest_does_breaks_the_controllers);
    tcase_add_test(random_case, the_same_accesses_give_the_same_state);
    suite_add_tcase(suite, random_case);
    return suite;
}
