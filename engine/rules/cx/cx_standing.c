// SPDX-License-Identifier: GPL-2.0-or-later
#include "cx_standing.h"

#include "cx_reading.h"

const struct ims_binding *ims_cx_stood(const struct ims_check *check)
{
	const struct ims_cx *cx = check->cx;
	bool barred;
	const struct ims_binding *binding;

	if (check->attempt && !check->attempt->before)
		return NULL;
	binding = ims_binding_of_impu(check, &barred, cx->about.impu);

	/* A barred identity is registered with its set (TS 29.228 6.5), but
	   nobody is to reach it. */
	if (!binding || (barred && cx->command == IMS_COMMAND_LI) ||
	    (check->attempt && binding != check->attempt->before) ||
	    (check->attempt && check->attempt->kind == IMS_KIND_EMERGENCY) ||
	    binding->assigned_ns >= cx->about.request_time_ns ||
	    !binding->core || binding->core != ims_cx_core(cx) ||
	    ims_binding_is_doubted(check, binding))
		return NULL;
	return binding;
}

void ims_cx_tell_stood(struct ims_draft *draft,
		       const struct ims_binding *binding)
{
	ims_draft_evidence_at(
		draft, binding->assigned, binding->assigned_ns,
		"SAA: the HSS took note of the registration by %.*s",
		IMS_SLICE_ARG(ims_cx_shown(ims_slice_of(
			binding->scscf ? binding->scscf : "its S-CSCF"))));
}
