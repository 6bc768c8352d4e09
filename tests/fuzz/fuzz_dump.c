/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A text that claims to be the output of lspci: read, made a bus, enumerated
 * and written to. Which registers are accessed comes from the text's checksum.
 */
#include "sim/pci/dump/dump.h"
#include "sim/pci/bus/pci_reach.h"
#include "sim/pci/bus/pci_topology.h"
#include "sim/util/random.h"
#include "tests/fuzz/fuzz.h"

enum {
    ACCESSES = 64
};

static uint64_t checksum(const uint8_t *bytes, size_t size)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < size; i++) {
        sum = sum * 31 + bytes[i];
    }
    return sum;
}

/* Half of the accesses are to functions of the dump, the others anywhere. */
static struct sim_pci_address choose_address(const struct sim_pci_topology *topology, uint64_t bits)
{
    if ((bits & 1) != 0) {
        return topology->functions[bits / 2 % topology->count].address;
    }
    return (struct sim_pci_address){
        .segment = topology->segments[bits / 2 % topology->segment_count].number,
        .bus = (uint8_t)(bits >> 16 & 7),
        .device = (uint8_t)(bits >> 24 & 31),
        .function = (uint8_t)(bits >> 32 & 7),
    };
}

/* An access stays in its doubleword, as on a bus. */
static void access_register(struct sim_pci_topology *topology, uint64_t *state)
{
    struct sim_pci_address address = choose_address(topology, sim_random_next(state));
    uint64_t bits = sim_random_next(state);
    unsigned int width = 1u << (bits & 1u) << (bits >> 1 & 1u);
    unsigned int limit = (bits & 4) != 0 ? 64 : SIM_CONFIG_SIZE;
    unsigned int offset = (unsigned int)(bits >> 8) % limit / width * width;

    if ((bits & 8) != 0) {
        sim_pci_topology_write(topology, address, offset, width, (uint32_t)(bits >> 32));
    }
    if (width < 4) {
        fuzz_require(sim_pci_topology_read(topology, address, offset, width) >> (8 * width) == 0,
                     "a narrow read has no more bits than it is wide");
    }
}

static void use(const struct sim_dump *dump, uint64_t seed)
{
    struct sim_pci_topology topology;
    struct sim_error error = {""};
    uint64_t state = seed;

    if (sim_pci_topology_init(&topology, dump, &error) != 0) {
        fuzz_require(error.text[0] != '\0', "a refusal is a sentence");
        return;
    }
    sim_pci_reach_judge(&topology);
    for (unsigned int i = 0; i < ACCESSES; i++) {
        access_register(&topology, &state);
    }
    sim_pci_topology_free(&topology);
}

void fuzz_one(const uint8_t *bytes, size_t size)
{
    struct sim_dump dump;
    struct sim_error error = {""};

    if (sim_dump_read_text("dump", (const char *)bytes, size, &dump, &error) != 0) {
        fuzz_require(strncmp(error.text, "dump:", 5) == 0, "a refusal is a sentence");
        return;
    }
    fuzz_require(dump.count > 0, "a dump has a function");
    if (sim_dump_check_capabilities(&dump, &error) != 0) {
        fuzz_require(strncmp(error.text, "dump:", 5) == 0, "a refusal is a sentence");
    }
    use(&dump, checksum(bytes, size));
    sim_dump_free(&dump);
}
