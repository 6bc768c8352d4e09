/* SPDX-License-Identifier: MIT */
/*
 * First fit, the largest alignment first. Ranges are powers of two aligned to their
 * size, so in this order they lie without gaps; windows are not, and leave some.
 */
#include "pci_resource_place.h"

struct dd_pci_span *dd_pci_place_find(const struct pci_place_bus *bus, size_t number)
{
    struct dd_pci_resources *resources = bus->resources;
    struct dd_pci_span *span = NULL;

    if (number < resources->bridge_count * DD_PCI_WINDOWS) {
        struct dd_pci_resource_bridge *bridge = &resources->bridges[number / DD_PCI_WINDOWS];

        if (bridge->parent == bus->parent && bridge->root == bus->root) {
            span = &bridge->span[number % DD_PCI_WINDOWS];
        }
    } else {
        struct dd_pci_resource *range =
            &resources->list[number - resources->bridge_count * DD_PCI_WINDOWS];

        if (range->parent == bus->parent && range->root == bus->root) {
            span = &range->span;
        }
    }
    return span != NULL && span->size != 0 && span->home == bus->window ? span : NULL;
}

size_t dd_pci_place_count(const struct pci_place_bus *bus)
{
    return bus->resources->bridge_count * DD_PCI_WINDOWS + bus->resources->count;
}

/* Whether [base, base + size - 1] exists and is in the range. */
static bool is_inside(const struct dd_pci_range *range, uint64_t base, uint64_t size)
{
    return range->base <= range->limit && base >= range->base && base <= range->limit &&
           size - 1 <= range->limit - base;
}

/* Something placed that overlaps [base, base + size - 1], or NULL. */
static const struct dd_pci_span *find_overlap(const struct pci_place_bus *bus, uint64_t base,
                                              uint64_t size)
{
    size_t count = dd_pci_place_count(bus);

    for (size_t i = 0; i < count; i++) {
        const struct dd_pci_span *other = dd_pci_place_find(bus, i);

        if (other != NULL && other->is_placed && base <= other->base + (other->size - 1) &&
            other->base <= base + (size - 1)) {
            return other;
        }
    }
    return NULL;
}

bool dd_pci_place_is_free(const struct pci_place_bus *bus, const struct dd_pci_range *range,
                          uint64_t base, uint64_t size)
{
    return is_inside(range, base, size) && find_overlap(bus, base, size) == NULL;
}

bool dd_pci_place_is_isa(const struct pci_place_bus *bus)
{
    const struct dd_pci_resources *resources = bus->resources;

    if (bus->window != DD_PCI_WINDOW_IO ||
        resources->roots[bus->root].range[DD_PCI_WINDOW_IO].base > UINT16_MAX) {
        return false;
    }
    for (uint16_t i = bus->parent; i != DD_PCI_NO_PARENT; i = resources->bridges[i].parent) {
        if (resources->bridges[i].is_isa) {
            return true;
        }
    }
    return false;
}

/* The next multiple of a power of two; false if it is beyond the address space. */
static bool align_up(uint64_t *address, uint64_t alignment)
{
    uint64_t up = (*address + (alignment - 1)) & ~(alignment - 1);

    if (up < *address) {
        return false;
    }
    *address = up;
    return true;
}

/*
 * The first place from an address on, whatever is there. A range that ISA Enable can pass on has no
 * more ports than a block, and windows begin with one, so the start alone decides.
 */
static bool find_start(const struct pci_place_bus *bus, uint64_t *address, uint64_t alignment)
{
    return align_up(address, alignment) &&
           (!dd_pci_place_is_isa(bus) || *address % PCI_PLACE_ISA_BLOCK < PCI_PLACE_ISA_PORTS ||
            align_up(address, PCI_PLACE_ISA_BLOCK));
}

/* Each turn goes past one placed span, so there are no more turns than these. */
static enum dd_status place(const struct pci_place_bus *bus, const struct dd_pci_range *range,
                            struct dd_pci_span *span)
{
    uint64_t base = range->base;

    while (find_start(bus, &base, span->alignment) && is_inside(range, base, span->size)) {
        const struct dd_pci_span *other = find_overlap(bus, base, span->size);

        if (other == NULL) {
            span->base = base;
            span->is_placed = true;
            return DD_OK;
        }
        if (other->base + (other->size - 1) == UINT64_MAX) {
            break;
        }
        base = other->base + other->size;
    }
    return DD_EFULL;
}

/* The span without a place that has the largest alignment, and of those the largest; or NULL. */
static struct dd_pci_span *find_largest(const struct pci_place_bus *bus)
{
    struct dd_pci_span *largest = NULL;
    size_t count = dd_pci_place_count(bus);

    for (size_t i = 0; i < count; i++) {
        struct dd_pci_span *span = dd_pci_place_find(bus, i);

        if (span != NULL && !span->is_placed &&
            (largest == NULL || span->alignment > largest->alignment ||
             (span->alignment == largest->alignment && span->size > largest->size))) {
            largest = span;
        }
    }
    return largest;
}

enum dd_status dd_pci_place_all(const struct pci_place_bus *bus, const struct dd_pci_range *range,
                                struct pci_place_stuck *stuck)
{
    struct dd_pci_span *span;

    while ((span = find_largest(bus)) != NULL) {
        enum dd_status status = place(bus, range, span);

        if (status != DD_OK) {
            *stuck = (struct pci_place_stuck){*bus, span};
            return status;
        }
    }
    return DD_OK;
}
