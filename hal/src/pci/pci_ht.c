/* SPDX-License-Identifier: MIT */
/*
 * All capabilities of HyperTransport share one ID; what each is, the upper bits
 * of its first register say, five of them, or three in the two kinds that describe
 * an interface. A function may have several, so they are found by walking the list.
 */
#include "drydock/pci_ht.h"

#include "pci_cap_change.h"

enum dd_pci_ht_type dd_pci_ht_type(uint16_t command)
{
    unsigned int type = (unsigned int)DD_GET(command, DD_PCI_HT_TYPE);
    unsigned int short_type = (unsigned int)DD_GET(command, DD_PCI_HT_SLAVE_TYPE);

    return (enum dd_pci_ht_type)(short_type <= 1 ? short_type << 2 : type);
}

enum dd_status dd_pci_ht_read(const struct dd_pci_access *access, struct dd_pci_address address,
                              uint16_t offset, uint16_t *command)
{
    const struct pci_cap_place place = {access, address, offset};

    return dd_pci_cap_fetch16(&place, DD_PCI_HT_COMMAND, command);
}

/* ---- Interfaces ---- */

static void read_slave(struct pci_cap_reader *reader, struct dd_pci_ht_interface *interface)
{
    struct dd_pci_ht_link *links = interface->links;

    interface->link_count = 2;
    links[0].control = dd_pci_cap_read16(reader, DD_PCI_HT_LINK_CONTROL);
    links[0].configuration = dd_pci_cap_read16(reader, DD_PCI_HT_LINK_CONFIGURATION);
    links[1].control = dd_pci_cap_read16(reader, DD_PCI_HT_LINK_1_CONTROL);
    links[1].configuration = dd_pci_cap_read16(reader, DD_PCI_HT_LINK_1_CONFIGURATION);
    interface->revision = dd_pci_cap_read8(reader, DD_PCI_HT_SLAVE_REVISION);
    links[0].frequency_error = dd_pci_cap_read8(reader, DD_PCI_HT_LINK_FREQUENCY_ERROR);
    links[0].frequencies = dd_pci_cap_read16(reader, DD_PCI_HT_LINK_FREQUENCIES);
    interface->features = dd_pci_cap_read8(reader, DD_PCI_HT_SLAVE_FEATURES);
    links[1].frequency_error = dd_pci_cap_read8(reader, DD_PCI_HT_LINK_1_FREQUENCY_ERROR);
    links[1].frequencies = dd_pci_cap_read16(reader, DD_PCI_HT_LINK_1_FREQUENCIES);
    interface->scratchpad = dd_pci_cap_read16(reader, DD_PCI_HT_SLAVE_SCRATCHPAD);
    interface->error_handling = dd_pci_cap_read16(reader, DD_PCI_HT_SLAVE_ERROR_HANDLING);
    interface->memory_base_upper = dd_pci_cap_read8(reader, DD_PCI_HT_SLAVE_MEMORY_BASE_UPPER);
    interface->memory_limit_upper = dd_pci_cap_read8(reader, DD_PCI_HT_SLAVE_MEMORY_LIMIT_UPPER);
    interface->bus = dd_pci_cap_read8(reader, DD_PCI_HT_SLAVE_BUS);
}

static void read_host(struct pci_cap_reader *reader, struct dd_pci_ht_interface *interface)
{
    struct dd_pci_ht_link *link = &interface->links[0];

    interface->link_count = 1;
    link->control = dd_pci_cap_read16(reader, DD_PCI_HT_HOST_LINK_CONTROL);
    link->configuration = dd_pci_cap_read16(reader, DD_PCI_HT_HOST_LINK_CONFIGURATION);
    interface->revision = dd_pci_cap_read8(reader, DD_PCI_HT_HOST_REVISION);
    link->frequency_error = dd_pci_cap_read8(reader, DD_PCI_HT_HOST_LINK_FREQUENCY_ERROR);
    link->frequencies = dd_pci_cap_read16(reader, DD_PCI_HT_HOST_LINK_FREQUENCIES);
    interface->features = dd_pci_cap_read16(reader, DD_PCI_HT_HOST_FEATURES);
    interface->scratchpad = dd_pci_cap_read16(reader, DD_PCI_HT_HOST_SCRATCHPAD);
    interface->error_handling = dd_pci_cap_read16(reader, DD_PCI_HT_HOST_ERROR_HANDLING);
    interface->memory_base_upper = dd_pci_cap_read8(reader, DD_PCI_HT_HOST_MEMORY_BASE_UPPER);
    interface->memory_limit_upper = dd_pci_cap_read8(reader, DD_PCI_HT_HOST_MEMORY_LIMIT_UPPER);
}

enum dd_status dd_pci_ht_read_interface(const struct dd_pci_access *access,
                                        struct dd_pci_address address, uint16_t offset,
                                        struct dd_pci_ht_interface *interface)
{
    const struct pci_cap_place place = {access, address, offset};
    struct dd_pci_ht_interface result = {.offset = offset};
    struct pci_cap_reader reader;
    unsigned int size;
    enum dd_status status = dd_pci_ht_read(access, address, offset, &result.command);

    if (status != DD_OK) {
        return status;
    }
    result.type = dd_pci_ht_type(result.command);
    if (result.type != DD_PCI_HT_TYPE_SLAVE && result.type != DD_PCI_HT_TYPE_HOST) {
        return DD_ENOTSUP;
    }
    size = result.type == DD_PCI_HT_TYPE_SLAVE ? DD_PCI_HT_SLAVE_SIZE : DD_PCI_HT_HOST_SIZE;
    status = dd_pci_cap_open(&reader, &place, size);
    if (status != DD_OK) {
        return status;
    }
    if (result.type == DD_PCI_HT_TYPE_SLAVE) {
        read_slave(&reader, &result);
    } else {
        read_host(&reader, &result);
    }
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *interface = result;
    }
    return status;
}

unsigned int dd_pci_ht_frequency(unsigned int code)
{
    static const uint16_t frequencies[] = {200,  300,  400,  500,  600,  800,  1000, 1200,
                                           1400, 1600, 1800, 2000, 2200, 2400, 2600};

    return code < sizeof frequencies / sizeof frequencies[0] ? frequencies[code] : 0;
}

unsigned int dd_pci_ht_width(unsigned int code)
{
    static const uint8_t widths[] = {8, 16, 0, 32, 2, 4, 0, 0};

    return code < sizeof widths ? widths[code] : 0;
}

/* ---- Message signalled interrupts ---- */

enum dd_status dd_pci_ht_read_msi_mapping(const struct dd_pci_access *access,
                                          struct dd_pci_address address, uint16_t offset,
                                          struct dd_pci_ht_msi_mapping *mapping)
{
    const struct pci_cap_place place = {access, address, offset};
    struct dd_pci_ht_msi_mapping result = {.offset = offset, .base = DD_PCI_HT_MSI_FIXED_BASE};
    struct pci_cap_reader reader;
    enum dd_status status = dd_pci_ht_read(access, address, offset, &result.command);

    if (status == DD_OK && dd_pci_ht_type(result.command) != DD_PCI_HT_TYPE_MSI_MAPPING) {
        status = DD_ENOTSUP;
    }
    if (status == DD_OK && DD_GET(result.command, DD_PCI_HT_MSI_MAPPING_FIXED) == 0) {
        status = dd_pci_cap_open(&reader, &place, DD_PCI_HT_MSI_MAPPING_SIZE);
        if (status != DD_OK) {
            return status;
        }
        result.base = dd_pci_cap_read32(&reader, DD_PCI_HT_MSI_MAPPING_ADDRESS_LOW) &
                      DD_BITS(DD_PCI_HT_MSI_MAPPING_BASE_LOW);
        result.base |= (uint64_t)dd_pci_cap_read32(&reader, DD_PCI_HT_MSI_MAPPING_ADDRESS_HIGH)
                       << 32;
        status = dd_pci_cap_close(&reader);
    }
    if (status == DD_OK) {
        *mapping = result;
    }
    return status;
}

enum dd_status dd_pci_ht_enable_msi_mapping(const struct dd_pci_access *access,
                                            struct dd_pci_address address,
                                            const struct dd_pci_ht_msi_mapping *mapping)
{
    const struct pci_cap_place place = {access, address, mapping->offset};
    const uint16_t enable = (uint16_t)DD_BITS(DD_PCI_HT_MSI_MAPPING_ENABLE);
    const struct pci_cap_bits on = {DD_PCI_HT_MSI_MAPPING_COMMAND, enable, enable};

    return dd_pci_cap_change(&place, DD_PCI_WIDTH_16, &on);
}

enum dd_status dd_pci_ht_disable_msi_mapping(const struct dd_pci_access *access,
                                             struct dd_pci_address address,
                                             const struct dd_pci_ht_msi_mapping *mapping)
{
    const struct pci_cap_place place = {access, address, mapping->offset};
    const uint16_t enable = (uint16_t)DD_BITS(DD_PCI_HT_MSI_MAPPING_ENABLE);
    const struct pci_cap_bits off = {DD_PCI_HT_MSI_MAPPING_COMMAND, enable, 0};

    return dd_pci_cap_change(&place, DD_PCI_WIDTH_16, &off);
}
