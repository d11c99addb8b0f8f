/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Scenarios: signalling written as text, read into the events that the
 * engine is fed. The language is described in tests/scn/README.md. For tests
 * only: a scenario that is wrong ends the program with a message that names
 * file and line, and status 2.
 */
#ifndef SCN_H
#define SCN_H

#include <stddef.h>

#include <ims/message.h>

/* A line of a scenario, for messages. Text is without its end. */
struct scn_line {
	const char *file;
	unsigned number;
	const char *text;
};

struct scn_event {
	struct ims_event event;
	const char *label; /* of its statement; "" for none */
	bool duplicate; /* an earlier packet, taken by the capture once more */
	bool idle;	/* no event at all: a packet that is no signalling */
	size_t cut_off; /* bytes of the message that the capture lacks */
};

struct scn;

/* `library` is the folder in which `use` looks. Never NULL. */
struct scn *scn_read(const char *path, const char *library);

/* In order of time; frames are numbered from 1 in that order. Borrowed. */
const struct scn_event *scn_events(const struct scn *scn, size_t *n);

/* The `expect` and `allow` lines, variables filled in. Borrowed. */
const struct scn_line *scn_expectations(const struct scn *scn, size_t *n);

void scn_free(struct scn *scn); /* NULL: nothing */

/* Writes "FILE:LINE: ..." to standard error and exits with status 2. */
_Noreturn void scn_fail(const struct scn_line *line, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
