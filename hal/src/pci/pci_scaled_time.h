/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Times that are a small number with a scale, each scale 32 times the one before, so that 16 bits
 * reach from a nanosecond to half a minute.
 */
#ifndef DRYDOCK_PCI_SCALED_TIME_H
#define DRYDOCK_PCI_SCALED_TIME_H

#include <stdint.h>

#define PCI_TIME_SCALES 6u /**< 0 to 5; others are reserved */

/** Nanoseconds of one unit of a scale that is not reserved. */
static inline uint64_t pci_time_unit(uint64_t scale)
{
    return UINT64_C(1) << 5 * scale;
}

/** In nanoseconds; UINT64_MAX if the scale is reserved. */
static inline uint64_t pci_scaled_time(uint64_t value, uint64_t scale)
{
    return scale < PCI_TIME_SCALES ? value * pci_time_unit(scale) : UINT64_MAX;
}

#endif
