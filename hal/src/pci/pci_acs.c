/* SPDX-License-Identifier: MIT */
/*
 * The services of the first version have their bit at the same place in the
 * capability and in the control register; those added later share one bit,
 * ACS Enhanced Capability, that says the function has them all. Control bits of
 * services that are not there are reserved and stay as they are.
 */
#include "drydock/pci_acs.h"

#include "pci_cap_change.h"
#include "pci_cap_read.h"

#define FIRST_SERVICES \
    DD_MASK(DD_PCI_ACS_DIRECT_TRANSLATED_ENABLE_HI, DD_PCI_ACS_SOURCE_VALIDATION_ENABLE_LO)
#define ENHANCED_SERVICES \
    DD_MASK(DD_PCI_ACS_UNCLAIMED_REDIRECT_HI, DD_PCI_ACS_IO_REQUEST_BLOCKING_LO)
#define VECTOR_BITS_MAX 256u

enum dd_status dd_pci_acs_read(const struct dd_pci_access *access, struct dd_pci_address address,
                               uint16_t offset, struct dd_pci_acs *acs)
{
    const struct pci_cap_place place = {access, address, offset};
    struct dd_pci_acs result = {.offset = offset};
    struct pci_cap_reader reader;
    enum dd_status status = dd_pci_cap_open(&reader, &place, DD_PCI_ACS_CONTROL + 2);

    if (status != DD_OK) {
        return status;
    }
    result.capability = dd_pci_cap_read16(&reader, DD_PCI_ACS_CAPABILITY);
    result.control = dd_pci_cap_read16(&reader, DD_PCI_ACS_CONTROL);
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *acs = result;
    }
    return status;
}

unsigned int dd_pci_acs_vector_bits(const struct dd_pci_acs *acs)
{
    unsigned int size = (unsigned int)DD_GET(acs->capability, DD_PCI_ACS_VECTOR_SIZE);

    if (DD_GET(acs->capability, DD_PCI_ACS_EGRESS_CONTROL) == 0) {
        return 0;
    }
    return size == 0 ? VECTOR_BITS_MAX : size;
}

/* The services the function has. */
static uint16_t services_of(const struct dd_pci_acs *acs)
{
    uint64_t enhanced = DD_GET(acs->capability, DD_PCI_ACS_ENHANCED) != 0 ? ENHANCED_SERVICES : 0;

    return (uint16_t)((acs->capability & FIRST_SERVICES) | enhanced);
}

enum dd_status dd_pci_acs_set_services(const struct dd_pci_access *access,
                                       struct dd_pci_address address, uint16_t offset,
                                       uint16_t services)
{
    const struct pci_cap_place place = {access, address, offset};
    struct pci_cap_bits bits = {.at = DD_PCI_ACS_CONTROL, .value = services};
    struct dd_pci_acs acs;
    enum dd_status status;

    if ((services & ~(FIRST_SERVICES | ENHANCED_SERVICES)) != 0) {
        return DD_EARG;
    }
    status = dd_pci_acs_read(access, address, offset, &acs);
    if (status != DD_OK) {
        return status;
    }
    bits.mask = services_of(&acs);
    return (services & ~bits.mask) == 0 ? dd_pci_cap_change(&place, DD_PCI_WIDTH_16, &bits)
                                        : DD_ENOTSUP;
}

enum dd_status dd_pci_acs_read_vector(const struct dd_pci_access *access,
                                      struct dd_pci_address address, const struct dd_pci_acs *acs,
                                      unsigned int index, uint32_t *value)
{
    const struct pci_cap_place place = {access, address, acs->offset};

    if (index >= (dd_pci_acs_vector_bits(acs) + 31) / 32) {
        return DD_ENOENT;
    }
    return dd_pci_cap_fetch32(&place, DD_PCI_ACS_EGRESS_VECTOR + 4 * index, value);
}
