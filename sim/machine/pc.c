/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Wiring: which device drives which line, and who answers at which port. The
 * devices know nothing of each other.
 */
#include "sim/machine/pc.h"

#include "sim/boot/boot_protocol.h"
#include "sim/devices/debug_exit.h"
#include "sim/machine/inject.h"

enum {
    IRQ_TIMER = 0,
    IRQ_KEYBOARD = 1,
    IRQ_SERIAL = 4,
    IRQ_CLOCK = 8,
    COM1 = 0x3F8,
    DEBUG_EXIT = 0xF4,
    RESET_PORT_OFFSET = 1 /* 0xCF9, between the two registers of the host bridge */
};

/* When every machine begins, so that runs can be repeated: a Thursday. */
static const struct sim_cmos_time beginning = {
    .year = 2026, .month = 1, .day = 1, .weekday = 5, .hour = 0, .minute = 0, .second = 0};

static void pass_irq(void *sink, unsigned int irq, bool level)
{
    struct sim_pc *pc = sink;

    sim_controllers_set_irq(&pc->controllers, irq, level);
}

static void set_irq(void *sink, unsigned int irq, bool level)
{
    struct sim_pc *pc = sink;
    const struct sim_line controllers = {pass_irq, pc, irq};

    sim_machine_drive_irq(pc->machine, irq, &controllers, level);
}

static struct sim_line irq_line(struct sim_pc *pc, unsigned int irq)
{
    return (struct sim_line){set_irq, pc, irq};
}

static void stop_machine(void *sink, unsigned int number, bool level)
{
    const struct sim_pc *pc = sink;

    if (level) {
        sim_machine_exit(pc->machine, number);
    }
}

static struct sim_line stop_line(struct sim_pc *pc, enum sim_pc_exit why)
{
    return (struct sim_line){stop_machine, pc, why};
}

static void on_dma(void *sink, uint64_t physical, uint64_t size)
{
    const struct sim_pc *pc = sink;

    sim_machine_note_dma(pc->machine, physical, size);
}

/* Port 0xCF9 is in the middle of the host bridge's ports. */
static uint32_t read_host(void *device, uint64_t offset, unsigned int width)
{
    struct sim_pc *pc = device;
    struct sim_region host = sim_pci_host_ports(&pc->pci);

    if (offset == RESET_PORT_OFFSET && width == 1) {
        return sim_reset_port_read(&pc->reset_port);
    }
    return host.read(host.device, offset, width);
}

static void write_host(void *device, uint64_t offset, unsigned int width, uint32_t value)
{
    struct sim_pc *pc = device;
    struct sim_region host = sim_pci_host_ports(&pc->pci);

    if (offset == RESET_PORT_OFFSET && width == 1) {
        sim_reset_port_write(&pc->reset_port, (uint8_t)value);
    } else {
        host.write(host.device, offset, width, value);
    }
}

static struct sim_region host_ports(struct sim_pc *pc)
{
    struct sim_region region = sim_pci_host_ports(&pc->pci);

    region.read = read_host;
    region.write = write_host;
    region.device = pc;
    return region;
}

static void init_controllers(struct sim_pc *pc)
{
    const struct sim_line reset = stop_line(pc, SIM_PC_RESET);

    sim_controllers_init(&pc->controllers, pc->machine, &reset);
    pc->controllers.pit.interrupt = irq_line(pc, IRQ_TIMER);
    sim_local_apic_set_virtual_wire(&pc->controllers.local_apic);
}

static void init_devices(struct sim_pc *pc, const struct sim_pc_options *options)
{
    const struct sim_clock *clock = sim_machine_clock(pc->machine);
    const struct sim_line reset = stop_line(pc, SIM_PC_RESET);
    const struct sim_line power_off = stop_line(pc, SIM_PC_POWER_OFF);

    sim_cmos_init(&pc->cmos, clock, &beginning, sim_machine_ram_size(pc->machine));
    pc->cmos.interrupt = irq_line(pc, IRQ_CLOCK);
    sim_i8042_init(&pc->keyboard, clock);
    pc->keyboard.interrupt = irq_line(pc, IRQ_KEYBOARD);
    pc->keyboard.reset = reset;
    sim_vga_text_init(&pc->video, clock);
    pc->serial = (struct sim_uart16550){
        .clock = clock, .interrupt = irq_line(pc, IRQ_SERIAL), .sink = options->serial};
    sim_uart16550_reset(&pc->serial);
    pc->debug_console.sink = options->debug;
    sim_acpi_pm_init(&pc->power, &power_off, clock);
    sim_reset_port_init(&pc->reset_port, &reset, &reset);
    sim_fw_cfg_init(&pc->fw_cfg, sim_machine_memory(pc->machine));
    pc->fw_cfg.written = on_dma;
    pc->fw_cfg.written_sink = pc;
}

static int add_ports(struct sim_pc *pc, struct sim_error *error)
{
    const struct sim_region regions[] = {
        sim_cmos_ports(&pc->cmos),
        sim_i8042_data_port(&pc->keyboard),
        sim_i8042_command_port(&pc->keyboard),
        sim_vga_text_ports(&pc->video),
        sim_vga_text_crtc_ports(&pc->video),
        sim_vga_text_status_port(&pc->video),
        sim_uart16550_ports(&pc->serial, COM1),
        sim_debug_console_ports(&pc->debug_console),
        sim_acpi_pm_ports(&pc->power),
        sim_fw_cfg_ports(&pc->fw_cfg),
        host_ports(pc),
    };

    for (size_t i = 0; i < sizeof regions / sizeof regions[0]; i++) {
        if (sim_machine_add_ports(pc->machine, &regions[i], error) != 0) {
            return -1;
        }
    }
    return sim_debug_exit_connect(pc->machine, DEBUG_EXIT, error);
}

static int add_memory(struct sim_pc *pc, struct sim_error *error)
{
    const struct sim_region screen = sim_vga_text_mmio(&pc->video);

    if (sim_machine_add_mmio(pc->machine, &screen, error) != 0) {
        return -1;
    }
    for (size_t i = 0; i < pc->pci.window_count; i++) {
        const struct sim_region window = sim_pci_host_window(&pc->pci, i);

        if (sim_machine_add_mmio(pc->machine, &window, error) != 0) {
            return -1;
        }
    }
    return 0;
}

/* In the order in which devices that are due at the same time act. */
static int add_devices(struct sim_pc *pc, struct sim_error *error)
{
    const struct sim_device devices[] = {
        sim_cmos_device(&pc->cmos),        sim_i8042_device(&pc->keyboard),
        sim_uart16550_device(&pc->serial), sim_vga_text_device(&pc->video),
        sim_acpi_pm_device(&pc->power),    sim_reset_port_device(&pc->reset_port),
        sim_fw_cfg_device(&pc->fw_cfg),
    };
    struct sim_apic_port port;

    for (size_t i = 0; i < sizeof devices / sizeof devices[0]; i++) {
        if (sim_machine_add_device(pc->machine, &devices[i], error) != 0) {
            return -1;
        }
    }
    port = sim_local_apic_port(&pc->controllers.local_apic);
    return sim_pci_host_connect(&pc->pci, pc->machine, &port, error);
}

/*
 * What the firmware of a PC leaves behind, by the ports: the timer running with its longest period,
 * and an 8259 pair with vectors 8 and 0x70, open for the timer, the keyboard and the second chip.
 */
static void set_up_like_firmware(struct sim_pc *pc)
{
    static const struct {
        uint8_t region, offset, value;
    } writes[] = {
        {2, 3, 0x34}, {2, 0, 0x00}, {2, 0, 0x00}, /* channel 0, mode 2, count 65536 */
        {0, 0, 0x11}, {0, 1, 0x08}, {0, 1, 0x04}, {0, 1, 0x01}, {0, 1, 0xF8},
        {1, 0, 0x11}, {1, 1, 0x70}, {1, 1, 0x02}, {1, 1, 0x01}, {1, 1, 0xFF},
    };
    const struct sim_region ports[] = {
        sim_pic8259_master_ports(&pc->controllers.pic),
        sim_pic8259_slave_ports(&pc->controllers.pic),
        sim_pit8254_ports(&pc->controllers.pit),
    };

    for (size_t i = 0; i < sizeof writes / sizeof writes[0]; i++) {
        const struct sim_region *region = &ports[writes[i].region];

        region->write(region->device, writes[i].offset, 1, writes[i].value);
    }
}

int sim_pc_open(struct sim_pc *pc, const struct sim_pc_options *options, struct sim_error *error)
{
    size_t segments = options->topology->segment_count;

    *pc = (struct sim_pc){.machine = sim_machine_create_with(&options->machine, error)};
    if (pc->machine == NULL) {
        return -1;
    }
    init_controllers(pc);
    init_devices(pc, options);
    set_up_like_firmware(pc);
    sim_pci_host_init(&pc->pci, options->topology, 0,
                      segments < SIM_PCI_HOST_SEGMENTS ? segments : SIM_PCI_HOST_SEGMENTS);
    if (sim_controllers_connect(&pc->controllers, pc->machine, error) != 0 ||
        add_ports(pc, error) != 0 || add_memory(pc, error) != 0 || add_devices(pc, error) != 0) {
        return -1;
    }
    return 0;
}

void sim_pc_close(struct sim_pc *pc)
{
    sim_machine_destroy(pc->machine);
    sim_uart16550_free(&pc->serial);
    sim_i8042_free(&pc->keyboard);
    *pc = (struct sim_pc){.machine = NULL};
}

int sim_pc_start(struct sim_pc *pc, const char *path, const struct sim_boot_request *request,
                 struct sim_error *error)
{
    struct sim_acpi_ecam windows[SIM_PCI_HOST_SEGMENTS];
    struct sim_boot_request with_windows = *request;

    for (size_t i = 0; i < pc->pci.window_count; i++) {
        windows[i] = (struct sim_acpi_ecam){
            .base = pc->pci.windows[i].base,
            .segment = (uint16_t)pc->pci.windows[i].segment,
            .last_bus = SIM_PCI_BUSES - 1,
        };
    }
    with_windows.ecam = windows;
    with_windows.ecam_count = pc->pci.window_count;
    return sim_machine_start(pc->machine, path, &with_windows, error);
}
