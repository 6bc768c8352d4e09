/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A dump as lspci would have printed it, whatever it was made of. */
#include "sim/pci/dump/dump_open.h"
#include "sim/pci/dump/dump_text.h"

/* Rows of lspci -x, -xxx or -xxxx: the fewest that show all that is known. */
static unsigned int count_rows(const struct sim_dump_function *function)
{
    if (function->known_size <= 64) {
        return 64 / SIM_DUMP_ROW_BYTES;
    }
    return (function->known_size <= 256 ? 256 : SIM_CONFIG_SIZE) / SIM_DUMP_ROW_BYTES;
}

static void write_function(const struct sim_dump_function *function, enum sim_pci_segments segments,
                           FILE *file)
{
    const uint8_t *bytes = function->bytes;

    (void)fprintf(file, "%s Class %02x%02x: %02x%02x:%02x%02x\n",
                  sim_pci_address_text(sim_dump_address(function), segments).text, bytes[0x0B],
                  bytes[0x0A], bytes[1], bytes[0], bytes[3], bytes[2]);
    for (unsigned int row = 0; row < count_rows(function); row++) {
        (void)fprintf(file, "%02x:", row * SIM_DUMP_ROW_BYTES);
        for (unsigned int i = 0; i < SIM_DUMP_ROW_BYTES; i++) {
            (void)fprintf(file, " %02x", bytes[row * SIM_DUMP_ROW_BYTES + i]);
        }
        (void)fputc('\n', file);
    }
    (void)fputc('\n', file);
}

void sim_dump_write(const struct sim_dump *dump, FILE *file)
{
    enum sim_pci_segments segments = sim_dump_segments(dump);

    for (size_t i = 0; i < dump->count; i++) {
        write_function(&dump->functions[i], segments, file);
    }
}
