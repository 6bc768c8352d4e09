/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An element of an array that can only be read is not made one that can be written.
 * expect: incompatible.pointer.types
 */
#include "drydock/mmio_array.h"

enum dd_status refused(struct dd_mmio_ro8_array array, struct dd_mmio_ro8 *reg);

enum dd_status refused(struct dd_mmio_ro8_array array, struct dd_mmio_ro8 *reg)
{
    enum dd_status status = DD_MMIO_AT(array, 0, reg);
    /* begin wrong */
    struct dd_mmio_rw8 writable;
    status = DD_MMIO_AT(array, 0, &writable);
    /* end wrong */
    return status;
}
