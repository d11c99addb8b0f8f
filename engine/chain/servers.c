// SPDX-License-Identifier: GPL-2.0-or-later
#include "servers.h"

#include <glib.h>

struct server {
	struct ims_address address;
	char name[]; /* as ims_identity_key */
};

void ims_servers_clear(struct ims_servers *servers)
{
	struct server *server;
	size_t i = 0;

	while ((server = ims_set_next(&servers->by_name, &i)))
		g_free(server);
	ims_set_clear(&servers->by_name);
}

static bool is_called(const void *value, const void *name)
{
	return ims_identity_is(name, ((const struct server *)value)->name);
}

static struct server *find(const struct ims_servers *servers,
			   const struct ims_identity *name)
{
	return ims_set_find(&servers->by_name, name->hash, is_called, name);
}

static struct server *server_new(struct ims_servers *servers,
				 const struct ims_identity *name)
{
	struct server *server;

	if (servers->by_name.n == IMS_SERVERS_MAX)
		ims_servers_clear(servers);
	server = g_malloc(sizeof(*server) + ims_identity_size(name));
	ims_identity_write(server->name, name);
	ims_set_add(&servers->by_name, name->hash, server);
	return server;
}

void ims_servers_learn(struct ims_servers *servers,
		       const struct ims_identity *name,
		       const struct ims_address *address)
{
	struct server *server = find(servers, name);

	if (!server)
		server = server_new(servers, name);
	server->address = *address;
}

const struct ims_address *ims_servers_find(const struct ims_servers *servers,
					   const struct ims_identity *name)
{
	const struct server *server = find(servers, name);

	return server ? &server->address : NULL;
}
