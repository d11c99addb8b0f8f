// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * An application server on sofia-sip, the SIP stack of FreeSWITCH: takes calls
 * and third-party registrations. It supports no extension but timer and 100rel;
 * what it says to a Require for another is sofia-sip's own word.
 *
 * as URL            accepts all
 * as URL STATUS     refuses REGISTER with that status
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#define NUA_MAGIC_T	struct server
#define SU_ROOT_MAGIC_T struct server

#include <sofia-sip/nua.h>
#include <sofia-sip/sip_status.h>
#include <sofia-sip/su.h>
#include <sofia-sip/su_log.h>

struct server {
	su_root_t *root;
	int register_status;
};

static const char sdp[] = "v=0\r\n"
			  "o=- 1 1 IN IP4 10.70.2.30\r\n"
			  "s=-\r\n"
			  "c=IN IP4 10.70.2.30\r\n"
			  "t=0 0\r\n"
			  "m=audio 49200 RTP/AVP 8\r\n"
			  "a=rtpmap:8 PCMA/8000\r\n";

static void on_event(nua_event_t event, int status, const char *phrase,
		     nua_t *nua, struct server *server, nua_handle_t *nh,
		     nua_hmagic_t *magic, const sip_t *sip, tagi_t tags[])
{
	(void)status;
	(void)phrase;
	(void)magic;
	(void)tags;
	switch (event) {
	case nua_i_invite:
		nua_respond(nh, SIP_200_OK,
			    SIPTAG_CONTENT_TYPE_STR("application/sdp"),
			    SIPTAG_PAYLOAD_STR(sdp), TAG_END());
		break;
	case nua_i_register:
		nua_respond(nh, server->register_status,
			    server->register_status == 200 ? "OK" : "Forbidden",
			    NUTAG_WITH_THIS(nua),
			    TAG_IF(sip && sip->sip_expires,
				   SIPTAG_EXPIRES(sip->sip_expires)),
			    TAG_END());
		nua_handle_destroy(nh);
		break;
	case nua_i_terminated:
		nua_handle_destroy(nh);
		break;
	default:
		break;
	}
}

int main(int argc, char **argv)
{
	struct server server = {.register_status = 200};
	nua_t *nua;

	if (argc < 2) {
		fprintf(stderr, "usage: %s URL [STATUS]\n", argv[0]);
		return 2;
	}
	if (argc > 2)
		server.register_status = atoi(argv[2]);
	su_init();
	server.root = su_root_create(&server);
	/* No media is handled: what is offered is answered as it stands. */
	nua = nua_create(
		server.root, on_event, &server, NUTAG_URL(argv[1]),
		NUTAG_ALLOW("INVITE, ACK, BYE, CANCEL, REGISTER"),
		NUTAG_APPL_METHOD("REGISTER"), NUTAG_APPL_METHOD("INVITE"),
		NUTAG_MEDIA_ENABLE(0), NUTAG_AUTOALERT(0),
		SIPTAG_SUPPORTED_STR("timer, 100rel"),
		SIPTAG_USER_AGENT_STR("lab AS (sofia-sip)"), TAG_END());
	if (!nua) {
		fprintf(stderr, "as: cannot listen at %s\n", argv[1]);
		return 1;
	}
	puts("listening");
	fflush(stdout);
	su_root_run(server.root);
	return 0;
}
