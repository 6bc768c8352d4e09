/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An array that can only be read is not filled.
 * expect: dd_mmio_ro32_array.* not compatible with any
 */
#include "drydock/mmio_array.h"

enum dd_status refused(struct dd_mmio_ro32_array array, uint32_t *values);

enum dd_status refused(struct dd_mmio_ro32_array array, uint32_t *values)
{
    enum dd_status status = DD_MMIO_COPY_FROM(array, 0, values, 4);
    /* begin wrong */
    status = DD_MMIO_FILL(array, 0, 4, 0);
    /* end wrong */
    return status;
}
