/* SPDX-License-Identifier: MIT */
/*
 * What firmware assigned may stay, if it can work: a window has to be within one above it
 * that stays too, and what is on one bus must not overlap. Of two that do the
 * first stays.
 *
 * Some has to stay whatever is asked for: a fixed range is where it is, and behind a
 * bridge whose bus was not scanned may be anything that firmware gave addresses to. Such a
 * thing can be reached only if the windows above it stay too.
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

static void keep_window(struct dd_pci_resources *resources, size_t index, enum dd_pci_window window)
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

/* Whether a bridge passes accesses on to nobody knows whom. */
static bool is_unknown_behind(const struct dd_pci_resource_bridge *bridge)
{
    return bridge->behind != DD_OK && bridge->behind != DD_ENOENT;
}

static void let_stay(struct dd_pci_resources *resources, uint16_t bridge)
{
    if (bridge != DD_PCI_NO_PARENT) {
        resources->bridges[bridge].stays = true;
    }
}

/* From below: a bridge comes after the one above it. */
static void find_staying(struct dd_pci_resources *resources, enum dd_pci_policy policy)
{
    for (size_t i = 0; i < resources->bridge_count; i++) {
        resources->bridges[i].stays =
            policy == DD_PCI_KEEP || is_unknown_behind(&resources->bridges[i]);
    }
    for (size_t i = 0; i < resources->count; i++) {
        if (resources->list[i].offset == 0) {
            let_stay(resources, resources->list[i].parent);
        }
    }
    for (size_t i = resources->bridge_count; i > 0; i--) {
        if (resources->bridges[i - 1].stays) {
            let_stay(resources, resources->bridges[i - 1].parent);
        }
    }
}

void dd_pci_place_keep_windows(struct dd_pci_resources *resources, enum dd_pci_policy policy)
{
    find_staying(resources, policy);
    for (size_t i = 0; i < resources->bridge_count; i++) {
        for (unsigned int w = 0; resources->bridges[i].stays && w < DD_PCI_WINDOWS; w++) {
            keep_window(resources, i, (enum dd_pci_window)w);
        }
    }
}

/* Whether it is among the ports that can be used. */
static bool is_let_through(const struct pci_place_bus *bus, uint64_t base, uint64_t size)
{
    return base > UINT16_MAX || base % PCI_PLACE_BLOCK + size <= dd_pci_place_ports(bus);
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
        range->size - 1 <= range->highest && range->found <= range->highest - (range->size - 1) &&
        is_let_through(&bus, range->found, range->size)) {
        keep_somewhere(bus, &range->span, range->found, range->size);
    }
}

static bool meets(const struct dd_pci_resource *range, const struct dd_pci_range *addresses)
{
    return addresses->base <= addresses->limit && range->found <= addresses->limit &&
           range->found + (range->size - 1) >= addresses->base;
}

/* Whether a range is where something else may be put. */
static bool is_in_the_way(const struct dd_pci_resource_root *root,
                          const struct dd_pci_resource *range)
{
    if (range->kind == DD_PCI_BAR_KIND_IO) {
        return meets(range, &root->range[DD_PCI_WINDOW_IO]);
    }
    return meets(range, &root->range[DD_PCI_WINDOW_MEMORY]) ||
           meets(range, &root->range[DD_PCI_WINDOW_PREFETCHABLE]);
}

enum dd_status dd_pci_place_keep_fixed(struct dd_pci_resources *resources)
{
    for (size_t i = 0; i < resources->count; i++) {
        struct dd_pci_resource *range = &resources->list[i];

        if (range->offset != 0) {
            continue;
        }
        dd_pci_place_keep_range(resources, range);
        if (!range->span.is_kept && is_in_the_way(&resources->roots[range->root], range)) {
            return DD_ENOTSUP;
        }
    }
    return DD_OK;
}
