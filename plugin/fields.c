// SPDX-License-Identifier: GPL-2.0-or-later
#include "compat.h"

#include "fields.h"

static int fields[IMS_N_FIELDS];
static int trees[IMS_N_TREES];

#define NUMBER(field, abbrev, name, blurb)                                   \
	{                                                                    \
		&fields[IMS_FIELD_##field],                                  \
		{                                                            \
			name, "imsleuth." abbrev, FT_UINT32, BASE_DEC, NULL, \
				0, blurb, HFILL                              \
		}                                                            \
	}
#define STRING(field, abbrev, name, blurb)                                    \
	{                                                                     \
		&fields[IMS_FIELD_##field],                                   \
		{                                                             \
			name, "imsleuth." abbrev, FT_STRING, BASE_NONE, NULL, \
				0, blurb, HFILL                               \
		}                                                             \
	}
#define FRAME(field, abbrev, name, blurb)                                 \
	{                                                                 \
		&fields[IMS_FIELD_##field],                               \
		{                                                         \
			name, "imsleuth." abbrev, FT_FRAMENUM, BASE_NONE, \
				NULL, 0, blurb, HFILL                     \
		}                                                         \
	}
#define DURATION(field, abbrev, name, blurb)                                   \
	{                                                                      \
		&fields[IMS_FIELD_##field],                                    \
		{                                                              \
			name, "imsleuth." abbrev, FT_RELATIVE_TIME, BASE_NONE, \
				NULL, 0, blurb, HFILL                          \
		}                                                              \
	}

static hf_register_info infos[] = {
	NUMBER(REGISTRATION, "registration", "Registration",
	       "Number of the registration, the same as the command line's id"),
	STRING(KIND, "kind", "Kind",
	       "initial, refresh, deregistration, third-party, emergency or "
	       "fetch"),
	STRING(OUTCOME, "outcome", "Outcome",
	       "registered, deregistered, rejected, challenged, unanswered or "
	       "incomplete"),
	STRING(CAUSE, "cause", "Cause",
	       "Rule that explains why the registration failed"),
	STRING(IMPI, "impi", "IMPI", "Private identity"),
	STRING(IMPU, "impu", "IMPU", "Public identity"),
	FRAME(FIRST_FRAME, "first_frame", "First frame",
	      "First frame of the registration"),
	FRAME(PREVIOUS_FRAME, "previous_frame", "Previous frame",
	      "Frame of the step before"),
	FRAME(NEXT_FRAME, "next_frame", "Next frame",
	      "Frame of the step behind"),
	FRAME(LAST_FRAME, "last_frame", "Last frame",
	      "Last frame of the registration"),
	FRAME(COPY_OF, "copy_of", "Copy of",
	      "The same packet was taken at another point in this frame"),
	STRING(STEP, "step", "Step", "Message: REGISTER, 401, UAR, ..."),
	STRING(STEP_DETAIL, "step.detail", "Detail", "What the message says"),
	STRING(LEG, "leg", "Leg", "gm, mw, cx, isc or rx"),
	STRING(SOURCE_ROLE, "source_role", "From", "Role of the sender"),
	STRING(DESTINATION_ROLE, "destination_role", "To",
	       "Role of the receiver"),
	STRING(FINDING, "finding", "Rule", "Rule that found something here"),
	STRING(FINDING_SEVERITY, "finding.severity", "Severity",
	       "note, warning or error"),
	STRING(FINDING_CONFIDENCE, "finding.confidence", "Confidence",
	       "certain or likely"),
	STRING(FINDING_SUMMARY, "finding.summary", "Summary",
	       "What happened in this capture"),
	STRING(FINDING_SAYING, "finding.saying", "This frame",
	       "What this frame has to do with it"),
	STRING(FINDING_PRODUCT, "finding.product", "Product",
	       "The product that is known to do so"),
	STRING(FINDING_KNOWN, "finding.known", "Known",
	       "What the product does, and what that means"),
	STRING(FINDING_ADVICE, "finding.advice", "Advice", "What to do"),
	STRING(FINDING_SPEC, "finding.spec", "Specification",
	       "Where it is written"),
	FRAME(FINDING_FRAME, "finding.frame", "Evidence",
	      "Another frame that proves it"),
	DURATION(CX_ANSWER_TIME, "cx.answer_time", "Answer time",
		 "Time since the request"),
	STRING(CX_RESULT, "cx.result", "Result",
	       "Result, named by the registry of its container"),
	FRAME(CX_REQUEST_FRAME, "cx.request_frame", "Request",
	      "Frame of the request"),
};

void ims_fields_register(int proto)
{
	static int *numbers[IMS_N_TREES];

	for (unsigned i = 0; i < IMS_N_TREES; i++) {
		trees[i] = -1; /* 4.0 insists on it */
		numbers[i] = &trees[i];
	}
	proto_register_field_array(proto, infos, array_length(infos));
	proto_register_subtree_array(numbers, array_length(numbers));
}

int ims_field(enum ims_field field)
{
	return fields[field];
}

int ims_tree(enum ims_tree tree)
{
	return trees[tree];
}
