/* SPDX-License-Identifier: MIT */
/*
 * Assignment. A bridge forwards one range of each kind, so everything behind it has to
 * lie together: a bridge is a range of its bus as a function's are, only that its size
 * follows from what is behind it. So sizes are found from the leaves up, with places
 * that count from the start of the window; then the root's ranges are divided, and
 * going down the windows' starts are added.
 *
 * A kept window has its place from the beginning: what is behind it is put there
 * directly. Everything happens in the spans; only when all have a place does
 * the result become visible.
 */
#include "drydock/pci_resource.h"

#include "pci_resource_place.h"

static const struct dd_pci_range everything = {0, UINT64_MAX};

static struct pci_place_bus behind(struct dd_pci_resources *resources, size_t bridge,
                                   enum dd_pci_window window)
{
    return (struct pci_place_bus){.resources = resources,
                                  .root = resources->bridges[bridge].root,
                                  .parent = (uint16_t)bridge,
                                  .window = window};
}

/* ---- What is asked for ---- */

static bool overlap(const struct dd_pci_range *a, const struct dd_pci_range *b)
{
    return a->base <= a->limit && b->base <= b->limit && a->base <= b->limit && b->base <= a->limit;
}

static bool share_space(enum dd_pci_window a, enum dd_pci_window b)
{
    return (a == DD_PCI_WINDOW_IO) == (b == DD_PCI_WINDOW_IO);
}

/* Range number i of all roots' in a row. */
static const struct dd_pci_range *root_range(const struct dd_pci_resources *resources, size_t i)
{
    return &resources->roots[i / DD_PCI_WINDOWS].range[i % DD_PCI_WINDOWS];
}

static bool overlaps_one_before(const struct dd_pci_resources *resources, size_t i)
{
    for (size_t j = 0; j < i; j++) {
        if (share_space((enum dd_pci_window)(i % DD_PCI_WINDOWS),
                        (enum dd_pci_window)(j % DD_PCI_WINDOWS)) &&
            overlap(root_range(resources, i), root_range(resources, j))) {
            return true;
        }
    }
    return false;
}

static enum dd_status check_roots(const struct dd_pci_resources *resources)
{
    size_t count = resources->root_count * DD_PCI_WINDOWS;

    for (size_t i = 0; i < count; i++) {
        const struct dd_pci_range *range = root_range(resources, i);
        bool is_low = i % DD_PCI_WINDOWS != DD_PCI_WINDOW_PREFETCHABLE;

        if ((is_low && range->base <= range->limit && range->limit > UINT32_MAX) ||
            overlaps_one_before(resources, i)) {
            return DD_EARG;
        }
    }
    return DD_OK;
}

/* Whether every address of a root's range fits a function's register and what is above it. */
static bool reaches(struct dd_pci_resources *resources, const struct dd_pci_resource *range,
                    enum dd_pci_window window)
{
    const struct dd_pci_range *whole = &resources->roots[range->root].range[window];
    const struct pci_place_bus bus = {resources, range->root, range->parent, window};
    uint16_t parent = range->parent;

    if (whole->base > whole->limit || range->highest < whole->limit ||
        range->size > dd_pci_place_ports(&bus)) {
        return false;
    }
    while (parent != DD_PCI_NO_PARENT) {
        if (resources->bridges[parent].ability.highest[window] < whole->limit) {
            return false;
        }
        parent = resources->bridges[parent].parent;
    }
    return true;
}

static enum dd_pci_window choose_window(struct dd_pci_resources *resources,
                                        const struct dd_pci_resource *range)
{
    if (range->kind == DD_PCI_BAR_KIND_IO) {
        return DD_PCI_WINDOW_IO;
    }
    if (range->kind == DD_PCI_BAR_KIND_MEMORY64 && range->prefetchable &&
        reaches(resources, range, DD_PCI_WINDOW_PREFETCHABLE)) {
        return DD_PCI_WINDOW_PREFETCHABLE;
    }
    return DD_PCI_WINDOW_MEMORY;
}

/* ---- The steps ---- */

static void start(struct dd_pci_resources *resources)
{
    for (size_t i = 0; i < resources->bridge_count; i++) {
        for (unsigned int w = 0; w < DD_PCI_WINDOWS; w++) {
            resources->bridges[i].span[w] = (struct dd_pci_span){.home = (enum dd_pci_window)w};
        }
    }
    for (size_t i = 0; i < resources->count; i++) {
        resources->list[i].span = (struct dd_pci_span){.size = 0};
    }
}

/* What a range asks for that does not stay where it was found. */
static void ask(struct dd_pci_resources *resources, struct dd_pci_resource *range,
                enum dd_pci_policy policy)
{
    range->span.is_optional =
        dd_pci_place_is_extra(range) || (policy == DD_PCI_KEEP && range->found == 0);
    if (reaches(resources, range, range->span.home)) {
        range->span.size = range->size;
    }
}

/* Whatever stays gets its place first; of the rest it is decided which window it goes to. */
static enum dd_status keep_all(struct dd_pci_resources *resources, enum dd_pci_policy policy)
{
    enum dd_status status;

    for (size_t i = 0; i < resources->count; i++) {
        resources->list[i].span.home = choose_window(resources, &resources->list[i]);
        resources->list[i].span.alignment = resources->list[i].alignment;
    }
    dd_pci_place_keep_windows(resources, policy);
    status = dd_pci_place_keep_fixed(resources);
    for (size_t i = 0; i < resources->count && status == DD_OK; i++) {
        struct dd_pci_resource *range = &resources->list[i];

        if (policy == DD_PCI_KEEP && range->offset != 0) {
            dd_pci_place_keep_range(resources, range);
        }
        if (range->offset != 0 && !range->span.is_kept) {
            ask(resources, range, policy);
        }
    }
    return status;
}

/* What a window that is not kept needs: from its start to the end of the last span in it. */
static enum dd_status measure(const struct pci_place_bus *bus, struct dd_pci_span *need)
{
    const uint64_t step = dd_pci_place_step(bus->window);

    need->alignment = step;
    for (size_t i = 0; i < dd_pci_place_count(bus); i++) {
        const struct dd_pci_span *span = dd_pci_place_find(bus, i);

        if (span == NULL) {
            continue;
        }
        if (span->base > UINT64_MAX - span->size - step) {
            return DD_EFULL;
        }
        if (span->base + span->size > need->size) {
            need->size = span->base + span->size;
        }
        if (span->alignment > need->alignment) {
            need->alignment = span->alignment;
        }
    }
    need->size = (need->size + (step - 1)) & ~(step - 1);
    return DD_OK;
}

static enum dd_status place_behind(struct dd_pci_resources *resources, size_t index,
                                   enum dd_pci_window window, struct pci_place_stuck *stuck)
{
    struct dd_pci_resource_bridge *bridge = &resources->bridges[index];
    struct dd_pci_span *span = &bridge->span[window];
    const struct pci_place_bus bus = behind(resources, index, window);
    struct dd_pci_span need = {.home = window};
    enum dd_status status;

    if (span->is_kept) {
        return dd_pci_place_all(&bus, &bridge->found[window], stuck);
    }
    status = dd_pci_place_all(&bus, &everything, stuck);
    if (status == DD_OK) {
        *stuck = (struct pci_place_stuck){bus, NULL};
        status = measure(&bus, &need);
    }
    *span = need;
    return status;
}

/* Of ranges that keep none; windows get theirs anew anyway. */
static void take_places_back(struct dd_pci_resources *resources, enum dd_pci_window window)
{
    for (size_t i = 0; i < resources->count; i++) {
        struct dd_pci_span *span = &resources->list[i].span;

        if (!span->is_kept && span->home == window) {
            span->is_placed = false;
        }
    }
}

static enum dd_status place_window(struct dd_pci_resources *resources, enum dd_pci_window window,
                                   struct pci_place_stuck *stuck)
{
    enum dd_status status = DD_OK;

    take_places_back(resources, window);
    for (size_t i = resources->bridge_count; i > 0 && status == DD_OK; i--) {
        status = place_behind(resources, i - 1, window, stuck);
    }
    for (size_t i = 0; i < resources->root_count && status == DD_OK; i++) {
        const struct pci_place_bus bus = {.resources = resources,
                                          .root = (uint16_t)i,
                                          .parent = DD_PCI_NO_PARENT,
                                          .window = window};

        status = dd_pci_place_all(&bus, &resources->roots[i].range[window], stuck);
    }
    return status;
}

/* Each turn leaves one range out, so there are no more turns than these. */
static enum dd_status place_what_fits(struct dd_pci_resources *resources, enum dd_pci_window window)
{
    struct pci_place_stuck stuck;
    enum dd_status status;

    do {
        status = place_window(resources, window, &stuck);
    } while (status == DD_EFULL && dd_pci_place_leave_out(&stuck));
    if (status == DD_OK) {
        dd_pci_place_try_again(resources, window);
    }
    return status;
}

/* ---- The result ---- */

/* Where what is behind a window counts from. */
static uint64_t origin(const struct dd_pci_resources *resources, uint16_t parent,
                       enum dd_pci_window window)
{
    if (parent == DD_PCI_NO_PARENT || resources->bridges[parent].span[window].is_kept) {
        return 0;
    }
    return resources->bridges[parent].range[window].base;
}

static void finish(struct dd_pci_resources *resources)
{
    static const struct dd_pci_range closed = {1, 0};

    for (size_t i = 0; i < resources->bridge_count; i++) {
        struct dd_pci_resource_bridge *bridge = &resources->bridges[i];

        for (unsigned int w = 0; w < DD_PCI_WINDOWS; w++) {
            const struct dd_pci_span *span = &bridge->span[w];
            uint64_t base = span->base + origin(resources, bridge->parent, span->home);

            bridge->range[w] =
                span->size == 0 ? closed : (struct dd_pci_range){base, base + (span->size - 1)};
        }
    }
    for (size_t i = 0; i < resources->count; i++) {
        struct dd_pci_resource *range = &resources->list[i];

        range->window = range->span.home;
        range->status =
            range->span.size != 0 ? DD_OK : (range->span.is_left_out ? DD_EFULL : DD_ENOTSUP);
        range->base = range->span.size == 0
                          ? 0
                          : range->span.base + origin(resources, range->parent, range->window);
    }
}

enum dd_status dd_pci_assign_resources(struct dd_pci_resources *resources,
                                       enum dd_pci_policy policy)
{
    enum dd_status status = dd_pci_place_is_tree(resources) ? check_roots(resources) : DD_EARG;

    if (status == DD_OK) {
        start(resources);
        status = keep_all(resources, policy);
    }
    for (unsigned int w = 0; w < DD_PCI_WINDOWS && status == DD_OK; w++) {
        status = place_what_fits(resources, (enum dd_pci_window)w);
    }
    if (status == DD_OK) {
        finish(resources);
    }
    return status;
}
