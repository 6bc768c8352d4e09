/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See the header. Which pages a range takes is decided by alignment alone. */
#include "tests/unit/paging_model.h"

#include <check.h>

#include "tests/unit/paging_sizes.h"

struct model_page model_pages[MODEL_PAGES_MAX];
size_t model_page_count;

size_t model_find(uint64_t address)
{
    size_t low = 0;
    size_t high = model_page_count;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (model_pages[middle].first + model_pages[middle].bytes > address) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

/* Tables of one level: regions of `bytes` in which there is a page smaller than that. */
static unsigned int count_regions(uint64_t bytes)
{
    unsigned int count = 0;
    uint64_t last_region = UINT64_MAX;

    for (size_t i = 0; i < model_page_count; i++) {
        uint64_t region = model_pages[i].first / bytes;

        if (model_pages[i].bytes < bytes && region != last_region) {
            count++;
            last_region = region;
        }
    }
    return count;
}

unsigned int model_count_frames(void)
{
    return 1 + count_regions(T) + count_regions(G) + count_regions(M);
}

enum dd_status model_predict_map(const struct model_request *request)
{
    size_t i = model_find(request->first);

    if (i == model_page_count || model_pages[i].first >= request->first + request->length) {
        return DD_OK;
    }
    return !request->one_page || model_pages[i].bytes == request->length ? DD_EEXIST : DD_EPAGESIZE;
}

enum dd_status model_predict_unmap(const struct model_request *request)
{
    uint64_t at = request->first;

    for (size_t i = model_find(at); at < request->first + request->length; i++) {
        if (request->one_page && i < model_page_count &&
            model_pages[i].first < at + request->length &&
            model_pages[i].bytes != request->length) {
            return DD_EPAGESIZE;
        }
        if (i == model_page_count || model_pages[i].first > at) {
            return DD_ENOTMAPPED;
        }
        if (model_pages[i].first < at ||
            model_pages[i].bytes > request->first + request->length - model_pages[i].first) {
            return DD_EPAGESIZE;
        }
        at += model_pages[i].bytes;
    }
    return DD_OK;
}

void model_insert(const struct model_request *request)
{
    static struct model_page added[MODEL_PAGES_MAX];
    size_t count = 0;
    size_t where = model_find(request->first);

    for (uint64_t done = 0; done < request->length; done += added[count++].bytes) {
        uint64_t aligned = (request->first + done) | (request->physical + done);
        uint64_t left = request->length - done;
        uint64_t bytes = aligned % G == 0 && left >= G ? G : aligned % M == 0 && left >= M ? M : K;

        if (model_page_count + count == MODEL_PAGES_MAX) {
            ck_abort_msg("the model is full");
        }
        added[count] = (struct model_page){request->first + done, request->one_page ? left : bytes,
                                           request->physical + done, request->flags};
    }
    for (size_t i = model_page_count; i > where; i--) {
        model_pages[i - 1 + count] = model_pages[i - 1];
    }
    for (size_t i = 0; i < count; i++) {
        model_pages[where + i] = added[i];
    }
    model_page_count += count;
}

void model_remove(const struct model_request *request)
{
    size_t first = model_find(request->first);
    size_t after = model_find(request->first + request->length);

    for (size_t i = after; i < model_page_count; i++) {
        model_pages[first + i - after] = model_pages[i];
    }
    model_page_count -= after - first;
}
