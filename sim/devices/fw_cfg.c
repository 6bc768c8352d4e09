/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An item is bytes behind a key; selecting a key starts at its first byte, each
 * read of the data port moves on by one, and after the end there are zeros. The
 * DMA interface does the same in bulk: the guest writes the physical address of
 * a description { control, length, address }, all big-endian, and finds the
 * outcome in its control field: 0, or the error bit.
 */
#include "sim/devices/fw_cfg.h"

#include <stdbool.h>
#include <string.h>

enum {
    PORT_BASE = 0x510,
    PORT_COUNT = 12,
    OFFSET_SELECTOR = 0,
    OFFSET_DATA = 1,
    OFFSET_DMA = 4, /* eight ports */
    OFFSET_DMA_LOW = 8,
};

enum {
    KEY_SIGNATURE = 0x0000,
    KEY_FEATURES = 0x0001,
    KEY_DIRECTORY = 0x0019,
    KEY_FIRST_FILE = 0x0020,
    KEY_WRITE_CHANNEL = 0x4000, /* ignored since QEMU 2.4 */
};

enum {
    DMA_ERROR = 0x01,
    DMA_READ = 0x02,
    DMA_SKIP = 0x04,
    DMA_SELECT = 0x08,
    DMA_WRITE = 0x10,
    DMA_DESCRIPTION_SIZE = 16,
};

enum {
    ENTRY_SIZE = 64, /* size 4, key 2, reserved 2, name 56; big-endian */
    ENTRY_KEY = 4,
    ENTRY_NAME = 8,
};

static const uint8_t signature[4] = {'Q', 'E', 'M', 'U'};
static const uint8_t dma_signature[8] = {'Q', 'E', 'M', 'U', ' ', 'C', 'F', 'G'};

static uint32_t get_big32(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static void put_big32(uint8_t *bytes, uint32_t value)
{
    for (unsigned int i = 0; i < 4; i++) {
        bytes[i] = (uint8_t)(value >> (24 - 8 * i));
    }
}

/* The selected item; without one, an empty one. */
static struct sim_fw_cfg_file selected(const struct sim_fw_cfg *device)
{
    static const uint8_t features[2][4] = {{1, 0, 0, 0}, {3, 0, 0, 0}};
    uint32_t key = device->state.key;

    if (key >= KEY_FIRST_FILE && key - KEY_FIRST_FILE < device->count) {
        return device->files[key - KEY_FIRST_FILE];
    }
    switch (key) {
    case KEY_SIGNATURE:
        return (struct sim_fw_cfg_file){signature, sizeof signature};
    case KEY_FEATURES:
        return (struct sim_fw_cfg_file){features[device->memory != NULL], 4};
    case KEY_DIRECTORY:
        return (struct sim_fw_cfg_file){device->directory, 4 + ENTRY_SIZE * device->count};
    default:
        return (struct sim_fw_cfg_file){NULL, 0};
    }
}

static void select_key(struct sim_fw_cfg *device, uint32_t key)
{
    device->state.key = key & ~(uint32_t)KEY_WRITE_CHANNEL;
    device->state.offset = 0;
}

static uint8_t read_byte(struct sim_fw_cfg *device)
{
    const struct sim_fw_cfg_file item = selected(device);

    if (device->state.offset >= item.size) {
        return 0;
    }
    return ((const uint8_t *)item.data)[device->state.offset++];
}

/* RAM of the machine, or NULL. */
static uint8_t *find_ram(const struct sim_fw_cfg *device, uint64_t address, uint64_t size)
{
    const struct sim_memory *memory = device->memory;

    if (address > memory->size || size > memory->size - address) {
        return NULL;
    }
    return memory->bytes + address;
}

/* The snapshot's pages, and whoever else wants to know. */
static void tell_written(const struct sim_fw_cfg *device, uint64_t address, uint64_t size)
{
    if (size == 0) {
        return;
    }
    for (uint64_t page = address >> 12; page << 12 < address + size; page++) {
        sim_memory_mark_dirty(device->memory, page << 12);
    }
    if (device->written != NULL) {
        device->written(device->written_sink, address, size);
    }
}

/* Copy what is left of the item, at most `length` bytes, and fill up with zeros. */
static bool transfer_read(struct sim_fw_cfg *device, uint64_t address, uint32_t length)
{
    const struct sim_fw_cfg_file item = selected(device);
    uint32_t left = item.size - device->state.offset;
    uint32_t copied = length < left ? length : left;
    uint8_t *target = find_ram(device, address, length);

    if (target == NULL || length - copied > SIM_FW_CFG_MAX_FILL) {
        return false;
    }
    if (copied != 0) {
        memcpy(target, (const uint8_t *)item.data + device->state.offset, copied);
    }
    memset(target + copied, 0, length - copied);
    device->state.offset += copied;
    tell_written(device, address, length);
    return true;
}

static bool transfer(struct sim_fw_cfg *device, uint32_t control, uint64_t address, uint32_t length)
{
    if ((control & DMA_SELECT) != 0) {
        select_key(device, control >> 16);
    }
    if ((control & DMA_READ) != 0) {
        return transfer_read(device, address, length);
    }
    if ((control & DMA_WRITE) != 0) {
        return false;
    }
    if ((control & DMA_SKIP) != 0) {
        uint32_t left = selected(device).size - device->state.offset;

        device->state.offset += length < left ? length : left;
    }
    return true;
}

/* A description outside of RAM has no place for an error either. */
static void start_dma(struct sim_fw_cfg *device, uint64_t at)
{
    uint8_t *description = find_ram(device, at, DMA_DESCRIPTION_SIZE);
    uint64_t address = 0;
    bool done = false;

    if (description == NULL) {
        return;
    }
    address = (uint64_t)get_big32(description + 8) << 32 | get_big32(description + 12);
    done = transfer(device, get_big32(description), address, get_big32(description + 4));
    put_big32(description, done ? 0 : DMA_ERROR);
    tell_written(device, at, 4);
}

/* The register is big-endian, the port bus is not. */
static void write_dma(struct sim_fw_cfg *device, uint64_t offset, uint32_t value)
{
    const uint8_t bytes[4] = {(uint8_t)value, (uint8_t)(value >> 8), (uint8_t)(value >> 16),
                              (uint8_t)(value >> 24)};
    uint64_t high = device->state.dma_high;

    if (offset == OFFSET_DMA) {
        device->state.dma_high = get_big32(bytes);
        return;
    }
    device->state.dma_high = 0;
    start_dma(device, high << 32 | get_big32(bytes));
}

static uint32_t on_read(void *device, uint64_t offset, unsigned int width)
{
    struct sim_fw_cfg *self = device;
    uint32_t value = 0;

    if (offset == OFFSET_DATA && width == 1) {
        return read_byte(self);
    }
    if (offset < OFFSET_DMA || self->memory == NULL) {
        return 0xFFFFFFFF;
    }
    for (unsigned int i = 0; i < width; i++) {
        value |= (uint32_t)dma_signature[offset - OFFSET_DMA + i] << 8 * i;
    }
    return value;
}

static void on_write(void *device, uint64_t offset, unsigned int width, uint32_t value)
{
    struct sim_fw_cfg *self = device;

    if (offset == OFFSET_SELECTOR && width == 2) {
        select_key(self, value & 0xFFFF);
    } else if ((offset == OFFSET_DMA || offset == OFFSET_DMA_LOW) && width == 4 &&
               self->memory != NULL) {
        write_dma(self, offset, value);
    }
}

struct sim_region sim_fw_cfg_ports(struct sim_fw_cfg *device)
{
    return (struct sim_region){.name = "fw_cfg",
                               .base = PORT_BASE,
                               .size = PORT_COUNT,
                               .read = on_read,
                               .write = on_write,
                               .device = device,
                               .widths = 1 | 2 | 4};
}

struct sim_device sim_fw_cfg_device(struct sim_fw_cfg *device)
{
    return (struct sim_device){.name = "fw_cfg",
                               .self = device,
                               .state = &device->state,
                               .state_size = sizeof device->state};
}

void sim_fw_cfg_init(struct sim_fw_cfg *device, const struct sim_memory *memory)
{
    *device = (struct sim_fw_cfg){.memory = memory};
}

int sim_fw_cfg_add(struct sim_fw_cfg *device, const char *name, const void *data, size_t size,
                   struct sim_error *error)
{
    uint8_t *entry = device->directory + 4 + (size_t)ENTRY_SIZE * device->count;
    size_t length = strlen(name);

    if (length == 0 || length >= SIM_FW_CFG_NAME_SIZE) {
        return sim_error_set(error, "fw_cfg: the name \"%s\" has not 1 to %u bytes", name,
                             SIM_FW_CFG_NAME_SIZE - 1);
    }
    if (size > UINT32_MAX) {
        return sim_error_set(error, "fw_cfg: %s is larger than 4 GiB", name);
    }
    if (device->count == SIM_FW_CFG_MAX_FILES) {
        return sim_error_set(error, "fw_cfg: more than %u files", SIM_FW_CFG_MAX_FILES);
    }
    for (unsigned int i = 0; i < device->count; i++) {
        const uint8_t *other = device->directory + 4 + (size_t)ENTRY_SIZE * i;

        if (strcmp((const char *)other + ENTRY_NAME, name) == 0) {
            return sim_error_set(error, "fw_cfg: there is a %s already", name);
        }
    }
    put_big32(entry, (uint32_t)size);
    put_big32(entry + ENTRY_KEY, (KEY_FIRST_FILE + device->count) << 16);
    memcpy(entry + ENTRY_NAME, name, length + 1);
    device->files[device->count] = (struct sim_fw_cfg_file){data, (uint32_t)size};
    device->count++;
    put_big32(device->directory, device->count);
    return 0;
}
