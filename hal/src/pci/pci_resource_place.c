/* SPDX-License-Identifier: MIT */
/*
 * First fit, the largest alignment first. Ranges are powers of two aligned to their
 * size, so in this order they lie without gaps; windows are not, and leave some. What
 * has a place is kept in a list by bases, so that the search for one goes along it once.
 */
#include "pci_resource_place.h"

#include "drydock/pci_regs.h"

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

static uint64_t last_of(const struct dd_pci_span *span)
{
    return span->base + (span->size - 1);
}

static bool overlaps(const struct dd_pci_span *span, uint64_t base, uint64_t size)
{
    return base <= last_of(span) && span->base <= base + (size - 1);
}

/* ---- What Bridge Control leads elsewhere ---- */

/* Whether a bridge behind the bus's root has VGA Enable, and none of these bits of Bridge Control. */
static bool has_vga(const struct pci_place_bus *bus, uint64_t none)
{
    const struct dd_pci_resources *resources = bus->resources;

    for (size_t i = 0; i < resources->bridge_count; i++) {
        uint64_t control = resources->bridges[i].control;

        if (resources->bridges[i].root == bus->root &&
            DD_GET(control, DD_PCI_BRIDGE_CONTROL_VGA_ENABLE) != 0 && (control & none) == 0) {
            return true;
        }
    }
    return false;
}

/* What a VGA takes of the addresses of a root bus; false: nothing. */
static bool find_vga(const struct pci_place_bus *bus, struct dd_pci_span *vga)
{
    static const struct dd_pci_span ports = {.base = 0x3B0, .size = 0x30, .is_placed = true};
    static const struct dd_pci_span memory = {.base = 0xA0000, .size = 0x20000, .is_placed = true};

    *vga = bus->window == DD_PCI_WINDOW_IO ? ports : memory;
    return bus->parent == DD_PCI_NO_PARENT && has_vga(bus, 0);
}

uint64_t dd_pci_place_ports(const struct pci_place_bus *bus)
{
    const struct dd_pci_resources *resources = bus->resources;

    if (bus->window != DD_PCI_WINDOW_IO ||
        resources->roots[bus->root].range[DD_PCI_WINDOW_IO].base > UINT16_MAX) {
        return UINT64_MAX;
    }
    for (uint16_t i = bus->parent; i != DD_PCI_NO_PARENT; i = resources->bridges[i].parent) {
        if (DD_GET(resources->bridges[i].control, DD_PCI_BRIDGE_CONTROL_ISA_ENABLE) != 0) {
            return 0x100;
        }
    }
    return has_vga(bus, DD_BITS(DD_PCI_BRIDGE_CONTROL_VGA_16_BIT_DECODE)) ? 0x3B0 : UINT64_MAX;
}

/* ---- Room ---- */

bool dd_pci_place_is_free(const struct pci_place_bus *bus, const struct dd_pci_range *range,
                          uint64_t base, uint64_t size)
{
    struct dd_pci_span vga;
    bool is_free =
        is_inside(range, base, size) && !(find_vga(bus, &vga) && overlaps(&vga, base, size));
    size_t count = dd_pci_place_count(bus);

    for (size_t i = 0; i < count && is_free; i++) {
        const struct dd_pci_span *other = dd_pci_place_find(bus, i);

        is_free = other == NULL || !other->is_placed || !overlaps(other, base, size);
    }
    return is_free;
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
 * The first place from an address on, whatever is there. What has more ports than can be used of a
 * block is a window, which begins with one.
 */
static bool find_start(uint64_t ports, const struct dd_pci_span *span, uint64_t *address)
{
    return align_up(address, span->alignment) &&
           (*address % PCI_PLACE_BLOCK == 0 || *address % PCI_PLACE_BLOCK + span->size <= ports ||
            align_up(address, PCI_PLACE_BLOCK));
}

/* ---- One bus ---- */

/* Those with a place by their bases; those without in the order they get one. */
static bool comes_before(const struct dd_pci_span *a, const struct dd_pci_span *b)
{
    if (a->is_placed) {
        return a->base < b->base;
    }
    return a->alignment > b->alignment || (a->alignment == b->alignment && a->size > b->size);
}

/* After all that it does not come before. */
static void insert(struct dd_pci_span **list, struct dd_pci_span *span)
{
    while (*list != NULL && !comes_before(span, *list)) {
        list = &(*list)->next;
    }
    span->next = *list;
    *list = span;
}

/* The spans of a bus. */
struct spans {
    struct dd_pci_span *placed;
    struct dd_pci_span *waiting;
};

static struct spans list_spans(const struct pci_place_bus *bus)
{
    struct spans spans = {NULL, NULL};
    size_t count = dd_pci_place_count(bus);

    for (size_t i = 0; i < count; i++) {
        struct dd_pci_span *span = dd_pci_place_find(bus, i);

        if (span != NULL) {
            insert(span->is_placed ? &spans.placed : &spans.waiting, span);
        }
    }
    return spans;
}

/* The lowest place between those that are there, which it joins. */
static enum dd_status place(uint64_t ports, const struct dd_pci_range *range,
                            struct dd_pci_span **placed, struct dd_pci_span *span)
{
    uint64_t base = range->base;

    while (find_start(ports, span, &base) && is_inside(range, base, span->size)) {
        while (*placed != NULL && last_of(*placed) < base) {
            placed = &(*placed)->next;
        }
        if (*placed == NULL || base + (span->size - 1) < (*placed)->base) {
            span->base = base;
            span->is_placed = true;
            span->next = *placed;
            *placed = span;
            return DD_OK;
        }
        if (last_of(*placed) == UINT64_MAX) {
            break;
        }
        base = last_of(*placed) + 1;
    }
    return DD_EFULL;
}

enum dd_status dd_pci_place_all(const struct pci_place_bus *bus, const struct dd_pci_range *range,
                                struct pci_place_stuck *stuck)
{
    const uint64_t ports = dd_pci_place_ports(bus);
    struct spans spans = list_spans(bus);
    struct dd_pci_span vga;

    if (find_vga(bus, &vga)) {
        insert(&spans.placed, &vga);
    }
    while (spans.waiting != NULL) {
        struct dd_pci_span *span = spans.waiting;
        enum dd_status status;

        spans.waiting = span->next;
        status = place(ports, range, &spans.placed, span);
        if (status != DD_OK) {
            *stuck = (struct pci_place_stuck){*bus, span};
            return status;
        }
    }
    return DD_OK;
}
