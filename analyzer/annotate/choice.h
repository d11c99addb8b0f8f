/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which packets are to be written. Whoever draws the conclusions chooses
 * frames; whoever reads packets tells what belongs to what. When all is told
 * the choice is settled: with a message go the packets that hold it, its
 * copies at other points, and how its connection began and ended.
 *
 * The two sides may be two threads: each has its functions.
 */
#ifndef IMS_ANNOTATE_CHOICE_H
#define IMS_ANNOTATE_CHOICE_H

#include <stdbool.h>
#include <stdint.h>

#include <ims/address.h>
#include <ims/attributes.h>
#include <ims/message.h>

struct ims_choice;

/* Where its files are opened: see ims_temporary_new. Never NULL. */
struct ims_choice *ims_choice_new(const char *folder) IMS_MUST_USE;
void ims_choice_free(struct ims_choice *choice); /* NULL: nothing */

/* --- of whom draws the conclusions --- */

void ims_choice_frame(struct ims_choice *choice,
		      struct ims_frame frame) IMS_NONNULL_ALL;

/* Of a Diameter exchange: chosen, with its other messages on all sides of
   agents. */
void ims_choice_exchange(struct ims_choice *choice,
			 struct ims_frame frame) IMS_NONNULL_ALL;

/* Whose a registration is that is not shown. */
enum ims_hidden {
	IMS_HIDDEN_OURS,   /* of those that are asked for, who may be all */
	IMS_HIDDEN_OTHERS, /* of someone else: none of it may be written */
};

/* It is shown, and the frames of its messages are chosen one by one. */
void ims_choice_shown(struct ims_choice *choice,
		      uint64_t registration) IMS_NONNULL_ALL;

/* A message of a registration that is not: only if some of it is evidence, and
   then all of it. One registration's come one behind the other. */
void ims_choice_hidden(struct ims_choice *choice, uint64_t registration,
		       enum ims_hidden whose,
		       struct ims_frame frame) IMS_NONNULL_ALL;

/* Of a finding about this registration, chosen if that is shown; 0: about
   none. */
void ims_choice_evidence(struct ims_choice *choice, uint64_t registration,
			 struct ims_frame frame) IMS_NONNULL_ALL;

/* What is chosen went between these two; either may be unknown. */
void ims_choice_pair(struct ims_choice *choice, const struct ims_endpoint *a,
		     const struct ims_endpoint *b) IMS_NONNULL_ALL;

/* A message of a call or subscription, by a number that stands for its
   Call-ID; and all with that number are chosen. */
void ims_choice_of_call(struct ims_choice *choice, struct ims_frame frame,
			uint64_t call) IMS_NONNULL_ALL;
void ims_choice_call(struct ims_choice *choice, uint64_t call) IMS_NONNULL_ALL;

/* The call is a subscription to someone's registration, likewise by numbers. */
struct ims_subscription {
	uint64_t call;
	uint64_t about[2]; /* whom its From and To name */
};

/* It is chosen if it is about one whose registrations are shown. */
void ims_choice_subscription(struct ims_choice *choice,
			     const struct ims_subscription *subscription)
	IMS_NONNULL_ALL;
void ims_choice_subscribed(struct ims_choice *choice,
			   uint64_t about) IMS_NONNULL_ALL;

/* As ims_sink has it. */
void ims_choice_copy(struct ims_choice *choice, struct ims_frame copy,
		     struct ims_frame first) IMS_NONNULL_ALL;

/* --- of whom reads packets --- */

/* As ims_part_fn has it. */
void ims_choice_part(struct ims_choice *choice, struct ims_frame whole,
		     struct ims_frame part) IMS_NONNULL_ALL;

/* The frame is about the connection between the two, and about nobody. */
void ims_choice_connection(struct ims_choice *choice, struct ims_frame frame,
			   const struct ims_endpoint *a,
			   const struct ims_endpoint *b) IMS_NONNULL_ALL;

/* The frame shows that the capture lacks something of that connection. */
void ims_choice_gap(struct ims_choice *choice, struct ims_frame frame,
		    const struct ims_endpoint *a,
		    const struct ims_endpoint *b) IMS_NONNULL_ALL;

/* A Diameter message; `exchange` is the same for all of one exchange. */
void ims_choice_message(struct ims_choice *choice, struct ims_frame frame,
			uint64_t exchange) IMS_NONNULL_ALL;

/* --- when both are done --- */

/* false with errno set when it could not be kept what belongs to what. */
bool ims_choice_settle(struct ims_choice *choice) IMS_NONNULL_ALL IMS_MUST_USE;

/* Whether the registration, or what is about none, is shown: all are told. */
bool ims_choice_shows(const struct ims_choice *choice,
		      uint64_t registration) IMS_NONNULL_ALL;

/* Settled: how many there are, and whether it is one. */
uint64_t ims_choice_count(const struct ims_choice *choice) IMS_NONNULL_ALL;
bool ims_choice_has(const struct ims_choice *choice,
		    struct ims_frame frame) IMS_NONNULL_ALL;

/* Settled: whether it shows a gap in a connection of what is chosen. */
bool ims_choice_is_behind_gap(const struct ims_choice *choice,
			      struct ims_frame frame) IMS_NONNULL_ALL;

#endif
