/* SPDX-License-Identifier: MIT */
/*
 * The capability comes in four sizes: with an address of 32 or 64 bits, with or
 * without masks. What follows the address lies 4 bytes lower where the upper half
 * is missing. The table of registers describes the largest form.
 */
#include "drydock/pci_msi.h"

#include "pci_cap_change.h"
#include "pci_cap_read.h"

#define VECTORS_MAX 32u

/* Encodings of Multiple Message Capable and Enable above this are reserved. */
#define MULTIPLE_MAX 5u

static bool has(uint16_t control, uint64_t bits)
{
    return (control & bits) != 0;
}

/* Offset of a register that follows the address. */
static unsigned int after_address(uint16_t control, unsigned int at)
{
    return has(control, DD_BITS(DD_PCI_MSI_ADDRESS_64_CAPABLE)) ? at : at - 4;
}

/* Bytes of the capability. */
static unsigned int size_of(uint16_t control)
{
    unsigned int end = DD_PCI_MSI_DATA + 2;

    if (has(control, DD_BITS(DD_PCI_MSI_MASKING_CAPABLE))) {
        end = DD_PCI_MSI_PENDING + 4;
    } else if (has(control, DD_BITS(DD_PCI_MSI_EXTENDED_DATA_CAPABLE))) {
        end = DD_PCI_MSI_EXTENDED_DATA + 2;
    }
    return after_address(control, end);
}

static void read_message(struct pci_cap_reader *reader, struct dd_pci_msi *msi)
{
    uint16_t control = msi->control;

    msi->address = dd_pci_cap_read32(reader, DD_PCI_MSI_ADDRESS);
    if (has(control, DD_BITS(DD_PCI_MSI_ADDRESS_64_CAPABLE))) {
        msi->address_upper = dd_pci_cap_read32(reader, DD_PCI_MSI_ADDRESS_UPPER);
    }
    msi->data = dd_pci_cap_read16(reader, after_address(control, DD_PCI_MSI_DATA));
    if (has(control, DD_BITS(DD_PCI_MSI_EXTENDED_DATA_CAPABLE))) {
        msi->extended_data =
            dd_pci_cap_read16(reader, after_address(control, DD_PCI_MSI_EXTENDED_DATA));
    }
    if (has(control, DD_BITS(DD_PCI_MSI_MASKING_CAPABLE))) {
        msi->mask = dd_pci_cap_read32(reader, after_address(control, DD_PCI_MSI_MASK));
        msi->pending = dd_pci_cap_read32(reader, after_address(control, DD_PCI_MSI_PENDING));
    }
}

enum dd_status dd_pci_msi_read(const struct dd_pci_access *access, struct dd_pci_address address,
                               uint16_t offset, struct dd_pci_msi *msi)
{
    const struct pci_cap_place place = {access, address, offset};
    struct dd_pci_msi result = {.offset = offset};
    struct pci_cap_reader reader;
    enum dd_status status = dd_pci_cap_open(&reader, &place, DD_PCI_MSI_CONTROL + 2);

    if (status != DD_OK) {
        return status;
    }
    result.control = dd_pci_cap_read16(&reader, DD_PCI_MSI_CONTROL);
    status = dd_pci_cap_close(&reader);
    if (status != DD_OK) {
        return status;
    }
    if (!dd_pci_cap_fits(&reader, size_of(result.control))) {
        return DD_EMALFORMED;
    }
    read_message(&reader, &result);
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *msi = result;
    }
    return status;
}

/* ---- What it can do ---- */

static unsigned int decode_vectors(uint64_t multiple)
{
    return multiple <= MULTIPLE_MAX ? 1u << multiple : 0;
}

unsigned int dd_pci_msi_capable_vectors(const struct dd_pci_msi *msi)
{
    return decode_vectors(DD_GET(msi->control, DD_PCI_MSI_MULTIPLE_CAPABLE));
}

unsigned int dd_pci_msi_enabled_vectors(const struct dd_pci_msi *msi)
{
    return decode_vectors(DD_GET(msi->control, DD_PCI_MSI_MULTIPLE_ENABLE));
}

/* ---- Programming ---- */

static enum dd_status check_message(const struct dd_pci_msi *msi,
                                    const struct dd_pci_msi_message *message)
{
    unsigned int vectors = message->vectors;

    if (!dd_is_aligned(message->address, 4)) {
        return DD_EALIGN;
    }
    if (vectors == 0 || vectors > VECTORS_MAX || (vectors & (vectors - 1)) != 0 ||
        (message->data & (vectors - 1)) != 0) {
        return DD_EARG;
    }
    if (vectors > dd_pci_msi_capable_vectors(msi) ||
        (message->address > UINT32_MAX &&
         !has(msi->control, DD_BITS(DD_PCI_MSI_ADDRESS_64_CAPABLE))) ||
        (message->data > UINT16_MAX &&
         !has(msi->control, DD_BITS(DD_PCI_MSI_EXTENDED_DATA_CAPABLE)))) {
        return DD_ENOTSUP;
    }
    return DD_OK;
}

static enum dd_status write_address(const struct pci_cap_place *place, uint16_t control,
                                    uint64_t message_address)
{
    enum dd_status status =
        dd_pci_write32(place->access, place->address,
                       (uint16_t)(place->offset + DD_PCI_MSI_ADDRESS), (uint32_t)message_address);

    if (status == DD_OK && has(control, DD_BITS(DD_PCI_MSI_ADDRESS_64_CAPABLE))) {
        status = dd_pci_write32(place->access, place->address,
                                (uint16_t)(place->offset + DD_PCI_MSI_ADDRESS_UPPER),
                                (uint32_t)(message_address >> 32));
    }
    return status;
}

static enum dd_status write_data(const struct pci_cap_place *place, uint16_t control, uint32_t data)
{
    unsigned int at = after_address(control, DD_PCI_MSI_DATA);
    enum dd_status status = dd_pci_write16(place->access, place->address,
                                           (uint16_t)(place->offset + at), (uint16_t)data);

    if (status == DD_OK && has(control, DD_BITS(DD_PCI_MSI_EXTENDED_DATA_CAPABLE))) {
        at = after_address(control, DD_PCI_MSI_EXTENDED_DATA);
        status = dd_pci_write16(place->access, place->address, (uint16_t)(place->offset + at),
                                (uint16_t)(data >> 16));
    }
    return status;
}

/* The encoding of a number of vectors, a power of two. */
static unsigned int encode_vectors(unsigned int vectors)
{
    unsigned int multiple = 0;

    while (vectors > 1u << multiple) {
        multiple++;
    }
    return multiple;
}

/* The Control register for a message that was checked: not enabled. */
static struct pci_cap_bits control_for(const struct dd_pci_msi *msi,
                                       const struct dd_pci_msi_message *message)
{
    uint64_t mask = DD_BITS(DD_PCI_MSI_ENABLE) | DD_BITS(DD_PCI_MSI_MULTIPLE_ENABLE);
    uint64_t value = DD_SET(0, DD_PCI_MSI_MULTIPLE_ENABLE, encode_vectors(message->vectors));

    if (has(msi->control, DD_BITS(DD_PCI_MSI_EXTENDED_DATA_CAPABLE))) {
        mask |= DD_BITS(DD_PCI_MSI_EXTENDED_DATA_ENABLE);
        value = DD_SET(value, DD_PCI_MSI_EXTENDED_DATA_ENABLE, message->data > UINT16_MAX);
    }
    return (struct pci_cap_bits){DD_PCI_MSI_CONTROL, (uint16_t)mask, (uint16_t)value};
}

enum dd_status dd_pci_msi_program(const struct dd_pci_access *access, struct dd_pci_address address,
                                  const struct dd_pci_msi *msi,
                                  const struct dd_pci_msi_message *message)
{
    const struct pci_cap_place place = {access, address, msi->offset};
    struct pci_cap_bits bits;
    enum dd_status status = check_message(msi, message);

    if (status != DD_OK) {
        return status;
    }
    bits = control_for(msi, message);
    status = dd_pci_cap_change(&place, DD_PCI_WIDTH_16, &bits);
    if (status == DD_OK) {
        status = write_address(&place, msi->control, message->address);
    }
    return status == DD_OK ? write_data(&place, msi->control, message->data) : status;
}

enum dd_status dd_pci_msi_enable(const struct dd_pci_access *access, struct dd_pci_address address,
                                 const struct dd_pci_msi *msi)
{
    const struct pci_cap_place place = {access, address, msi->offset};
    const uint16_t enable = (uint16_t)DD_BITS(DD_PCI_MSI_ENABLE);
    const struct pci_cap_bits on = {DD_PCI_MSI_CONTROL, enable, enable};

    return dd_pci_cap_change(&place, DD_PCI_WIDTH_16, &on);
}

enum dd_status dd_pci_msi_disable(const struct dd_pci_access *access, struct dd_pci_address address,
                                  const struct dd_pci_msi *msi)
{
    const struct pci_cap_place place = {access, address, msi->offset};
    const struct pci_cap_bits off = {DD_PCI_MSI_CONTROL, (uint16_t)DD_BITS(DD_PCI_MSI_ENABLE), 0};

    return dd_pci_cap_change(&place, DD_PCI_WIDTH_16, &off);
}

static enum dd_status set_masked(const struct pci_cap_place *place,
                                 const struct dd_pci_msi_vector *vector, bool masked)
{
    const struct dd_pci_msi *msi = vector->msi;
    struct pci_cap_bits bits = {.at = after_address(msi->control, DD_PCI_MSI_MASK)};

    if (!has(msi->control, DD_BITS(DD_PCI_MSI_MASKING_CAPABLE))) {
        return DD_ENOTSUP;
    }
    if (vector->index >= dd_pci_msi_capable_vectors(msi)) {
        return DD_EARG;
    }
    bits.mask = UINT32_C(1) << vector->index;
    bits.value = masked ? bits.mask : 0;
    return dd_pci_cap_change(place, DD_PCI_WIDTH_32, &bits);
}

enum dd_status dd_pci_msi_mask(const struct dd_pci_access *access, struct dd_pci_address address,
                               const struct dd_pci_msi_vector *vector)
{
    const struct pci_cap_place place = {access, address, vector->msi->offset};

    return set_masked(&place, vector, true);
}

enum dd_status dd_pci_msi_unmask(const struct dd_pci_access *access, struct dd_pci_address address,
                                 const struct dd_pci_msi_vector *vector)
{
    const struct pci_cap_place place = {access, address, vector->msi->offset};

    return set_masked(&place, vector, false);
}

enum dd_status dd_pci_msi_read_pending(const struct dd_pci_access *access,
                                       struct dd_pci_address address, const struct dd_pci_msi *msi,
                                       uint32_t *pending)
{
    const struct pci_cap_place place = {access, address, msi->offset};

    if (!has(msi->control, DD_BITS(DD_PCI_MSI_MASKING_CAPABLE))) {
        return DD_ENOTSUP;
    }
    return dd_pci_cap_fetch32(&place, after_address(msi->control, DD_PCI_MSI_PENDING), pending);
}
