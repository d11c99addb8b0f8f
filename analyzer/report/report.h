/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reports: what the engine hands over, written as text, JSON and others. A
 * report gets everything in turn, filters what it lists, and writes to one
 * stream. All text from the wire is hostile: each format escapes it.
 */
#ifndef IMS_REPORT_H
#define IMS_REPORT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <ims/attributes.h>
#include <ims/engine.h>

/* How often a bound was met. */
struct ims_bound_count {
	const struct ims_bound_text *bound;
	uint64_t n;
};

/* What the capture and network layers know of one capture. */
struct ims_capture_report {
	uint32_t capture;
	const char *file;
	const char *format;
	const char *compression; /* "gzip", or NULL */
	const char *const *link_types;
	size_t n_link_types;
	uint64_t packets;
	uint64_t bytes;
	int64_t first_ns; /* -1: no packet */
	int64_t last_ns;
	bool truncated;
	const char *error; /* or NULL */
	uint64_t dropped;
	uint64_t sip_messages;
	uint64_t diameter_messages;
	uint64_t tls_packets;
	uint64_t esp_packets;
	uint64_t undecoded_packets;
	uint64_t let_go;
	const struct ims_bound_count *let_go_by; /* the same, where not 0 */
	size_t n_let_go_by;
	int64_t clock_offset_ns; /* added to its times */
	/* Packets that were read without their payload, as it could not be
	   anonymised: of ESP, of TLS, and others. */
	bool is_anonymized;
	uint64_t bare_esp;
	uint64_t bare_tls;
	uint64_t bare_other;
};

struct ims_report_options {
	FILE *out;
	bool colour;
	bool only_failed;
	enum ims_severity severity; /* least shown */
	const char *subscriber;	    /* glob, or NULL */
	int64_t from_ns;	    /* INT64_MIN: no limit */
	int64_t to_ns;		    /* INT64_MAX: no limit */
	unsigned width;		    /* of the terminal; 0: not one */
	bool ladder;		    /* sequence diagrams, in text */
	bool unicode;		    /* the locale has more than ASCII */
	bool live;		    /* what is final is waited for */
	const char *heading;	    /* the one capture of --separate, or NULL */
	const char *const *files;   /* the captures' names; by ims_frame */
	size_t n_files;
};

struct ims_report;

/* A format: text, json, ... */
struct ims_report_format {
	const char *name;
	/* What joins several reports to one output (--separate). */
	const char *series_start;
	const char *series_between;
	const char *series_end;
	bool lists_changes;  /* of steps: see ims_options */
	bool lists_requests; /* that were refused, with their steps */
	struct ims_report *(*new)(const struct ims_report_options *options);
	/* Whether it shows the steps of a registration: see ims_sink. */
	bool (*wants_steps)(const struct ims_report *,
			    const struct ims_registration *);
	void (*registration)(struct ims_report *,
			     const struct ims_registration *);
	/* NULL, as the two below may be: it has no place for them. */
	void (*exchange)(struct ims_report *, const struct ims_exchange *);
	void (*finding)(struct ims_report *, const struct ims_finding *);
	void (*node)(struct ims_report *, const struct ims_node *);
	void (*capture)(struct ims_report *, const struct ims_capture_report *);
	/*
	 * Writes the end and flushes. Returns false, with errno of the first
	 * failure, when the stream failed at any time.
	 */
	bool (*finish)(struct ims_report *, const struct ims_summary *);
	void (*free)(struct ims_report *);
};

/* "text, json, ndjson, ...": to be freed. */
char *ims_report_formats(void) IMS_MUST_USE;

/* The format of that name, or NULL. */
const struct ims_report_format *ims_report_format(const char *name)
	IMS_NONNULL_ALL;

#endif
