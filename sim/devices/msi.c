/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The address of a message carries who, the data what:
 * address 31:20 FEEH, 19:12 destination ID, 3 redirection hint, 2 destination
 * mode; data 15 trigger mode, 14 level, 10:8 delivery mode, 7:0 vector.
 */
#include "sim/devices/msi.h"

#define ADDRESS_LOGICAL (UINT64_C(1) << 2)
#define DATA_ASSERT     (UINT32_C(1) << 14)
#define DATA_LEVEL      (UINT32_C(1) << 15)

enum sim_msi sim_msi_decode(uint64_t address, uint32_t data, struct sim_apic_message *message)
{
    if (address >> 20 != 0xFEE) {
        return SIM_MSI_NONE;
    }
    if ((data & (DATA_LEVEL | DATA_ASSERT)) == DATA_LEVEL) {
        return SIM_MSI_DEASSERT;
    }
    *message = (struct sim_apic_message){
        .destination = (uint32_t)(address >> 12 & 0xFF),
        .mode = (address & ADDRESS_LOGICAL) != 0 ? SIM_APIC_LOGICAL : SIM_APIC_PHYSICAL,
        .delivery = data >> 8 & 7,
        .trigger = (data & DATA_LEVEL) != 0 ? SIM_APIC_LEVEL : SIM_APIC_EDGE,
        .vector = (uint8_t)data};
    return SIM_MSI_MESSAGE;
}

bool sim_msi_write(const struct sim_apic_port *port, uint64_t address, uint32_t data)
{
    struct sim_apic_message message;
    enum sim_msi kind = sim_msi_decode(address, data, &message);

    if (kind == SIM_MSI_MESSAGE) {
        (void)sim_apic_send(port, &message);
    }
    return kind != SIM_MSI_NONE;
}
