/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Elements that cannot be read are not copied.
 * expect: dd_mmio_wo64_array.* not compatible with any
 */
#include "drydock/mmio_array.h"

enum dd_status refused(struct dd_mmio_wo64_array array);

enum dd_status refused(struct dd_mmio_wo64_array array)
{
    enum dd_status status = DD_MMIO_FILL(array, 0, 4, 0);
    /* begin wrong */
    status = DD_MMIO_COPY_WITHIN(array, 0, 1, 3);
    /* end wrong */
    return status;
}
