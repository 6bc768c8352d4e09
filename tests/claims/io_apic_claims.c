/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Claims about the I/O APIC. Input 2 is the timer's, as on every PC. A claim that
 * succeeds leaves all inputs masked and nothing waiting.
 */
#include "tests/claims/controllers.h"

enum {
    TIMER_INPUT = 2,
    VECTOR = 0x61
};

/* Both APICs open and the timer low. */
static enum dd_status open(struct dd_io_apic *io_apic, struct dd_local_apic *apic)
{
    enum dd_status status = controllers_open_local_apic(apic);

    if (status == DD_OK) {
        status = controllers_open_io_apic(io_apic);
    }
    return status == DD_OK ? controllers_quiet_timer() : status;
}

/* [82093AA] 3.2.2: 24 entries. */
CLAIM(io_apic_says_how_many_inputs_it_has)
{
    struct dd_io_apic apic;

    CLAIM_OK(controllers_open_io_apic(&apic));
    CLAIM_EQUAL(apic.entry_count, 24);
    CLAIM_TRUE(apic.version == 0x11 || apic.version >= 0x20);
    controllers_close();
}

CLAIM(io_apic_keeps_the_id_it_is_given)
{
    struct dd_io_apic apic;
    uint8_t before;

    CLAIM_OK(controllers_open_io_apic(&apic));
    before = dd_io_apic_read_id(&apic);
    for (uint8_t id = 0; id < 16; id++) {
        CLAIM_OK(dd_io_apic_write_id(&apic, id));
        CLAIM_EQUAL(dd_io_apic_read_id(&apic), id);
    }
    CLAIM_STATUS(dd_io_apic_write_id(&apic, 16), DD_EARG);
    CLAIM_EQUAL(dd_io_apic_read_id(&apic), 15);
    CLAIM_OK(dd_io_apic_write_id(&apic, before));
    controllers_close();
}

static struct dd_io_apic_entry make_entry(uint8_t input)
{
    return (struct dd_io_apic_entry){
        .vector = (uint8_t)(0x40 + input),
        .delivery = input % 2 == 0 ? DD_APIC_FIXED : DD_APIC_LOWEST_PRIORITY,
        .destination_mode = input % 3 == 0 ? DD_APIC_LOGICAL : DD_APIC_PHYSICAL,
        .destination = (uint8_t)(0x80 + input),
        .polarity = input % 5 == 0 ? DD_APIC_ACTIVE_LOW : DD_APIC_ACTIVE_HIGH,
        .trigger = input % 7 == 0 ? DD_APIC_LEVEL : DD_APIC_EDGE,
        .mask = DD_APIC_MASKED,
    };
}

/* [82093AA] 3.2.4. */
CLAIM(io_apic_entries_are_independent_and_read_back)
{
    struct dd_io_apic apic;

    CLAIM_OK(controllers_open_io_apic(&apic));
    for (uint8_t input = 0; input < 24; input++) {
        struct dd_io_apic_entry entry = make_entry(input);

        CLAIM_OK(dd_io_apic_write_entry(&apic, input, &entry));
    }
    for (uint8_t input = 0; input < 24; input++) {
        struct dd_io_apic_entry expected = make_entry(input);
        struct dd_io_apic_entry entry = {0};

        CLAIM_OK(dd_io_apic_read_entry(&apic, input, &entry));
        CLAIM_EQUAL(entry.vector, expected.vector);
        CLAIM_EQUAL((uint64_t)entry.delivery, (uint64_t)expected.delivery);
        CLAIM_EQUAL((uint64_t)entry.destination_mode, (uint64_t)expected.destination_mode);
        CLAIM_EQUAL(entry.destination, expected.destination);
        CLAIM_EQUAL((uint64_t)entry.polarity, (uint64_t)expected.polarity);
        CLAIM_EQUAL((uint64_t)entry.trigger, (uint64_t)expected.trigger);
        CLAIM_EQUAL((uint64_t)entry.mask, 1);
    }
    controllers_close();
}

CLAIM(io_apic_masks_one_input)
{
    const struct dd_io_apic_entry external = {.delivery = DD_APIC_EXTINT, .mask = DD_APIC_MASKED};
    struct dd_io_apic_entry entry = {0};
    struct dd_io_apic apic;

    CLAIM_OK(controllers_open_io_apic(&apic));
    CLAIM_OK(dd_io_apic_write_entry(&apic, 23, &external));
    CLAIM_OK(dd_io_apic_unmask(&apic, 23));
    CLAIM_OK(dd_io_apic_read_entry(&apic, 23, &entry));
    CLAIM_EQUAL((uint64_t)entry.mask, 0);
    CLAIM_EQUAL((uint64_t)entry.delivery, 7);
    CLAIM_OK(dd_io_apic_mask(&apic, 23));
    CLAIM_OK(dd_io_apic_read_entry(&apic, 23, &entry));
    CLAIM_EQUAL((uint64_t)entry.mask, 1);
    CLAIM_STATUS(dd_io_apic_mask(&apic, 24), DD_EARG);
    controllers_close();
}

/* An edge while masked is lost; one afterwards is a request at the local APIC. [82093AA] 3.2.4. */
CLAIM(io_apic_edges_become_requests_unless_masked)
{
    struct dd_io_apic_entry entry = {.vector = VECTOR, .mask = DD_APIC_MASKED};
    struct dd_io_apic io_apic;
    struct dd_local_apic apic;

    CLAIM_OK(open(&io_apic, &apic));
    entry.destination = (uint8_t)dd_local_apic_read_id(&apic);
    CLAIM_OK(dd_io_apic_write_entry(&io_apic, TIMER_INPUT, &entry));
    CLAIM_OK(controllers_fire_timer());
    CLAIM_TRUE(!dd_local_apic_test(&apic, DD_LOCAL_APIC_REQUESTED, VECTOR));
    CLAIM_OK(controllers_quiet_timer());
    CLAIM_OK(dd_io_apic_unmask(&io_apic, TIMER_INPUT));
    CLAIM_TRUE(!dd_local_apic_test(&apic, DD_LOCAL_APIC_REQUESTED, VECTOR));
    CLAIM_OK(controllers_fire_timer());
    CLAIM_TRUE(dd_local_apic_test(&apic, DD_LOCAL_APIC_REQUESTED, VECTOR));
    CLAIM_TRUE(!dd_local_apic_test(&apic, DD_LOCAL_APIC_TRIGGER, VECTOR));
    CLAIM_OK(dd_io_apic_mask(&io_apic, TIMER_INPUT));
    controllers_watch(&apic);
    controllers_let_in();
    controllers_watch_end();
    CLAIM_EQUAL(arrival_count, world_runs_on_processor() ? 1 : 0);
    CLAIM_TRUE(arrival_count == 0 || arrivals[0].vector == VECTOR);
    controllers_close();
}

/* Flat model: a set of logical IDs. [SDM 3A] 10.6.2.2. */
CLAIM(io_apic_logical_destinations_mean_sets_of_processors)
{
    struct dd_io_apic_entry entry = {
        .vector = VECTOR, .destination_mode = DD_APIC_LOGICAL, .destination = 0xFB};
    struct dd_io_apic io_apic;
    struct dd_local_apic apic;

    CLAIM_OK(open(&io_apic, &apic));
    CLAIM_OK(dd_local_apic_write_logical_id(&apic, 0x04));
    CLAIM_EQUAL(dd_local_apic_read_logical_id(&apic), 0x04);
    CLAIM_OK(dd_io_apic_write_entry(&io_apic, TIMER_INPUT, &entry));
    CLAIM_OK(controllers_fire_timer());
    CLAIM_TRUE(!dd_local_apic_test(&apic, DD_LOCAL_APIC_REQUESTED, VECTOR));
    entry.destination = 0x14;
    CLAIM_OK(dd_io_apic_write_entry(&io_apic, TIMER_INPUT, &entry));
    CLAIM_OK(controllers_fire_timer());
    CLAIM_TRUE(dd_local_apic_test(&apic, DD_LOCAL_APIC_REQUESTED, VECTOR));
    CLAIM_OK(dd_io_apic_mask(&io_apic, TIMER_INPUT));
    controllers_watch(&apic);
    controllers_let_in();
    controllers_watch_end();
    controllers_close();
}

/* Remote IRR from the request to the EOI. [82093AA] 3.2.4; [SDM 3A] 10.8.4. */
CLAIM(io_apic_level_requests_wait_for_their_end)
{
    struct dd_io_apic_entry entry = {.vector = VECTOR, .trigger = DD_APIC_LEVEL};
    struct dd_io_apic_input state = {0};
    struct dd_io_apic io_apic;
    struct dd_local_apic apic;

    CLAIM_OK(open(&io_apic, &apic));
    entry.destination = (uint8_t)dd_local_apic_read_id(&apic);
    CLAIM_OK(dd_io_apic_write_entry(&io_apic, TIMER_INPUT, &entry));
    CLAIM_OK(controllers_fire_timer());
    CLAIM_TRUE(dd_local_apic_test(&apic, DD_LOCAL_APIC_REQUESTED, VECTOR));
    CLAIM_TRUE(dd_local_apic_test(&apic, DD_LOCAL_APIC_TRIGGER, VECTOR));
    CLAIM_OK(dd_io_apic_read_input(&io_apic, TIMER_INPUT, &state));
    CLAIM_EQUAL(state.remote_irr, 1);
    CLAIM_OK(controllers_quiet_timer());
    CLAIM_OK(dd_io_apic_eoi(&io_apic, VECTOR - 1));
    CLAIM_OK(dd_io_apic_read_input(&io_apic, TIMER_INPUT, &state));
    CLAIM_EQUAL(state.remote_irr, 1);
    CLAIM_OK(dd_io_apic_eoi(&io_apic, VECTOR));
    CLAIM_OK(dd_io_apic_read_input(&io_apic, TIMER_INPUT, &state));
    CLAIM_EQUAL(state.remote_irr, 0);
    CLAIM_OK(dd_io_apic_mask(&io_apic, TIMER_INPUT));
    controllers_watch(&apic);
    controllers_let_in();
    controllers_watch_end();
    controllers_close();
}

/* The EOI of the local APIC is told to the I/O APIC, unless it is held back. [SDM 3A] 10.8.5. */
CLAIM(io_apic_hears_of_the_end_by_broadcast_unless_held_back)
{
    SKIP_WITHOUT_HANDLERS();

    struct dd_io_apic_entry entry = {.vector = VECTOR, .trigger = DD_APIC_LEVEL};
    struct dd_io_apic_input state = {0};
    struct dd_io_apic io_apic;
    struct dd_local_apic apic;
    bool suppresses;

    CLAIM_OK(open(&io_apic, &apic));
    suppresses = dd_local_apic_read_version(&apic).suppresses_eoi == 1;
    CLAIM_STATUS(dd_local_apic_set_eoi_broadcast(&apic, DD_LOCAL_APIC_EOI_NO_BROADCAST),
                 suppresses ? DD_OK : DD_ENOTSUP);
    entry.destination = (uint8_t)dd_local_apic_read_id(&apic);
    CLAIM_OK(dd_io_apic_write_entry(&io_apic, TIMER_INPUT, &entry));
    CLAIM_OK(controllers_fire_timer());
    CLAIM_OK(controllers_quiet_timer());
    controllers_watch(&apic);
    controllers_let_in();
    controllers_watch_end();
    CLAIM_EQUAL(arrival_count, 1);
    CLAIM_EQUAL(arrivals[0].vector, VECTOR);
    CLAIM_OK(dd_io_apic_read_input(&io_apic, TIMER_INPUT, &state));
    CLAIM_EQUAL(state.remote_irr, suppresses ? 1 : 0);
    if (suppresses) {
        CLAIM_OK(dd_local_apic_set_eoi_broadcast(&apic, DD_LOCAL_APIC_EOI_BROADCAST));
        CLAIM_OK(dd_io_apic_eoi(&io_apic, VECTOR));
    }
    CLAIM_OK(dd_io_apic_mask(&io_apic, TIMER_INPUT));
    controllers_close();
}
