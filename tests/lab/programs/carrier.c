// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Carries Diameter over SCTP where the kernel has none: a pair of these stands
 * between a node and its peer. Towards the nodes they speak TCP, between each
 * other SCTP by usrsctp, with the payload protocol identifier of Diameter and
 * a message a datagram.
 *
 * carrier up LOCAL PORT REMOTE    TCP on 127.0.0.1:PORT, SCTP to REMOTE:PORT
 * carrier down LOCAL PORT NODE    SCTP on LOCAL:PORT, TCP to NODE:PORT+1
 *
 * One association a TCP connection; both end together.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <usrsctp.h>

enum {
	PPID_DIAMETER = 46,
	MOST = 1 << 16,
	N_STREAMS = 4
};

struct link {
	int tcp;
	struct socket *sctp;
};

static void fail(const char *what)
{
	fprintf(stderr, "carrier: %s: %s\n", what, strerror(errno));
	exit(1);
}

static struct sockaddr_in address_of(const char *text, unsigned port)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_port = htons((uint16_t)port)};

	if (inet_pton(AF_INET, text, &address.sin_addr) != 1) {
		fprintf(stderr, "carrier: %s is no address\n", text);
		exit(2);
	}
	return address;
}

static bool read_all(int tcp, uint8_t *to, size_t n)
{
	while (n) {
		ssize_t got = read(tcp, to, n);

		if (got <= 0)
			return false;
		to += got;
		n -= (size_t)got;
	}
	return true;
}

static bool write_all(int tcp, const uint8_t *from, size_t n)
{
	while (n) {
		ssize_t put = write(tcp, from, n);

		if (put <= 0)
			return false;
		from += put;
		n -= (size_t)put;
	}
	return true;
}

/* RFC 6733 3: the length is in bytes 1 to 3. */
static void *tcp_to_sctp(void *data)
{
	struct link *link = data;
	static _Thread_local uint8_t message[MOST];
	struct sctp_sndinfo info = {.snd_ppid = htonl(PPID_DIAMETER)};

	while (read_all(link->tcp, message, 4)) {
		size_t n = (size_t)message[1] << 16 | (size_t)message[2] << 8 |
			   message[3];

		if (n < 20 || n > MOST ||
		    !read_all(link->tcp, message + 4, n - 4))
			break;
		if (usrsctp_sendv(link->sctp, message, n, NULL, 0, &info,
				  sizeof(info), SCTP_SENDV_SNDINFO, 0) < 0)
			break;
	}
	usrsctp_shutdown(link->sctp, SHUT_RDWR);
	return NULL;
}

static void sctp_to_tcp(struct link *link)
{
	static _Thread_local uint8_t message[MOST];

	for (;;) {
		struct sockaddr_storage from;
		struct sctp_rcvinfo info;
		socklen_t from_n = sizeof(from), info_n = sizeof(info);
		unsigned type;
		int flags = 0;
		ssize_t n = usrsctp_recvv(link->sctp, message, sizeof(message),
					  (struct sockaddr *)&from, &from_n,
					  &info, &info_n, &type, &flags);

		if (n <= 0 || (!(flags & MSG_NOTIFICATION) &&
			       !write_all(link->tcp, message, (size_t)n)))
			break;
	}
	shutdown(link->tcp, SHUT_RDWR);
}

static void *carry(void *data)
{
	struct link *link = data;
	pthread_t up;

	if (pthread_create(&up, NULL, tcp_to_sctp, link) == 0) {
		sctp_to_tcp(link);
		pthread_join(up, NULL);
	}
	usrsctp_close(link->sctp);
	close(link->tcp);
	free(link);
	return NULL;
}

static void start(int tcp, struct socket *sctp)
{
	struct link *link = malloc(sizeof(*link));
	pthread_t thread;

	if (!link)
		fail("memory");
	*link = (struct link){tcp, sctp};
	if (pthread_create(&thread, NULL, carry, link) != 0)
		fail("thread");
	pthread_detach(thread);
}

static struct socket *make_sctp(const char *local, unsigned port)
{
	struct sctp_initmsg streams = {.sinit_num_ostreams = N_STREAMS,
				       .sinit_max_instreams = N_STREAMS};
	struct sockaddr_in address = address_of(local, port);
	struct socket *sctp = usrsctp_socket(AF_INET, SOCK_STREAM, IPPROTO_SCTP,
					     NULL, NULL, 0, NULL);

	if (!sctp)
		fail("SCTP");
	usrsctp_setsockopt(sctp, IPPROTO_SCTP, SCTP_INITMSG, &streams,
			   sizeof(streams));
	if (usrsctp_bind(sctp, (struct sockaddr *)&address, sizeof(address)))
		fail("SCTP address");
	return sctp;
}

static int make_tcp(void)
{
	int tcp = socket(AF_INET, SOCK_STREAM, 0), yes = 1;

	if (tcp < 0)
		fail("TCP");
	setsockopt(tcp, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	return tcp;
}

static void serve_up(const char *local, unsigned port, const char *remote)
{
	struct sockaddr_in here = address_of("127.0.0.1", port);
	struct sockaddr_in there = address_of(remote, port);
	int listener = make_tcp();

	if (bind(listener, (struct sockaddr *)&here, sizeof(here)) ||
	    listen(listener, 4))
		fail("TCP address");
	for (;;) {
		int tcp = accept(listener, NULL, NULL);
		struct socket *sctp;

		if (tcp < 0)
			fail("accept");
		sctp = make_sctp(local, 0);
		if (usrsctp_connect(sctp, (struct sockaddr *)&there,
				    sizeof(there))) {
			usrsctp_close(sctp);
			close(tcp);
			continue;
		}
		start(tcp, sctp);
	}
}

static void serve_down(const char *local, unsigned port, const char *node)
{
	struct sockaddr_in there = address_of(node, port + 1);
	struct socket *listener = make_sctp(local, port);

	if (usrsctp_listen(listener, 4))
		fail("SCTP listen");
	for (;;) {
		struct socket *sctp = usrsctp_accept(listener, NULL, NULL);
		int tcp;

		if (!sctp)
			fail("SCTP accept");
		tcp = make_tcp();
		if (connect(tcp, (struct sockaddr *)&there, sizeof(there))) {
			usrsctp_close(sctp);
			close(tcp);
			continue;
		}
		start(tcp, sctp);
	}
}

int main(int argc, char **argv)
{
	unsigned port;

	if (argc != 5 ||
	    (strcmp(argv[1], "up") != 0 && strcmp(argv[1], "down") != 0)) {
		fprintf(stderr, "usage: %s up|down LOCAL PORT PEER\n", argv[0]);
		return 2;
	}
	port = (unsigned)strtoul(argv[3], NULL, 10);
	usrsctp_init(0, NULL, NULL);
	if (strcmp(argv[1], "up") == 0)
		serve_up(argv[2], port, argv[4]);
	else
		serve_down(argv[2], port, argv[4]);
	return 0;
}
