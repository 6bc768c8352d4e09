/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * QEMU's firmware configuration device: the host hands named files to the guest.
 *
 * Ports: selector 0x510 (16 bits, write), data 0x511 (8 bits, read), DMA address
 * 0x514 and 0x518 (32 bits each, big-endian; the second starts a transfer).
 * Items: signature (0), features (1), file directory (0x19), files from 0x20 on
 * in the order they were added. All are read-only: a DMA write is an error.
 *
 * Stricter than QEMU: a transfer that fails copies nothing, and one that runs
 * more than SIM_FW_CFG_MAX_FILL bytes past the end of its item fails, so that the
 * guest cannot make the host fill memory without end.
 *
 * Spec: [fw_cfg] docs/specs/fw_cfg of QEMU.
 */
#ifndef DRYDOCK_SIM_DEVICES_FW_CFG_H
#define DRYDOCK_SIM_DEVICES_FW_CFG_H

#include <stddef.h>
#include <stdint.h>

#include "sim/util/attributes.h"
#include "sim/machine/bus.h"
#include "sim/cpu/cpu.h"
#include "sim/machine/device.h"
#include "sim/util/error.h"

/** Files at most; QEMU's machines have room for 32 or more. */
#define SIM_FW_CFG_MAX_FILES 64u

/** Bytes of a name in the directory, its NUL included. */
#define SIM_FW_CFG_NAME_SIZE 56u

/** Zero bytes at most that a DMA read gets after the end of its item. */
#define SIM_FW_CFG_MAX_FILL 65536u

/** Bytes of the directory: a count, then 64 for each file. */
#define SIM_FW_CFG_DIRECTORY_SIZE (4u + 64u * SIM_FW_CFG_MAX_FILES)

struct sim_fw_cfg_file {
    const void *data; /**< the caller's */
    uint32_t size;    /**< bytes */
};

/** What a snapshot copies. */
struct sim_fw_cfg_state {
    uint32_t key;      /**< selected item */
    uint32_t offset;   /**< of the next byte; at most the item's size */
    uint32_t dma_high; /**< upper half of the DMA address register */
};

struct sim_fw_cfg {
    struct sim_fw_cfg_state state;
    struct sim_fw_cfg_file files[SIM_FW_CFG_MAX_FILES];
    unsigned int count;                           /**< of files */
    uint8_t directory[SIM_FW_CFG_DIRECTORY_SIZE]; /**< as the guest reads it */
    const struct sim_memory *memory;

    /** The device wrote to RAM behind the processor's back, and marked the pages as dirty; for code
     * and translations that somebody has cached. NULL: nobody wants to know. */
    void (*written)(void *sink, uint64_t physical, uint64_t size);
    void *written_sink;
};

/**
 * A device without files. `written` and `written_sink` may be set afterwards.
 *
 * @param memory  RAM for the DMA interface, outlives the device; NULL: there is no DMA interface
 */
void sim_fw_cfg_init(struct sim_fw_cfg *device, const struct sim_memory *memory);

/**
 * Add a file.
 *
 * @param name  1..55 bytes, "etc/…" or "opt/…"; copied
 * @param data  outlives the device and is not copied; not in guest RAM; may be NULL if size is 0
 * @param size  in bytes, below 2^32
 * @return 0, or -1 with *error set: the name is empty, too long or taken, the file too large, or
 *         there are SIM_FW_CFG_MAX_FILES
 */
SIM_MUST_CHECK int sim_fw_cfg_add(struct sim_fw_cfg *device, const char *name, const void *data,
                                  size_t size, struct sim_error *error);

/** Ports 0x510 to 0x51B. */
struct sim_region sim_fw_cfg_ports(struct sim_fw_cfg *device);

/** State for snapshots; it does nothing by itself. */
struct sim_device sim_fw_cfg_device(struct sim_fw_cfg *device);

#endif
