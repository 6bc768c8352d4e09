/* SPDX-License-Identifier: MIT */
/*
 * Steps over pages and frames. All of them are made on ordinals (ordinal.h), in
 * which an address space is the numbers from 0 to 2^width and has no hole; so
 * this is the only place that knows what comes after an address.
 */
#include "drydock/addr_step.h"

#include "ordinal.h"

/* A page as a step begins: where it is counted without the hole. */
struct place {
    uint64_t ordinal;
    uint64_t size;
    unsigned int width;
};

static enum dd_status virtual_place(struct place *place, dd_vaddr page, uint64_t size,
                                    unsigned int width)
{
    enum dd_status status = dd_ordinal_check_virtual(page, width);

    if (status != DD_OK) {
        return status;
    }
    if (!dd_ordinal_is_step(size, width)) {
        return DD_EARG;
    }
    if (!dd_is_aligned(page.raw, size)) {
        return DD_EALIGN;
    }
    *place = (struct place){dd_ordinal_of(page, width), size, width};
    return DD_OK;
}

static enum dd_status physical_place(struct place *place, dd_paddr frame, uint64_t size,
                                     unsigned int width)
{
    enum dd_status status = dd_ordinal_check_physical(frame, width);

    if (status != DD_OK) {
        return status;
    }
    if (!dd_ordinal_is_step(size, width)) {
        return DD_EARG;
    }
    if (!dd_is_aligned(frame.raw, size)) {
        return DD_EALIGN;
    }
    *place = (struct place){frame.raw, size, width};
    return DD_OK;
}

static enum dd_status forward(struct place *place, uint64_t count)
{
    uint64_t last = dd_ordinal_end(place->width) - place->size;

    if (count > (last - place->ordinal) / place->size) {
        return DD_EWRAP;
    }
    place->ordinal += count * place->size;
    return DD_OK;
}

static enum dd_status backward(struct place *place, uint64_t count)
{
    if (count > place->ordinal / place->size) {
        return DD_EWRAP;
    }
    place->ordinal -= count * place->size;
    return DD_OK;
}

static enum dd_status distance(const struct place *from, const struct place *to, uint64_t *count)
{
    if (to->ordinal < from->ordinal) {
        return DD_EARG;
    }
    *count = (to->ordinal - from->ordinal) / from->size;
    return DD_OK;
}

/* ---- Virtual ---- */

enum dd_status dd_vaddr_forward(dd_vaddr page, uint64_t count, uint64_t size, unsigned int width,
                                dd_vaddr *result)
{
    struct place place;
    enum dd_status status = virtual_place(&place, page, size, width);

    if (status == DD_OK) {
        status = forward(&place, count);
    }
    if (status == DD_OK) {
        *result = dd_vaddr_truncate(place.ordinal, width);
    }
    return status;
}

enum dd_status dd_vaddr_backward(dd_vaddr page, uint64_t count, uint64_t size, unsigned int width,
                                 dd_vaddr *result)
{
    struct place place;
    enum dd_status status = virtual_place(&place, page, size, width);

    if (status == DD_OK) {
        status = backward(&place, count);
    }
    if (status == DD_OK) {
        *result = dd_vaddr_truncate(place.ordinal, width);
    }
    return status;
}

enum dd_status dd_vaddr_distance(dd_vaddr from, dd_vaddr to, uint64_t size, unsigned int width,
                                 uint64_t *count)
{
    struct place first;
    struct place last;
    enum dd_status status = virtual_place(&first, from, size, width);

    if (status == DD_OK) {
        status = virtual_place(&last, to, size, width);
    }
    return status == DD_OK ? distance(&first, &last, count) : status;
}

/* ---- Physical ---- */

enum dd_status dd_paddr_forward(dd_paddr frame, uint64_t count, uint64_t size, unsigned int width,
                                dd_paddr *result)
{
    struct place place;
    enum dd_status status = physical_place(&place, frame, size, width);

    if (status == DD_OK) {
        status = forward(&place, count);
    }
    if (status == DD_OK) {
        *result = dd_paddr_from(place.ordinal);
    }
    return status;
}

enum dd_status dd_paddr_backward(dd_paddr frame, uint64_t count, uint64_t size, unsigned int width,
                                 dd_paddr *result)
{
    struct place place;
    enum dd_status status = physical_place(&place, frame, size, width);

    if (status == DD_OK) {
        status = backward(&place, count);
    }
    if (status == DD_OK) {
        *result = dd_paddr_from(place.ordinal);
    }
    return status;
}

enum dd_status dd_paddr_distance(dd_paddr from, dd_paddr to, uint64_t size, unsigned int width,
                                 uint64_t *count)
{
    struct place first;
    struct place last;
    enum dd_status status = physical_place(&first, from, size, width);

    if (status == DD_OK) {
        status = physical_place(&last, to, size, width);
    }
    return status == DD_OK ? distance(&first, &last, count) : status;
}
