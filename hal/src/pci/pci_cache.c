/* SPDX-License-Identifier: MIT */
/*
 * Reads in configuration space have no side effects, and most registers there change
 * only by being written. So what was read can be given again. All ones need care:
 * whoever gets them asks for the Vendor ID next, to see whether the function is still
 * there, and that must not be answered from memory. So the cache asks itself.
 */
#include "drydock/pci_cache.h"

static void hold(struct dd_pci_cache *cache, struct dd_pci_address address)
{
    if (!dd_pci_address_is_same(cache->address, address)) {
        dd_pci_cache_forget(cache);
        cache->address = address;
    }
}

static bool is_known(const struct dd_pci_cache *cache, unsigned int dword)
{
    return (cache->known[dword / 32] >> (dword % 32) & 1) != 0;
}

static uint32_t read_through(const struct dd_pci_cache *cache, unsigned int offset)
{
    return cache->through->ops->read(cache->through, cache->address, (uint16_t)offset,
                                     DD_PCI_WIDTH_32);
}

static bool is_absent(uint32_t id)
{
    return DD_GET(id, DD_PCI_ID_VENDOR) == DD_PCI_VENDOR_NONE;
}

/* Read a dword that is not known. */
static uint32_t fetch(struct dd_pci_cache *cache, unsigned int dword)
{
    uint32_t value = UINT32_MAX;

    if (!cache->is_gone) {
        value = read_through(cache, 4 * dword);
        cache->is_gone = dword == 0
                             ? is_absent(value)
                             : value == UINT32_MAX && is_absent(read_through(cache, DD_PCI_ID));
    }
    if (cache->is_gone) {
        return UINT32_MAX;
    }
    cache->dwords[dword] = value;
    cache->known[dword / 32] |= UINT32_C(1) << (dword % 32);
    return value;
}

static uint32_t cache_read(const struct dd_pci_access *access, struct dd_pci_address address,
                           uint16_t offset, enum dd_pci_width width)
{
    struct dd_pci_cache *cache = access->context;
    unsigned int dword = offset / 4u;
    uint32_t value;

    (void)width;
    hold(cache, address);
    if (cache->is_gone) {
        return UINT32_MAX;
    }
    value = is_known(cache, dword) ? cache->dwords[dword] : fetch(cache, dword);
    return value >> (8 * (offset % 4u));
}

static void cache_write(const struct dd_pci_access *access, struct dd_pci_address address,
                        uint16_t offset, enum dd_pci_width width, uint32_t value)
{
    const unsigned int above = DD_PCI_CAPABILITIES_FIRST / 4;
    struct dd_pci_cache *cache = access->context;
    unsigned int dword = offset / 4u;

    hold(cache, address);
    cache->through->ops->write(cache->through, address, offset, width, value);
    if (dword < above) {
        cache->known[0] &= ~(UINT32_C(1) << dword);
        return;
    }
    cache->known[0] &= (UINT32_C(1) << above) - 1;
    for (unsigned int i = 1; i < sizeof cache->known / sizeof cache->known[0]; i++) {
        cache->known[i] = 0;
    }
}

static uint16_t cache_size_of_bus(const struct dd_pci_access *access, uint8_t bus)
{
    const struct dd_pci_cache *cache = access->context;

    return dd_pci_config_size(cache->through, bus);
}

void dd_pci_cache_forget(struct dd_pci_cache *cache)
{
    cache->is_gone = false;
    for (unsigned int i = 0; i < sizeof cache->known / sizeof cache->known[0]; i++) {
        cache->known[i] = 0;
    }
}

void dd_pci_cache_init(struct dd_pci_cache *cache, const struct dd_pci_access *through)
{
    static const struct dd_pci_ops ops = {cache_read, cache_write};

    cache->access = (struct dd_pci_access){
        .ops = &ops,
        .context = cache,
        .size_of_bus = cache_size_of_bus,
        .segment = through->segment,
        .size = through->size,
        .first_bus = through->first_bus,
        .last_bus = through->last_bus,
    };
    cache->through = through;
    cache->address = (struct dd_pci_address){.segment = through->segment};
    dd_pci_cache_forget(cache);
}
