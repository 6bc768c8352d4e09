/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The devices of a PC, wired as sim/machine/pc.c wires them: accesses of every width to
 * every port and register, time, interrupt lines, and the processor's side of
 * interrupts. The machine is there but executes nothing.
 */
#include <inttypes.h>
#include <stdio.h>

#include "sim/machine/machine_internal.h"
#include "sim/cpu/msr.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/pc_case.h"

enum {
    MAX_STEPS = 400,
    INPUTS = 24,
    RAM_POKED = 0x300000 /* where fw_cfg's descriptors and the MSI-X table are */
};

#define RFLAGS_IF UINT64_C(0x200)

enum step {
    STEP_READ_PORT,
    STEP_WRITE_PORT,
    STEP_READ_DEVICE,
    STEP_WRITE_DEVICE,
    STEP_IO_APIC,
    STEP_ANY_PORT,
    STEP_PASS_TIME,
    STEP_ATTEND,
    STEP_INTERRUPT,
    STEP_LINE,
    STEP_HOST,
    STEP_READ_MSR,
    STEP_WRITE_MSR,
    STEP_CR8,
    STEP_MESSAGE,
    STEP_POKE,
    STEP_COUNT
};

static struct pc_case pc_case;

static struct sim_machine *the_machine(void)
{
    return pc_case.pc.machine;
}

static void set_up(void)
{
    struct sim_registers registers;

    if (pc_case.snapshot != NULL) {
        return;
    }
    pc_case_open(&pc_case);
    sim_engine_get_registers(the_machine()->engine, &registers);
    registers.rflags |= RFLAGS_IF;
    sim_engine_set_registers(the_machine()->engine, &registers);
    pc_case_keep(&pc_case);
}

static unsigned int take_width(struct fuzz_input *input)
{
    return 1u << fuzz_choose(input, 3);
}

static const struct sim_region *take_region(const struct sim_bus *bus, struct fuzz_input *input)
{
    return bus->regions[fuzz_choose(input, (unsigned int)bus->count)];
}

static void use_port(enum step step, struct fuzz_input *input)
{
    const struct sim_region *region = take_region(&the_machine()->ports, input);
    uint16_t port = (uint16_t)(region->base + fuzz_take8(input) % region->size);
    unsigned int width = take_width(input);

    if (step == STEP_READ_PORT) {
        (void)machine_read_port(the_machine(), port, width);
    } else {
        machine_write_port(the_machine(), port, width, fuzz_take32(input));
    }
}

static void use_any_port(struct fuzz_input *input)
{
    uint16_t port = fuzz_take16(input);
    unsigned int width = take_width(input);

    (void)machine_read_port(the_machine(), port, width);
    machine_write_port(the_machine(), port, width, fuzz_take32(input));
}

/* Mostly where registers are: at a multiple of 16, or in the header of a function. */
static uint64_t take_offset(const struct sim_region *region, struct fuzz_input *input)
{
    const struct sim_pci_topology *topology = pc_case.pc.pci.topology;
    uint8_t number = fuzz_take8(input);
    struct sim_pci_address address = topology->functions[number % topology->count].address;

    if (region->size == SIM_PCI_WINDOW_SIZE && number < 0xF0) {
        return (uint64_t)address.bus << 20 | (uint64_t)address.device << 15 |
               (uint64_t)address.function << 12 | fuzz_take8(input);
    }
    if (number == 0xFF) {
        return fuzz_take32(input) % region->size;
    }
    return number * UINT64_C(16) % region->size;
}

/* One access of an instruction, or a part of one. */
static void use_device(enum step step, struct fuzz_input *input)
{
    const struct sim_region *region = take_region(&the_machine()->devices, input);
    uint64_t address = region->base + take_offset(region, input);
    uint8_t choice = fuzz_take8(input);
    unsigned int width = choice < 0xC0 ? 4 : 1u << (choice & 1);
    const struct sim_engine_access whole = {
        choice % 8 == 7 ? address & ~UINT64_C(7) : address,
        choice % 8 == 7 ? 8 : width,
    };

    if (step == STEP_READ_DEVICE) {
        (void)machine_read_device(the_machine(), address, width, whole);
    } else {
        machine_write_device(the_machine(), address, width, whole, fuzz_take32(input));
    }
}

/* Index and data of the I/O APIC. */
static void program_io_apic(struct fuzz_input *input)
{
    uint8_t index = fuzz_take8(input);

    const struct sim_engine_access selector = {SIM_IO_APIC_BASE, 4};
    const struct sim_engine_access window = {SIM_IO_APIC_BASE + 0x10, 4};

    machine_write_device(the_machine(), selector.physical, 4, selector, index);
    machine_write_device(the_machine(), window.physical, 4, window, fuzz_take32(input));
    (void)machine_read_device(the_machine(), window.physical, 4, window);
}

static void pass_time(struct fuzz_input *input)
{
    uint64_t now = sim_engine_time(the_machine()->engine);
    unsigned int shift = fuzz_choose(input, 56);
    uint64_t by = (uint64_t)fuzz_take8(input) << shift;

    sim_engine_skip_time(the_machine()->engine, by < SIM_TIME_END - now ? now + by : SIM_TIME_END);
}

/* What the machine does between two basic blocks. */
static void attend(void)
{
    const struct sim_machine *machine = the_machine();
    const struct sim_engine_event event = {.stop = SIM_ENGINE_ATTENTION};
    struct sim_result result;

    (void)machine_attend(the_machine(), &event, &result);
    for (size_t i = 0; i < machine->device_count; i++) {
        const struct sim_device *device = &machine->device_list[i];

        if (device->deadline != NULL && device->deadline(device->self) <= machine->clock.now) {
            (void)fprintf(stderr, "%s: due at %" PRIu64 "\n", device->name,
                          device->deadline(device->self));
            fuzz_require(false, "a device that has come up to now has no deadline before that");
        }
    }
}

static void take_interrupt(struct fuzz_input *input)
{
    const struct sim_interrupt_source *source = &the_machine()->interrupts;
    uint8_t choice = fuzz_take8(input);
    unsigned int vector = 0;

    attend(); /* nobody asks for interrupts before the devices know the time */
    if (source->take_nmi(source->self)) {
        the_machine()->system.nmi_blocked = (choice & 1) != 0;
    }
    if (source->pending(source->self)) {
        vector = source->acknowledge(source->self);
        fuzz_require(vector <= 255, "a vector has 8 bits");
        if (source->dismiss != NULL && (choice & 2) != 0) {
            source->dismiss(source->self, vector);
        }
    }
}

static void drive_line(struct fuzz_input *input)
{
    struct sim_pc *pc = &pc_case.pc;
    unsigned int number = fuzz_choose(input, INPUTS + 2);
    const struct sim_line lines[] = {
        sim_pic8259_input(&pc->controllers.pic, number),
        sim_io_apic_input(&pc->controllers.io_apic, number),
        sim_local_apic_lint(&pc->controllers.local_apic, number),
    };
    unsigned int which = fuzz_choose(input, 4);
    bool level = (fuzz_take8(input) & 1) != 0;

    if (which < 3) {
        sim_line_set(&lines[which], level);
    } else {
        sim_pic8259_pulse(&pc->controllers.pic, number);
    }
}

/* Somebody types, or sends something to the serial port. */
static void use_host(struct fuzz_input *input)
{
    uint8_t bytes[20];
    size_t size = fuzz_choose(input, sizeof bytes + 1);
    int status = 0;

    fuzz_take(input, bytes, size);
    if ((fuzz_take8(input) & 1) != 0) {
        status = sim_i8042_type(&pc_case.pc.keyboard, bytes, size);
    } else {
        status = sim_uart16550_feed(&pc_case.pc.serial, bytes, size);
    }
    fuzz_require(status == 0, "there is memory for what is typed");
}

/* Mostly those of the local APIC. */
static uint32_t take_msr(struct fuzz_input *input)
{
    static const uint32_t others[] = {0x1B, 0x6E0, 0x10, 0x3B, 0x277, 0xC0000080};
    uint8_t number = fuzz_take8(input);

    if (number == 0xFF) {
        return fuzz_take32(input);
    }
    return number < 0xC0 ? 0x800u + number : others[number % 6];
}

static void use_msr(enum step step, struct fuzz_input *input)
{
    struct sim_system *system = &the_machine()->system;
    uint32_t index = take_msr(input);
    uint64_t value = fuzz_take64(input);
    struct sim_error reason;
    struct sim_cpu cpu;

    the_machine()->clock.now = sim_engine_time(the_machine()->engine);
    if (step == STEP_READ_MSR) {
        (void)sim_msr_read(system, index, &value, &reason);
    } else {
        sim_engine_get_cpu(the_machine()->engine, &cpu);
        (void)sim_msr_write(system, &cpu, index, value, &reason);
    }
}

static void use_cr8(struct fuzz_input *input)
{
    const struct sim_apic_registers *apic = &the_machine()->system.apic;
    uint8_t priority = fuzz_take8(input) & 15;

    apic->write_cr8(apic->self, priority);
    fuzz_require(apic->read_cr8(apic->self) == priority, "CR8 keeps what is written");
}

/* A function asks for an interrupt. */
static void send_message(struct fuzz_input *input)
{
    struct sim_pci_host *host = &pc_case.pc.pci;
    unsigned int index = fuzz_choose(input, 8);
    size_t function = fuzz_take8(input) % host->topology->count;

    (void)sim_pci_host_raise(host, host->topology->functions[function].address, index);
}

static void poke(struct fuzz_input *input)
{
    uint64_t address = RAM_POKED + 8u * (fuzz_take16(input) & 0x1FF);
    uint64_t value = fuzz_take64(input);

    memcpy(sim_machine_ram(the_machine(), address, sizeof value), &value, sizeof value);
}

static void take_event(enum step step, struct fuzz_input *input)
{
    switch (step) {
    case STEP_IO_APIC:
        program_io_apic(input);
        break;
    case STEP_PASS_TIME:
        pass_time(input);
        break;
    case STEP_ATTEND:
        attend();
        break;
    case STEP_INTERRUPT:
        take_interrupt(input);
        break;
    case STEP_LINE:
        drive_line(input);
        break;
    case STEP_HOST:
        use_host(input);
        break;
    case STEP_MESSAGE:
        send_message(input);
        break;
    default:
        poke(input);
        break;
    }
}

static void take_step(struct fuzz_input *input)
{
    enum step step = (enum step)fuzz_choose(input, STEP_COUNT);

    switch (step) {
    case STEP_READ_PORT:
    case STEP_WRITE_PORT:
        use_port(step, input);
        break;
    case STEP_READ_DEVICE:
    case STEP_WRITE_DEVICE:
        use_device(step, input);
        break;
    case STEP_ANY_PORT:
        use_any_port(input);
        break;
    case STEP_READ_MSR:
    case STEP_WRITE_MSR:
        use_msr(step, input);
        break;
    case STEP_CR8:
        use_cr8(input);
        break;
    default:
        take_event(step, input);
        break;
    }
}

void fuzz_one(const uint8_t *bytes, size_t size)
{
    struct fuzz_input input = {bytes, size};

    set_up();
    pc_case_reset(&pc_case);
    for (unsigned int i = 0; i < MAX_STEPS && input.left > 0; i++) {
        take_step(&input);
    }
}
