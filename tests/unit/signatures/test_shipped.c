// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The signatures that are shipped: each has a finding that it meets and one
 * that is near to that and not its own. What is said of a product must not be
 * said of another: each needs more than numbers of the standard.
 */
#include "cases.h"

#include "signature_table.h"

struct specimen {
	const char *name;
	const char *rule; /* of the finding */
	const char *hit;  /* its messages */
	const char *miss; /* of a finding of the same rule */
};

#define REFUSED "register_rejected"

static const struct specimen specimens[] = {
	{"kamailio-hss-user-unknown", "cx_user_unknown",
	 "UAA exp=5001 // REGISTER 403 Forbidden - HSS User Unknown",
	 "UAA exp=5001 // REGISTER 403 Forbidden"},
	{"kamailio-hss-identities-dont-match", "cx_identities_dont_match",
	 "REGISTER 403 Forbidden - HSS Identities don't match",
	 "REGISTER 403 Identities don't match"},
	{"kamailio-hss-roaming-not-allowed", "cx_roaming_not_allowed",
	 "REGISTER 403 Forbidden - HSS Roaming not allowed",
	 "REGISTER 403 Roaming not allowed"},
	{"kamailio-hss-identity-not-registered-403",
	 "cx_identity_not_registered",
	 "REGISTER 403 Forbidden - HSS Identity not registered",
	 "REGISTER 480 Forbidden - HSS Identity not registered"},
	{"kamailio-hss-authorization-rejected", "cx_authorization_rejected",
	 "REGISTER 403 Forbidden - HSS Authorization Rejected",
	 "REGISTER 403 Authorization Rejected"},
	{"kamailio-hss-unknown-result", "cx_too_busy",
	 "REGISTER 403 Forbidden - HSS responded with unknown Result Code",
	 "REGISTER 403 Forbidden - HSS responded"},
	{"kamailio-hss-unknown-experimental-result-500",
	 "cx_feature_unsupported",
	 "REGISTER 500 Forbidden - HSS responded with unknown Experimental "
	 "Result Code",
	 "REGISTER 500 Server Internal Error"},
	{"kamailio-hss-unknown-experimental-result-403",
	 "cx_feature_unsupported",
	 "REGISTER 403 Forbidden - HSS responded with unknown Experimental "
	 "Result Code",
	 "REGISTER 403 Forbidden"},
	{"kamailio-hss-unable-to-comply-500", "cx_unable_to_comply",
	 "REGISTER 500 Forbidden - HSS Unable to comply",
	 "REGISTER 500 Unable to comply"},
	{"kamailio-hss-unable-to-comply-403", "cx_unable_to_comply",
	 "REGISTER 403 Forbidden - HSS Unable to comply",
	 "REGISTER 403 Unable to comply"},
	{"kamailio-missing-avp", "cx_no_result",
	 "REGISTER 480 Temporarily unavailable - Missing AVP in UAA from HSS",
	 "REGISTER 480 Temporarily Unavailable"},
	{"kamailio-cx-interface-failed", "cx_peer_silent",
	 "REGISTER 480 Temporarily Unavailable - Diameter Cx interface failed",
	 "REGISTER 480 Temporarily Unavailable"},
	{"kamailio-cx-timeout", "cx_unanswered",
	 "REGISTER 480 Temporarily unavailable - TimeOut in MAR/A HSS",
	 "REGISTER 480 Timeout"},
	{"kamailio-not-registered-480", "cx_identity_not_registered",
	 "INVITE 480 Temporarily Unavailable - HSS Identity not registered",
	 "INVITE 480 Temporarily Unavailable"},
	{"kamailio-user-unknown-604", "cx_user_unknown",
	 "INVITE 604 Does not exist anywhere - HSS User Unknown",
	 "INVITE 604 Does Not Exist Anywhere"},
	{"kamailio-empty-list", "cx_no_scscf_offered",
	 "REGISTER 600 Busy everywhere - Empty list of S-CSCFs",
	 "REGISTER 600 Busy Everywhere"},
	{"kamailio-forwarding-failed", REFUSED,
	 "REGISTER 600 Busy everywhere - Forwarding to S-CSCF failed",
	 "REGISTER 600 Busy Everywhere"},
	{"kamailio-saving-list", REFUSED,
	 "REGISTER 500 Server Error while saving S-CSCF list on I-CSCF",
	 "REGISTER 500 Server Internal Error"},
	{"kamailio-no-visited-network", "visited_network_missing",
	 "REGISTER 400 Bad Request - P-Visited-Network-ID header missing",
	 "REGISTER 400 Bad Request - P-Asserted-Identity header missing"},
	{"kamailio-icscf-bad-request", REFUSED,
	 "REGISTER 400 Bad Request - Private ID in Authorization / username "
	 "token missing",
	 "REGISTER 400 Bad Request - Path missing"},
	{"kamailio-icscf-bad-contact", REFUSED,
	 "REGISTER 400 Bad Request - Error parsing Contact parameters",
	 "REGISTER 400 Bad Request"},
	{"kamailio-no-private-identity", "cx_user_unknown",
	 "MAA exp=5001 // REGISTER 403 Forbidden - Private identity not found "
	 "(Authorization: username)",
	 "MAA exp=5001 // REGISTER 403 Private identity not found"},
	{"kamailio-no-public-identity", "cx_user_unknown",
	 "REGISTER 403 Forbidden - Public identity not found (To:)",
	 "REGISTER 403 Public identity not found"},
	{"kamailio-no-nonce", REFUSED,
	 "REGISTER 403 Forbidden - Nonce not found (Authorization: nonce)",
	 "REGISTER 403 Nonce not found"},
	{"kamailio-auth-scheme", "cx_auth_scheme_not_supported",
	 "REGISTER 403 Forbidden - HSS Authentication Scheme Unsupported",
	 "REGISTER 403 Authentication Scheme Unsupported"},
	{"kamailio-no-vectors", "cx_no_auth_vectors",
	 "REGISTER 403 Forbidden - HSS returned no authentication vectors",
	 "REGISTER 403 no authentication vectors"},
	{"kamailio-retrieving-av", REFUSED,
	 "REGISTER 403 Temporarily unavailable - error retrieving av",
	 "REGISTER 480 Temporarily unavailable"},
	{"kamailio-packing-vectors", REFUSED,
	 "REGISTER 500 Server Internal Error - while packing auth vectors",
	 "REGISTER 500 Server Internal Error"},
	{"kamailio-challenge", "challenge_unanswered",
	 "REGISTER 401 Unauthorized - Challenging the UE",
	 "REGISTER 401 Unauthorized"},
	{"kamailio-authentication-failed", "digest_wrong_response",
	 "REGISTER 403 Authentication Failed|Server: kamailio (5.6.3 "
	 "(x86_64/linux))",
	 "REGISTER 403 Authentication Failed|Server: Asterisk PBX"},
	{"kamailio-next-scscf-uar", "cx_user_unknown",
	 "SAA exp=5001 // REGISTER 500 Server error on UAR select next S-CSCF",
	 "SAA exp=5001 // REGISTER 500 Server error"},
	{"kamailio-next-scscf-lir", "sip_420_sec_agree",
	 "INVITE 500 Server error on LIR select next S-CSCF",
	 "INVITE 500 Server error"},
	{"kamailio-scscf-select-uar", REFUSED,
	 "REGISTER 500 Server error on SCSCF Select (UAR)",
	 "REGISTER 500 Server error"},
	{"kamailio-uar-failed", "cx_unanswered", "REGISTER 500 UAR failed",
	 "REGISTER 500 failed"},
	{"kamailio-mar-failed", "cx_unanswered", "REGISTER 500 MAR failed",
	 "REGISTER 504 MAR failed"},
	{"kamailio-sar-failed", REFUSED,
	 "REGISTER 500 Server Internal Error|P-Registrar-Error: SAR failed",
	 "REGISTER 500 Server Internal Error|P-Registrar-Error: Invalid CSeq "
	 "number"},
	{"kamailio-504-of-408", "register_upstream_silent",
	 "REGISTER 504 Server Time-Out|Server: TelcoSuite Proxy-CSCF",
	 "REGISTER 504 Server Time-Out"},
	{"kamailio-qos-for-signalling", "register_qos_refused",
	 "REGISTER 403 Can't register to QoS for signalling",
	 "REGISTER 403 QoS"},
	{"docker-open5gs-create-ipsec", "register_ipsec_setup_failed",
	 "REGISTER 503 Service Unavailable (Create ipsec failed)",
	 "REGISTER 503 Service Unavailable"},
	{"docker-open5gs-n5", "register_qos_refused",
	 "REGISTER 412 Register N5 QoS authorization failed",
	 "REGISTER 412 Conditional Request Failed"},
	{"kamailio-register-first", REFUSED,
	 "INVITE 403 Forbidden - You must register first with a S-CSCF",
	 "INVITE 403 You must register first"},
	{"kamailio-not-on-this-scscf", REFUSED,
	 "INVITE 404 Not Found - destination user not found on this S-CSCF",
	 "INVITE 404 Not Found"},
	{"kamailio-comma-left", "sip_option_tag_empty",
	 "INVITE|Require: , precondition", "INVITE|Require: precondition, "},
	{"kamailio-comma-left-for-proxies", "sip_option_tag_empty",
	 "INVITE|Proxy-Require: ,x", "INVITE|Supported: ,x"},
	{"kamailio-sanity-proxy-require", "sip_420_sec_agree",
	 "INVITE 420 Bad Proxy Require Extension", "INVITE 420 Bad Extension"},
	{"kamailio-unresolvable", REFUSED,
	 "REGISTER 478 Unresolvable destination (478/SL)",
	 "REGISTER 478 Unresolvable"},
	{"kamailio-send-error", REFUSED,
	 "REGISTER 477 Unfortunately error on sending to next hop occurred "
	 "(477/TM)",
	 "REGISTER 477 Send failed"},
	{"kamailio-as-failed", "third_party_register_failed",
	 "REGISTER 555 AS Contacting Failed - iFC terminated dialog",
	 "REGISTER 555 Push Notification Service Not Supported"},
	{"openimscore-phrases", "cx_user_unknown",
	 "REGISTER 403 Forbidden - HSS User Unknown|Server: Sip EXpress "
	 "router (2.1.0-dev1 OpenIMSCore (i386/linux))",
	 "REGISTER 403 Forbidden|Server: Sip EXpress router (2.1.0-dev1 "
	 "OpenIMSCore (i386/linux))"},
	{"open5gs-uaa-missing-avp", "cx_mislabelled_result",
	 "UAR impi=1@x impu=sip:1@x // UAA exp=5004",
	 "UAR impi=a@x impu=sip:a@x vn=x // UAA exp=5004"},
	{"open5gs-missing-avp", "cx_mislabelled_result",
	 "MAR impi=1@x sn=s // MAA exp=5004",
	 "MAR impi=a@x impu=sip:a@x sn=s // MAA exp=5004"},
	{"open5gs-uaa-invalid-avp", "cx_mislabelled_result",
	 "UAR impi=a@x impu=sip:a@x vn=x // UAA exp=5005",
	 "UAR impi=a@x impu=sip:a@x // UAA exp=5005"},
	{"open5gs-invalid-avp", "cx_mislabelled_result",
	 "MAR impi= impu=sip:a@x sn=s // MAA exp=5005",
	 "MAR impu=sip:a@x sn=s // MAA exp=5005"},
	{"pyhss-sh-application", "cx_answer_other_application",
	 "SAR impi=a // SAA exp=5005 app=16777217",
	 "SAR impi=a // SAA exp=5005 app=16777236"},
	{"pyhss-both-results", "cx_both_results", "UAA rc=5001 exp=5001 e=1",
	 "UAA rc=5001 exp=5001"},
	{"fhoss-resync-without-scscf", "cx_unable_to_comply",
	 "MAR auts=x // MAA rc=5012 product=JavaDiameterPeer",
	 "MAR auts=x // MAA rc=5012"},
	{"fhoss-abort-sync", "aka_resync_loop",
	 "MAR auts=x // MAA rc=2001 product=JavaDiameterPeer",
	 "MAR impi=a // MAA rc=2001 product=JavaDiameterPeer"},
	{"fhoss-another-scscf", "cx_identity_already_registered",
	 "SAA exp=5005 product=JavaDiameterPeer", "SAA exp=5005"},
	{"fhoss-only-barred", "cx_authorization_rejected",
	 "UAA rc=5003 product=JavaDiameterPeer",
	 "UAA rc=5003 product=freeDiameter"},
	{"freediameter-no-route", "cx_unable_to_deliver",
	 "UAA rc=3002 e=1|says=No suitable candidate to route the message to",
	 "UAA rc=3002 e=1|says=Peer disconnected"},
	{"kamailio-never-stale", "nonce_stale",
	 "REGISTER // REGISTER 401 Unauthorized - Challenging the UE",
	 "REGISTER // REGISTER 401 Unauthorized"},
	{"kamailio-keys-left", "keys_leaked_to_ue",
	 "REGISTER 401 Unauthorized - Challenging the UE|Path: "
	 "<sip:term@pcscf.x;lr>|Server: Kamailio S-CSCF",
	 "REGISTER 401 Unauthorized - Challenging the UE|Path: "
	 "<sip:pcscf.x;lr>|Server: Kamailio S-CSCF"},
	{"kamailio-without-ipsec", "sec_agree_no_security_server",
	 "REGISTER // REGISTER 401 Unauthorized - Challenging the UE|Path: "
	 "<sip:term@pcscf.x;lr>|Server: Kamailio S-CSCF",
	 "REGISTER // REGISTER 401 Unauthorized - Challenging the UE|Path: "
	 "<sip:term@pcscf.x:4060;lr>|Server: Sip EXpress router (OpenIMSCore)"},
	{"kamailio-sec-agree-in-register", "sec_agree_leak",
	 "REGISTER|Contact: <sip:1@10.0.0.2:5060;alias=10.0.0.2~5060~1>",
	 "INVITE|Contact: <sip:1@10.0.0.2:5060;alias=10.0.0.2~5060~1>"},
	{"kamailio-not-marked", "integrity_protected_missing",
	 "REGISTER // REGISTER|Contact: <sip:1@h;alias=10.0.0.2~5060~2>;q=1",
	 "REGISTER // REGISTER|Contact: <sip:1@h;alias=other>"},
	{"kamailio-security-verify-unread", "sec_agree_verify_mismatch",
	 "REGISTER // REGISTER 200 OK|Contact: <sip:1@h;alias=10.0.0.2~5060~1>",
	 "REGISTER|Contact: <sip:1@h;alias=10.0.0.2~5060~1> // REGISTER 494 "
	 "Security Agreement Required"},
	{"kamailio-reserved-spi", "sec_agree_parameter_missing",
	 "REGISTER 401 Unauthorized|Server: kamailio (5.6.3 "
	 "(x86_64/linux))|Security-Server: ipsec-3gpp;q=0.1;prot=esp;mod=trans;"
	 "spi-c=100;spi-s=101;port-c=5100;port-s=6100;alg=hmac-md5-96;"
	 "ealg=null",
	 "REGISTER 401 Unauthorized|Server: kamailio (5.6.3 "
	 "(x86_64/linux))|Security-Server: ipsec-3gpp;q=0.1;prot=esp;mod=trans;"
	 "spi-c=4096;port-c=5100;port-s=6100;alg=hmac-md5-96;ealg=null"},
	{"kamailio-record-route-anywhere", "unusable_address",
	 "INVITE|Record-Route: <sip:mo@0.0.0.0:6060;lr=on;ftag=1>",
	 "INVITE|Record-Route: <sip:0.0.0.0:6060;lr=on;ftag=1>"},
	{"kamailio-associated-uris-in-one", "associated_uri_malformed",
	 "REGISTER|Server: Kamailio S-CSCF|P-Associated-URI: <sip:1@h>, "
	 "<sip:+1@h, tel:+1>",
	 "REGISTER|Server: Kamailio S-CSCF|P-Associated-URI: <sip:1@h>, "
	 "<tel:+1"},
	{"kamailio-as-answer-unread", "third_party_register_failed",
	 "REGISTER|Event: registration|Server: Kamailio S-CSCF // REGISTER 403 "
	 "Forbidden",
	 "REGISTER|Server: Kamailio S-CSCF // REGISTER 403 Forbidden"},
	{"kamailio-rtr-unanswered", "cx_termination_failed",
	 "RTR impi=a to=CDiameterPeer",
	 "RTR impi=a to=CDiameterPeer // RTA exp=5001"},
	{"kamailio-ppr-unanswered", "cx_profile_pushed",
	 "PPR impi=a to=CDiameterPeer", "PPR impi=a to=freeDiameter"},
	{"open5gs-resync-refused", "cx_auth_scheme_not_supported",
	 "MAR auts=x // MAA exp=5006 product=freeDiameter",
	 "MAR impi=a // MAA exp=5006 product=freeDiameter"},
	{"open5gs-sqn-not-stored", "cx_wrong_assignment_type",
	 "MAA exp=5007 product=freeDiameter",
	 "SAA exp=5007 product=freeDiameter"},
	{"pyhss-unknown", "cx_user_unknown", "LIA exp=5001 product=pyHSS",
	 "SAA exp=5001 product=pyHSS"},
	{"pyhss-unknown-to-mar", "cx_user_unknown",
	 "MAA exp=5001 product=pyHSS", "MAA exp=5001 product=freeDiameter"},
	{"pyhss-scscf-by-lot", "cx_scscf_changed",
	 "SAA // UAR impi=a // UAA exp=2002 product=pyHSS",
	 "SAA product=pyHSS // SAR impi=a"},
	{"pyhss-scscf-forgotten", "cx_first_registration_repeated",
	 "UAA exp=2001 product=pyHSS", "UAA exp=2001 product=freeDiameter"},
	{"pyhss-aka-or-md5", "cx_auth_scheme_mismatch",
	 "MAR impi=a // MAA rc=2001 product=pyHSS", "MAR impi=a product=pyHSS"},
	{"fhoss-user-missing", "cx_other_error",
	 "SAA exp=5010 product=JavaDiameterPeer",
	 "SAA rc=5010 product=JavaDiameterPeer"},
	{"fhoss-lia-without-scscf", "cx_unable_to_comply",
	 "LIA rc=5012 product=JavaDiameterPeer",
	 "UAA rc=5012 product=JavaDiameterPeer"},
	{"freediameter-no-agent", "cx_unable_to_deliver",
	 "UAA rc=3002 e=1|says=I am not a Diameter agent", "UAA rc=3002 e=1"},
	{"kamailio-unknown-return", REFUSED,
	 "REGISTER 500 Unknown response code from UAR",
	 "REGISTER 500 Unknown response code from SAR"},
	{"kamailio-no-user-authorization", REFUSED,
	 "REGISTER 500 Error in Request|Server: Kamailio I-CSCF",
	 "REGISTER 500 Error in Request|Server: other"},
	{"kamailio-error-forwarding", REFUSED,
	 "REGISTER 500 Error forwarding towards next S-CSCF",
	 "REGISTER 500 Error forwarding to external domain"},
	{"kamailio-no-contact", REFUSED,
	 "REGISTER 403 No contact header|Server: TelcoSuite Proxy-CSCF",
	 "REGISTER 403 No contact header"},
	{"sofia-extension", "sip_bad_extension",
	 "INVITE // INVITE 420 Bad Extension|Server: FreeSWITCH-mod_sofia/1.10",
	 "INVITE|Server: sofia-sip/1.12.11 // INVITE 420 Bad Extension"},
};

static struct ims_signatures *shipped(void)
{
	struct ims_signatures *s = ims_signatures_new();
	char *text = NULL;
	gsize len;

	assert_true(g_file_get_contents(IMS_SOURCE_DIR
					"/engine/signatures/signatures.conf",
					&text, &len, NULL));
	if (!ims_signatures_parse(s, ims_slice(text, len)))
		fail_msg("%s", ims_signatures_error(s));
	g_free(text);
	return s;
}

static void each_has_a_specimen(void **state)
{
	struct ims_signatures *s = shipped();

	(void)state;
	assert_true(ims_signatures_count(s) > 0);
	for (size_t i = 0; i < ims_signatures_count(s); i++) {
		const char *name = ims_signatures_at(s, i)->name;
		size_t k = 0;

		while (k < G_N_ELEMENTS(specimens) &&
		       strcmp(specimens[k].name, name) != 0)
			k++;
		if (k == G_N_ELEMENTS(specimens))
			fail_msg("%s has no specimen here", name);
	}
	assert_int_equal(ims_signatures_count(s), G_N_ELEMENTS(specimens));
	ims_signatures_free(s);
}

static void each_is_met_by_its_specimen_alone(void **state)
{
	struct ims_signatures *s = shipped();

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(specimens); i++) {
		const struct specimen *each = &specimens[i];
		const char *found = met(s, each->rule, true, each->hit);

		if (g_strcmp0(found, each->name) != 0)
			fail_msg("%s: its specimen meets %s", each->name,
				 found ? found : "none");
		found = met(s, each->rule, true, each->miss);
		if (found)
			fail_msg("%s: its near miss meets %s", each->name,
				 found);
	}
	ims_signatures_free(s);
}

/* A status, method, command or result is the standard's, not a product's. */
static void each_has_a_mark_of_the_product(void **state)
{
	struct ims_signatures *s = shipped();

	(void)state;
	for (guint i = 0; i < s->entries->len; i++) {
		const struct ims_signature_entry *e = s->entries->pdata[i];
		const struct ims_pattern *p = &e->pattern;

		if (!p->reason && !p->servers && !p->header_name && !p->peers &&
		    !p->receivers && !p->error_message && p->containers < 0 &&
		    p->application < 0 && !p->request_has && !p->request_lacks)
			fail_msg("%s has numbers of the standard only",
				 e->about.name);
	}
	ims_signatures_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_has_a_specimen),
		cmocka_unit_test(each_is_met_by_its_specimen_alone),
		cmocka_unit_test(each_has_a_mark_of_the_product),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
