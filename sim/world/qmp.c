/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * QEMU's monitor protocol.
 *
 * Both sides send JSON objects. Between a command and its answer QEMU may send
 * events, and a greeting comes before everything: whatever has neither "return"
 * nor "error" is skipped. Bytes are taken one at a time, so that none of the
 * next object is lost with the parser's buffer.
 */
#include "sim/world/qmp.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

enum {
    MAX_BYTES = 16 << 20
};

struct source {
    int monitor;
    sim_deadline deadline;
    unsigned int bytes;
    const char *complaint;
};

/* Called by jansson for more text. */
static size_t read_byte(void *buffer, size_t size, void *data)
{
    struct source *source = data;
    struct pollfd ready = {.fd = source->monitor, .events = POLLIN};
    int events = 0;

    (void)size;
    if (source->bytes++ >= MAX_BYTES) {
        source->complaint = "the answer is too long";
        return (size_t)-1;
    }
    do {
        events = poll(&ready, 1, sim_deadline_left(source->deadline));
    } while (events < 0 && errno == EINTR);
    if (events <= 0) {
        source->complaint = "no answer in time";
        return (size_t)-1;
    }
    if (recv(source->monitor, buffer, 1, 0) != 1) {
        source->complaint = "the connection is closed";
        return (size_t)-1;
    }
    return 1;
}

static int send_command(int monitor, const char *command)
{
    char text[128];
    int length = snprintf(text, sizeof text, "{\"execute\": \"%s\"}\n", command);

    return send(monitor, text, (size_t)length, MSG_NOSIGNAL) == length ? 0 : -1;
}

json_t *sim_qmp_execute(int monitor, const char *command, sim_deadline deadline,
                        struct sim_error *error)
{
    struct source source = {.monitor = monitor, .deadline = deadline};

    if (send_command(monitor, command) != 0) {
        (void)sim_error_set(error, "QEMU's monitor: %s: %s", command, strerror(errno));
        return NULL;
    }
    for (;;) {
        json_error_t problem;
        json_t *message = json_load_callback(read_byte, &source, JSON_DISABLE_EOF_CHECK, &problem);
        json_t *answer = json_object_get(message, "return");
        const char *refusal = NULL;

        if (message == NULL) {
            (void)sim_error_set(error, "QEMU's monitor: %s: %s", command,
                                source.complaint != NULL ? source.complaint : problem.text);
            return NULL;
        }
        if (answer != NULL) {
            json_incref(answer);
            json_decref(message);
            return answer;
        }
        if (json_object_get(message, "error") != NULL) {
            refusal = json_string_value(json_object_get(json_object_get(message, "error"), "desc"));
            (void)sim_error_set(error, "QEMU's monitor: %s: %s", command,
                                refusal != NULL ? refusal : "refused");
            json_decref(message);
            return NULL;
        }
        json_decref(message);
    }
}
