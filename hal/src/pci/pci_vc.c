/* SPDX-License-Identifier: MIT */
/*
 * The registers of a channel come once for each, twelve bytes apart; tables lie
 * where offsets in units of 16 bytes say. How long a table is follows from the
 * arbitration that is selected, how wide its entries are from the number of ports.
 *
 * All traffic classes begin in channel 0, and each takes one channel: it leaves that
 * one before it enters another, and only then is the other enabled.
 */
#include "drydock/pci_vc.h"

#include "pci_cap_change.h"
#include "pci_cap_read.h"

#define RESOURCE_BYTES           (DD_PCI_VC_1_CAPABILITY - DD_PCI_VC_0_CAPABILITY)
#define TABLE_UNIT               16u
#define VC_ENTRY_BITS            4u
#define NEGOTIATION_MILLISECONDS 100u

static void read_resources(struct pci_cap_reader *reader, struct dd_pci_vc *vc)
{
    for (unsigned int i = 0; i < vc->count; i++) {
        unsigned int at = i * RESOURCE_BYTES;

        vc->resources[i].capability = dd_pci_cap_read32(reader, at + DD_PCI_VC_0_CAPABILITY);
        vc->resources[i].control = dd_pci_cap_read32(reader, at + DD_PCI_VC_0_CONTROL);
        vc->resources[i].status = dd_pci_cap_read16(reader, at + DD_PCI_VC_0_STATUS);
    }
}

enum dd_status dd_pci_vc_read(const struct dd_pci_access *access, struct dd_pci_address address,
                              uint16_t offset, struct dd_pci_vc *vc)
{
    const struct pci_cap_place place = {access, address, offset};
    struct dd_pci_vc result = {.offset = offset};
    struct pci_cap_reader reader;
    enum dd_status status =
        dd_pci_cap_open(&reader, &place, DD_PCI_VC_0_CAPABILITY + RESOURCE_BYTES);

    if (status != DD_OK) {
        return status;
    }
    result.port_capability_1 = dd_pci_cap_read32(&reader, DD_PCI_VC_PORT_CAPABILITY_1);
    result.count = (unsigned int)DD_GET(result.port_capability_1, DD_PCI_VC_EXTENDED_COUNT) + 1;
    if (!dd_pci_cap_fits(&reader, DD_PCI_VC_0_CAPABILITY + result.count * RESOURCE_BYTES)) {
        status = dd_pci_cap_close(&reader);
        return status == DD_OK ? DD_EMALFORMED : status;
    }
    result.port_capability_2 = dd_pci_cap_read32(&reader, DD_PCI_VC_PORT_CAPABILITY_2);
    result.port_control = dd_pci_cap_read16(&reader, DD_PCI_VC_PORT_CONTROL);
    result.port_status = dd_pci_cap_read16(&reader, DD_PCI_VC_PORT_STATUS);
    read_resources(&reader, &result);
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *vc = result;
    }
    return status;
}

/* ---- Tables ---- */

enum dd_status dd_pci_vc_find_table(const struct dd_pci_vc *vc, unsigned int channel,
                                    struct dd_pci_vc_table *table)
{
    static const uint16_t phases[] = {0, 32, 64, 128, 128, 256};
    bool is_between = channel == vc->count;
    uint64_t units;
    uint64_t select;
    struct dd_pci_vc_table result;

    if (channel > vc->count) {
        return DD_EARG;
    }
    if (is_between) {
        units = DD_GET(vc->port_capability_2, DD_PCI_VC_ARBITRATION_TABLE_OFFSET);
        select = DD_GET(vc->port_control, DD_PCI_VC_ARBITRATION_SELECT);
        result.bits = VC_ENTRY_BITS;
    } else {
        units = DD_GET(vc->resources[channel].capability, DD_PCI_VC_0_TABLE_OFFSET);
        select = DD_GET(vc->resources[channel].control, DD_PCI_VC_0_PORT_ARBITRATION_SELECT);
        result.bits = 1u << DD_GET(vc->port_capability_1, DD_PCI_VC_TABLE_ENTRY_SIZE);
    }
    if (select > (is_between ? DD_PCI_VC_WRR128 : DD_PCI_VC_WRR256)) {
        return DD_EMALFORMED;
    }
    if (units == 0 || select == DD_PCI_VC_FIXED) {
        return DD_ENOENT;
    }
    result.phases = phases[select];
    units = vc->offset + units * TABLE_UNIT;
    if (units + result.phases * result.bits / 8 > DD_PCI_EXTENDED_CONFIG_SIZE) {
        return DD_EMALFORMED;
    }
    result.offset = (uint16_t)units;
    *table = result;
    return DD_OK;
}

enum dd_status dd_pci_vc_read_entry(const struct dd_pci_access *access,
                                    struct dd_pci_address address,
                                    const struct dd_pci_vc_table *table, unsigned int phase,
                                    uint8_t *entry)
{
    unsigned int bit = phase * table->bits;
    const struct pci_cap_place place = {access, address, table->offset};
    uint32_t dword;
    enum dd_status status;

    if (phase >= table->phases) {
        return DD_EARG;
    }
    status = dd_pci_cap_fetch32(&place, bit / 32 * 4, &dword);
    if (status != DD_OK) {
        return status;
    }
    *entry = (uint8_t)(dword >> bit % 32 & DD_MASK(table->bits - 1, 0));
    return DD_OK;
}

/* ---- Enabling and disabling ---- */

/* Whether the channel is enabled, or another one has the ID or one of the traffic classes. */
static bool is_taken(const struct dd_pci_vc *vc, const struct dd_pci_vc_setting *setting)
{
    for (unsigned int i = 1; i < vc->count; i++) {
        uint32_t control = vc->resources[i].control;

        if (DD_GET(control, DD_PCI_VC_0_ENABLE) != 0 &&
            (i == setting->channel || DD_GET(control, DD_PCI_VC_0_ID) == setting->id ||
             (control & setting->traffic_classes) != 0)) {
            return true;
        }
    }
    return false;
}

static enum dd_status check_setting(const struct pci_cap_place *place,
                                    const struct dd_pci_vc_setting *setting)
{
    struct dd_pci_vc vc;
    enum dd_status status = dd_pci_vc_read(place->access, place->address, place->offset, &vc);

    if (status != DD_OK) {
        return status;
    }
    if (setting->channel == 0 || setting->channel >= vc.count || setting->id == 0 ||
        setting->id >= DD_PCI_VC_MAX || (setting->traffic_classes & 1) != 0) {
        return DD_EARG;
    }
    return is_taken(&vc, setting) ? DD_EEXIST : DD_OK;
}

enum dd_status dd_pci_vc_enable(const struct dd_pci_access *access, struct dd_pci_address address,
                                const struct dd_pci_vc_setting *setting)
{
    const struct pci_cap_place place = {access, address, setting->offset};
    const struct pci_cap_bits given_up = {DD_PCI_VC_0_CONTROL, setting->traffic_classes, 0};
    struct pci_cap_bits bits = {.at = setting->channel * RESOURCE_BYTES + DD_PCI_VC_0_CONTROL};
    enum dd_status status = check_setting(&place, setting);

    if (status == DD_OK) {
        status = dd_pci_cap_change(&place, DD_PCI_WIDTH_32, &given_up);
    }
    if (status != DD_OK) {
        return status;
    }
    bits.mask = (uint32_t)(DD_BITS(DD_PCI_VC_0_TC_MAP_7_1) | DD_BITS(DD_PCI_VC_0_ID));
    bits.value = (uint32_t)DD_SET(setting->traffic_classes, DD_PCI_VC_0_ID, setting->id);
    status = dd_pci_cap_change(&place, DD_PCI_WIDTH_32, &bits);
    if (status != DD_OK) {
        return status;
    }
    bits.mask = (uint32_t)DD_BITS(DD_PCI_VC_0_ENABLE);
    bits.value = bits.mask;
    return dd_pci_cap_change(&place, DD_PCI_WIDTH_32, &bits);
}

enum dd_status dd_pci_vc_await(const struct dd_pci_access *access, struct dd_pci_address address,
                               const struct dd_pci_vc *vc, unsigned int channel,
                               const struct dd_delay *delay)
{
    const struct pci_cap_place place = {access, address, vc->offset};
    const struct pci_cap_bits negotiated = {channel * RESOURCE_BYTES + DD_PCI_VC_0_STATUS,
                                            DD_BITS(DD_PCI_VC_0_NEGOTIATION_PENDING), 0};

    if (channel >= vc->count) {
        return DD_EARG;
    }
    return dd_pci_cap_await(&place, DD_PCI_WIDTH_16, &negotiated, NEGOTIATION_MILLISECONDS, delay);
}

enum dd_status dd_pci_vc_disable(const struct dd_pci_access *access, struct dd_pci_address address,
                                 const struct dd_pci_vc *vc, unsigned int channel)
{
    const struct pci_cap_place place = {access, address, vc->offset};
    const struct pci_cap_bits off = {channel * RESOURCE_BYTES + DD_PCI_VC_0_CONTROL,
                                     (uint32_t)DD_BITS(DD_PCI_VC_0_ENABLE), 0};
    struct pci_cap_bits given_back = {.at = DD_PCI_VC_0_CONTROL};
    enum dd_status status;

    if (channel == 0 || channel >= vc->count) {
        return DD_EARG;
    }
    if (DD_GET(vc->resources[channel].control, DD_PCI_VC_0_ENABLE) == 0) {
        return DD_ENOENT;
    }
    status = dd_pci_cap_change(&place, DD_PCI_WIDTH_32, &off);
    if (status != DD_OK) {
        return status;
    }
    given_back.mask = (uint32_t)(vc->resources[channel].control & DD_BITS(DD_PCI_VC_0_TC_MAP_7_1));
    given_back.value = given_back.mask;
    return dd_pci_cap_change(&place, DD_PCI_WIDTH_32, &given_back);
}
