/* SPDX-License-Identifier: MIT */
/* Runs the claims and prints the protocol's lines about them. */
#include "kernel/claims.h"

#include <stddef.h>

#include "kernel/console.h"
#include "kernel/exception.h"
#include "kernel/frames.h"
#include "kernel/protocol.h"
#include "tests/claims/claim.h"

static enum claim_outcome run(uint32_t index)
{
    struct claim_result result;

    /* A claim that ended early may have left these behind. */
    kframes_limit(KFRAMES_NO_LIMIT);
    kexception_set_handler(NULL);
    result = claim_run(index);
    kprint(KPROTOCOL_CLAIM " %s %s%s%s\n", index < claim_count ? claims[index].name : "?",
           claim_outcome_name(result.outcome), result.text[0] != '\0' ? " " : "", result.text);
    return result.outcome;
}

void kclaim_run(uint32_t index)
{
    (void)run(index);
}

bool kclaims_run_all(void)
{
    bool good = true;

    for (uint32_t index = 0; index < claim_count; index++) {
        enum claim_outcome outcome = run(index);

        good = good && (outcome == CLAIM_SUCCESS || outcome == CLAIM_SKIP);
    }
    kprint(KPROTOCOL_CLAIMS " %u\n", claim_count);
    return good;
}
