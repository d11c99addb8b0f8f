// SPDX-License-Identifier: GPL-2.0-or-later
/* The words of the public enumerations, each once. */
#include <ims/engine.h>

#define NAME(table, i) \
	((size_t)(i) < sizeof(table) / sizeof((table)[0]) ? (table)[i] : NULL)

static const char *const kinds[] = {
	[IMS_KIND_INITIAL] = "initial",
	[IMS_KIND_REFRESH] = "refresh",
	[IMS_KIND_DEREGISTRATION] = "deregistration",
	[IMS_KIND_THIRD_PARTY] = "third-party",
	[IMS_KIND_EMERGENCY] = "emergency",
	[IMS_KIND_FETCH] = "fetch",
};

static const char *const outcomes[IMS_N_OUTCOMES] = {
	[IMS_OUTCOME_REGISTERED] = "registered",
	[IMS_OUTCOME_DEREGISTERED] = "deregistered",
	[IMS_OUTCOME_REJECTED] = "rejected",
	[IMS_OUTCOME_CHALLENGED] = "challenged",
	[IMS_OUTCOME_UNANSWERED] = "unanswered",
	[IMS_OUTCOME_INCOMPLETE] = "incomplete",
};

static const char *const legs[] = {
	[IMS_LEG_GM] = "gm",   [IMS_LEG_MW] = "mw", [IMS_LEG_CX] = "cx",
	[IMS_LEG_ISC] = "isc", [IMS_LEG_RX] = "rx",
};

static const char *const roles[IMS_N_ROLES] = {
	[IMS_ROLE_UE] = "UE",
	[IMS_ROLE_P_CSCF] = "P-CSCF",
	[IMS_ROLE_I_CSCF] = "I-CSCF",
	[IMS_ROLE_S_CSCF] = "S-CSCF",
	[IMS_ROLE_HSS] = "HSS",
	[IMS_ROLE_SLF] = "SLF",
	[IMS_ROLE_DRA] = "DRA",
	[IMS_ROLE_AS] = "AS",
	[IMS_ROLE_MRF] = "MRF",
	[IMS_ROLE_PCRF] = "PCRF",
	[IMS_ROLE_REGISTRAR] = "registrar",
};

static const char *const change_kinds[] = {
	[IMS_CHANGE_ADDED] = "added",
	[IMS_CHANGE_REMOVED] = "removed",
	[IMS_CHANGE_CHANGED] = "changed",
};

static const char *const protocols[] = {
	[IMS_PROTOCOL_SIP] = "SIP",   [IMS_PROTOCOL_CX] = "Cx",
	[IMS_PROTOCOL_RX] = "Rx",     [IMS_PROTOCOL_ESP] = "ESP",
	[IMS_PROTOCOL_ICMP] = "ICMP", [IMS_PROTOCOL_TCP] = "TCP",
	[IMS_PROTOCOL_SCTP] = "SCTP",
};

static const char *const severities[] = {
	[IMS_SEVERITY_NOTE] = "note",
	[IMS_SEVERITY_WARNING] = "warning",
	[IMS_SEVERITY_ERROR] = "error",
};

static const char *const scopes[] = {
	[IMS_SCOPE_REGISTRATION] = "registration",
	[IMS_SCOPE_EXCHANGE] = "exchange",
	[IMS_SCOPE_REQUEST] = "request",
	[IMS_SCOPE_PEER] = "peer",
	[IMS_SCOPE_MESSAGE] = "message",
	[IMS_SCOPE_CAPTURE] = "capture",
	[IMS_SCOPE_TERMINATION] = "termination",
};

static const char *const applications[] = {
	[IMS_APPLICATION_BASE] = "base",
	[IMS_APPLICATION_CX] = "Cx",
	[IMS_APPLICATION_RFC4740] = "SIP (RFC 4740)",
	[IMS_APPLICATION_RX] = "Rx",
};

const char *ims_kind_name(enum ims_kind kind)
{
	return NAME(kinds, kind);
}

const char *ims_outcome_name(enum ims_outcome outcome)
{
	return NAME(outcomes, outcome);
}

const char *ims_leg_name(enum ims_leg leg)
{
	return NAME(legs, leg);
}

const char *ims_role_name(enum ims_role role)
{
	return NAME(roles, role);
}

const char *ims_protocol_name(enum ims_protocol protocol)
{
	return NAME(protocols, protocol);
}

const char *ims_severity_name(enum ims_severity severity)
{
	return NAME(severities, severity);
}

const char *ims_scope_name(enum ims_scope scope)
{
	return NAME(scopes, scope);
}

const char *ims_confidence_name(enum ims_confidence confidence)
{
	return confidence == IMS_CONFIDENCE_CERTAIN ? "certain" : "likely";
}

const char *ims_change_kind_name(enum ims_change_kind kind)
{
	return NAME(change_kinds, kind);
}

const char *ims_application_name(enum ims_application application)
{
	return NAME(applications, application);
}

const char *ims_result_container_name(enum ims_result_container container)
{
	switch (container) {
	case IMS_RESULT_CODE:
		return "Result-Code";
	case IMS_RESULT_EXPERIMENTAL:
		return "Experimental-Result";
	case IMS_RESULT_NONE:
		break;
	}
	return NULL;
}

bool ims_role_parse(enum ims_role *role, struct ims_slice text)
{
	for (size_t i = 1; i < IMS_N_ROLES; i++) {
		if (ims_slice_is_nocase(text, roles[i])) {
			*role = (enum ims_role)i;
			return true;
		}
	}
	return false;
}
