/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What the steps of the model test choose: numbers that follow from a seed, and what a call is asked
 * to do about the scene.
 */
#ifndef DRYDOCK_TESTS_PAGE_SCENE_CHOOSE_H
#define DRYDOCK_TESTS_PAGE_SCENE_CHOOSE_H

#include <stdbool.h>
#include <stdint.h>

#include "tests/unit/page_scene.h"

/** Choose from a seed on. */
void scene_pick_from(uint64_t seed);

/** Any number. */
uint64_t scene_pick_any(void);

/** A number below @p count; 0 if that is 0. */
uint64_t scene_pick(uint64_t count);

/** Once in so many times. */
bool scene_chance(uint64_t one_in);

/** The address of the scene's width with the same low bits. */
uint64_t scene_canonical(uint64_t address);

/** Flags for a page, some of them impossible. */
unsigned int scene_pick_flags(void);

/** A kind of call, by weight, and what it is asked to do. */
const struct call *scene_pick_call(void);
struct ask scene_pick_ask(const struct call *call);

#endif
