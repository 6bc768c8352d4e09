/* SPDX-License-Identifier: MIT */
/*
 * Device Control holds limits as powers of two, from 128 bytes on, and the bit
 * that resets the function. That bit reads as zero in a function that has the
 * reset, and means something else in a bridge: a read-modify-write keeps it.
 */
#include "drydock/pci_express_device.h"

#include <stdbool.h>

#include "pci_cap_change.h"
#include "pci_function_reset.h"

/* ---- Sizes ---- */

#define SMALLEST_SIZE 128u
#define LARGEST_CODE  5u

static unsigned int size_of_code(uint64_t code)
{
    return code <= LARGEST_CODE ? SMALLEST_SIZE << code : 0;
}

/* The code of a size; above LARGEST_CODE if it has none. */
static unsigned int code_of_size(unsigned int bytes)
{
    unsigned int code = 0;

    while (code <= LARGEST_CODE && SMALLEST_SIZE << code != bytes) {
        code++;
    }
    return code;
}

unsigned int dd_pci_express_payload_supported(const struct dd_pci_express *express)
{
    return size_of_code(DD_GET(express->device_capabilities, DD_PCI_EXPRESS_PAYLOAD_SUPPORTED));
}

unsigned int dd_pci_express_payload(const struct dd_pci_express *express)
{
    return size_of_code(DD_GET(express->device_control, DD_PCI_EXPRESS_PAYLOAD));
}

unsigned int dd_pci_express_read_request(const struct dd_pci_express *express)
{
    return size_of_code(DD_GET(express->device_control, DD_PCI_EXPRESS_READ_REQUEST));
}

enum dd_status dd_pci_express_set_payload(const struct dd_pci_access *access,
                                          struct dd_pci_address address,
                                          const struct dd_pci_express *express, unsigned int bytes)
{
    const struct pci_cap_place place = {access, address, express->offset};
    unsigned int code = code_of_size(bytes);
    const struct pci_cap_bits bits = {DD_PCI_EXPRESS_DEVICE_CONTROL,
                                      (uint16_t)DD_BITS(DD_PCI_EXPRESS_PAYLOAD),
                                      (uint16_t)DD_SET(0, DD_PCI_EXPRESS_PAYLOAD, code)};

    if (code > LARGEST_CODE) {
        return DD_EARG;
    }
    if (code > DD_GET(express->device_capabilities, DD_PCI_EXPRESS_PAYLOAD_SUPPORTED)) {
        return DD_ENOTSUP;
    }
    return dd_pci_cap_change(&place, DD_PCI_WIDTH_16, &bits);
}

enum dd_status dd_pci_express_set_read_request(const struct dd_pci_access *access,
                                               struct dd_pci_address address,
                                               const struct dd_pci_express *express,
                                               unsigned int bytes)
{
    const struct pci_cap_place place = {access, address, express->offset};
    unsigned int code = code_of_size(bytes);
    const struct pci_cap_bits bits = {DD_PCI_EXPRESS_DEVICE_CONTROL,
                                      (uint16_t)DD_BITS(DD_PCI_EXPRESS_READ_REQUEST),
                                      (uint16_t)DD_SET(0, DD_PCI_EXPRESS_READ_REQUEST, code)};

    if (code > LARGEST_CODE) {
        return DD_EARG;
    }
    return dd_pci_cap_change(&place, DD_PCI_WIDTH_16, &bits);
}

/* ---- Time limits ---- */

/* Each pair of bits 3:2 of a code belongs to one of the ranges A to D: [PCIe 6] 7.5.3.16. */
static const struct dd_pci_express_timeout timeouts[16] = {
    [0x0] = {50, 50000},        [0x1] = {50, 100},           [0x2] = {1000, 10000},
    [0x5] = {16000, 55000},     [0x6] = {65000, 210000},     [0x9] = {260000, 900000},
    [0xA] = {1000000, 3500000}, [0xD] = {4000000, 13000000}, [0xE] = {17000000, 64000000},
};

enum dd_status dd_pci_express_timeout_range(unsigned int code,
                                            struct dd_pci_express_timeout *timeout)
{
    if (code >= sizeof timeouts / sizeof timeouts[0] || timeouts[code].longest == 0) {
        return DD_ENOTSUP;
    }
    *timeout = timeouts[code];
    return DD_OK;
}

static bool can_time_out(const struct dd_pci_express *express, unsigned int code)
{
    uint64_t ranges = DD_GET(express->device_capabilities_2, DD_PCI_EXPRESS_TIMEOUT_RANGES);
    struct dd_pci_express_timeout timeout;

    if ((express->groups & DD_PCI_EXPRESS_GROUP_DEVICE_2) == 0 ||
        dd_pci_express_timeout_range(code, &timeout) != DD_OK) {
        return false;
    }
    return code == 0 || (ranges >> code / 4 & 1) != 0;
}

enum dd_status dd_pci_express_set_timeout(const struct dd_pci_access *access,
                                          struct dd_pci_address address,
                                          const struct dd_pci_express *express, unsigned int code)
{
    const struct pci_cap_place place = {access, address, express->offset};
    const struct pci_cap_bits bits = {DD_PCI_EXPRESS_DEVICE_CONTROL_2,
                                      (uint16_t)DD_BITS(DD_PCI_EXPRESS_TIMEOUT_VALUE),
                                      (uint16_t)DD_SET(0, DD_PCI_EXPRESS_TIMEOUT_VALUE, code)};

    return can_time_out(express, code) ? dd_pci_cap_change(&place, DD_PCI_WIDTH_16, &bits)
                                       : DD_ENOTSUP;
}

/* ---- Errors ---- */

enum dd_status dd_pci_express_clear_errors(const struct dd_pci_access *access,
                                           struct dd_pci_address address,
                                           const struct dd_pci_express *express)
{
    const uint64_t errors = DD_BITS(DD_PCI_EXPRESS_CORRECTABLE_DETECTED) |
                            DD_BITS(DD_PCI_EXPRESS_NON_FATAL_DETECTED) |
                            DD_BITS(DD_PCI_EXPRESS_FATAL_DETECTED) |
                            DD_BITS(DD_PCI_EXPRESS_UNSUPPORTED_REQUEST_DETECTED) |
                            DD_BITS(DD_PCI_EXPRESS_EMERGENCY_POWER_REDUCTION_DETECTED);
    const struct pci_cap_place place = {access, address, express->offset};

    return dd_pci_cap_clear(&place, DD_PCI_WIDTH_16, DD_PCI_EXPRESS_DEVICE_STATUS,
                            (uint16_t)(express->device_status & errors));
}

/* ---- Reset ---- */

enum dd_status dd_pci_express_reset_function(const struct dd_pci_access *access,
                                             struct dd_pci_address address,
                                             const struct dd_pci_express *express,
                                             enum dd_pci_express_pending pending,
                                             const struct dd_delay *delay)
{
    const uint16_t initiate = (uint16_t)DD_BITS(DD_PCI_EXPRESS_INITIATE_FLR);
    const struct pci_function_reset reset = {
        .place = {access, address, express->offset},
        .quiet = {DD_PCI_EXPRESS_DEVICE_STATUS,
                  (uint16_t)DD_BITS(DD_PCI_EXPRESS_TRANSACTIONS_PENDING), 0},
        .initiate = {DD_PCI_EXPRESS_DEVICE_CONTROL, initiate, initiate},
        .pending = pending,
        .delay = delay,
    };

    if (DD_GET(express->device_capabilities, DD_PCI_EXPRESS_FLR_CAPABLE) == 0) {
        return DD_ENOTSUP;
    }
    return dd_pci_function_reset(&reset);
}
