/* SPDX-License-Identifier: MIT */
/*
 * The list as an array, looked through from its start: two hundred rows, and nobody
 * asks for a name in a hurry. A row's key is all three numbers; those that do not
 * belong to it are 0, so its kind is a part of the key as well.
 */
#include "drydock/pci_class.h"

#include <stddef.h>

enum kind {
    KIND_BASE,
    KIND_SUBCLASS,
    KIND_INTERFACE,
};

#define KEY(kind, base, subclass, interface) \
    ((uint32_t)(kind) << 24 | (uint32_t)(base) << 16 | (uint32_t)(subclass) << 8 | (interface))

static const struct {
    uint32_t key;
    const char *text;
} classes[] = {
#define B(name, base, text)           {KEY(KIND_BASE, base, 0, 0), text},
#define S(name, base, subclass, text) {KEY(KIND_SUBCLASS, base, subclass, 0), text},
#define I(name, base, subclass, interface, text) \
    {KEY(KIND_INTERFACE, base, subclass, interface), text},
#include "drydock/pci_class.def"
#undef B
#undef S
#undef I
};

static const char *find(uint32_t key)
{
    for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++) {
        if (classes[i].key == key) {
            return classes[i].text;
        }
    }
    return NULL;
}

const char *dd_pci_base_class_name(uint8_t base)
{
    return find(KEY(KIND_BASE, base, 0, 0));
}

const char *dd_pci_subclass_name(uint8_t base, uint8_t subclass)
{
    return find(KEY(KIND_SUBCLASS, base, subclass, 0));
}

const char *dd_pci_interface_name(uint8_t base, uint8_t subclass, uint8_t interface)
{
    return find(KEY(KIND_INTERFACE, base, subclass, interface));
}
