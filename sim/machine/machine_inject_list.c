/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Giving a machine its list of faults. Names are looked up at once, so that a
 * list with a misspelt one is refused instead of doing nothing. Every list has a
 * number of its own: a snapshot's counts are of use only to the list they are of.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sim/machine/inject_internal.h"
#include "sim/machine/machine_inject.h"
#include "sim/machine/machine_internal.h"
#include "sim/util/text.h"

static int find_function(const struct sim_machine *machine, const char *name, uint64_t *address,
                         struct sim_error *error)
{
    enum sim_image_found found = SIM_IMAGE_NONE;

    if (name[0] == '0' && inject_read_number(name, address)) {
        return 0;
    }
    if (machine->image != NULL) {
        found = sim_image_find_code(machine->image, name, address);
    }
    if (found == SIM_IMAGE_NONE) {
        return sim_error_set(error, "no function %s in the image", name);
    }
    return found == SIM_IMAGE_ONE ? 0
                                  : sim_error_set(error,
                                                  "several functions are named %s: give the "
                                                  "address instead",
                                                  name);
}

static int find_symbol(const struct sim_machine *machine, const char *name, uint64_t *linear,
                       struct sim_error *error)
{
    enum sim_image_found found = SIM_IMAGE_NONE;

    if (machine->image != NULL) {
        found = sim_image_find_object(machine->image, name, linear);
    }
    if (found == SIM_IMAGE_NONE) {
        return sim_error_set(error, "no symbol %s in the image", name);
    }
    return found == SIM_IMAGE_ONE ? 0
                                  : sim_error_set(error,
                                                  "several symbols are named %s: give the physical "
                                                  "address instead",
                                                  name);
}

static int find_place(const struct sim_machine *machine, const struct sim_inject *fault,
                      uint64_t *physical, struct sim_error *error)
{
    uint64_t symbol = 0;
    uint64_t last = fault->number / 8;

    *physical = fault->place;
    if (fault->name[0] != '\0') {
        if (find_symbol(machine, fault->name, &symbol, error) != 0) {
            return -1;
        }
        if (!sim_image_physical(machine->image, symbol + fault->place, physical)) {
            return sim_error_set(error, "%s+0x%" PRIx64 " is not in the image", fault->name,
                                 fault->place);
        }
    }
    if (machine->memory.size <= last || *physical >= machine->memory.size - last) {
        return sim_error_set(error, "0x%" PRIx64 " is not in RAM, which ends at 0x%" PRIx64,
                             *physical, machine->memory.size);
    }
    return 0;
}

static const struct sim_region *find_region(const struct sim_bus *bus, const char *name)
{
    for (size_t i = 0; i < bus->count; i++) {
        if (strcmp(bus->regions[i]->name, name) == 0) {
            return bus->regions[i];
        }
    }
    return NULL;
}

static void list_regions(const struct sim_bus *bus, struct sim_error *error)
{
    for (size_t i = 0; i < bus->count; i++) {
        if (find_region(bus, bus->regions[i]->name) == bus->regions[i]) {
            sim_text_append(error->text, sizeof error->text, " \"%s\"", bus->regions[i]->name);
        }
    }
}

static int find_device(const struct sim_machine *machine, const char *name, uint64_t *base,
                       struct sim_error *error)
{
    const struct sim_region *region = find_region(&machine->ports, name);

    if (region == NULL) {
        region = find_region(&machine->devices, name);
    }
    if (region == NULL) {
        (void)sim_error_set(error, "no device \"%s\"; there are", name);
        list_regions(&machine->ports, error);
        list_regions(&machine->devices, error);
        return -1;
    }
    *base = region->base;
    return 0;
}

static int find_pci_function(const struct sim_machine *machine, struct sim_pci_address address,
                             struct sim_error *error)
{
    if (machine->pci.exists == NULL || !machine->pci.exists(machine->pci.self, address)) {
        return sim_error_set(error, "no PCI function %s",
                             sim_pci_address_text(address, SIM_PCI_SEGMENTS_SHOWN).text);
    }
    return 0;
}

/* Finds what a fault names. */
static int find(const struct sim_machine *machine, struct machine_injector *injector, size_t index,
                struct sim_error *error)
{
    const struct sim_inject *fault = &injector->injection.faults[index];
    uint64_t *place = &injector->place[index];
    int result = 0;

    switch (fault->kind) {
    case SIM_INJECT_FAIL:
        return find_function(machine, fault->name, place, error);
    case SIM_INJECT_FLIP:
        result = find_place(machine, fault, place, error);
        break;
    case SIM_INJECT_DEAD:
        return find_device(machine, fault->name, place, error);
    case SIM_INJECT_VANISH:
        return find_pci_function(machine, fault->function, error);
    case SIM_INJECT_MSI:
        result = find_pci_function(machine, fault->function, error);
        break;
    default:
        return 0;
    }
    if (result == 0 && fault->when == SIM_INJECT_AT_CALL) {
        result = find_function(machine, fault->caller, &injector->caller[index], error);
    }
    return result;
}

/* The engine stops where calls are counted. */
static int add_stops(struct sim_machine *machine, const struct machine_injector *injector,
                     size_t index, struct sim_error *error)
{
    const struct sim_inject *fault = &injector->injection.faults[index];
    uint64_t function = injector->caller[index];

    if (fault->kind == SIM_INJECT_FAIL) {
        function = injector->place[index];
    }
    return function == 0 ? 0 : sim_engine_stop_at(machine->engine, function, error);
}

static int prepare(struct sim_machine *machine, struct machine_injector *injector,
                   struct sim_error *error)
{
    for (size_t i = 0; i < injector->injection.count; i++) {
        struct sim_error complaint = {""};
        char place[320];

        if (find(machine, injector, i, &complaint) != 0 ||
            add_stops(machine, injector, i, &complaint) != 0) {
            sim_injection_place(&injector->injection, i, place, sizeof place);
            return sim_error_set(error, "%s: %s", place, complaint.text);
        }
    }
    return 0;
}

int sim_machine_inject(struct sim_machine *machine, const struct sim_injection *injection,
                       struct sim_error *error)
{
    struct machine_injector *injector = NULL;

    if (machine->running) {
        return sim_error_set(error, "the machine is running");
    }
    if (injection != NULL && injection->count > 0) {
        injector = calloc(1, sizeof *injector);
        if (injector == NULL) {
            return sim_error_set(error, "out of memory");
        }
        injector->injection = *injection;
        injector->state.list = ++machine->injection_lists;
        if (prepare(machine, injector, error) != 0) {
            free(injector);
            return -1;
        }
    }
    free(machine->injector);
    machine->injector = injector;
    return 0;
}

struct sim_inject_outcome sim_machine_inject_outcome(const struct sim_machine *machine,
                                                     size_t index)
{
    const struct machine_injector *injector = machine->injector;

    if (injector == NULL || index >= injector->injection.count) {
        return (struct sim_inject_outcome){.happened = false};
    }
    return (struct sim_inject_outcome){injector->state.faults[index].happened,
                                       injector->state.faults[index].seen};
}

void sim_machine_set_pci(struct sim_machine *machine, const struct sim_inject_pci *pci)
{
    machine->pci = *pci;
}

void machine_inject_save(const struct sim_machine *machine, struct machine_injection_state *state)
{
    *state = (struct machine_injection_state){.list = 0};
    if (machine->injector != NULL) {
        *state = machine->injector->state;
    }
    state->irq_levels = machine->irq_levels;
}

void machine_inject_restore(struct sim_machine *machine,
                            const struct machine_injection_state *state)
{
    struct machine_injector *injector = machine->injector;

    machine->irq_levels = state->irq_levels;
    if (injector != NULL && injector->state.list == state->list) {
        injector->state = *state;
    } else if (injector != NULL) {
        memset(injector->state.faults, 0, sizeof injector->state.faults);
    }
}
