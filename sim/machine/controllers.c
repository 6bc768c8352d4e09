/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Interrupt controllers and timer, wired as on a PC. They are as after reset, the
 * 8259 pair without its initialization words: whoever plays firmware writes them.
 */
#include "sim/machine/controllers.h"

enum {
    IRQ_TIMER = 0,
    INPUT_TIMER = 2, /* of the I/O APIC: the override in the MADT says so */
    PHYSICAL_BITS = 40
};

void sim_controllers_set_irq(struct sim_controllers *controllers, unsigned int irq, bool level)
{
    const struct sim_line inputs[] = {
        sim_pic8259_input(&controllers->pic, irq),
        sim_io_apic_input(&controllers->io_apic, irq == IRQ_TIMER ? INPUT_TIMER : irq),
    };

    sim_line_set(&inputs[0], level);
    sim_line_set(&inputs[1], level);
}

static void on_complaint(void *sink, const char *text)
{
    sim_machine_complain(sink, text);
}

void sim_controllers_init(struct sim_controllers *controllers, struct sim_machine *machine,
                          const struct sim_line *reset)
{
    const struct sim_clock *clock = sim_machine_clock(machine);
    const struct sim_complaint complaint = {on_complaint, machine};
    const struct sim_local_apic_wiring wiring = {
        .clock = clock,
        .tsc_offset = sim_machine_tsc_offset(machine),
        .physical_bits = PHYSICAL_BITS,
        .external = sim_pic8259_source(&controllers->pic),
        .end_of_interrupt = sim_io_apic_end_of_interrupt,
        .end_of_interrupt_sink = &controllers->io_apic,
        .may_send = sim_io_apic_may_send,
        .sender = &controllers->io_apic,
        .init = *reset,
        .complaint = complaint,
    };
    struct sim_interrupt_source source;
    struct sim_apic_registers registers;
    struct sim_apic_port port;

    sim_pic8259_init(&controllers->pic);
    sim_local_apic_init(&controllers->local_apic, &wiring);
    port = sim_local_apic_port(&controllers->local_apic);
    sim_io_apic_init(&controllers->io_apic, &port, &complaint);
    sim_pit8254_init(&controllers->pit, clock);
    source = sim_local_apic_source(&controllers->local_apic);
    registers = sim_local_apic_registers(&controllers->local_apic);
    sim_machine_set_interrupts(machine, &source);
    sim_machine_set_apic(machine, &registers);
}

static int add_regions(struct sim_controllers *controllers, struct sim_machine *machine,
                       struct sim_error *error)
{
    const struct sim_region ports[] = {
        sim_pic8259_master_ports(&controllers->pic),  sim_pic8259_slave_ports(&controllers->pic),
        sim_pic8259_trigger_ports(&controllers->pic), sim_pit8254_ports(&controllers->pit),
        sim_pit8254_control_port(&controllers->pit),
    };
    const struct sim_region pages[] = {
        sim_io_apic_mmio(&controllers->io_apic, SIM_IO_APIC_BASE),
        sim_local_apic_mmio(&controllers->local_apic),
    };

    for (size_t i = 0; i < sizeof ports / sizeof ports[0]; i++) {
        if (sim_machine_add_ports(machine, &ports[i], error) != 0) {
            return -1;
        }
    }
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++) {
        if (sim_machine_add_mmio(machine, &pages[i], error) != 0) {
            return -1;
        }
    }
    return 0;
}

/* In the order in which those act that are due at the same time. */
static int add_devices(struct sim_controllers *controllers, struct sim_machine *machine,
                       struct sim_error *error)
{
    const struct sim_device devices[] = {
        sim_pit8254_device(&controllers->pit),
        sim_pic8259_device(&controllers->pic),
        sim_io_apic_device(&controllers->io_apic),
        sim_local_apic_device(&controllers->local_apic),
    };

    for (size_t i = 0; i < sizeof devices / sizeof devices[0]; i++) {
        if (sim_machine_add_device(machine, &devices[i], error) != 0) {
            return -1;
        }
    }
    return 0;
}

int sim_controllers_connect(struct sim_controllers *controllers, struct sim_machine *machine,
                            struct sim_error *error)
{
    if (add_regions(controllers, machine, error) != 0) {
        return -1;
    }
    return add_devices(controllers, machine, error);
}
