/* SPDX-License-Identifier: MIT */
/*
 * The sizes a register can have are a set of powers of two from 1 MB on, in two
 * pieces: 28 of them in one register, 16 in the upper half of the other. The size
 * it has is the number of its element.
 */
#include "drydock/pci_rebar.h"

#include "pci_cap_change.h"
#include "pci_cap_read.h"

#define ENTRY_BYTES (DD_PCI_REBAR_1_CAPABILITY - DD_PCI_REBAR_0_CAPABILITY)
#define SMALLEST    20u /* log2 of 1 MB */
#define LARGE       28u /* number of the first size of the second piece */
#define SIZES       44u

static enum dd_status read_count(struct pci_cap_reader *reader, struct dd_pci_rebar *rebar)
{
    enum dd_status status;

    rebar->entries[0].capability = dd_pci_cap_read32(reader, DD_PCI_REBAR_0_CAPABILITY);
    rebar->entries[0].control = dd_pci_cap_read32(reader, DD_PCI_REBAR_0_CONTROL);
    rebar->count = (unsigned int)DD_GET(rebar->entries[0].control, DD_PCI_REBAR_0_COUNT);
    status = dd_pci_cap_close(reader);
    if (status != DD_OK) {
        return status;
    }
    return rebar->count != 0 && rebar->count <= DD_PCI_REBAR_MAX &&
                   dd_pci_cap_fits(reader, DD_PCI_REBAR_0_CAPABILITY + rebar->count * ENTRY_BYTES)
               ? DD_OK
               : DD_EMALFORMED;
}

enum dd_status dd_pci_rebar_read(const struct dd_pci_access *access, struct dd_pci_address address,
                                 uint16_t offset, struct dd_pci_rebar *rebar)
{
    const struct pci_cap_place place = {access, address, offset};
    struct dd_pci_rebar result = {.offset = offset};
    struct pci_cap_reader reader;
    enum dd_status status =
        dd_pci_cap_open(&reader, &place, DD_PCI_REBAR_0_CAPABILITY + ENTRY_BYTES);

    if (status == DD_OK) {
        status = read_count(&reader, &result);
    }
    if (status != DD_OK) {
        return status;
    }
    for (unsigned int i = 1; i < result.count; i++) {
        unsigned int at = i * ENTRY_BYTES;

        result.entries[i].capability = dd_pci_cap_read32(&reader, at + DD_PCI_REBAR_0_CAPABILITY);
        result.entries[i].control = dd_pci_cap_read32(&reader, at + DD_PCI_REBAR_0_CONTROL);
    }
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *rebar = result;
    }
    return status;
}

uint64_t dd_pci_rebar_sizes(const struct dd_pci_rebar_entry *entry)
{
    uint64_t small = DD_GET(entry->capability, DD_PCI_REBAR_0_SIZES);
    uint64_t large = DD_GET(entry->control, DD_PCI_REBAR_0_LARGE_SIZES);

    return (large << LARGE | small) << SMALLEST;
}

uint64_t dd_pci_rebar_size(const struct dd_pci_rebar_entry *entry)
{
    uint64_t size = DD_GET(entry->control, DD_PCI_REBAR_0_SIZE);

    return size < SIZES ? UINT64_C(1) << (SMALLEST + size) : 0;
}

/* Whether the function answers to its memory ranges: those of VFs are the caller's to know. */
static enum dd_status check_decoding(const struct pci_cap_place *place)
{
    uint32_t header;
    uint16_t command;
    enum dd_status status = dd_pci_cap_fetch32(place, 0, &header);

    if (status != DD_OK ||
        DD_GET(header, DD_PCI_EXTENDED_CAPABILITY_ID) == DD_PCI_EXTENDED_ID_VF_REBAR) {
        return status;
    }
    status = dd_pci_read16(place->access, place->address, DD_PCI_COMMAND, &command);
    if (status != DD_OK) {
        return status;
    }
    return DD_GET(command, DD_PCI_COMMAND_MEMORY_SPACE) == 0 ? DD_OK : DD_EEXIST;
}

enum dd_status dd_pci_rebar_set_size(const struct dd_pci_access *access,
                                     struct dd_pci_address address,
                                     const struct dd_pci_rebar *rebar, unsigned int index,
                                     uint64_t size)
{
    const struct pci_cap_place place = {access, address, rebar->offset};
    struct pci_cap_bits bits = {.at = DD_PCI_REBAR_0_CONTROL + index * ENTRY_BYTES,
                                .mask = (uint32_t)DD_BITS(DD_PCI_REBAR_0_SIZE)};
    unsigned int number = 0;
    enum dd_status status;

    if (index >= rebar->count) {
        return DD_EARG;
    }
    if (!dd_is_power_of_two(size) || (dd_pci_rebar_sizes(&rebar->entries[index]) & size) == 0) {
        return DD_ENOTSUP;
    }
    status = check_decoding(&place);
    if (status != DD_OK) {
        return status;
    }
    while (UINT64_C(1) << (SMALLEST + number) != size) {
        number++;
    }
    bits.value = (uint32_t)DD_SET(0, DD_PCI_REBAR_0_SIZE, number);
    return dd_pci_cap_change(&place, DD_PCI_WIDTH_32, &bits);
}
