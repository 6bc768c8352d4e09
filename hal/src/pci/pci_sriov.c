/* SPDX-License-Identifier: MIT */
/*
 * Virtual functions have no number of their own in any header: the physical one
 * says how far from it the first is and how far apart they are, and both may change
 * with their number. The order of the writes is the manual's, so that the function
 * never sees a number without a page size, or an enable without both.
 */
#include "drydock/pci_sriov.h"

#include "pci_cap_change.h"
#include "pci_cap_read.h"

#define SRIOV_SIZE             (DD_PCI_SRIOV_MIGRATION_STATE + 4u)
#define PAGE_SIZE_MIN          UINT64_C(4096)
#define PAGE_SIZES             32u /* bits of the two registers */
#define MICROSECONDS_TO_APPEAR 100000u
#define MICROSECONDS_TO_VANISH 1000000u
#define VF_ON                  (DD_BITS(DD_PCI_SRIOV_VF_ENABLE) | DD_BITS(DD_PCI_SRIOV_VF_MEMORY_SPACE))

static void read_registers(struct pci_cap_reader *reader, struct dd_pci_sriov *sriov)
{
    sriov->capabilities = dd_pci_cap_read32(reader, DD_PCI_SRIOV_CAPABILITIES);
    sriov->control = dd_pci_cap_read16(reader, DD_PCI_SRIOV_CONTROL);
    sriov->status = dd_pci_cap_read16(reader, DD_PCI_SRIOV_STATUS);
    sriov->initial_vfs = dd_pci_cap_read16(reader, DD_PCI_SRIOV_INITIAL_VFS);
    sriov->total_vfs = dd_pci_cap_read16(reader, DD_PCI_SRIOV_TOTAL_VFS);
    sriov->num_vfs = dd_pci_cap_read16(reader, DD_PCI_SRIOV_NUM_VFS);
    sriov->dependency_link = dd_pci_cap_read8(reader, DD_PCI_SRIOV_DEPENDENCY_LINK);
    sriov->first_vf_offset = dd_pci_cap_read16(reader, DD_PCI_SRIOV_FIRST_VF_OFFSET);
    sriov->vf_stride = dd_pci_cap_read16(reader, DD_PCI_SRIOV_VF_STRIDE);
    sriov->vf_device = dd_pci_cap_read16(reader, DD_PCI_SRIOV_VF_DEVICE);
    sriov->supported_page_sizes = dd_pci_cap_read32(reader, DD_PCI_SRIOV_SUPPORTED_PAGE_SIZES);
    sriov->system_page_size = dd_pci_cap_read32(reader, DD_PCI_SRIOV_SYSTEM_PAGE_SIZE);
    for (unsigned int i = 0; i < DD_PCI_VF_BARS; i++) {
        sriov->vf_bar[i] = dd_pci_cap_read32(reader, DD_PCI_SRIOV_VF_BAR + 4 * i);
    }
    sriov->migration_state = dd_pci_cap_read32(reader, DD_PCI_SRIOV_MIGRATION_STATE);
}

enum dd_status dd_pci_sriov_read(const struct dd_pci_access *access, struct dd_pci_address address,
                                 uint16_t offset, struct dd_pci_sriov *sriov)
{
    const struct pci_cap_place place = {access, address, offset};
    struct dd_pci_sriov result = {.offset = offset};
    struct pci_cap_reader reader;
    enum dd_status status = dd_pci_cap_open(&reader, &place, SRIOV_SIZE);

    if (status != DD_OK) {
        return status;
    }
    read_registers(&reader, &result);
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *sriov = result;
    }
    return status;
}

enum dd_status dd_pci_sriov_vf_address(const struct dd_pci_sriov *sriov, struct dd_pci_address pf,
                                       unsigned int index, struct dd_pci_address *vf)
{
    uint64_t routing_id = (uint64_t)pf.bus << 8 | (uint64_t)pf.device << 3 | pf.function;

    if (index >= sriov->num_vfs) {
        return DD_EARG;
    }
    if (sriov->first_vf_offset == 0 || (sriov->vf_stride == 0 && sriov->num_vfs > 1)) {
        return DD_EMALFORMED;
    }
    routing_id += sriov->first_vf_offset + (uint64_t)index * sriov->vf_stride;
    if (routing_id > UINT16_MAX) {
        return DD_EMALFORMED;
    }
    *vf = (struct dd_pci_address){
        .segment = pf.segment,
        .bus = (uint8_t)(routing_id >> 8),
        .device = (uint8_t)(routing_id >> 3 & 0x1F),
        .function = (uint8_t)(routing_id & 7),
    };
    return DD_OK;
}

/* ---- Appearing and disappearing ---- */

/* The bit of a page size in both registers; 0 if there is none. */
static uint32_t page_size_bit(uint64_t page_size)
{
    for (unsigned int i = 0; i < PAGE_SIZES; i++) {
        if (page_size == PAGE_SIZE_MIN << i) {
            return UINT32_C(1) << i;
        }
    }
    return 0;
}

static enum dd_status check_page_size(const struct dd_pci_sriov *sriov, uint32_t page_size)
{
    if (DD_GET(sriov->control, DD_PCI_SRIOV_VF_ENABLE) != 0) {
        return DD_EEXIST;
    }
    return (sriov->supported_page_sizes & page_size) != 0 ? DD_OK : DD_ENOTSUP;
}

static enum dd_status check_setting(const struct dd_pci_sriov *sriov,
                                    const struct dd_pci_sriov_setting *setting)
{
    uint32_t page_size = page_size_bit(setting->page_size);

    if (page_size == 0 || setting->num_vfs == 0 || setting->num_vfs > sriov->initial_vfs ||
        setting->num_vfs > sriov->total_vfs) {
        return DD_EARG;
    }
    return check_page_size(sriov, page_size);
}

enum dd_status dd_pci_sriov_set_page_size(const struct dd_pci_access *access,
                                          struct dd_pci_address address, uint16_t offset,
                                          uint64_t page_size)
{
    const uint16_t at = (uint16_t)(offset + DD_PCI_SRIOV_SYSTEM_PAGE_SIZE);
    const uint32_t bit = page_size_bit(page_size);
    struct dd_pci_sriov sriov;
    uint32_t taken = 0;
    enum dd_status status = bit == 0 ? DD_EARG : dd_pci_sriov_read(access, address, offset, &sriov);

    if (status == DD_OK) {
        status = check_page_size(&sriov, bit);
    }
    if (status == DD_OK) {
        status = dd_pci_write32(access, address, at, bit);
    }
    if (status == DD_OK) {
        status = dd_pci_read32(access, address, at, &taken);
    }
    if (status != DD_OK || taken == bit) {
        return status;
    }
    status = dd_pci_write32(access, address, at, sriov.system_page_size);
    return status == DD_OK ? DD_EMALFORMED : status;
}

static enum dd_status set_num_vfs(const struct pci_cap_place *place, uint16_t num_vfs)
{
    return dd_pci_write16(place->access, place->address,
                          (uint16_t)(place->offset + DD_PCI_SRIOV_NUM_VFS), num_vfs);
}

/* The bus of the last VF there can be, now that NumVFs is set. */
static enum dd_status find_last_bus(const struct pci_cap_place *place, uint8_t *bus)
{
    struct dd_pci_sriov sriov;
    struct dd_pci_address last;
    enum dd_status status = dd_pci_sriov_read(place->access, place->address, place->offset, &sriov);

    if (status == DD_OK) {
        sriov.num_vfs = sriov.total_vfs;
        status = dd_pci_sriov_vf_address(&sriov, place->address, sriov.total_vfs - 1u, &last);
    }
    if (status == DD_OK) {
        *bus = last.bus;
    }
    return status;
}

enum dd_status dd_pci_sriov_count_buses(const struct dd_pci_access *access,
                                        struct dd_pci_address address, uint16_t offset,
                                        uint8_t *count)
{
    const struct pci_cap_place place = {access, address, offset};
    struct dd_pci_sriov before;
    uint8_t last = address.bus;
    bool is_set;
    enum dd_status status = dd_pci_sriov_read(access, address, offset, &before);

    if (status != DD_OK) {
        return status;
    }
    is_set = before.total_vfs != 0 && DD_GET(before.control, DD_PCI_SRIOV_VF_ENABLE) == 0;
    if (is_set) {
        status = set_num_vfs(&place, before.total_vfs);
    }
    if (status == DD_OK && before.total_vfs != 0) {
        status = find_last_bus(&place, &last);
    }
    if (is_set) {
        (void)!set_num_vfs(&place, before.num_vfs);
    }
    if (status == DD_OK) {
        *count = (uint8_t)(last - address.bus);
    }
    return status;
}

/* Whether the last VF, and so each, has a possible address, now that NumVFs is set. */
static enum dd_status check_addresses(const struct pci_cap_place *place, uint16_t num_vfs)
{
    struct dd_pci_sriov sriov;
    struct dd_pci_address last;
    enum dd_status status = dd_pci_sriov_read(place->access, place->address, place->offset, &sriov);

    if (status != DD_OK) {
        return status;
    }
    if (sriov.num_vfs != num_vfs) {
        return DD_EMALFORMED; /* the write was lost */
    }
    return dd_pci_sriov_vf_address(&sriov, place->address, sriov.num_vfs - 1u, &last);
}

enum dd_status dd_pci_sriov_enable(const struct dd_pci_access *access,
                                   struct dd_pci_address address,
                                   const struct dd_pci_sriov_setting *setting)
{
    const struct pci_cap_place place = {access, address, setting->offset};
    const struct pci_cap_bits on = {DD_PCI_SRIOV_CONTROL, VF_ON, VF_ON};
    struct dd_pci_sriov sriov;
    enum dd_status status = dd_pci_sriov_read(access, address, setting->offset, &sriov);

    if (status == DD_OK) {
        status = check_setting(&sriov, setting);
    }
    if (status == DD_OK) {
        status = set_num_vfs(&place, setting->num_vfs);
    }
    if (status != DD_OK) {
        return status;
    }
    status = check_addresses(&place, setting->num_vfs);
    if (status == DD_EMALFORMED) {
        enum dd_status undone = set_num_vfs(&place, 0);

        return undone == DD_OK ? status : undone;
    }
    if (status == DD_OK) {
        status = dd_pci_write32(access, address,
                                (uint16_t)(place.offset + DD_PCI_SRIOV_SYSTEM_PAGE_SIZE),
                                page_size_bit(setting->page_size));
    }
    if (status == DD_OK) {
        status = dd_pci_cap_change(&place, DD_PCI_WIDTH_16, &on);
    }
    if (status == DD_OK) {
        setting->delay->wait(setting->delay->context, MICROSECONDS_TO_APPEAR);
    }
    return status;
}

enum dd_status dd_pci_sriov_disable(const struct dd_pci_access *access,
                                    struct dd_pci_address address, uint16_t offset,
                                    const struct dd_delay *delay)
{
    const struct pci_cap_place place = {access, address, offset};
    const struct pci_cap_bits off = {DD_PCI_SRIOV_CONTROL, VF_ON, 0};
    uint16_t control;
    enum dd_status status = dd_pci_cap_change(&place, DD_PCI_WIDTH_16, &off);

    if (status != DD_OK) {
        return status;
    }
    delay->wait(delay->context, MICROSECONDS_TO_VANISH);
    status = dd_pci_cap_fetch16(&place, DD_PCI_SRIOV_CONTROL, &control);
    return status == DD_OK ? set_num_vfs(&place, 0) : status;
}
