/* SPDX-License-Identifier: MIT */
/*
 * What a scan finds is looked up in the list: what is there already is marked, what
 * is not goes behind the end. Only when the scan is over, and everything had room, is
 * anyone told and the list put in order.
 */
#include "drydock/pci_hotplug.h"

struct look {
    struct dd_pci_inventory *inventory;
    size_t added;
    enum dd_status status;
};

static bool is_same(const struct dd_pci_function *a, const struct dd_pci_function *b)
{
    return dd_pci_address_is_same(a->address, b->address) && a->vendor == b->vendor &&
           a->device == b->device && a->layout == b->layout;
}

static struct dd_pci_known *find(const struct dd_pci_inventory *inventory,
                                 const struct dd_pci_function *function)
{
    for (size_t i = 0; i < inventory->count; i++) {
        if (is_same(&inventory->list[i].function, function)) {
            return &inventory->list[i];
        }
    }
    return NULL;
}

static enum dd_pci_visit note(void *context, const struct dd_pci_function *function)
{
    struct look *look = context;
    struct dd_pci_inventory *inventory = look->inventory;
    struct dd_pci_known *known = find(inventory, function);

    if (known != NULL) {
        known->is_seen = true;
        return DD_PCI_VISIT_CONTINUE;
    }
    if (inventory->count + look->added == inventory->capacity) {
        look->status = DD_EFULL;
        return DD_PCI_VISIT_STOP;
    }
    inventory->list[inventory->count + look->added] =
        (struct dd_pci_known){.function = *function, .is_seen = true};
    look->added++;
    return DD_PCI_VISIT_CONTINUE;
}

/* Bridges are before what is behind them, so backwards is the order to stop in. */
static void tell(const struct look *look, const struct dd_pci_change_visitor *visitor)
{
    const struct dd_pci_inventory *inventory = look->inventory;

    for (size_t i = inventory->count; i > 0; i--) {
        if (!inventory->list[i - 1].is_seen) {
            visitor->changed(visitor->context, DD_PCI_REMOVED, &inventory->list[i - 1].function);
        }
    }
    for (size_t i = 0; i < look->added; i++) {
        visitor->changed(visitor->context, DD_PCI_ADDED,
                         &inventory->list[inventory->count + i].function);
    }
}

static void drop_removed(const struct look *look)
{
    struct dd_pci_inventory *inventory = look->inventory;
    size_t all = inventory->count + look->added;
    size_t left = 0;

    for (size_t i = 0; i < all; i++) {
        if (inventory->list[i].is_seen) {
            inventory->list[left] = inventory->list[i];
            left++;
        }
    }
    inventory->count = left;
}

static void begin(const struct dd_pci_inventory *inventory)
{
    for (size_t i = 0; i < inventory->count; i++) {
        inventory->list[i].is_seen = false;
    }
}

/* The scan is over, with this status. */
static enum dd_status finish(const struct look *look, enum dd_status status,
                             const struct dd_pci_change_visitor *visitor)
{
    if (status == DD_OK) {
        status = look->status;
    }
    if (status == DD_OK) {
        tell(look, visitor);
        drop_removed(look);
    }
    return status;
}

enum dd_status dd_pci_look_again(const struct dd_pci_access *access, uint8_t root,
                                 struct dd_pci_inventory *inventory,
                                 const struct dd_pci_change_visitor *visitor)
{
    struct look look = {.inventory = inventory, .status = DD_OK};
    const struct dd_pci_visitor noter = {note, &look};

    begin(inventory);
    return finish(&look, dd_pci_scan(access, &root, 1, &noter), visitor);
}

enum dd_status dd_pci_look_again_behind(const struct dd_pci_access *access,
                                        struct dd_pci_address bridge,
                                        struct dd_pci_inventory *inventory,
                                        const struct dd_pci_change_visitor *visitor)
{
    struct look look = {.inventory = inventory, .status = DD_OK};
    const struct dd_pci_visitor noter = {note, &look};

    begin(inventory);
    return finish(&look, dd_pci_scan_behind(access, bridge, &noter), visitor);
}
