/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The first line. It should be the answer: the exception nobody handled, with
 * what the machine knows about its cause instead of the manual's name for it, and
 * why it did not reach a handler.
 */
#include <inttypes.h>
#include <string.h>

#include "sim/report/postmortem_internal.h"
#include "sim/util/text.h"

enum {
    VECTOR_DF = 8,
    VECTOR_TS = 10,
    VECTOR_GP = 13,
    FIRST_FREE_VECTOR = 32 /* [SDM 3A] table 6-1 */
};

void autopsy_name_event(const struct sim_exception *exception, char *name, size_t size)
{
    if (exception->source == SIM_SOURCE_SOFTWARE) {
        (void)snprintf(name, size, "INT 0x%x", exception->vector & 0xFF);
    } else if (exception->source == SIM_SOURCE_INTERRUPT) {
        (void)snprintf(name, size, "interrupt 0x%x", exception->vector & 0xFF);
    } else {
        (void)snprintf(name, size, "%s", sim_vector_name(exception->vector));
    }
}

static const struct sim_delivery_step *first_step(const struct autopsy *autopsy)
{
    const struct sim_delivery_reason *delivery = autopsy->input->delivery;

    return delivery == NULL || delivery->step_count == 0 ? NULL : &delivery->steps[0];
}

/* What was to be delivered, by name and in words. */
static void explain_event(struct autopsy *autopsy)
{
    struct sim_postmortem *postmortem = autopsy->postmortem;
    const struct sim_fault *fault = &autopsy->input->result->fault;
    const struct sim_delivery_step *step = first_step(autopsy);
    struct sim_exception event = {.vector = fault->vector};

    if (step != NULL) {
        event = step->exception;
    }
    autopsy_name_event(&event, postmortem->fault_name, sizeof postmortem->fault_name);
    sim_fault_explain(fault, postmortem->fault_text, sizeof postmortem->fault_text);
    if (event.source == SIM_SOURCE_SOFTWARE) {
        (void)snprintf(postmortem->fault_text, sizeof postmortem->fault_text, "software interrupt");
    } else if (event.source == SIM_SOURCE_INTERRUPT) {
        (void)snprintf(postmortem->fault_text, sizeof postmortem->fault_text, "a device's, %s",
                       event.vector < FIRST_FREE_VECTOR
                           ? "on a vector of the processor's own exceptions"
                           : "through an interrupt controller");
    }
}

void autopsy_explain_stop(struct autopsy *autopsy)
{
    struct sim_postmortem *postmortem = autopsy->postmortem;
    const struct sim_result *result = autopsy->input->result;
    char *title = postmortem->title;
    size_t size = sizeof postmortem->title;

    postmortem->stop = result->stop;
    (void)snprintf(postmortem->reason, sizeof postmortem->reason, "%s", result->fault.reason);
    autopsy_clean(postmortem->reason);
    switch (result->stop) {
    case SIM_STOP_FAULT:
        explain_event(autopsy);
        break;
    case SIM_STOP_HALTED:
        (void)snprintf(title, size, "HALTED FOR EVER: %s",
                       (autopsy->input->cpu->rflags & 0x200) == 0 /* IF */
                           ? "HLT with interrupts off (RFLAGS.IF 0)"
                           : "HLT with interrupts on, but no device has one coming");
        break;
    case SIM_STOP_BUDGET:
        (void)snprintf(title, size, "OUT OF BUDGET: the guest does not come to an end");
        break;
    case SIM_STOP_ENGINE:
        (void)snprintf(title, size, "CANNOT GO ON: %.200s", postmortem->reason);
        break;
    case SIM_STOP_EXITED:
        (void)snprintf(title, size, "exited with status %" PRIu64, result->value);
        break;
    case SIM_STOP_RETURNED:
        (void)snprintf(title, size, "returned 0x%" PRIx64, result->value);
        break;
    }
}

/* The processor shuts down when a double fault cannot be delivered. [SDM 3A] 6.15, vector 8. */
static bool is_triple_fault(const struct sim_delivery_reason *delivery)
{
    return delivery != NULL && delivery->step_count > 0 &&
           delivery->steps[delivery->step_count - 1].exception.vector == VECTOR_DF;
}

/* "read of 0x1000 by the supervisor: the PTE is not present". */
static void append_walk(const struct sim_walk_explanation *walk, char *title, size_t size)
{
    int length = (int)strcspn(walk->title, ";");

    if (walk->mapped) {
        sim_text_append(title, size, "%.*s, which the tables allow", length, walk->title);
    } else {
        sim_text_append(title, size, "%.*s: %s", length, walk->title, walk->verdict);
    }
}

/* The best there is: the cause, the page walk, a note about selector or operand, or what the vector
   means. */
static void append_headline(const struct autopsy *autopsy, char *title, size_t size)
{
    const struct sim_postmortem *postmortem = autopsy->postmortem;
    const char *cause = autopsy->input->cause;
    unsigned int vector = autopsy->input->result->fault.vector;
    bool about_selectors = postmortem->has_error_code && vector >= VECTOR_TS && vector <= VECTOR_GP;

    if (cause != NULL && cause[0] != '\0') {
        sim_text_append(title, size, "%s", cause);
    } else if (postmortem->has_walk) {
        append_walk(&postmortem->walk, title, size);
    } else if (about_selectors && postmortem->notes.count > 0) {
        sim_text_append(title, size, "%s", postmortem->notes.text[0]);
    } else {
        sim_text_append(title, size, "%s", postmortem->fault_text);
    }
}

void autopsy_entitle_fault(struct autopsy *autopsy)
{
    struct sim_postmortem *postmortem = autopsy->postmortem;
    const struct sim_delivery_step *step = first_step(autopsy);
    char *title = postmortem->title;
    size_t size = sizeof postmortem->title;

    (void)snprintf(title, size, "%s %s: ",
                   is_triple_fault(autopsy->input->delivery) ? "TRIPLE FAULT after" : "UNHANDLED",
                   postmortem->fault_name);
    append_headline(autopsy, title, size);
    if (step != NULL) {
        sim_text_append(title, size, "; %s", step->text);
    }
    autopsy_clean(title);
}
