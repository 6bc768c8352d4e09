/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The other end of the line: buffers of the host. */
#include "sim/devices/uart16550_internal.h"

/* Without memory or room the byte is lost, as on a line. */
void sim_uart16550_emit(struct sim_uart16550 *uart, uint8_t byte)
{
    if (uart->sink.put != NULL) {
        uart->sink.put(uart->sink.self, byte);
        return;
    }
    uart->sent.size = uart->state.sent;
    if (sim_byte_buffer_append(&uart->sent, &byte, 1) == 0) {
        uart->state.sent++;
    }
}

const char *sim_uart16550_output(const struct sim_uart16550 *uart, size_t *size)
{
    *size = uart->state.sent;
    if (uart->sent.bytes == NULL) {
        return "";
    }
    uart->sent.bytes[uart->state.sent] = '\0'; /* a snapshot may have made it shorter */
    return (const char *)uart->sent.bytes;
}

int sim_uart16550_feed(struct sim_uart16550 *uart, const void *bytes, size_t size)
{
    if (sim_byte_buffer_append(&uart->received, bytes, size) != 0) {
        return -1;
    }
    sim_uart16550_refill(uart);
    sim_uart16550_drive(uart);
    return 0;
}

int sim_uart16550_connect(struct sim_uart16550 *uart, struct sim_machine *machine, uint16_t base,
                          struct sim_error *error)
{
    const struct sim_region region = sim_uart16550_ports(uart, base);
    const struct sim_device device = sim_uart16550_device(uart);

    return sim_machine_add_ports(machine, &region, error) != 0
               ? -1
               : sim_machine_add_device(machine, &device, error);
}

void sim_uart16550_free(struct sim_uart16550 *uart)
{
    sim_byte_buffer_free(&uart->sent);
    sim_byte_buffer_free(&uart->received);
    *uart = (struct sim_uart16550){.clock = NULL};
}
