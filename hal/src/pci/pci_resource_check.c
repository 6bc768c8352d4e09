/* SPDX-License-Identifier: MIT */
/*
 * The second opinion on an assignment, from the point of view of an address on its way
 * down: at each bus it must be claimed by the one function or bridge it is meant for, and
 * by no other. It looks at the results only.
 */
#include "pci_resource_place.h"

/* ---- Whose is whose ---- */

static bool is_root(const struct dd_pci_resources *resources, uint16_t root)
{
    return root < resources->root_count;
}

/* A bridge comes after the one above it, so no way up is a circle. */
bool dd_pci_place_is_tree(const struct dd_pci_resources *resources)
{
    for (size_t i = 0; i < resources->bridge_count; i++) {
        const struct dd_pci_resource_bridge *bridge = &resources->bridges[i];

        if (!is_root(resources, bridge->root) ||
            (bridge->parent != DD_PCI_NO_PARENT && bridge->parent >= i)) {
            return false;
        }
    }
    for (size_t i = 0; i < resources->count; i++) {
        const struct dd_pci_resource *range = &resources->list[i];

        if (!is_root(resources, range->root) ||
            (range->parent != DD_PCI_NO_PARENT && range->parent >= resources->bridge_count)) {
            return false;
        }
    }
    return true;
}

/* ---- Claims ---- */

/* Ranges and windows alike. */
struct claim {
    uint64_t base;
    uint64_t limit;
    uint64_t alignment;
    uint64_t highest;
    uint16_t root;
    uint16_t parent;
    enum dd_pci_window window; /* of a window: which; of a range: the one it is in */
    bool is_window;
    uint16_t index;
};

static size_t count_claims(const struct dd_pci_resources *resources)
{
    return resources->bridge_count * DD_PCI_WINDOWS + resources->count;
}

/* The claim with this number; false if it claims nothing. */
static bool find_claim(const struct dd_pci_resources *resources, size_t number, struct claim *claim)
{
    size_t windows = resources->bridge_count * DD_PCI_WINDOWS;

    if (number < windows) {
        const struct dd_pci_resource_bridge *bridge = &resources->bridges[number / DD_PCI_WINDOWS];
        enum dd_pci_window window = (enum dd_pci_window)(number % DD_PCI_WINDOWS);

        *claim = (struct claim){
            .base = bridge->range[window].base,
            .limit = bridge->range[window].limit,
            .alignment = window == DD_PCI_WINDOW_IO ? 0x1000 : 0x100000,
            .highest = bridge->ability.highest[window],
            .root = bridge->root,
            .parent = bridge->parent,
            .window = window,
            .is_window = true,
            .index = (uint16_t)(number / DD_PCI_WINDOWS),
        };
        return claim->base <= claim->limit;
    }
    const struct dd_pci_resource *range = &resources->list[number - windows];

    *claim = (struct claim){
        .base = range->base,
        .limit = range->base + (range->size - 1),
        .alignment = range->alignment,
        .highest = range->highest,
        .root = range->root,
        .parent = range->parent,
        .window = range->window,
        .index = (uint16_t)(number - windows),
    };
    return range->status == DD_OK;
}

static bool are_of_one_space(const struct claim *a, const struct claim *b)
{
    return (a->window == DD_PCI_WINDOW_IO) == (b->window == DD_PCI_WINDOW_IO);
}

/* Whether a bridge is the parent of a claim, or above it. */
static bool is_above(const struct dd_pci_resources *resources, const struct claim *bridge,
                     const struct claim *claim)
{
    uint16_t parent = claim->parent;

    while (bridge->is_window && parent != DD_PCI_NO_PARENT) {
        if (parent == bridge->index) {
            return true;
        }
        parent = resources->bridges[parent].parent;
    }
    return false;
}

static bool is_in(const struct claim *claim, const struct dd_pci_range *above)
{
    return claim->base >= above->base && claim->limit <= above->limit;
}

/* Whether one range above the claim's bus takes it in; prefetchable memory may be in any memory. */
static bool arrives(const struct dd_pci_resources *resources, const struct claim *claim)
{
    const struct dd_pci_range *above = claim->parent == DD_PCI_NO_PARENT
                                           ? resources->roots[claim->root].range
                                           : resources->bridges[claim->parent].range;

    return is_in(claim, &above[claim->window]) ||
           (claim->is_window && claim->window == DD_PCI_WINDOW_PREFETCHABLE &&
            is_in(claim, &above[DD_PCI_WINDOW_MEMORY]));
}

/* Of each 1024 ports below 64 KiB a bridge with ISA Enable passes on 256. */
static bool is_blocked(const struct dd_pci_resources *resources, const struct claim *claim)
{
    bool is_isa = false;

    for (uint16_t i = claim->parent; i != DD_PCI_NO_PARENT; i = resources->bridges[i].parent) {
        is_isa = is_isa || (resources->bridges[i].control & 0x0004) != 0;
    }
    return is_isa && !claim->is_window && claim->window == DD_PCI_WINDOW_IO &&
           claim->base <= UINT16_MAX && (claim->base & 0x3FF) + (claim->limit - claim->base) > 0xFF;
}

/* Whether a bridge takes a part of it for a VGA; without 16-bit decoding each 1024 ports have such. */
static bool takes(const struct dd_pci_resource_bridge *bridge, const struct claim *claim)
{
    uint64_t base = claim->base;
    uint64_t limit = claim->limit;

    if (claim->window != DD_PCI_WINDOW_IO) {
        return base <= 0xBFFFF && limit >= 0xA0000;
    }
    if ((bridge->control & 0x0010) == 0 && !claim->is_window && base <= UINT16_MAX) {
        limit = (base & 0x3FF) + (limit - base);
        base &= 0x3FF;
        return (base <= 0x3DF && limit >= 0x3B0) || limit >= 0x7B0;
    }
    return base <= 0x3DF && limit >= 0x3B0;
}

/* Whether VGA Enable of a bridge behind the same root leads to the VGA what is meant for the claim. */
static bool is_taken(const struct dd_pci_resources *resources, const struct claim *claim)
{
    for (size_t i = 0; i < resources->bridge_count; i++) {
        const struct dd_pci_resource_bridge *bridge = &resources->bridges[i];

        if (bridge->root == claim->root && (bridge->control & 0x0008) != 0 &&
            takes(bridge, claim)) {
            return true;
        }
    }
    return false;
}

static enum dd_status check_one(const struct dd_pci_resources *resources, const struct claim *claim)
{
    if (claim->limit < claim->base || claim->limit > claim->highest) {
        return DD_EWRAP;
    }
    if (claim->alignment == 0 || claim->base % claim->alignment != 0 ||
        (claim->is_window && claim->limit % claim->alignment != claim->alignment - 1)) {
        return DD_EALIGN;
    }
    return arrives(resources, claim) && !is_blocked(resources, claim) && !is_taken(resources, claim)
               ? DD_OK
               : DD_ENOTMAPPED;
}

static bool collide(const struct dd_pci_resources *resources, const struct claim *a,
                    const struct claim *b)
{
    return are_of_one_space(a, b) && a->base <= b->limit && b->base <= a->limit &&
           !is_above(resources, a, b) && !is_above(resources, b, a);
}

/* A claim before this one that claims the same addresses; false: there is none. */
static bool find_collision(const struct dd_pci_resources *resources, size_t number,
                           const struct claim *claim, struct claim *other)
{
    for (size_t i = 0; i < number; i++) {
        if (find_claim(resources, i, other) && collide(resources, claim, other)) {
            return true;
        }
    }
    return false;
}

/* DD_OK, or what is wrong with a claim. */
static enum dd_status check_claim(const struct dd_pci_resources *resources, size_t number,
                                  struct dd_pci_resource_fault *fault)
{
    struct claim claim;
    struct claim other = {.is_window = false};
    enum dd_status status;

    if (!find_claim(resources, number, &claim)) {
        return DD_OK;
    }
    status = check_one(resources, &claim);
    if (status == DD_OK && find_collision(resources, number, &claim, &other)) {
        status = DD_EEXIST;
    }
    if (status != DD_OK) {
        *fault = (struct dd_pci_resource_fault){
            .status = status,
            .is_window = claim.is_window,
            .is_other_window = other.is_window,
            .index = claim.index,
            .other = other.index,
            .window = claim.window,
        };
    }
    return status;
}

enum dd_status dd_pci_check_resources(const struct dd_pci_resources *resources,
                                      struct dd_pci_resource_fault *fault)
{
    if (!dd_pci_place_is_tree(resources)) {
        return DD_EARG;
    }
    for (size_t i = 0; i < count_claims(resources); i++) {
        if (check_claim(resources, i, fault) != DD_OK) {
            return DD_EMALFORMED;
        }
    }
    return DD_OK;
}
