/* SPDX-License-Identifier: MIT */
/*
 * The base address registers of virtual functions are sized as others are, by
 * writing ones and reading back, but there is one set for all of them: it takes the
 * size of one function's range, and each function gets the next such range.
 */
#include "drydock/pci_sriov.h"

#include <stddef.h>

#include "pci_cap_change.h"
#include "pci_cap_read.h"

/* A base address register as found, and the bits of it that can be written. */
struct probe {
    uint32_t found;
    uint32_t taken;
};

static enum dd_status write_and_read(const struct pci_cap_place *place, uint16_t at, uint32_t value,
                                     uint32_t *read)
{
    enum dd_status status = dd_pci_write32(place->access, place->address, at, value);

    return status == DD_OK ? dd_pci_read32(place->access, place->address, at, read) : status;
}

/*
 * Bits that read 1 whatever is written took nothing: they are not of the size. The register is
 * written back even if the function seems to be gone: it may be back.
 */
static enum dd_status probe_one(const struct pci_cap_place *place, unsigned int index,
                                struct probe *probe)
{
    uint16_t at = (uint16_t)(place->offset + DD_PCI_SRIOV_VF_BAR + 4 * index);
    uint32_t ones = 0;
    uint32_t zeros = 0;
    enum dd_status restored;
    enum dd_status status = write_and_read(place, at, UINT32_MAX, &ones);

    if (status == DD_OK) {
        status = write_and_read(place, at, 0, &zeros);
    }
    restored = dd_pci_write32(place->access, place->address, at, probe->found);
    probe->taken = ones & ~zeros;
    return status == DD_OK ? restored : status;
}

/* A register, and the one after it if there is one. */
static void decode(const struct probe *probe, const struct probe *upper, struct dd_pci_bar *bar)
{
    uint64_t base = probe->found & DD_BITS(DD_PCI_SRIOV_VF_BAR_BASE);
    uint64_t taken = probe->taken & DD_BITS(DD_PCI_SRIOV_VF_BAR_BASE);
    uint64_t type = DD_GET(probe->found, DD_PCI_SRIOV_VF_BAR_TYPE);

    *bar = (struct dd_pci_bar){.status = DD_EMALFORMED};
    if (probe->taken == 0 && probe->found == 0) {
        bar->status = DD_ENOENT;
        return;
    }
    if (DD_GET(probe->found, DD_PCI_SRIOV_VF_BAR_IO) != 0 ||
        (type != DD_PCI_BAR_TYPE_32 && type != DD_PCI_BAR_TYPE_64) ||
        (type == DD_PCI_BAR_TYPE_64 && upper == NULL)) {
        return;
    }
    bar->kind = DD_PCI_BAR_KIND_MEMORY32;
    if (type == DD_PCI_BAR_TYPE_64) {
        bar->kind = DD_PCI_BAR_KIND_MEMORY64;
        base |= (uint64_t)upper->found << 32;
        taken |= (uint64_t)upper->taken << 32;
    }
    if (taken == 0) {
        return;
    }
    bar->status = DD_OK;
    bar->prefetchable = DD_GET(probe->found, DD_PCI_SRIOV_VF_BAR_PREFETCHABLE) != 0;
    bar->base = base;
    bar->size = taken & (~taken + 1); /* the lowest bit that took a one */
    bar->highest = taken | (bar->size - 1);
}

static void decode_all(const struct probe *probes, struct dd_pci_bar *bars)
{
    for (unsigned int i = 0; i < DD_PCI_VF_BARS; i++) {
        decode(&probes[i], i + 1 < DD_PCI_VF_BARS ? &probes[i + 1] : NULL, &bars[i]);
        if (bars[i].kind == DD_PCI_BAR_KIND_MEMORY64) {
            bars[++i] = (struct dd_pci_bar){.status = DD_ENOENT};
        }
    }
}

enum dd_status dd_pci_sriov_size_bars(const struct dd_pci_access *access,
                                      struct dd_pci_address address, uint16_t offset,
                                      struct dd_pci_bar *bars)
{
    const struct pci_cap_place place = {access, address, offset};
    struct probe probes[DD_PCI_VF_BARS];
    struct dd_pci_sriov sriov;
    uint16_t control;
    enum dd_status restored;
    enum dd_status status = dd_pci_sriov_read(access, address, offset, &sriov);

    if (status != DD_OK) {
        return status;
    }
    if (DD_GET(sriov.control, DD_PCI_SRIOV_VF_ENABLE) != 0) {
        return DD_EEXIST;
    }
    control = (uint16_t)DD_SET(sriov.control, DD_PCI_SRIOV_VF_MEMORY_SPACE, 0);
    status = dd_pci_write16(access, address, (uint16_t)(offset + DD_PCI_SRIOV_CONTROL), control);
    for (unsigned int i = 0; i < DD_PCI_VF_BARS && status == DD_OK; i++) {
        probes[i].found = sriov.vf_bar[i];
        status = probe_one(&place, i, &probes[i]);
    }
    restored =
        dd_pci_write16(access, address, (uint16_t)(offset + DD_PCI_SRIOV_CONTROL), sriov.control);
    status = status == DD_OK ? restored : status;
    if (status == DD_OK) {
        status = dd_pci_cap_fetch16(&place, DD_PCI_SRIOV_CONTROL, &control);
    }
    if (status == DD_OK) {
        decode_all(probes, bars);
    }
    return status;
}
