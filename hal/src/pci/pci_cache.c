/* SPDX-License-Identifier: MIT */
/*
 * Reads in configuration space have no side effects, and most registers there change
 * only by being written. So what was read can be given again. All ones need care:
 * whoever gets them asks for the Vendor ID next, to see whether the function is still
 * there, and that must not be answered from memory. So the cache asks itself.
 *
 * A write above the header may change the header: a reset by the PCI Express or the
 * Advanced Features capability or by a power state ([PCIe 6] 6.6.2, 5.3.1.4) puts
 * everything back, and a size chosen for a range ([PCIe 6] 7.8.6) changes what its base
 * address register can hold. A write into the header changes nothing but its own dword.
 */
#include "drydock/pci_cache.h"

#include "pci_presence.h"

static void drop(struct dd_pci_cache *cache)
{
    for (unsigned int i = 0; i < sizeof cache->known / sizeof cache->known[0]; i++) {
        cache->known[i] = 0;
    }
}

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

/* Whether the function gave this dword. */
static enum dd_status judge(const struct dd_pci_cache *cache, unsigned int dword, uint32_t value)
{
    if (dword == 0) {
        return pci_presence(value);
    }
    return value == UINT32_MAX ? pci_presence(read_through(cache, DD_PCI_ID)) : DD_OK;
}

/* Read a dword that is not known. */
static uint32_t fetch(struct dd_pci_cache *cache, unsigned int dword)
{
    uint32_t value = read_through(cache, 4 * dword);

    switch (judge(cache, dword, value)) {
    case DD_OK:
        cache->dwords[dword] = value;
        cache->known[dword / 32] |= UINT32_C(1) << (dword % 32);
        return value;
    case DD_ENODEV:
        cache->is_gone = true;
        return UINT32_MAX;
    default: /* not ready: whoever asks for its ID next must hear the same */
        drop(cache);
        return value;
    }
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
    struct dd_pci_cache *cache = access->context;

    hold(cache, address);
    cache->through->ops->write(cache->through, address, offset, width, value);
    if (offset < DD_PCI_CAPABILITIES_FIRST) {
        cache->known[0] &= ~(UINT32_C(1) << offset / 4u);
    } else {
        drop(cache);
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
    drop(cache);
}

static void cache_forget(const struct dd_pci_access *access)
{
    dd_pci_cache_forget(access->context);
}

void dd_pci_cache_init(struct dd_pci_cache *cache, const struct dd_pci_access *through)
{
    static const struct dd_pci_ops ops = {cache_read, cache_write};

    cache->access = (struct dd_pci_access){
        .ops = &ops,
        .context = cache,
        .size_of_bus = cache_size_of_bus,
        .forget = cache_forget,
        .segment = through->segment,
        .size = through->size,
        .first_bus = through->first_bus,
        .last_bus = through->last_bus,
    };
    cache->through = through;
    cache->address = (struct dd_pci_address){.segment = through->segment};
    dd_pci_cache_forget(cache);
}
