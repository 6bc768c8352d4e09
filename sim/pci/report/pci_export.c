/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A bus for other programs, as JSON. */
#include "sim/pci/report/pci_export.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>

#include "sim/pci/report/pci_capability_name.h"

static json_t *number_json(uint64_t number)
{
    return json_sprintf("0x%" PRIx64, number);
}

static json_t *bars_json(const struct sim_pci_function *function, const struct sim_pci_found *found)
{
    json_t *bars = json_array();

    for (size_t i = 0; i < found->bar_count; i++) {
        const struct sim_pci_found_bar *bar = &found->bars[i];
        enum sim_pci_bar_source source = function->config.bars[bar->index].source;

        (void)json_array_append_new(
            bars, json_pack("{s:i, s:s, s:o, s:o, s:b}", "index", (int)bar->index, "kind",
                            bar->kind, "base", number_json(bar->base), "size",
                            number_json(bar->size), "size_assumed", source == SIM_PCI_BAR_ASSUMED));
    }
    return bars;
}

/* Without an ID and a name if the dump does not have them. */
static json_t *capability_json(const struct sim_pci_function *function,
                               const struct sim_pci_capability *capability)
{
    bool known =
        function == NULL || sim_pci_capability_is_in_dump(function->config.dump, capability);
    const char *name = known ? sim_pci_capability_name(capability->list, capability->id) : NULL;

    return json_pack("{s:i, s:o, s:b, s:i, s:s?}", "offset", (int)capability->offset, "id",
                     known ? json_integer(capability->id) : json_null(), "extended",
                     capability->list == SIM_PCI_LIST_EXTENDED, "version", (int)capability->version,
                     "name", name);
}

static json_t *capabilities_json(const struct sim_pci_function *function,
                                 const struct sim_pci_found *found)
{
    json_t *capabilities = json_array();

    for (size_t i = 0; i < found->capability_count; i++) {
        (void)json_array_append_new(capabilities,
                                    capability_json(function, &found->capabilities[i]));
    }
    return capabilities;
}

static json_t *function_json(const struct sim_pci_topology *topology,
                             const struct sim_pci_found *found)
{
    const uint8_t *bytes = found->bytes;
    const struct sim_pci_function *function = sim_pci_topology_function(topology, found->address);

    return json_pack("{s:s, s:i, s:i, s:i, s:i, s:i, s:o, s:o}", "address",
                     sim_pci_address_text(found->address, sim_pci_topology_segments(topology)).text,
                     "vendor", bytes[1] << 8 | bytes[0], "device", bytes[3] << 8 | bytes[2],
                     "class", bytes[0x0b] << 16 | bytes[0x0a] << 8 | bytes[0x09], "revision",
                     bytes[0x08], "header_type", bytes[0x0e], "bars",
                     function == NULL ? json_array() : bars_json(function, found), "capabilities",
                     capabilities_json(function, found));
}

int sim_pci_export_json(const struct sim_pci_topology *topology,
                        const struct sim_pci_report *report, FILE *file, struct sim_error *error)
{
    json_t *functions = json_array();
    int result = functions == NULL ? -1 : 0;

    for (size_t i = 0; i < report->count && result == 0; i++) {
        result = json_array_append_new(functions, function_json(topology, &report->functions[i]));
    }
    if (result == 0) {
        result = json_dumpf(functions, file, JSON_INDENT(2));
        (void)fputc('\n', file);
    }
    json_decref(functions);
    return result == 0 ? 0 : sim_error_set(error, "no memory for what was found");
}
