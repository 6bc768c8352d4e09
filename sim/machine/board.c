/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The board a kernel runs on. The kernel learns where the ECAM windows and the
 * root buses are from a struct kmachine in its memory, as it would from
 * firmware, and prints on its serial port.
 */
#include "sim/machine/board.h"

#include <string.h>

#include "sim/devices/debug_exit.h"

#define RAM_SIZE (UINT64_C(64) << 20)

/** Most root buses of one board; a segment cannot have more. */
#define MAX_ROOT_BUSES 256u

/* The description as it stands in the machine's memory. */
struct description {
    struct kmachine machine;
    struct kecam ecam[SIM_PCI_HOST_SEGMENTS];
    struct kroot_bus root_buses[MAX_ROOT_BUSES];
};

/* OUT of the timer's channel 0 is the only line that is driven. */
static void set_timer_line(void *sink, unsigned int irq, bool level)
{
    sim_controllers_set_irq(sink, irq, level);
}

/* A board has no firmware, and an INIT does nothing. */
static int connect_controllers(struct sim_board *board, struct sim_error *error)
{
    const struct sim_line nobody = {NULL, NULL, 0};

    sim_controllers_init(&board->controllers, board->machine, &nobody);
    board->controllers.pit.interrupt = (struct sim_line){set_timer_line, &board->controllers, 0};
    return sim_controllers_connect(&board->controllers, board->machine, error);
}

static uint32_t count_roots(const struct sim_pci_segment *segment)
{
    uint32_t count = 0;

    for (unsigned int bus = 0; bus < SIM_PCI_BUSES; bus++) {
        count += segment->is_root[bus];
    }
    return count;
}

size_t sim_board_count_segments(const struct sim_pci_topology *topology, size_t first)
{
    uint32_t roots = count_roots(&topology->segments[first]);
    size_t count = 1;

    while (first + count < topology->segment_count && count < SIM_PCI_HOST_SEGMENTS) {
        roots += count_roots(&topology->segments[first + count]);
        if (roots > MAX_ROOT_BUSES) {
            break;
        }
        count++;
    }
    return count;
}

static void describe_roots(struct description *description, const struct sim_pci_segment *segment)
{
    for (uint32_t bus = 0; bus < SIM_PCI_BUSES; bus++) {
        if (segment->is_root[bus]) {
            description->root_buses[description->machine.root_bus_count++] =
                (struct kroot_bus){segment->number, bus};
        }
    }
}

/* Write the description behind the image, of as many windows as there are. */
static int describe(struct sim_board *board, struct sim_error *error)
{
    uint64_t at = sim_machine_image_end(board->machine);
    struct description *description = sim_machine_ram(board->machine, at, sizeof *description);
    const struct sim_pci_host *host = &board->host;

    if (description == NULL) {
        return sim_error_set(error, "the kernel image leaves no memory");
    }
    memset(description, 0, sizeof *description);
    description->machine = (struct kmachine){
        .free_base = (at + sizeof *description + 4095) / 4096 * 4096,
        .free_end = sim_machine_ram_size(board->machine),
        .ecam = at + offsetof(struct description, ecam),
        .root_buses = at + offsetof(struct description, root_buses),
        .ecam_count = (uint32_t)host->window_count,
    };
    for (size_t i = 0; i < host->window_count; i++) {
        description->ecam[i] = (struct kecam){
            .base = host->windows[i].base,
            .segment = host->windows[i].segment,
            .last_bus = SIM_PCI_BUSES - 1,
        };
        describe_roots(description, &host->topology->segments[host->first_segment + i]);
    }
    board->description = at;
    return 0;
}

int sim_board_open(struct sim_board *board, const char *kernel, struct sim_error *error)
{
    *board = (struct sim_board){.machine = sim_machine_create(RAM_SIZE, error)};
    if (board->machine == NULL) {
        return -1;
    }
    if (sim_uart16550_connect(&board->console, board->machine, KPROTOCOL_CONSOLE_PORT, error) !=
            0 ||
        sim_debug_exit_connect(board->machine, KPROTOCOL_EXIT_PORT, error) != 0 ||
        connect_controllers(board, error) != 0) {
        return -1;
    }
    if (kernel != NULL && sim_machine_load(board->machine, kernel, error) != 0) {
        return -1;
    }
    return describe(board, error);
}

int sim_board_connect(struct sim_board *board, struct sim_pci_topology *topology, size_t first,
                      struct sim_error *error)
{
    sim_pci_host_init(&board->host, topology, first, sim_board_count_segments(topology, first));
    return sim_pci_host_attach(&board->host, board->machine, error) == 0 ? describe(board, error)
                                                                         : -1;
}

void sim_board_close(struct sim_board *board)
{
    sim_machine_destroy(board->machine);
    sim_uart16550_free(&board->console);
    *board = (struct sim_board){.machine = NULL};
}

const char *sim_board_output(struct sim_board *board, size_t before)
{
    size_t size = 0;

    return sim_uart16550_output(&board->console, &size) + before;
}

size_t sim_board_output_size(const struct sim_board *board)
{
    size_t size = 0;

    (void)sim_uart16550_output(&board->console, &size);
    return size;
}

const struct kmachine *sim_board_description(struct sim_board *board)
{
    return sim_machine_ram(board->machine, board->description, sizeof(struct description));
}
