/* SPDX-License-Identifier: MIT */
/*
 * Access to configuration space. Every function has 256 bytes of registers, or
 * 4096 with PCI Express, addressed by segment, bus, device and function. A PC
 * offers two roads there. Mechanism 1 is a pair of ports: the dword written to
 * 0xCF8 selects a dword of some function, and 0xCFC..0xCFF are its four bytes.
 * ECAM is memory: the address is made of the same numbers, so one load or store
 * is one access. A function that is not there answers neither; the host bridge
 * then completes a read with all ones, which no existing function can give as
 * its Vendor ID.
 */
#include "drydock/pci.h"

#include <stddef.h>

#include "drydock/arch/insn.h"
#include "pci_presence.h"

uint16_t dd_pci_config_size(const struct dd_pci_access *access, uint8_t bus)
{
    if (bus < access->first_bus || bus > access->last_bus) {
        return 0;
    }
    return access->size_of_bus != NULL ? access->size_of_bus(access, bus) : access->size;
}

static enum dd_status check_access(const struct dd_pci_access *access,
                                   struct dd_pci_address address, uint16_t offset,
                                   enum dd_pci_width width)
{
    if (address.segment != access->segment || address.device > 31 || address.function > 7 ||
        offset >= dd_pci_config_size(access, address.bus)) {
        return DD_EARG;
    }
    return dd_is_aligned(offset, width) ? DD_OK : DD_EALIGN;
}

/* ---- Mechanism 1 ---- */

static void acquire(const struct dd_pci_lock *lock)
{
    if (lock != NULL) {
        lock->acquire(lock->context);
    }
}

static void release(const struct dd_pci_lock *lock)
{
    if (lock != NULL) {
        lock->release(lock->context);
    }
}

/* Select the dword; the port of the byte within it is the result. */
static uint16_t select_register(struct dd_pci_address address, uint16_t offset)
{
    uint64_t select = 0;

    select = DD_SET(select, DD_PCI_CONFIG_ADDRESS_ENABLE, 1);
    select = DD_SET(select, DD_PCI_CONFIG_ADDRESS_BUS, address.bus);
    select = DD_SET(select, DD_PCI_CONFIG_ADDRESS_DEVICE, address.device);
    select = DD_SET(select, DD_PCI_CONFIG_ADDRESS_FUNCTION, address.function);
    select = DD_SET(select, DD_PCI_CONFIG_ADDRESS_REGISTER, offset >> 2);
    dd_out32(DD_PCI_PORT_CONFIG_ADDRESS, (uint32_t)select);
    return (uint16_t)(DD_PCI_PORT_CONFIG_DATA + (offset & 3));
}

static uint32_t read_port(uint16_t port, enum dd_pci_width width)
{
    switch (width) {
    case DD_PCI_WIDTH_8:
        return dd_in8(port);
    case DD_PCI_WIDTH_16:
        return dd_in16(port);
    case DD_PCI_WIDTH_32:
        break;
    }
    return dd_in32(port);
}

static void write_port(uint16_t port, enum dd_pci_width width, uint32_t value)
{
    switch (width) {
    case DD_PCI_WIDTH_8:
        dd_out8(port, (uint8_t)value);
        break;
    case DD_PCI_WIDTH_16:
        dd_out16(port, (uint16_t)value);
        break;
    case DD_PCI_WIDTH_32:
        dd_out32(port, value);
        break;
    }
}

static uint32_t mechanism1_read(const struct dd_pci_access *access, struct dd_pci_address address,
                                uint16_t offset, enum dd_pci_width width)
{
    uint32_t value;

    acquire(access->lock);
    value = read_port(select_register(address, offset), width);
    release(access->lock);
    return value;
}

static void mechanism1_write(const struct dd_pci_access *access, struct dd_pci_address address,
                             uint16_t offset, enum dd_pci_width width, uint32_t value)
{
    acquire(access->lock);
    write_port(select_register(address, offset), width, value);
    release(access->lock);
}

void dd_pci_access_init_mechanism1_locked(struct dd_pci_access *access,
                                          const struct dd_pci_lock *lock)
{
    static const struct dd_pci_ops ops = {mechanism1_read, mechanism1_write};

    *access = (struct dd_pci_access){
        .ops = &ops,
        .lock = lock,
        .segment = 0,
        .size = DD_PCI_CONFIG_SIZE,
        .first_bus = 0,
        .last_bus = 255,
    };
}

void dd_pci_access_init_mechanism1(struct dd_pci_access *access)
{
    dd_pci_access_init_mechanism1_locked(access, NULL);
}

/* ---- ECAM ---- */

static dd_vaddr ecam_address(const struct dd_pci_access *access, struct dd_pci_address address,
                             uint16_t offset)
{
    uint64_t inside = offset;

    inside = DD_SET(inside, DD_PCI_ECAM_ADDRESS_BUS, address.bus);
    inside = DD_SET(inside, DD_PCI_ECAM_ADDRESS_DEVICE, address.device);
    inside = DD_SET(inside, DD_PCI_ECAM_ADDRESS_FUNCTION, address.function);
    return dd_vaddr_from(access->base.raw + inside);
}

static uint32_t ecam_read(const struct dd_pci_access *access, struct dd_pci_address address,
                          uint16_t offset, enum dd_pci_width width)
{
    dd_vaddr where = ecam_address(access, address, offset);

    switch (width) {
    case DD_PCI_WIDTH_8:
        return dd_mmio_read8(where);
    case DD_PCI_WIDTH_16:
        return dd_mmio_read16(where);
    case DD_PCI_WIDTH_32:
        break;
    }
    return dd_mmio_read32(where);
}

static void ecam_write(const struct dd_pci_access *access, struct dd_pci_address address,
                       uint16_t offset, enum dd_pci_width width, uint32_t value)
{
    dd_vaddr where = ecam_address(access, address, offset);

    switch (width) {
    case DD_PCI_WIDTH_8:
        dd_mmio_write8(where, (uint8_t)value);
        break;
    case DD_PCI_WIDTH_16:
        dd_mmio_write16(where, (uint16_t)value);
        break;
    case DD_PCI_WIDTH_32:
        dd_mmio_write32(where, value);
        break;
    }
}

enum dd_status dd_pci_access_init_ecam(struct dd_pci_access *access,
                                       const struct dd_pci_ecam *window)
{
    static const struct dd_pci_ops ops = {ecam_read, ecam_write};
    const uint64_t bus_bytes = UINT64_C(1) << DD_PCI_ECAM_ADDRESS_BUS_LO;

    if (window->first_bus > window->last_bus) {
        return DD_EARG;
    }
    if (!dd_is_aligned(window->base.raw, bus_bytes)) {
        return DD_EALIGN;
    }
    if (window->base.raw > UINT64_MAX - ((window->last_bus + 1) * bus_bytes - 1)) {
        return DD_EWRAP;
    }
    *access = (struct dd_pci_access){
        .ops = &ops,
        .base = window->base,
        .segment = window->segment,
        .size = DD_PCI_EXTENDED_CONFIG_SIZE,
        .first_bus = window->first_bus,
        .last_bus = window->last_bus,
    };
    return DD_OK;
}

/* ---- Any mechanism ---- */

/* All ones may be what a register holds, or the answer to an access nobody claimed. */
static enum dd_status judge_ones(const struct dd_pci_access *access, struct dd_pci_address address,
                                 uint16_t offset, enum dd_pci_width width)
{
    if (offset == DD_PCI_ID && width != DD_PCI_WIDTH_8) {
        return DD_ENODEV;
    }
    return pci_presence(access->ops->read(access, address, DD_PCI_ID, DD_PCI_WIDTH_32));
}

/* The low @p width bytes; DD_ENODEV or DD_ENOTREADY instead of ones from nobody. */
static enum dd_status read_register(const struct dd_pci_access *access,
                                    struct dd_pci_address address, uint16_t offset,
                                    enum dd_pci_width width, uint32_t *value)
{
    const uint32_t ones = (uint32_t)DD_MASK(8 * (unsigned int)width - 1, 0);
    enum dd_status status = check_access(access, address, offset, width);
    uint32_t answer;

    if (status != DD_OK) {
        return status;
    }
    answer = access->ops->read(access, address, offset, width) & ones;
    if (answer == ones) {
        status = judge_ones(access, address, offset, width);
    }
    if (status == DD_OK) {
        *value = answer;
    }
    return status;
}

enum dd_status dd_pci_read8(const struct dd_pci_access *access, struct dd_pci_address address,
                            uint16_t offset, uint8_t *value)
{
    uint32_t answer;
    enum dd_status status = read_register(access, address, offset, DD_PCI_WIDTH_8, &answer);

    if (status == DD_OK) {
        *value = (uint8_t)answer;
    }
    return status;
}

enum dd_status dd_pci_read16(const struct dd_pci_access *access, struct dd_pci_address address,
                             uint16_t offset, uint16_t *value)
{
    uint32_t answer;
    enum dd_status status = read_register(access, address, offset, DD_PCI_WIDTH_16, &answer);

    if (status == DD_OK) {
        *value = (uint16_t)answer;
    }
    return status;
}

enum dd_status dd_pci_read32(const struct dd_pci_access *access, struct dd_pci_address address,
                             uint16_t offset, uint32_t *value)
{
    return read_register(access, address, offset, DD_PCI_WIDTH_32, value);
}

enum dd_status dd_pci_write8(const struct dd_pci_access *access, struct dd_pci_address address,
                             uint16_t offset, uint8_t value)
{
    enum dd_status status = check_access(access, address, offset, DD_PCI_WIDTH_8);

    if (status == DD_OK) {
        access->ops->write(access, address, offset, DD_PCI_WIDTH_8, value);
    }
    return status;
}

enum dd_status dd_pci_write16(const struct dd_pci_access *access, struct dd_pci_address address,
                              uint16_t offset, uint16_t value)
{
    enum dd_status status = check_access(access, address, offset, DD_PCI_WIDTH_16);

    if (status == DD_OK) {
        access->ops->write(access, address, offset, DD_PCI_WIDTH_16, value);
    }
    return status;
}

enum dd_status dd_pci_write32(const struct dd_pci_access *access, struct dd_pci_address address,
                              uint16_t offset, uint32_t value)
{
    enum dd_status status = check_access(access, address, offset, DD_PCI_WIDTH_32);

    if (status == DD_OK) {
        access->ops->write(access, address, offset, DD_PCI_WIDTH_32, value);
    }
    return status;
}

enum dd_status dd_pci_read_id(const struct dd_pci_access *access, struct dd_pci_address address,
                              uint32_t *id)
{
    uint32_t answer;
    enum dd_status status = dd_pci_read32(access, address, DD_PCI_ID, &answer);

    if (status == DD_OK) {
        status = pci_presence(answer);
    }
    if (status == DD_OK) {
        *id = answer;
    }
    return status;
}
