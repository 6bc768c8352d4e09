/* SPDX-License-Identifier: MIT */
/*
 * Where there is no room for all: which range can best be done without. A bus that is
 * full is helped by what is on it, and by what is behind its bridges as far as their
 * windows would become smaller for it. When all others have a place, a hole between them may
 * still take one that was left out.
 */
#include "pci_resource_place.h"

bool dd_pci_place_is_extra(const struct dd_pci_resource *range)
{
    return range->kind == DD_PCI_BAR_KIND_ROM || range->sriov != 0;
}

/* Whether a range is on the bus, or behind it without a window between that is kept. */
static bool takes_room(const struct pci_place_bus *bus, const struct dd_pci_resource *range)
{
    uint16_t parent = range->parent;

    while (parent != bus->parent && parent != DD_PCI_NO_PARENT &&
           !bus->resources->bridges[parent].span[bus->window].is_kept) {
        parent = bus->resources->bridges[parent].parent;
    }
    return parent == bus->parent && range->root == bus->root && range->span.home == bus->window;
}

/* Whether it is better to do without @p a than without @p b: the first is not of more use. */
static bool is_less_needed(const struct pci_place_stuck *stuck, const struct dd_pci_resource *a,
                           const struct dd_pci_resource *b)
{
    bool is_extra = dd_pci_place_is_extra(a);

    if (is_extra != dd_pci_place_is_extra(b)) {
        return is_extra;
    }
    return &a->span == stuck->span || (&b->span != stuck->span && a->size > b->size);
}

bool dd_pci_place_leave_out(const struct pci_place_stuck *stuck)
{
    struct dd_pci_resources *resources = stuck->bus.resources;
    struct dd_pci_resource *least = NULL;

    for (size_t i = 0; i < resources->count; i++) {
        struct dd_pci_resource *range = &resources->list[i];

        if (range->span.is_optional && range->span.size != 0 && takes_room(&stuck->bus, range) &&
            (least == NULL || is_less_needed(stuck, range, least))) {
            least = range;
        }
    }
    if (least == NULL) {
        return false;
    }
    least->span.size = 0;
    least->span.is_left_out = true;
    return true;
}

/* Where a span can be, counted as the spans of its bus are; a window may begin at any of its steps. */
static struct dd_pci_range find_room(const struct pci_place_bus *bus,
                                     const struct dd_pci_span *wanted)
{
    const struct dd_pci_resource_bridge *bridge;
    const struct dd_pci_span *window;

    if (bus->parent == DD_PCI_NO_PARENT) {
        return bus->resources->roots[bus->root].range[bus->window];
    }
    bridge = &bus->resources->bridges[bus->parent];
    window = &bridge->span[bus->window];
    if (window->is_kept) {
        return bridge->found[bus->window];
    }
    if (window->size == 0 || wanted->alignment > window->alignment) {
        return (struct dd_pci_range){1, 0};
    }
    return (struct dd_pci_range){0, window->size - 1};
}

void dd_pci_place_try_again(struct dd_pci_resources *resources, enum dd_pci_window window)
{
    for (size_t i = 0; i < resources->count; i++) {
        struct dd_pci_resource *range = &resources->list[i];
        const struct pci_place_bus bus = {resources, range->root, range->parent, window};
        struct pci_place_stuck stuck;
        struct dd_pci_range room;

        if (!range->span.is_left_out || range->span.home != window) {
            continue;
        }
        room = find_room(&bus, &range->span);
        range->span.size = range->size;
        range->span.is_left_out = dd_pci_place_all(&bus, &room, &stuck) != DD_OK;
        if (range->span.is_left_out) {
            range->span.size = 0;
        }
    }
}
