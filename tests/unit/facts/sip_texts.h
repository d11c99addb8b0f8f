/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SIP messages that the tests of the SIP facts read. */
#ifndef SIP_TEXTS_H
#define SIP_TEXTS_H

#include <ims/attributes.h>

/* A protected REGISTER with all that a phone and its P-CSCF put into one. */
static const char register_text[] IMS_UNUSED =
	"REGISTER sip:ims.mnc001.mcc001.3gppnetwork.org SIP/2.0\r\n"
	"v: SIP/2.0/UDP 10.70.2.11:5060;branch=z9hG4bKb.1, SIP / 2.0 / TCP "
	"[2001:db8::7]:7601;received=2001:db8::8;rport=7600;branch=z9hG4bKa\r\n"
	"Via: SIP/2.0/UDP far.example;rport\r\n"
	"Max-Forwards: 69\r\n"
	"f: \"Bob, \\\"B\\\"\" <sip:bob@ims.example>;tag=f1\r\n"
	"t: <sip:bob@ims.example>\r\n"
	"i: call-1@10.70.1.102\r\n"
	"CSeq: 2 REGISTER\r\n"
	"m: <sip:bob@[2001:db8::7]:7600;transport=tcp>;expires=600000;"
	"+sip.instance=\"<urn:gsma:imei:1-2>\", <sip:bob@10.0.0.9>\r\n"
	"Expires: 600000\r\n"
	"Path: <sip:term@pcscf.example:5060;lr>\r\n"
	"Route: <sip:icscf.example;lr>,<sip:second.example>\r\n"
	"P-Visited-Network-ID: \"ims.mnc002.mcc002.3gppnetwork.org\";x=1, b\r\n"
	"P-Access-Network-Info: 3GPP-E-UTRAN-FDD;utran-cell-id-3gpp=0010100\r\n"
	"P-Charging-Vector: icid-value=\"abc;1\";icid-generated-at=10.0.0.1\r\n"
	"Require: path\r\n"
	"Require: , sec-agree\r\n"
	"Proxy-Require:\tsec-agree\r\n"
	"k: path,\r\n"
	" gruu\r\n"
	"Security-Client: ipsec-3gpp;alg=hmac-md5-96;spi-c=1;spi-s=2;"
	"port-c=3;port-s=4,ipsec-3gpp;alg=hmac-sha-1-96;spi-c=5\r\n"
	"Security-Verify: ipsec-3gpp;alg=hmac-sha-1-96;spi=9;port1=10;"
	"port2=11\r\n"
	"Authorization: Basic Zm9vOmJhcg==\r\n"
	"Authorization: Digest username=\"bob@ims.example\",\r\n"
	"\trealm=\"ims.example\", "
	"nonce=\"bm9uY2U=\",uri=\"sip:ims.example\",\r\n"
	"    response=\"00112233445566778899aabbccddeeff\",qop=auth-int \r\n"
	"  ,nc=00000001,cnonce=\"1\",algorithm=AKAv1-MD5,auts=\"YXV0cw==\",\r\n"
	"  integrity-protected=\"yes\"\r\n"
	"User-Agent: phone\r\n"
	"c: text/plain\r\n"
	"Content-Length: 5\r\n"
	"\r\n"
	"hello";

static const char challenge_text[] IMS_UNUSED =
	"SIP/2.0 401 Unauthorized - Challenging the UE\r\n"
	"Via: SIP/2.0/UDP 10.70.2.11;branch=z9hG4bK1\r\n"
	"To: <sip:bob@ims.example>;tag=t1\r\n"
	"From: sip:bob@ims.example;tag=f1\r\n"
	"Call-ID: c\r\n"
	"CSeq: 7 REGISTER\r\n"
	"WWW-Authenticate: Digest realm=\"ims.example\", nonce=\"n==\", "
	"algorithm=AKAv1-MD5, qop=\"auth,auth-int\", stale=true, "
	"ck=\"0123\", ik=\"4567\"\r\n"
	"Security-Server: ipsec-3gpp;q=0.1;prot=esp;mod=trans;spi-c=4096;"
	"spi-s=4097;port-c=5100;port-s=6100;alg=hmac-sha-1-96;ealg=null\r\n"
	"Min-Expires: 60\r\n"
	"Reason: SIP;cause=401;text=\"x\"\r\n"
	"Warning: 399 a \"w\"\r\n"
	"Warning: 399 b \"second\"\r\n"
	"Server: Kamailio S-CSCF\r\n"
	"User-Agent: not this one\r\n"
	"Content-Length: 0\r\n"
	"\r\n";

static const char ok_text[] IMS_UNUSED =
	"SIP/2.0 200 OK\n"
	"Via: SIP/2.0/UDP 10.70.2.11;branch=z9hG4bK1\n"
	"To: <sip:bob@ims.example>;tag=t1\n"
	"From: <sip:bob@ims.example>;tag=f1\n"
	"Call-ID: c\n"
	"CSeq: 8 REGISTER\n"
	"Contact: *\n"
	"P-Associated-URI: <sip:bob@ims.example, tel:+491>, <tel:+492>\n"
	"Service-Route: <sip:orig@scscf.example:6060;lr>\n"
	"Record-Route: <sip:a;lr>\n"
	"Record-Route: <sip:b;lr>\n"
	"P-Asserted-Identity: \"B\" <sip:bob@ims.example>\n"
	"P-Preferred-Identity: <sip:b2@ims.example>\n"
	"Unsupported: sec-agree, path\n"
	"Require:\n"
	"Expires: soon\n"
	"\n"
	"without length";

static const char notify_text[] IMS_UNUSED =
	"NOTIFY sip:bob@10.0.0.1:5060;alias=10.0.0.1~5060~1 SIP/2.0\r\n"
	"Via: SIP/2.0/UDP 10.70.2.11;branch=z9hG4bK1\r\n"
	"To: <sip:bob@ims.example>;tag=t1\r\n"
	"From: <sip:bob@ims.example>;tag=f1\r\n"
	"Call-ID: c\r\n"
	"CSeq: 8 NOTIFY\r\n"
	"Event: reg;id=1\r\n"
	"Subscription-State: terminated;reason=noresource\r\n"
	"Content-Type: application/reginfo+xml ; charset=utf-8\r\n"
	"Content-Length: 10\r\n"
	"\r\n"
	"<reginfo/>";

#endif
