/* SPDX-License-Identifier: MIT */
/*
 * An object goes through one register, dword by dword: two of header, kind and
 * length, then the payload. Writing the last and setting Go starts the function;
 * when it is ready the answer is read the same way, and each dword is taken out by
 * writing the register that gave it. Everything the other side says is bounded: how
 * long it is busy, how long its answer is, and whether the dwords it announced are
 * there.
 */
#include "drydock/pci_doe.h"

#include "pci_cap_change.h"
#include "pci_cap_read.h"

#define HEADER_DWORDS    2u
#define ANSWER_LIMIT     1000u /* milliseconds: [PCIe 6] 6.30.2 */
#define LENGTH_BITS      18u   /* of the header's second dword */
#define TYPE_SHIFT       16u
#define DISCOVERY_VENDOR 0x0001u /* PCI-SIG */
#define DISCOVERY_TYPE   0x00u

enum dd_status dd_pci_doe_read(const struct dd_pci_access *access, struct dd_pci_address address,
                               uint16_t offset, struct dd_pci_doe *doe)
{
    const struct pci_cap_place place = {access, address, offset};
    struct dd_pci_doe result = {.offset = offset};
    struct pci_cap_reader reader;
    enum dd_status status = dd_pci_cap_open(&reader, &place, DD_PCI_DOE_READ_MAILBOX + 4);

    if (status != DD_OK) {
        return status;
    }
    result.capabilities = dd_pci_cap_read32(&reader, DD_PCI_DOE_CAPABILITIES);
    result.control = dd_pci_cap_read32(&reader, DD_PCI_DOE_CONTROL);
    result.status = dd_pci_cap_read32(&reader, DD_PCI_DOE_STATUS);
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *doe = result;
    }
    return status;
}

static enum dd_status write_register(const struct pci_cap_place *place, unsigned int at,
                                     uint32_t value)
{
    return dd_pci_write32(place->access, place->address, (uint16_t)(place->offset + at), value);
}

enum dd_status dd_pci_doe_abort(const struct dd_pci_access *access, struct dd_pci_address address,
                                const struct dd_pci_doe_mailbox *mailbox)
{
    const struct pci_cap_place place = {access, address, mailbox->offset};
    const struct pci_cap_bits abort = {DD_PCI_DOE_CONTROL, (uint32_t)DD_BITS(DD_PCI_DOE_ABORT),
                                       (uint32_t)DD_BITS(DD_PCI_DOE_ABORT)};
    const struct pci_cap_bits idle = {
        DD_PCI_DOE_STATUS, (uint32_t)(DD_BITS(DD_PCI_DOE_BUSY) | DD_BITS(DD_PCI_DOE_ERROR)), 0};
    enum dd_status status = dd_pci_cap_change(&place, DD_PCI_WIDTH_32, &abort);

    if (status != DD_OK) {
        return status;
    }
    return dd_pci_cap_await(&place, DD_PCI_WIDTH_32, &idle, ANSWER_LIMIT, mailbox->delay);
}

/* Make sure that nothing of an exchange before is left. */
static enum dd_status prepare(const struct pci_cap_place *place,
                              const struct dd_pci_doe_mailbox *mailbox)
{
    const struct pci_cap_bits idle = {DD_PCI_DOE_STATUS, (uint32_t)DD_BITS(DD_PCI_DOE_BUSY), 0};
    struct dd_pci_doe doe;
    enum dd_status status =
        dd_pci_cap_await(place, DD_PCI_WIDTH_32, &idle, ANSWER_LIMIT, mailbox->delay);

    if (status == DD_OK) {
        status = dd_pci_doe_read(place->access, place->address, place->offset, &doe);
    }
    if (status == DD_OK && (DD_GET(doe.status, DD_PCI_DOE_ERROR) != 0 ||
                            DD_GET(doe.status, DD_PCI_DOE_OBJECT_READY) != 0)) {
        status = dd_pci_doe_abort(place->access, place->address, mailbox);
    }
    return status;
}

static uint32_t make_kind(const struct dd_pci_doe_request *request)
{
    return (uint32_t)request->type << TYPE_SHIFT | request->vendor;
}

static enum dd_status send(const struct pci_cap_place *place,
                           const struct dd_pci_doe_request *request)
{
    const struct pci_cap_bits go = {DD_PCI_DOE_CONTROL, (uint32_t)DD_BITS(DD_PCI_DOE_GO),
                                    (uint32_t)DD_BITS(DD_PCI_DOE_GO)};
    /* The greatest length is written as 0. */
    uint32_t length = (uint32_t)((request->dwords + HEADER_DWORDS) & DD_MASK(LENGTH_BITS - 1, 0));
    enum dd_status status = write_register(place, DD_PCI_DOE_WRITE_MAILBOX, make_kind(request));

    if (status == DD_OK) {
        status = write_register(place, DD_PCI_DOE_WRITE_MAILBOX, length);
    }
    for (uint32_t i = 0; i < request->dwords && status == DD_OK; i++) {
        status = write_register(place, DD_PCI_DOE_WRITE_MAILBOX, request->payload[i]);
    }
    return status == DD_OK ? dd_pci_cap_change(place, DD_PCI_WIDTH_32, &go) : status;
}

/* Wait for the answer, or for the function to say that there is none. */
static enum dd_status await_answer(const struct pci_cap_place *place, const struct dd_delay *delay)
{
    for (unsigned int i = 0;; i++) {
        uint32_t value;
        enum dd_status status;

        dd_pci_forget(place->access);
        status = dd_pci_cap_fetch32(place, DD_PCI_DOE_STATUS, &value);
        if (status != DD_OK) {
            return status;
        }
        if (DD_GET(value, DD_PCI_DOE_ERROR) != 0) {
            return DD_EMALFORMED;
        }
        if (DD_GET(value, DD_PCI_DOE_OBJECT_READY) != 0) {
            return DD_OK;
        }
        if (i == ANSWER_LIMIT) {
            return DD_ETIMEOUT;
        }
        delay->wait(delay->context, DD_DELAY_MILLISECOND);
    }
}

/* Take one dword out of the mailbox. */
static enum dd_status take(const struct pci_cap_place *place, uint32_t *dword)
{
    uint32_t status_register;
    enum dd_status status = dd_pci_cap_fetch32(place, DD_PCI_DOE_STATUS, &status_register);

    if (status != DD_OK) {
        return status;
    }
    if (DD_GET(status_register, DD_PCI_DOE_OBJECT_READY) == 0) {
        return DD_EMALFORMED;
    }
    status = dd_pci_cap_fetch32(place, DD_PCI_DOE_READ_MAILBOX, dword);
    return status == DD_OK ? write_register(place, DD_PCI_DOE_READ_MAILBOX, 0) : status;
}

static enum dd_status receive(const struct pci_cap_place *place, uint32_t kind,
                              struct dd_pci_doe_response *response)
{
    uint32_t header[HEADER_DWORDS];
    uint32_t length;
    enum dd_status status = DD_OK;

    for (unsigned int i = 0; i < HEADER_DWORDS && status == DD_OK; i++) {
        status = take(place, &header[i]);
    }
    if (status != DD_OK) {
        return status;
    }
    length = (uint32_t)(header[1] & DD_MASK(LENGTH_BITS - 1, 0));
    length = length == 0 ? UINT32_C(1) << LENGTH_BITS : length;
    if ((header[0] & DD_MASK(23, 0)) != kind || length < HEADER_DWORDS) {
        return DD_EMALFORMED;
    }
    if (length - HEADER_DWORDS > response->capacity) {
        return DD_EFULL;
    }
    for (uint32_t i = 0; i < length - HEADER_DWORDS && status == DD_OK; i++) {
        status = take(place, &response->payload[i]);
    }
    if (status == DD_OK) {
        response->dwords = length - HEADER_DWORDS;
    }
    return status;
}

enum dd_status dd_pci_doe_exchange(const struct dd_pci_access *access,
                                   struct dd_pci_address address,
                                   const struct dd_pci_doe_mailbox *mailbox,
                                   const struct dd_pci_doe_request *request,
                                   struct dd_pci_doe_response *response)
{
    const struct pci_cap_place place = {access, address, mailbox->offset};
    enum dd_status status;

    if (request->dwords > DD_PCI_DOE_PAYLOAD_MAX) {
        return DD_EARG;
    }
    status = prepare(&place, mailbox);
    if (status != DD_OK) {
        return status;
    }
    status = send(&place, request);
    if (status == DD_OK) {
        status = await_answer(&place, mailbox->delay);
    }
    if (status == DD_OK) {
        status = receive(&place, make_kind(request), response);
    }
    if (status != DD_OK && status != DD_ENODEV &&
        dd_pci_doe_abort(access, address, mailbox) == DD_ENODEV) {
        return DD_ENODEV;
    }
    return status;
}

enum dd_status dd_pci_doe_discover(const struct dd_pci_access *access,
                                   struct dd_pci_address address,
                                   const struct dd_pci_doe_mailbox *mailbox, uint8_t index,
                                   struct dd_pci_doe_protocol *protocol)
{
    const uint32_t question = index;
    const struct dd_pci_doe_request request = {DISCOVERY_VENDOR, DISCOVERY_TYPE, &question, 1};
    uint32_t answer;
    struct dd_pci_doe_response response = {.payload = &answer, .capacity = 1};
    enum dd_status status = dd_pci_doe_exchange(access, address, mailbox, &request, &response);

    if (status != DD_OK) {
        return status;
    }
    if (response.dwords != 1) {
        return DD_EMALFORMED;
    }
    *protocol = (struct dd_pci_doe_protocol){
        .vendor = (uint16_t)answer,
        .type = (uint8_t)(answer >> 16),
        .next = (uint8_t)(answer >> 24),
    };
    return DD_OK;
}
