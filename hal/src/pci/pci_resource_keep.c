/* SPDX-License-Identifier: MIT */
/*
 * What firmware assigned may stay, if it can work: a window has to be within one above it
 * that stays too, and what is on one bus must not overlap. Of two that do the
 * first stays.
 */
#include "pci_resource_place.h"

/* The range of a window above; NULL if it is not kept. */
static const struct dd_pci_range *kept_above(const struct pci_place_bus *bus)
{
    const struct dd_pci_resources *resources = bus->resources;

    if (bus->parent == DD_PCI_NO_PARENT) {
        return &resources->roots[bus->root].range[bus->window];
    }
    return resources->bridges[bus->parent].span[bus->window].is_kept
               ? &resources->bridges[bus->parent].found[bus->window]
               : NULL;
}

/* Let a span stay, if the place is free in the window above that the bus names. */
static bool keep(const struct pci_place_bus *bus, struct dd_pci_span *span, uint64_t base,
                 uint64_t size)
{
    const struct dd_pci_range *above = kept_above(bus);

    if (above == NULL || !dd_pci_place_is_free(bus, above, base, size)) {
        return false;
    }
    span->base = base;
    span->size = size;
    span->home = bus->window;
    span->is_kept = true;
    span->is_placed = true;
    return true;
}

/* The same; prefetchable memory may also be in a window of other memory. */
static void keep_somewhere(struct pci_place_bus bus, struct dd_pci_span *span, uint64_t base,
                           uint64_t size)
{
    if (!keep(&bus, span, base, size) && bus.window == DD_PCI_WINDOW_PREFETCHABLE) {
        bus.window = DD_PCI_WINDOW_MEMORY;
        (void)keep(&bus, span, base, size);
    }
}

void dd_pci_place_keep_window(struct dd_pci_resources *resources, size_t index,
                              enum dd_pci_window window)
{
    struct dd_pci_resource_bridge *bridge = &resources->bridges[index];
    const uint64_t step = dd_pci_place_step(window);
    const struct dd_pci_range *found = &bridge->found[window];
    const struct pci_place_bus bus = {
        .resources = resources, .root = bridge->root, .parent = bridge->parent, .window = window};

    if (bridge->ability.highest[window] != 0 && found->base <= found->limit &&
        found->base % step == 0 && found->limit % step == step - 1 &&
        found->limit - found->base != UINT64_MAX) {
        keep_somewhere(bus, &bridge->span[window], found->base, found->limit - found->base + 1);
    }
}

/* A range found in one of the windows above it belongs there, whatever it would get. */
void dd_pci_place_keep_range(struct dd_pci_resources *resources, struct dd_pci_resource *range)
{
    const struct pci_place_bus bus = {.resources = resources,
                                      .root = range->root,
                                      .parent = range->parent,
                                      .window = range->kind == DD_PCI_BAR_KIND_IO
                                                    ? DD_PCI_WINDOW_IO
                                                    : DD_PCI_WINDOW_PREFETCHABLE};

    if (range->found != 0 && (range->found & (range->alignment - 1)) == 0 &&
        range->size - 1 <= range->highest && range->found <= range->highest - (range->size - 1)) {
        keep_somewhere(bus, &range->span, range->found, range->size);
    }
}
