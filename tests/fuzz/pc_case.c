/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/fuzz/pc_case.h"

#include "tests/fuzz/fuzz.h"

/*
 * A host bridge; a bridge to bus 1, and a function behind it with MSI at 40h and MSI-X at 50h, whose
 * table is in RAM; a device with two functions.
 */
static const char dump_text[] = "00:00.0 Host bridge\n"
                                "00: 86 80 37 12 07 01 00 00 02 00 00 06 00 00 00 00\n"
                                "10: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n"
                                "20: 00 00 00 00 00 00 00 00 00 00 00 00 f4 1a 00 11\n"
                                "30: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n"
                                "00:01.0 PCI bridge\n"
                                "00: 36 1b 01 00 07 01 00 00 00 00 04 06 00 00 01 00\n"
                                "10: 00 00 00 00 00 00 00 00 00 01 01 00 f0 00 00 00\n"
                                "20: 20 00 30 00 f1 ff 01 00 00 00 00 00 00 00 00 00\n"
                                "30: 00 00 00 00 00 00 00 00 00 00 00 00 00 01 00 00\n"
                                "00:02.0 USB controller\n"
                                "00: 86 80 34 29 07 00 00 00 03 00 03 0c 00 00 80 00\n"
                                "10: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n"
                                "20: 41 c0 00 00 00 00 00 00 00 00 00 00 f4 1a 00 11\n"
                                "30: 00 00 00 00 00 00 00 00 00 00 00 00 0b 01 00 00\n"
                                "00:02.1 USB controller\n"
                                "00: 86 80 35 29 00 00 00 00 03 00 03 0c 00 00 80 00\n"
                                "10: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n"
                                "20: 61 c0 00 00 00 00 00 00 00 00 00 00 f4 1a 00 11\n"
                                "30: 00 00 00 00 00 00 00 00 00 00 00 00 0b 02 00 00\n"
                                "01:00.0 Ethernet controller\n"
                                "00: 86 80 d3 10 07 00 10 00 00 00 00 02 00 00 00 00\n"
                                "10: 04 00 30 00 00 00 00 00 00 00 00 00 00 00 00 00\n"
                                "20: 00 00 00 00 00 00 00 00 00 00 00 00 f4 1a 00 11\n"
                                "30: 00 00 00 00 40 00 00 00 00 00 00 00 0b 01 00 00\n"
                                "40: 05 50 84 01 00 00 00 00 00 00 00 00 00 00 00 00\n"
                                "50: 11 00 03 00 00 00 00 00 00 08 00 00 00 00 00 00\n";

static void open_bus(struct sim_pci_topology *topology)
{
    static struct sim_dump dump;
    struct sim_error error = {""};

    fuzz_require(sim_dump_read_text("dump", dump_text, sizeof dump_text - 1, &dump, &error) == 0,
                 error.text);
    fuzz_require(sim_pci_topology_init(topology, &dump, &error) == 0, error.text);
}

static void ignore_byte(void *self, uint8_t byte)
{
    (void)self;
    (void)byte;
}

void pc_case_open(struct pc_case *pc_case)
{
    static struct sim_pci_topology topology;
    const struct sim_pc_options options = {
        .machine = {.ram_bytes = PC_CASE_RAM, .mmu = SIM_MMU_OWN, .audit = SIM_MACHINE_AUDITED},
        .topology = &topology,
        .serial = {ignore_byte, NULL},
        .debug = {ignore_byte, NULL},
    };
    struct sim_error error = {""};

    open_bus(&topology);
    *pc_case = (struct pc_case){.snapshot = NULL};
    fuzz_require(sim_pc_open(&pc_case->pc, &options, &error) == 0, error.text);
}

void pc_case_keep(struct pc_case *pc_case)
{
    struct sim_error error = {""};

    pc_case->snapshot = sim_machine_snapshot(pc_case->pc.machine, &error);
    fuzz_require(pc_case->snapshot != NULL, error.text);
}

void pc_case_reset(struct pc_case *pc_case)
{
    struct sim_error error = {""};

    fuzz_require(sim_machine_restore(pc_case->pc.machine, pc_case->snapshot, &error) == 0,
                 error.text);
    sim_findings_clear(sim_machine_findings(pc_case->pc.machine));
    sim_uart16550_free(&pc_case->pc.serial);
    sim_i8042_free(&pc_case->pc.keyboard);
}
