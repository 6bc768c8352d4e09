/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Elements of 32 bits are not copied to numbers of 16.
 * expect: incompatible.pointer.types
 */
#include "drydock/mmio_array.h"

enum dd_status refused(struct dd_mmio_rw32_array array, uint32_t *doublewords, uint16_t *words);

enum dd_status refused(struct dd_mmio_rw32_array array, uint32_t *doublewords, uint16_t *words)
{
    enum dd_status status = DD_MMIO_COPY_FROM(array, words[0], doublewords, 4);
    /* begin wrong */
    status = DD_MMIO_COPY_FROM(array, 0, words, 4);
    /* end wrong */
    return status;
}
