/* SPDX-License-Identifier: MIT */
/*
 * The capability says where the table is: a BAR and an offset into its memory. An
 * entry is four registers of 32 bits; bits 1:0 of an address are zero, so all ones
 * there are nobody's answer. [PCI 3.0] 6.8.2 wants accesses of 32 or 64 bits; 32 are
 * what every device takes. Writes to memory are posted: a mask holds only once a read
 * after it has come back.
 */
#include "drydock/pci_msix.h"

#include "drydock/mmio.h"
#include "pci_bar_part.h"
#include "pci_cap_change.h"
#include "pci_cap_read.h"

#define VECTORS_OF_QWORD 64u

enum dd_status dd_pci_msix_read(const struct dd_pci_access *access, struct dd_pci_address address,
                                uint16_t offset, struct dd_pci_msix *msix)
{
    const struct pci_cap_place place = {access, address, offset};
    struct dd_pci_msix result = {.offset = offset};
    struct pci_cap_reader reader;
    enum dd_status status = dd_pci_cap_open(&reader, &place, DD_PCI_MSIX_SIZE);

    if (status != DD_OK) {
        return status;
    }
    result.control = dd_pci_cap_read16(&reader, DD_PCI_MSIX_CONTROL);
    result.table = dd_pci_cap_read32(&reader, DD_PCI_MSIX_TABLE);
    result.pba = dd_pci_cap_read32(&reader, DD_PCI_MSIX_PBA);
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *msix = result;
    }
    return status;
}

uint16_t dd_pci_msix_count(const struct dd_pci_msix *msix)
{
    return (uint16_t)(DD_GET(msix->control, DD_PCI_MSIX_TABLE_SIZE) + 1);
}

enum dd_status dd_pci_msix_find_table(const struct dd_pci_msix *msix, struct dd_pci_bar_part *place)
{
    const struct dd_pci_bar_part found = {
        .bar = (uint8_t)DD_GET(msix->table, DD_PCI_MSIX_TABLE_BAR),
        .offset = (uint32_t)(msix->table & DD_BITS(DD_PCI_MSIX_TABLE_OFFSET)),
        .bytes = (uint32_t)dd_pci_msix_count(msix) * DD_PCI_MSIX_ENTRY_SIZE,
    };

    return pci_bar_part_take(&found, place);
}

enum dd_status dd_pci_msix_find_pending(const struct dd_pci_msix *msix,
                                        struct dd_pci_bar_part *place)
{
    const struct dd_pci_bar_part found = {
        .bar = (uint8_t)DD_GET(msix->pba, DD_PCI_MSIX_PBA_BAR),
        .offset = (uint32_t)(msix->pba & DD_BITS(DD_PCI_MSIX_PBA_OFFSET)),
        .bytes = (dd_pci_msix_count(msix) + VECTORS_OF_QWORD - 1) / VECTORS_OF_QWORD * 8,
    };

    return pci_bar_part_take(&found, place);
}

/* ---- The function as a whole ---- */

static enum dd_status set_control(const struct pci_cap_place *place, uint64_t bit, bool is_set)
{
    const struct pci_cap_bits bits = {DD_PCI_MSIX_CONTROL, (uint16_t)bit,
                                      is_set ? (uint16_t)bit : 0};

    return dd_pci_cap_change(place, DD_PCI_WIDTH_16, &bits);
}

enum dd_status dd_pci_msix_enable(const struct dd_pci_access *access, struct dd_pci_address address,
                                  const struct dd_pci_msix *msix)
{
    const struct pci_cap_place place = {access, address, msix->offset};

    return set_control(&place, DD_BITS(DD_PCI_MSIX_ENABLE), true);
}

enum dd_status dd_pci_msix_disable(const struct dd_pci_access *access,
                                   struct dd_pci_address address, const struct dd_pci_msix *msix)
{
    const struct pci_cap_place place = {access, address, msix->offset};

    return set_control(&place, DD_BITS(DD_PCI_MSIX_ENABLE), false);
}

enum dd_status dd_pci_msix_mask_function(const struct dd_pci_access *access,
                                         struct dd_pci_address address,
                                         const struct dd_pci_msix *msix)
{
    const struct pci_cap_place place = {access, address, msix->offset};

    return set_control(&place, DD_BITS(DD_PCI_MSIX_FUNCTION_MASK), true);
}

enum dd_status dd_pci_msix_unmask_function(const struct dd_pci_access *access,
                                           struct dd_pci_address address,
                                           const struct dd_pci_msix *msix)
{
    const struct pci_cap_place place = {access, address, msix->offset};

    return set_control(&place, DD_BITS(DD_PCI_MSIX_FUNCTION_MASK), false);
}

/* ---- The table ---- */

/* A register of an entry. */
static struct dd_mmio_rw32 entry_register(const struct dd_pci_msix_vectors *vectors, uint16_t index,
                                          unsigned int at)
{
    return (struct dd_mmio_rw32){
        dd_vaddr_from(vectors->table.raw + (uint64_t)index * DD_PCI_MSIX_ENTRY_SIZE + at)};
}

enum dd_status dd_pci_msix_read_entry(const struct dd_pci_msix_vectors *vectors, uint16_t index,
                                      struct dd_pci_msix_entry *entry)
{
    struct dd_pci_msix_entry found;
    uint32_t address;

    if (index >= vectors->count) {
        return DD_EARG;
    }
    address = DD_MMIO_READ(entry_register(vectors, index, DD_PCI_MSIX_ENTRY_ADDRESS));
    if (address == UINT32_MAX) {
        return DD_ENODEV;
    }
    found.address =
        (uint64_t)DD_MMIO_READ(entry_register(vectors, index, DD_PCI_MSIX_ENTRY_ADDRESS_UPPER))
            << 32 |
        address;
    found.data = DD_MMIO_READ(entry_register(vectors, index, DD_PCI_MSIX_ENTRY_DATA));
    found.control = DD_MMIO_READ(entry_register(vectors, index, DD_PCI_MSIX_ENTRY_CONTROL));
    if (found.control == UINT32_MAX) {
        return DD_ENODEV; /* gone in between: most of its bits are reserved */
    }
    *entry = found;
    return DD_OK;
}

static enum dd_status set_masked(const struct dd_pci_msix_vectors *vectors, uint16_t index,
                                 bool masked)
{
    struct dd_pci_msix_entry entry;
    struct dd_mmio_rw32 control;
    enum dd_status status = dd_pci_msix_read_entry(vectors, index, &entry);

    if (status != DD_OK) {
        return status;
    }
    control = entry_register(vectors, index, DD_PCI_MSIX_ENTRY_CONTROL);
    DD_MMIO_WRITE(control, (uint32_t)DD_SET(entry.control, DD_PCI_MSIX_ENTRY_MASK, masked));
    return DD_MMIO_READ(control) == UINT32_MAX ? DD_ENODEV : DD_OK;
}

enum dd_status dd_pci_msix_mask(const struct dd_pci_msix_vectors *vectors, uint16_t index)
{
    return set_masked(vectors, index, true);
}

enum dd_status dd_pci_msix_unmask(const struct dd_pci_msix_vectors *vectors, uint16_t index)
{
    return set_masked(vectors, index, false);
}

enum dd_status dd_pci_msix_write_entry(const struct dd_pci_msix_vectors *vectors, uint16_t index,
                                       const struct dd_pci_msix_message *message)
{
    enum dd_status status;

    if (!dd_is_aligned(message->address, 4)) {
        return DD_EALIGN;
    }
    status = dd_pci_msix_mask(vectors, index);
    if (status != DD_OK) {
        return status;
    }
    DD_MMIO_WRITE(entry_register(vectors, index, DD_PCI_MSIX_ENTRY_ADDRESS),
                  (uint32_t)message->address);
    DD_MMIO_WRITE(entry_register(vectors, index, DD_PCI_MSIX_ENTRY_ADDRESS_UPPER),
                  (uint32_t)(message->address >> 32));
    DD_MMIO_WRITE(entry_register(vectors, index, DD_PCI_MSIX_ENTRY_DATA), message->data);
    return DD_OK;
}

enum dd_status dd_pci_msix_is_pending(const struct dd_pci_msix_vectors *vectors, uint16_t index,
                                      bool *is_pending)
{
    uint64_t dword = index / 32u;
    struct dd_mmio_ro32 bits = {dd_vaddr_from(vectors->pending.raw + 4 * dword)};
    struct dd_pci_msix_entry entry;
    uint32_t pending;
    enum dd_status status = DD_OK;

    if (index >= vectors->count) {
        return DD_EARG;
    }
    pending = DD_MMIO_READ(bits);
    if (pending == UINT32_MAX) {
        status = dd_pci_msix_read_entry(vectors, index, &entry); /* which is never all ones */
    }
    if (status == DD_OK) {
        *is_pending = (pending >> index % 32u & 1) != 0;
    }
    return status;
}
