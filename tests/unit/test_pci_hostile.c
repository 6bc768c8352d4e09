/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Functions of random bytes, with capability lists of known IDs that lead anywhere: whatever is read,
 * written and asked for, the model stays inside its memory (the sanitizers watch) and comes to an end,
 * and read-only bits stay.
 */
#include "sim/pci/report/pci_decode.h"
#include "sim/pci/bus/pci_msi.h"
#include "sim/util/random.h"
#include "tests/unit/pci_case.h"

static struct pci_case pci;
static struct sim_pci_topology topology;
static uint64_t state;

static uint32_t any(uint32_t below)
{
    return (uint32_t)(sim_random_next(&state) % below);
}

static void put(struct sim_dump_function *function, unsigned int offset, uint32_t value)
{
    for (unsigned int i = 0; i < 4; i++) {
        function->bytes[offset + i] = (uint8_t)(value >> 8 * i);
    }
}

/* IDs with code of their own. */
static const uint8_t listed[] = {0x01, 0x05, 0x10, 0x11, 0x13, 0x14};
static const uint16_t extended[] = {0x0001, 0x0002, 0x0010, 0x0015, 0x0024, 0x0009};

static void add_function(struct sim_pci_address address)
{
    struct sim_dump_function *function = pci_case_add(&pci, address);

    pci_case_know(function, any(2) == 0 ? 256 : 4096);
    for (unsigned int i = 2; i < 4096; i++) {
        function->bytes[i] = (uint8_t)any(any(4) == 0 ? 2 : 256);
    }
    function->bytes[0x0E] = (uint8_t)(any(8) == 0 ? any(256) : any(3));
    function->bytes[0x06] |= 0x10;
    function->bytes[0x34] = (uint8_t)(0x40 + 4 * any(48));
    function->bytes[0x19] = (uint8_t)any(4);
    function->bytes[0x1A] = (uint8_t)any(5);
    for (unsigned int at = 0x40; at < 0x100; at += 4) {
        function->bytes[at] = listed[any(sizeof listed)];
        function->bytes[at + 1] = (uint8_t)any(256);
    }
    for (unsigned int at = 0x100; at < 0x1000; at += 4) {
        put(function, at,
            any(0x1000) << 20 | 0x10000 | extended[any(sizeof extended / sizeof extended[0])]);
    }
    for (unsigned int bar = 0; bar < SIM_DUMP_BARS; bar++) {
        function->bars[bar].size = any(2) == 0 ? 0 : UINT64_C(1) << any(64);
    }
}

static struct sim_pci_address any_address(void)
{
    return AT((uint8_t)any(4), (uint8_t)any(3), 0);
}

static bool deliver(void *sink, const struct sim_apic_message *message)
{
    (void)sink;
    (void)message;
    return true;
}

/* The first byte of which a read-only bit has changed, or the size. */
static unsigned int find_changed(const struct sim_pci_config *config)
{
    unsigned int at = 0;

    while (at < config->size && ((config->value[at] ^ config->dump->bytes[at]) &
                                 ~(config->masks->rw[at] | config->masks->rw1c[at]) & 0xFF) == 0) {
        at++;
    }
    return at;
}

static void do_anything(void)
{
    const struct sim_pci_messages messages = {topology.memory, {deliver, NULL}};
    const struct sim_pci_request request = {0, topology.segment_count, (enum sim_pci_space)any(2),
                                            sim_random_next(&state) >> any(64)};
    struct sim_pci_function *function = &topology.functions[any((uint32_t)topology.count)];
    unsigned int width = 1u << any(3);
    unsigned int offset = any(4096 / width) * width;
    struct sim_pci_target target;

    switch (any(6)) {
    case 0:
        (void)sim_pci_topology_read(&topology, any_address(), offset, width);
        break;
    case 1:
        (void)sim_pci_decode(&topology, &request, &target);
        break;
    case 2:
        (void)sim_pci_raise_message(function, any(2048), &messages);
        sim_pci_send_pending(function, &messages);
        break;
    case 3:
        sim_pci_config_reset(&function->config, (enum sim_pci_reset)any(2));
        break;
    default:
        sim_pci_topology_write(&topology, any_address(), offset, width,
                               (uint32_t)sim_random_next(&state));
        break;
    }
}

START_TEST(functions_of_random_bytes_do_no_harm)
{
    struct sim_error error = {""};

    state = (uint64_t)_i;
    pci_case_init(&pci);
    for (uint8_t bus = 0; bus < 4; bus++) {
        for (uint8_t device = 0; device < 3; device++) {
            add_function(AT(bus, device, 0));
        }
    }
    ck_assert_int_eq(sim_pci_topology_init(&topology, &pci.dump, &error), 0);
    for (unsigned int step = 0; step < 500; step++) {
        do_anything();
    }
    for (size_t i = 0; i < topology.count; i++) {
        const struct sim_pci_config *config = &topology.functions[i].config;

        ck_assert_uint_eq(find_changed(config), config->size);
    }
    sim_pci_topology_free(&topology);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pci_hostile");
    TCase *random = tcase_create("random");

    tcase_add_loop_test(random, functions_of_random_bytes_do_no_harm, 0, 100);
    suite_add_tcase(suite, random);
    return suite;
}
